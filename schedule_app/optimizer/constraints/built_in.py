"""What holds without a rule: active, qualified for the shift, not away, one shift at a time; and what is wished."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from schedule_app.domain.facts import EmployeeFacts
from schedule_app.domain.rules.qualification import lacking
from schedule_app.optimizer.constraints.common import cliques
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.problem import Person
from schedule_app.optimizer.table import Table


def impossible(table: Table) -> Iterator[Limit]:
    """For each person, and each thing that stands against them, one strict limit on the cells they can never work.

    What stays worked all the same is left out.
    """
    asking: dict[tuple[str, ...], list[int]] = {}
    for place, shift in enumerate(table.shifts):
        asking.setdefault(shift.required_qualifications, []).append(place)
    for person, each in enumerate(table.people):
        for name, places in _against(each, table, asking).items():
            first = table.cell(person, 0)
            cells = [first + place for place in places if first + place not in table.fixed]
            if cells:
                yield Limit(name, None, (tuple(cells),), (1,), 0)


def _against(each: Person, table: Table, asking: Mapping[tuple[str, ...], Sequence[int]]) -> dict[str, list[int]]:
    if not each.facts.is_active:
        return {"inactive": [*range(len(table.shifts))]}
    found: dict[str, list[int]] = {"qualification": []}
    left: list[int] = []
    for names, places in asking.items():
        lacks = _lacks(each.facts, names, table, places)
        found["qualification"] += lacks
        left += sorted({*places} - {*lacks}) if lacks is not places else ()
    never = {kind for kind, most in each.contract.max_shifts_by_type.items() if most == 0}
    around = [other.span for other in each.around]
    if not (never or each.absences or each.facts.time_off or around):
        return found
    for place in left:
        shift = table.shifts[place]
        if shift.shift_type in never:
            found.setdefault("max_shifts_by_type", []).append(place)
        elif any(shift.span.overlaps(other) for other in each.absences):
            found.setdefault("absence", []).append(place)
        elif any(shift.span.overlaps(other) for other in each.facts.time_off):
            found.setdefault("time_off", []).append(place)
        elif any(shift.span.overlaps(other) for other in around):
            found.setdefault("overlap", []).append(place)
    return found


def _lacks(facts: EmployeeFacts, names: Sequence[str], table: Table, places: Sequence[int]) -> Sequence[int]:
    """Those of the shifts asking for the same for which somebody lacks it."""
    if not names:
        return ()
    if any(each.expires_on for each in facts.qualifications):
        return [place for place in places if lacking(facts, names, table.shifts[place])]
    return places if lacking(facts, names, table.shifts[places[0]]) else ()


def overlaps(table: Table) -> Iterator[Limit]:
    """One limit for each person and each set of shifts that share a moment."""
    for clique in cliques(table.shifts, timedelta()):
        for person in range(len(table.people)):
            groups = tuple(filter(None, table.each(person, clique)))
            if len(groups) > 1:
                yield Limit("overlap", None, groups, (1,) * len(groups), 1)


def never_over(table: Table) -> Iterator[Limit]:
    """One limit for each shift that may not have more people than it needs."""
    able: list[list[Group]] = [[] for _ in table.shifts]
    for person in range(len(table.people)):
        for place in table.open_shifts(person):
            able[place].append((table.cell(person, place),))
    for place, demand in enumerate(table.problem.demands):
        if demand.over_weight is None and len(able[place]) > demand.shift.required_staff:
            yield Limit("surplus", None, tuple(able[place]), (1,) * len(able[place]), demand.shift.required_staff)


def wishes(table: Table) -> Iterator[Limit]:
    """One weighed limit for each wish, and for each shift that is better not taken from somebody."""
    for wish in table.problem.wishes:
        yield _weighed("wish", table.cell_of(wish.employee_id, wish.shift_id), wish.wanted, wish.weight)
    for each in table.problem.standing:
        if each.weight:
            yield _weighed("stability", table.cell_of(each.employee_id, each.shift_id), True, each.weight)


def _weighed(name: str, cell: int, wanted: bool, weight: int) -> Limit:
    return Limit(name, None, ((cell,),), (-1 if wanted else 1,), -1 if wanted else 0, weight)
