"""How many days in a row people work, how many are free between, and which weekends; softly, each time costs."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules.consecutive_days import WEEKENDS, ConsecutiveDaysLimits
from schedule_app.optimizer.constraints.common import (
    DAY,
    DAYS_PER_WEEK,
    limit,
    people_throughout,
    people_under,
    weeks,
)
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.table import Table

Rule = RuleFacts[ConsecutiveDaysLimits]
_SATURDAY = 5


def limits(rule: Rule, table: Table) -> Iterator[Limit]:
    """Windows of days that may not all be worked, runs that are too short, and weekends, over the edges too."""
    if not table.days:
        return
    if rule.limits.max_days is not None:
        yield from _longest(rule, table, rule.limits.max_days)
    if rule.limits.max_weekends is not None:
        yield from _weekends(rule, table, rule.limits.max_weekends)
    for week_start in weeks(table):
        for person in people_throughout(rule, table, week_start):
            for day in (week_start + DAY * offset for offset in range(DAYS_PER_WEEK)):
                yield from _shortest(rule, table, person, day)


def _longest(rule: Rule, table: Table, most: int) -> Iterator[Limit]:
    first = table.days[0] - DAY * most
    for offset in range(len(table.days) + most):
        window = [first + DAY * (offset + each) for each in range(most + 1)]
        for person in people_under(rule, table, [day for day in window if day in table.shifts_of_day]):
            yield from _days(rule, table, person, window, [1] * len(window), most)


def _shortest(rule: Rule, table: Table, person: int, day: date) -> Iterator[Limit]:
    """What is over with this day: a run that ends before it, a break that ends with it, a weekend."""
    for length in range(1, rule.limits.min_days or 0):
        run = [day - DAY * back for back in range(length + 1, -1, -1)]
        # Off, work …, off: the days of work less those around them stay below the run's length.
        yield from _days(rule, table, person, run, [-1, *[1] * length, -1], length - 1)
    for length in range(1, rule.limits.min_days_off or 0):
        run = [day - DAY * back for back in range(length + 1, -1, -1)]
        yield from _days(rule, table, person, run, [1, *[-1] * length, 1], 1)
    if rule.limits.whole_weekends and day.weekday() == _SATURDAY + 1:
        for signs in ([1, -1], [-1, 1]):
            yield from _days(rule, table, person, [day - DAY, day], signs, 0)


def _days(
    rule: Rule, table: Table, person: int, days: Sequence[date], coefficients: Sequence[int], high: int
) -> Iterator[Limit]:
    """A limit on a sum over days with work; what is worked around is a constant."""
    worked = {shift.local_date for shift in table.people[person].around}
    groups: list[Group] = []
    for day, coefficient in zip(days, coefficients, strict=True):
        high -= coefficient if day in worked else 0
        groups.append(() if day in worked else table.day_group(person, day))
    if any(groups):
        yield from limit(rule, table, groups, high, coefficients=coefficients)


def _weekends(rule: Rule, table: Table, most: int) -> Iterator[Limit]:
    planned = [saturday for saturday, _ in table.weekends()]
    firsts = {saturday - timedelta(weeks=back) for saturday in planned for back in range(WEEKENDS)}
    for first in sorted(firsts):
        window = [first + timedelta(weeks=forth) for forth in range(WEEKENDS)]
        days = [day for saturday in window for day in (saturday, saturday + DAY) if day in table.shifts_of_day]
        for person in people_under(rule, table, days):
            worked = {shift.local_date for shift in table.people[person].around}
            had = [saturday for saturday in window if worked & {saturday, saturday + DAY}]
            groups = [
                (*table.day_group(person, saturday), *table.day_group(person, saturday + DAY))
                for saturday in window
                if saturday not in had
            ]
            yield from limit(rule, table, groups, most - len(had))
