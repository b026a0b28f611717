"""A schedule as a problem of the optimiser: what of it is to be planned, what stays, and what has changed since."""

import hashlib
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from schedule_app.domain.time import Interval
from schedule_app.domain.weights import weights_of
from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Demand, Person, Problem, Standing
from schedule_app.optimizer.weights import Weights
from schedule_app.queries.planning import Holding, PlannedShift, Planning

Keeping: TypeAlias = Literal["all", "told"]

#: What a person missing costs is meant for a shift of this priority.
_USUAL_PRIORITY: Final = 5


@dataclass(frozen=True, slots=True)
class Filling:
    """What is asked of a run.

    Attributes:
        department_id: Only shifts of this department; None for all.
        keeping: Whether everybody planned stays, or only those who are pinned or were told.
        seconds: How long to search.
        seed: Equal problems with equal seeds are searched alike.
    """

    department_id: int | None = None
    keeping: Keeping = "all"
    seconds: int = 30
    seed: int = 1


def problem_of(planning: Planning, filling: Filling) -> Problem:
    """What is to be planned: the shifts asked for, with what their people have outside of them as it is."""
    weights = Weights(by_rule=weights_of(planning.weights))
    wanted = [shift for shift in planning.shifts if filling.department_id in (None, shift.facts.department_id)]
    ids = {shift.facts.id for shift in wanted}
    facts = {shift.facts.id: shift.facts for shift in planning.shifts}
    outside: dict[int, list[Any]] = {person.id: list(planning.elsewhere[person.id]) for person in planning.people}
    absences: dict[int, list[Interval]] = {person.id: [] for person in planning.people}
    standing: list[Standing] = []
    staffed: dict[int, int] = {}
    for held in planning.held:
        # Somebody who has left keeps no shift here; who that leaves open is filled anew.
        if held.employee_id not in outside:
            continue
        if not held.is_active:
            # They said no to these hours.
            absences[held.employee_id].append(facts[held.shift_id].span)
        elif held.shift_id in ids:
            standing.append(_standing(held, filling, weights))
            staffed[held.shift_id] = staffed.get(held.shift_id, 0) + 1
        else:
            outside[held.employee_id].append(facts[held.shift_id])
    return Problem(
        people=tuple(
            Person(
                facts=person,
                around=tuple(sorted(outside[person.id], key=lambda shift: (shift.span.starts_at, shift.id))),
                absences=tuple(sorted(absences[person.id], key=lambda span: (span.starts_at, span.ends_at))),
            )
            for person in planning.people
        ),
        demands=tuple(_demand(shift, staffed.get(shift.facts.id, 0), weights) for shift in wanted),
        rules=planning.rules,
        standing=tuple(standing),
        weights=weights,
        seed=filling.seed,
        seconds=filling.seconds,
    )


def problem_text(problem: Problem) -> str:
    """The problem as it is kept."""
    return codec.dumps(problem)


def problem_hash(problem: Problem) -> str:
    """Tells two problems apart, however long they are to be searched."""
    return hashlib.sha256(codec.dumps(replace(problem, seconds=1, seed=0)).encode()).hexdigest()


def what_changed(before: Problem, after: Problem) -> list[str]:
    """What is different in a problem that was asked a while ago, in words for a manager."""
    return [
        words
        for words in (
            _count(before.demands, after.demands, "shift", lambda each: each.shift.id),
            _count(before.standing, after.standing, "assignment", lambda each: (each.shift_id, each.employee_id)),
            _count(before.people, after.people, "person", lambda each: each.facts.id),
            _count(before.rules, after.rules, "rule", lambda each: each.id),
            "the weights" if before.weights != after.weights else "",
        )
        if words
    ]


def _standing(held: Holding, filling: Filling, weights: Weights) -> Standing:
    is_fixed = filling.keeping == "all" or held.is_pinned or held.was_told
    return Standing(held.employee_id, held.shift_id, is_fixed, 0 if is_fixed else weights.moved_draft)


def _demand(shift: PlannedShift, staffed: int, weights: Weights) -> Demand:
    under = weights.missing * (_USUAL_PRIORITY + shift.priority) // (2 * _USUAL_PRIORITY)
    # More than needed only where somebody is one too many already.
    over = weights.missing if staffed > shift.facts.required_staff else None
    return Demand(shift.facts, under, over)


def _count(before: Iterable[Any], after: Iterable[Any], noun: str, key: Any) -> str:  # noqa: ANN401 (a function)
    old: dict[Hashable, Any] = {key(each): each for each in before}
    new: dict[Hashable, Any] = {key(each): each for each in after}
    differing = sum(1 for each in old.keys() | new.keys() if old.get(each) != new.get(each))
    if not differing:
        return ""
    plural = "people" if noun == "person" else f"{noun}s"
    return f"{differing} {noun if differing == 1 else plural}"
