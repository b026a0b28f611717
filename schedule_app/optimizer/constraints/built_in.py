"""What holds without a rule: active, qualified for the shift, not away, one shift at a time; and what is wished."""

from collections.abc import Iterator
from datetime import timedelta

from schedule_app.domain.facts import EmployeeFacts, ShiftFacts
from schedule_app.domain.rules.qualification import lacking
from schedule_app.optimizer.constraints.common import cliques
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.table import Table


def impossible(table: Table) -> Iterator[Limit]:
    """One strict limit for each cell that can never be worked."""
    for person, each in enumerate(table.people):
        lacks = _Lacks(each.facts)
        for place, shift in enumerate(table.shifts):
            if not each.facts.is_active:
                name = "inactive"
            elif lacks.any_of(shift):
                name = "qualification"
            elif each.contract.max_shifts_by_type.get(shift.shift_type) == 0:
                name = "max_shifts_by_type"
            elif any(shift.span.overlaps(other) for other in each.absences):
                name = "absence"
            elif any(shift.span.overlaps(other.span) for other in each.around):
                name = "overlap"
            else:
                continue
            yield Limit(name, None, ((table.cell(person, place),),), (1,), 0)


class _Lacks:
    """Whether somebody lacks what shifts ask for; worked out once for all shifts that ask for the same."""

    def __init__(self, facts: EmployeeFacts) -> None:
        self._facts = facts
        self._expires = any(each.expires_on for each in facts.qualifications)
        self._known: dict[tuple[str, ...], bool] = {}

    def any_of(self, shift: ShiftFacts) -> bool:
        """Tell whether anything is lacking throughout a shift."""
        names = shift.required_qualifications
        if self._expires or names not in self._known:
            self._known[names] = bool(names) and bool(lacking(self._facts, names, shift))
        return self._known[names]


def overlaps(table: Table) -> Iterator[Limit]:
    """One limit for each person and each set of shifts that share a moment."""
    for clique in cliques(table.shifts, timedelta()):
        for person in range(len(table.people)):
            groups = tuple(filter(None, table.each(person, clique)))
            if len(groups) > 1:
                yield Limit("overlap", None, groups, (1,) * len(groups), 1)


def never_over(table: Table) -> Iterator[Limit]:
    """One limit for each shift that may not have more people than it needs."""
    for place, demand in enumerate(table.problem.demands):
        if demand.over_weight is None:
            groups = tuple(group for person in range(len(table.people)) if (group := table.group(person, [place])))
            if len(groups) > demand.shift.required_staff:
                yield Limit("surplus", None, groups, (1,) * len(groups), demand.shift.required_staff)


def wishes(table: Table) -> Iterator[Limit]:
    """One weighed limit for each wish, and for each shift that is better not taken from somebody."""
    for wish in table.problem.wishes:
        yield _weighed("wish", table.cell_of(wish.employee_id, wish.shift_id), wish.wanted, wish.weight)
    for each in table.problem.standing:
        if each.weight:
            yield _weighed("stability", table.cell_of(each.employee_id, each.shift_id), True, each.weight)


def _weighed(name: str, cell: int, wanted: bool, weight: int) -> Limit:
    return Limit(name, None, ((cell,),), (-1 if wanted else 1,), -1 if wanted else 0, weight)
