"""Weekly hours stay below the point where overtime begins; softly, each begun hour of it costs."""

from collections.abc import Iterator

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.optimizer.constraints.common import MINUTES_PER_HOUR, limit, people_under, weeks
from schedule_app.optimizer.constraints.workload import minutes_around
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[OvertimeLimits], table: Table) -> Iterator[Limit]:
    """One limit for each person and week."""
    most = rule.limits.weekly_minutes
    if most is None:
        return
    for week_start, places in weeks(table).items():
        days = sorted({table.shifts[place].local_date for place in places})
        minutes = [table.shifts[place].span.minutes for place in places]
        for person in people_under(rule, table, days):
            groups = table.each(person, places)
            high = most - minutes_around(table, person, week_start)
            yield from limit(rule, table, groups, high, coefficients=minutes, unit=MINUTES_PER_HOUR)
