"""A problem as days against types of shift, one a day at most for each person, in arrays for compiled code."""

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.problem import Contract
from schedule_app.optimizer.table import Table

#: What a cell costs that no roster may have.
CLOSED = 1e12
#: Costs that stand in for "not done at all".
_NEVER = 1e7
_NO_LIMIT = 10**6

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Terms:
    """What one person's contract allows, in days and in units of minutes."""

    max_run: int
    min_run: int
    min_off: int
    max_weekends: int
    min_units: int
    max_units: int


@dataclass(frozen=True, slots=True)
class Task:
    """The arrays. People, days and types are numbered from 0.

    Attributes:
        place: By day and type the shift's place in the table; -1 where there is none.
        cost: By person, day and type, what working costs beside demand.
        caps: By person and type, the most.
        units: By type, its length in units of the lengths' greatest common divisor.
        banned: By earlier and later type, whether it may not follow on the next day.
        weekend: By day 1 for a Saturday, 2 for a Sunday, else 0.
        needed, under, over: By day and type.
        constant: What every plan costs: all wishes for shifts are first taken as not met.
    """

    place: Ints
    cost: Floats
    caps: Ints
    terms: tuple[Terms, ...]
    units: Ints
    banned: NDArray[np.bool_]
    weekend: Ints
    needed: Ints
    under: Floats
    over: Floats
    constant: float


def as_task(table: Table, limits: list[Limit]) -> Task | None:
    """The problem as days against types, or None when its rules need more than that."""
    days, kinds = table.days, sorted({shift.shift_type for shift in table.shifts})
    if not days or not table.people or table.fixed or not _only_contracts(table, limits):
        return None
    place = np.full((len(days), len(kinds)), -1, dtype=np.int64)
    lengths = np.zeros(len(kinds), dtype=np.int64)
    for number, shift in enumerate(table.shifts):
        day, kind = (shift.local_date - days[0]).days, kinds.index(shift.shift_type)
        if place[day, kind] >= 0 or lengths[kind] not in (0, shift.span.minutes):
            return None
        place[day, kind], lengths[kind] = number, shift.span.minutes
    if not _one_a_day(table):
        return None
    unit = gcd(*map(int, lengths))
    cost, constant = _costs(table, limits, place)
    demands = [[table.problem.demands[each] if each >= 0 else None for each in row] for row in place]
    return Task(
        place=place,
        cost=cost,
        caps=np.array(
            [[each.contract.max_shifts_by_type.get(kind, _NO_LIMIT) for kind in kinds] for each in table.people]
        ),
        terms=tuple(_terms(each.contract, len(days), unit, int(max(lengths))) for each in table.people),
        units=lengths // unit,
        banned=np.array([[_is_banned(table, one, two) for two in kinds] for one in kinds]),
        weekend=np.array([max(0, day.weekday() - 4) for day in days]),
        needed=np.array([[each.shift.required_staff if each else 0 for each in row] for row in demands]),
        under=np.array([[each.under_weight if each else 0.0 for each in row] for row in demands], dtype=np.float64),
        over=np.array(
            [
                [_NEVER if each is None or each.over_weight is None else each.over_weight for each in row]
                for row in demands
            ],
            dtype=np.float64,
        ),
        constant=constant,
    )


def _only_contracts(table: Table, limits: list[Limit]) -> bool:
    """Tell whether every rule looks at one cell alone; contracts and successions are read where they are given."""
    ruled = {rule.id for rule in table.problem.rules}
    return all(len(limit.groups) == 1 == len(limit.groups[0]) for limit in limits if limit.rule_id in ruled)


def _one_a_day(table: Table) -> bool:
    """Tell whether nobody can work two shifts of one day, and none reaches into a shift of another day."""
    for day, places in table.shifts_of_day.items():
        spans = [table.shifts[each].span for each in places]
        if max(each.starts_at for each in spans) >= min(each.ends_at for each in spans):
            return False
        after = [shift.span.starts_at for shift in table.shifts if shift.local_date > day]
        if after and min(after) < max(each.ends_at for each in spans):
            return False
    return True


def _costs(table: Table, limits: list[Limit], place: Ints) -> tuple[Floats, float]:
    cost = np.zeros((len(table.people), *place.shape))
    at = {int(number): (day, kind) for (day, kind), number in np.ndenumerate(place) if number >= 0}
    constant = 0.0
    cost[:, place < 0] = CLOSED
    for cell in table.closed:
        person, shift = table.places(cell)
        cost[(person, *at[shift])] = CLOSED
    for limit in limits:
        if limit.weight is not None:
            person, shift = table.places(limit.groups[0][0])
            wanted = limit.coefficients[0] < 0
            constant += limit.weight if wanted else 0
            cost[(person, *at[shift])] += -limit.weight if wanted else limit.weight
    return cost, constant


def _is_banned(table: Table, before: str, after: str) -> bool:
    return any((each.before, each.after) == (before, after) for each in table.problem.successions)


def _terms(contract: Contract, days: int, unit: int, longest: int) -> Terms:
    most = days * longest if contract.max_minutes is None else min(contract.max_minutes, days * longest)
    return Terms(
        max_run=min(contract.max_days_in_row or days, days),
        min_run=contract.min_days_in_row or 1,
        min_off=max(1, contract.min_days_off_in_row or 1),
        max_weekends=days // 7 + 1 if contract.max_weekends is None else min(contract.max_weekends, days // 7 + 1),
        min_units=-(-(contract.min_minutes or 0) // unit),
        max_units=most // unit,
    )
