"""Nobody works more, or less, than is allowed; softly, each begun hour and each shift beyond costs."""

from collections.abc import Iterator, Sequence, Set
from datetime import date, timedelta

from schedule_app.domain.facts import RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import periods, within
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.optimizer.constraints.common import (
    DAYS_PER_WEEK,
    MINUTES_PER_HOUR,
    limit,
    people_throughout,
    people_under,
    weeks,
)
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table

Rule = RuleFacts[WorkloadLimits]


def limits(rule: Rule, table: Table) -> Iterator[Limit]:
    """Limits for each person and day, week and period of weeks."""
    for day, places in table.shifts_of_day.items():
        yield from _day(rule, table, day, places)
    for week_start, places in weeks(table).items():
        yield from _week(rule, table, week_start, places)
    if rule.limits.period_weeks is not None:
        firsts = {first for week_start in weeks(table) for first in periods(week_start, rule.limits.period_weeks)}
        for first in sorted(firsts):
            yield from _period(rule, table, first, DAYS_PER_WEEK * rule.limits.period_weeks)


def minutes_around(table: Table, person: int, week_start: date) -> int:
    """Minutes a person works in a week outside of what is planned."""
    return sum(shift.span.minutes for shift in within(table.people[person].around, week_start, DAYS_PER_WEEK))


def _day(rule: Rule, table: Table, day: date, places: Sequence[int]) -> Iterator[Limit]:
    allowed, of_day = rule.limits, frozenset(places)
    for person in people_under(rule, table, [day]):
        around = within(table.people[person].around, day, 1)
        yield from _most(rule, table, person, of_day, around, allowed.max_minutes_per_day, allowed.max_shifts_per_day)
        if allowed.min_minutes_per_day is not None:
            cells = table.each(person, places)
            groups = [table.day_group(person, day), *cells]
            least, minutes = allowed.min_minutes_per_day, [table.minutes[place] for place in places]
            high = sum(shift.span.minutes for shift in around)
            if around:
                # The day has work already, so the least holds in any case.
                groups, high = [(), *cells], high - least
            yield from limit(
                rule, table, groups, high, coefficients=[least, *(-each for each in minutes)], unit=MINUTES_PER_HOUR
            )


def _week(rule: Rule, table: Table, week_start: date, places: Sequence[int]) -> Iterator[Limit]:
    allowed, of_week = rule.limits, frozenset(places)
    days = sorted({table.shifts[place].local_date for place in places})
    for person in people_under(rule, table, days):
        facts = table.people[person].facts
        around = within(table.people[person].around, week_start, DAYS_PER_WEEK)
        contract, over = facts.contracted_minutes, allowed.max_over_contract
        beyond = contract + over if contract is not None and over is not None else None
        for most in (allowed.max_minutes_per_week, facts.max_minutes, beyond):
            yield from _most(rule, table, person, of_week, around, most, None)
        yield from _most(rule, table, person, of_week, around, None, allowed.max_shifts_per_week)
    for person in people_throughout(rule, table, week_start):
        around = within(table.people[person].around, week_start, DAYS_PER_WEEK)
        contract, under = table.people[person].facts.contracted_minutes, allowed.max_under_contract
        yield from _least(
            rule, table, person, of_week, around, allowed.min_minutes_per_week, allowed.min_shifts_per_week
        )
        if contract is not None and under is not None:
            yield from _least(rule, table, person, of_week, around, contract - under, None)


def _period(rule: Rule, table: Table, first: date, days: int) -> Iterator[Limit]:
    allowed = rule.limits
    places = {place for place, shift in enumerate(table.shifts) if 0 <= (shift.local_date - first).days < days}
    dates = sorted({table.shifts[place].local_date for place in places})
    for person in people_under(rule, table, dates):
        around = within(table.people[person].around, first, days)
        most = allowed.max_minutes_per_period, allowed.max_shifts_per_period
        yield from _most(rule, table, person, places, around, *most)
    last_week = first + timedelta(days=days - DAYS_PER_WEEK)
    if last_week in weeks(table):
        for person in people_throughout(rule, table, last_week):
            around = within(table.people[person].around, first, days)
            least = allowed.min_minutes_per_period, allowed.min_shifts_per_period
            yield from _least(rule, table, person, places, around, *least)


def _most(
    rule: Rule,
    table: Table,
    person: int,
    places: Set[int],
    around: Sequence[ShiftFacts],
    minutes: int | None,
    shifts: int | None,
) -> Iterator[Limit]:
    able = table.able(person, places)
    groups = [(table.cell(person, place),) for place in able]
    if minutes is not None:
        lengths = [table.minutes[place] for place in able]
        high = minutes - sum(shift.span.minutes for shift in around)
        yield from limit(rule, table, groups, high, coefficients=lengths, unit=MINUTES_PER_HOUR)
    if shifts is not None:
        yield from limit(rule, table, groups, shifts - len(around))


def _least(
    rule: Rule,
    table: Table,
    person: int,
    places: Set[int],
    around: Sequence[ShiftFacts],
    minutes: int | None,
    shifts: int | None,
) -> Iterator[Limit]:
    able = table.able(person, places)
    groups = [(table.cell(person, place),) for place in able]
    if minutes is not None:
        lengths = [-table.minutes[place] for place in able]
        high = sum(shift.span.minutes for shift in around) - minutes
        yield from limit(rule, table, groups, high, coefficients=lengths, unit=MINUTES_PER_HOUR)
    if shifts is not None:
        yield from limit(rule, table, groups, len(around) - shifts, coefficients=[-1] * len(groups))
