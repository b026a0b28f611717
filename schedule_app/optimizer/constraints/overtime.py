"""Hours stay below the point where overtime begins; softly, each begun hour of it costs."""

from collections.abc import Iterator

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.common import within
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.optimizer.constraints.common import DAYS_PER_WEEK, MINUTES_PER_HOUR, limit, people_under, weeks
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[OvertimeLimits], table: Table) -> Iterator[Limit]:
    """One limit for each person and week, and for each person and day."""
    spans = [
        *((rule.limits.daily_minutes, day, 1, places) for day, places in table.shifts_of_day.items()),
        *((rule.limits.weekly_minutes, week, DAYS_PER_WEEK, places) for week, places in weeks(table).items()),
    ]
    for most, first, length, places in spans:
        if most is None:
            continue
        minutes = [table.shifts[place].span.minutes for place in places]
        for person in people_under(rule, table, sorted({table.shifts[place].local_date for place in places})):
            around = within(table.people[person].around, first, length)
            high = most - sum(shift.span.minutes for shift in around)
            groups = table.each(person, places)
            yield from limit(rule, table, groups, high, coefficients=minutes, unit=MINUTES_PER_HOUR)
