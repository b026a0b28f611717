"""Why shifts stay empty: the smallest set of rules and demand that cannot all hold, and what giving way buys."""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from ortools.sat.python import cp_model

from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.limits import Group, Limit
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.table import Table

#: Days to either side of the shifts asked about that are looked at with them.
_DAYS_AROUND = timedelta(days=7)
_SECONDS_FOR_A_LOOK = 2.0
_SECONDS = 60.0


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """Something that would have to give way.

    Attributes:
        name: The rule's type, that of a check without a rule, or "demand".
        rule_id: The rule, where there is one.
        shift_id: The shift, of a demand.
        employee_id: The person, of a check without a rule.
    """

    name: str
    rule_id: int | None = None
    shift_id: int | None = None
    employee_id: int | None = None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What it buys to let one cause go: so many of the missing people are found."""

    cause: Cause
    people: int


class Undecided(Exception):
    """The time did not suffice to tell whether anything clashes."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Causes that cannot all hold: without any one of them the others can.

    Attributes:
        is_smallest: Whether that was proved in time.
        relaxations: The best first, where the time sufficed for all of them; those that buy nothing are left out.
    """

    causes: tuple[Cause, ...]
    is_smallest: bool
    relaxations: tuple[Relaxation, ...]


def clash(problem: Problem, shift_ids: Collection[int] = (), *, seconds: float = _SECONDS) -> Clash | None:
    """Find out why some shifts cannot be filled, or, with none given, why there is no plan at all.

    Args:
        problem: What was asked.
        shift_ids: The shifts.
        seconds: How long to look; what is found by then may be more than the smallest, and lack relaxations.

    Returns:
        None when they can be filled.

    Raises:
        Undecided: The time did not suffice to tell.
    """
    question = _Question(problem, shift_ids, ends=time.monotonic() + seconds)
    core = question.core(question.causes)
    if core is None:
        if question.was_undecided:
            raise Undecided
        return None
    is_smallest = True
    for cause in list(core):
        if question.is_over:
            return Clash(tuple(core), is_smallest=False, relaxations=())
        rest = [each for each in core if each != cause]
        smaller = question.core(rest)
        if smaller is not None:
            core = [each for each in rest if each in smaller]
        elif question.was_undecided:
            is_smallest = False
    _, base = question.most_people(set())
    bought: list[Relaxation] = []
    for cause in core:
        if question.is_over:
            return Clash(tuple(core), is_smallest, relaxations=())
        if cause.name != "demand":
            bought.append(Relaxation(cause, question.most_people({cause})[0] - base))
    useful = sorted((each for each in bought if each.people > 0), key=lambda each: (-each.people, each.cause.name))
    return Clash(tuple(core), is_smallest, tuple(useful))


class _Question:
    """A model in which each cause can be switched off."""

    def __init__(self, problem: Problem, shift_ids: Collection[int], *, ends: float) -> None:
        self._ends = ends
        self._table = Table(problem)
        limits = all_limits(self._table)
        self._asked = [self._table.place_of_shift[each] for each in shift_ids]
        self._near = self._near_shifts()
        self._model = cp_model.CpModel()
        self._worked: dict[int, cp_model.IntVar] = {}
        self._any_of: dict[Group, cp_model.IntVar] = {}
        self._holds: dict[Cause, cp_model.IntVar] = {}
        self._fixed = self._table.fixed
        self.was_undecided = False
        for limit in (*limits, *dict.fromkeys(self._table.closed.values())):
            if limit.weight is None and limit.name != "surplus":
                self._post(limit)
        self._post_demand()
        for cell in self._fixed:
            if cell in self._worked:
                self._model.add(self._worked[cell] == 1)

    @property
    def causes(self) -> list[Cause]:
        """Everything that can give way."""
        return sorted(
            self._holds, key=lambda each: (each.name, each.rule_id or 0, each.shift_id or 0, each.employee_id or 0)
        )

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._ends

    def core(self, causes: Iterable[Cause]) -> list[Cause] | None:
        """Causes among these that cannot all hold; None when they can, or when the time did not suffice to tell."""
        causes = list(causes)
        self._model.clear_assumptions()
        self._model.clear_objective()
        self._model.add_assumptions([self._holds[cause] for cause in causes])
        solver = self._solver()
        status = solver.solve(self._model)
        self.was_undecided = status == cp_model.UNKNOWN
        if status != cp_model.INFEASIBLE:
            return None
        core = set(solver.sufficient_assumptions_for_infeasibility())
        return [cause for cause in causes if self._holds[cause].index in core]

    def most_people(self, without: Collection[Cause]) -> tuple[int, int]:
        """How many of the people asked for can be had when some causes give way: at least, and at most."""
        self._model.clear_assumptions()
        self._model.add_assumptions(
            [holds for cause, holds in self._holds.items() if cause not in without and cause.name != "demand"]
        )
        found = [self._found_of(shift) for shift in self._asked]
        self._model.maximize(cp_model.LinearExpr.sum(found))
        solver = self._solver()
        status = solver.solve(self._model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return round(solver.objective_value), round(solver.best_objective_bound)
        return 0, sum(self._table.shifts[shift].required_staff for shift in self._asked)

    def _near_shifts(self) -> set[int]:
        shifts = self._table.shifts
        if not self._asked:
            return set(range(len(shifts)))
        days = [shifts[each].local_date for each in self._asked]
        first, last = min(days) - _DAYS_AROUND, max(days) + _DAYS_AROUND
        return {place for place, shift in enumerate(shifts) if first <= shift.local_date <= last}

    def _post(self, limit: Limit) -> None:
        terms = []
        for group, coefficient in zip(limit.groups, limit.coefficients, strict=True):
            near = tuple(cell for cell in group if self._table.places(cell)[1] in self._near)
            if near:
                terms.append((self._literal(near), coefficient))
        if terms:
            total = cp_model.LinearExpr.weighted_sum([each for each, _ in terms], [each for _, each in terms])
            self._model.add(total <= limit.high).only_enforce_if(self._cause(limit))

    def _cause(self, limit: Limit) -> cp_model.IntVar:
        person = self._table.places(limit.groups[0][0])[0]
        employee_id = None if limit.rule_id is not None else self._table.people[person].facts.id
        return self._switch(Cause(limit.name, limit.rule_id, None, employee_id))

    def _switch(self, cause: Cause) -> cp_model.IntVar:
        if cause not in self._holds:
            self._holds[cause] = self._model.new_bool_var(cause.name)
        return self._holds[cause]

    def _literal(self, group: Group) -> cp_model.IntVar:
        if len(group) == 1:
            if group[0] not in self._worked:
                self._worked[group[0]] = self._model.new_bool_var("")
            return self._worked[group[0]]
        if group not in self._any_of:
            literal = self._any_of[group] = self._model.new_bool_var("")
            self._model.add_max_equality(literal, [self._literal((cell,)) for cell in group])
        return self._any_of[group]

    def _people_on(self, shift: int) -> list[cp_model.IntVar]:
        return [self._literal((self._table.cell(person, shift),)) for person in range(len(self._table.people))]

    def _found_of(self, shift: int) -> cp_model.IntVar:
        required = self._table.shifts[shift].required_staff
        found = self._model.new_int_var(0, required, "")
        self._model.add(found <= cp_model.LinearExpr.sum(self._people_on(shift)))
        return found

    def _post_demand(self) -> None:
        for shift in self._asked:
            demand = self._table.shifts[shift]
            total = cp_model.LinearExpr.sum(self._people_on(shift))
            cause = Cause("demand", shift_id=demand.id)
            self._model.add(total >= demand.required_staff).only_enforce_if(self._switch(cause))

    def _solver(self) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        # Cores are told by one worker alone.
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = max(0.0, min(_SECONDS_FOR_A_LOOK, self._ends - time.monotonic()))
        return solver
