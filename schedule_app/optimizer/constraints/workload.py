"""Nobody works more than is allowed in a day or a week; softly, each begun hour and each shift beyond costs."""

from collections.abc import Iterator, Sequence
from datetime import date

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.optimizer.constraints.common import MINUTES_PER_HOUR, limit, people_under, weeks
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def limits(rule: RuleFacts[WorkloadLimits], table: Table) -> Iterator[Limit]:
    """Limits for each person and day, and for each person and week."""
    if rule.limits.max_minutes_per_day is not None:
        for day, places in table.shifts_of_day.items():
            for person in people_under(rule, table, [day]):
                around = [shift for shift in table.people[person].around if shift.local_date == day]
                high = rule.limits.max_minutes_per_day - sum(shift.span.minutes for shift in around)
                yield from _minutes(rule, table, person, places, high)
    for week_start, places in weeks(table).items():
        days = sorted({table.shifts[place].local_date for place in places})
        for person in people_under(rule, table, days):
            around = minutes_around(table, person, week_start)
            for most in (rule.limits.max_minutes_per_week, table.people[person].facts.max_minutes):
                if most is not None:
                    yield from _minutes(rule, table, person, places, most - around)
            if rule.limits.max_shifts_per_week is not None:
                groups = table.each(person, places)
                high = rule.limits.max_shifts_per_week - _shifts_around(table, person, week_start)
                yield from limit(rule, table, groups, high)


def minutes_around(table: Table, person: int, week_start: date) -> int:
    """Minutes a person works in a week outside of what is planned."""
    return sum(shift.span.minutes for shift in table.people[person].around if shift.week_start == week_start)


def _shifts_around(table: Table, person: int, week_start: date) -> int:
    return sum(shift.week_start == week_start for shift in table.people[person].around)


def _minutes(
    rule: RuleFacts[WorkloadLimits], table: Table, person: int, places: Sequence[int], high: int
) -> Iterator[Limit]:
    groups = table.each(person, places)
    minutes = [table.shifts[place].span.minutes for place in places]
    yield from limit(rule, table, groups, high, coefficients=minutes, unit=MINUTES_PER_HOUR)
