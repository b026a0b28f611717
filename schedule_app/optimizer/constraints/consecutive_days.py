"""Nobody works too many days in a row; softly, each window of days that is full costs."""

from collections.abc import Iterator
from datetime import date

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.optimizer.constraints.common import DAY, limit, people_under
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[ConsecutiveDaysLimits], table: Table) -> Iterator[Limit]:
    """One limit for each person and each window of one day more than is allowed, over the edges too."""
    most = rule.limits.max_days
    if not table.days or most is None:
        return
    first = table.days[0] - DAY * most
    for offset in range(len(table.days) + most):
        window = [first + DAY * (offset + each) for each in range(most + 1)]
        planned = [day for day in window if day in table.shifts_of_day]
        for person in people_under(rule, table, planned):
            yield from _window(rule, table, person, window, most)


def _window(
    rule: RuleFacts[ConsecutiveDaysLimits], table: Table, person: int, window: list[date], most: int
) -> Iterator[Limit]:
    worked = {shift.local_date for shift in table.people[person].around}
    groups = [table.day_group(person, day) for day in window if day not in worked]
    yield from limit(rule, table, groups, most - sum(day in worked for day in window))
