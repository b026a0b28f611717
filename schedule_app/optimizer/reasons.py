"""The account of a plan that is kept with it: why these people, why these places are empty, what stands in the way."""

import contextlib
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from schedule_app.optimizer.clash import Clash, Undecided, clash
from schedule_app.optimizer.explain import Explanation, Verdict
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.solution import Given, Missing, Solution

#: Of the time there is, the part that is left for finding out what clashes.
_FOR_THE_CLASH = 0.5
#: Beyond so many cells the model of a clash takes longer to build than anybody waits.
_CELLS_OF_A_CLASH = 40_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Why somebody was given a shift.

    Attributes:
        by_rule: What it costs by the type of rule, demand left out; below 0 where it makes the plan better.
        next_best: Who would have been the cheapest instead; None when nobody else could.
        saved: How much more they would have cost; 0 when there is nobody.
    """

    shift_id: int
    employee_id: int
    by_rule: dict[str, int]
    next_best: int | None
    saved: int


@dataclass(frozen=True, slots=True)
class Against:
    """What stands against somebody on a shift.

    Attributes:
        name: The first strict rule or check that is broken; "" when none is.
        rule_id: That rule, where there is one.
        cost: By how much the score would rise, when nothing strict is broken.
    """

    employee_id: int
    name: str
    rule_id: int | None
    cost: int


@dataclass(frozen=True, slots=True)
class Empty:
    """Why places of a shift are empty: everybody who is not on it, the cheapest of the allowed first."""

    shift_id: int
    people: int
    against: tuple[Against, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """A plan's account.

    Attributes:
        before: The score's parts by name, of what stood before.
        after: The same of the plan.
        clash: Why the empty places cannot all be filled, or why there is no plan at all; None when they could be, or
            when that was not found out.
        is_whole: Whether the time sufficed for everything, and the problem was small enough to look for a clash.
    """

    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    chosen: tuple[Chosen, ...] = ()
    empty: tuple[Empty, ...] = ()
    clash: Clash | None = None
    is_whole: bool = True


def reasons(problem: Problem, solution: Solution, *, seconds: float) -> Reasons:
    """Account for a search's answer.

    Args:
        problem: What was asked.
        solution: The answer, with a plan or without.
        seconds: How long to work at it; the empty places come first, then the people chosen, then the clash.
    """
    ends = time.monotonic() + seconds
    if not solution.has_plan:
        found = None
        with contextlib.suppress(Undecided):
            found = _clash(problem, (), seconds) if solution.status == "infeasible" else None
        return Reasons(clash=found, is_whole=found is not None)
    standing = {Given(each.employee_id, each.shift_id) for each in problem.standing}
    explanation = Explanation(problem, solution.given)
    is_late = _Late(ends - seconds * _FOR_THE_CLASH)
    empty = tuple(_empty(explanation, solution.missing, is_late))
    chosen = tuple(_chosen(explanation, sorted(set(solution.given) - standing, key=_by_shift), is_late))
    before, found, is_whole = explanation.parts(standing), None, not is_late.was_late
    if solution.missing and is_whole:
        try:
            found = _clash(problem, _beside(problem, solution.missing), ends - time.monotonic())
        except Undecided:
            is_whole = False
    return Reasons(before, solution.by_rule, chosen, empty, found, is_whole)


class _Late:
    """Asked before each piece of work, so that what is there when the time is up is whole."""

    def __init__(self, ends: float) -> None:
        self._ends = ends
        self.was_late = False

    def __call__(self) -> bool:
        self.was_late = self.was_late or time.monotonic() >= self._ends
        return self.was_late


def _by_shift(given: Given) -> tuple[int, int]:
    return given.shift_id, given.employee_id


def _clash(problem: Problem, shift_ids: Collection[int], seconds: float) -> Clash | None:
    if len(problem.people) * len(problem.demands) > _CELLS_OF_A_CLASH:
        raise Undecided
    return clash(problem, shift_ids, seconds=seconds)


def _beside(problem: Problem, missing: Collection[Missing]) -> list[int]:
    """The shifts with empty places, and those whose people could fill them: of the day before to the day after."""
    lacking = {each.shift_id for each in missing}
    days = {demand.shift.local_date for demand in problem.demands if demand.shift.id in lacking}
    near = {day + timedelta(days=by) for day in days for by in (-1, 0, 1)}
    return [demand.shift.id for demand in problem.demands if demand.shift.local_date in near]


def _empty(explanation: Explanation, missing: Collection[Missing], is_late: _Late) -> Iterator[Empty]:
    for each in missing:
        if is_late():
            return
        verdicts = explanation.why_nobody(each.shift_id)
        yield Empty(each.shift_id, each.people, tuple(against(verdict) for verdict in verdicts))


def against(verdict: Verdict) -> Against:
    """The first thing that stands against somebody, or what they would cost."""
    if verdict.is_allowed:
        return Against(verdict.employee_id, "", None, verdict.cost)
    first = verdict.blocked_by[0]
    return Against(verdict.employee_id, first.name, first.rule_id, 0)


def _chosen(explanation: Explanation, given: Collection[Given], is_late: _Late) -> Iterator[Chosen]:
    for each in given:
        if is_late():
            return
        reason = explanation.why(each.employee_id, each.shift_id)
        by_rule = {name: cost for name, cost in reason.own.by_rule.items() if name != "missing"}
        next_best = reason.next_best.employee_id if reason.next_best else None
        yield Chosen(each.shift_id, each.employee_id, by_rule, next_best, reason.saved or 0)
