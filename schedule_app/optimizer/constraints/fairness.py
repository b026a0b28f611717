"""Work is spread evenly over people: hours, nights, weekends and the shifts nobody likes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schedule_app.domain.facts import RuleFacts, ShiftFacts
from schedule_app.domain.fairness import is_night_work, is_weekend
from schedule_app.domain.rules.common import within
from schedule_app.domain.rules.fairness import FairnessLimits
from schedule_app.domain.rules.kinds import kind_among
from schedule_app.optimizer.constraints.common import (
    DAY,
    DAYS_PER_WEEK,
    MINUTES_PER_HOUR,
    limit,
    people_throughout,
    weeks,
)
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.table import Table

Rule = RuleFacts[FairnessLimits]
#: Up to so many people each is compared with each; beyond, with so many others all around the list, or the comparisons
#: would outnumber everything else. What the domain says of the plan is of all of them in any case.
_ALL_WITH_ALL, _OTHERS = 40, 8


@dataclass(frozen=True, slots=True)
class _Amount:
    """What somebody has: known, and by group."""

    known: int
    groups: Sequence[Group]
    coefficients: Sequence[int]


def limits(rule: Rule, table: Table) -> Iterator[Limit]:
    """One limit for each measure, each week and each two people, in both directions."""
    allowed = rule.limits
    for week_start in weeks(table):
        people = list(people_throughout(rule, table, week_start))
        first = week_start - timedelta(weeks=allowed.weeks - 1)
        contracted = [each for each in people if table.people[each].facts.contracted_minutes is not None]
        if allowed.max_minutes_apart is not None:
            amounts = [_minutes(rule, table, each, first) for each in contracted]
            yield from _apart(rule, table, allowed.max_minutes_apart, amounts, MINUTES_PER_HOUR)
        if allowed.max_nights_apart is not None:
            amounts = [_shifts(rule, table, each, first, _is_night) for each in people]
            yield from _apart(rule, table, allowed.max_nights_apart, amounts, 1)
        if allowed.max_weekends_apart is not None:
            amounts = [_weekends(rule, table, each, first) for each in people]
            yield from _apart(rule, table, allowed.max_weekends_apart, amounts, 1)
        if allowed.max_unpopular_apart is not None:
            amounts = [_shifts(rule, table, each, first, _is_unpopular(rule)) for each in people]
            yield from _apart(rule, table, allowed.max_unpopular_apart, amounts, 1)


def _apart(rule: Rule, table: Table, most: int, amounts: Sequence[_Amount], unit: int) -> Iterator[Limit]:
    count = len(amounts)
    steps = (
        range(1, count) if count <= _ALL_WITH_ALL else sorted({1 + count * each // _OTHERS for each in range(_OTHERS)})
    )
    for place, one in enumerate(amounts):
        for step in steps:
            other = amounts[(place + step) % count]
            coefficients = [*one.coefficients, *(-each for each in other.coefficients)]
            high = most - one.known + other.known
            yield from limit(rule, table, [*one.groups, *other.groups], high, coefficients=coefficients, unit=unit)


def _planned(rule: Rule, table: Table, first: date) -> list[int]:
    days = DAYS_PER_WEEK * rule.limits.weeks
    return [place for place, shift in enumerate(table.shifts) if 0 <= (shift.local_date - first).days < days]


def _before(rule: Rule, table: Table, person: int, first: date) -> list[ShiftFacts]:
    return within(table.people[person].around, first, DAYS_PER_WEEK * rule.limits.weeks)


def _minutes(rule: Rule, table: Table, person: int, first: date) -> _Amount:
    places = _planned(rule, table, first)
    contract = rule.limits.weeks * (table.people[person].facts.contracted_minutes or 0)
    known = sum(shift.span.minutes for shift in _before(rule, table, person, first)) - contract
    return _Amount(known, table.each(person, places), [table.shifts[place].span.minutes for place in places])


def _shifts(rule: Rule, table: Table, person: int, first: date, counts: Callable[[ShiftFacts], bool]) -> _Amount:
    places = [place for place in _planned(rule, table, first) if counts(table.shifts[place])]
    return _Amount(sum(map(counts, _before(rule, table, person, first))), table.each(person, places), [1] * len(places))


def _is_night(shift: ShiftFacts) -> bool:
    return is_night_work(shift.span, shift.zone)


def _is_unpopular(rule: Rule) -> Callable[[ShiftFacts], bool]:
    return lambda shift: kind_among(shift, rule.limits.unpopular_shift_types) is not None


def _weekends(rule: Rule, table: Table, person: int, first: date) -> _Amount:
    days = {first + DAY * offset for offset in range(DAYS_PER_WEEK * rule.limits.weeks)}
    had = {_saturday(shift) for shift in _before(rule, table, person, first) if is_weekend(shift.local_date)}
    groups = [
        (*table.day_group(person, saturday), *table.day_group(person, sunday))
        for saturday, sunday in table.weekends()
        if saturday not in had and {saturday, sunday} & days
    ]
    return _Amount(len(had), groups, [1] * len(groups))


def _saturday(shift: ShiftFacts) -> date:
    return shift.local_date - DAY * (shift.local_date.weekday() - 5)
