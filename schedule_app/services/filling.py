"""A schedule as a problem of the optimiser: what of it is to be planned, what stays, and what has changed since."""

import hashlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias

from schedule_app.domain.errors import Conflict, InvalidInput
from schedule_app.domain.time import Interval
from schedule_app.domain.weights import tuned_from, weights_of
from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Demand, Person, Problem, Standing, Told
from schedule_app.optimizer.weights import Weights
from schedule_app.queries.planning import Holding, PlannedShift, Planning

Keeping: TypeAlias = Literal["all", "told", "repair"]

LONGEST_SECONDS: Final = 600
#: How far the demand of a scenario may be from the week's, in percent.
DEMANDS: Final = range(50, 201)

#: What a person missing costs is meant for a shift of this priority.
_USUAL_PRIORITY: Final = 5


@dataclass(frozen=True, slots=True)
class Filling:
    """What is asked of a run.

    Attributes:
        department_id: Only shifts of this department; None for all.
        shift_ids: Only these shifts; none for all. Their department, where it is the only one, is `department_id`.
        keeping: Whether everybody planned stays, or only those who are pinned or were told; or "repair": whoever is
            pinned stays, and of the others as many as may be, those who were told first.
        seconds: How long to search.
        seed: Equal problems with equal seeds are searched alike.
        weights: By type of rule, what it weighs instead of what it weighs at the site.
        demand: How many people are planned for, in percent of those that the shifts need.
    """

    department_id: int | None = None
    shift_ids: tuple[int, ...] = ()
    keeping: Keeping = "all"
    seconds: int = 30
    seed: int = 1
    weights: Mapping[str, int] = field(default_factory=dict)
    demand: int = 100

    def check(self) -> None:
        """Refuse what makes no sense.

        Raises:
            InvalidInput: Says what, and in which field.
        """
        if not 1 <= self.seconds <= LONGEST_SECONDS:
            raise InvalidInput(f"A search takes from one second to {LONGEST_SECONDS // 60} minutes.", "seconds")
        if self.demand not in DEMANDS:
            words = f"Plan for {DEMANDS[0]} to {DEMANDS[-1]} % of the people needed."
            raise InvalidInput(words, "demand")
        tuned_from(self.weights)

    def as_request(self) -> dict[str, Any]:
        """What is kept of it with the run; the rest is in the run's problem."""
        return {
            "department_id": self.department_id,
            "shift_ids": list(self.shift_ids),
            "keeping": self.keeping,
            "weights": dict(self.weights),
            "demand": self.demand,
        }


def filling_of(request: Mapping[str, Any], problem: Problem) -> Filling:
    """What was asked of a run, from what is kept with it."""
    return Filling(
        department_id=request.get("department_id"),
        shift_ids=tuple(request.get("shift_ids", ())),
        keeping=request.get("keeping", "all"),
        seconds=int(problem.seconds),
        seed=problem.seed,
        weights=request.get("weights", {}),
        demand=request.get("demand", 100),
    )


def narrowed(planning: Planning, filling: Filling) -> Filling:
    """What is asked with the department of the shifts that are asked for.

    Raises:
        Conflict: One of them is not there any more.
    """
    if not filling.shift_ids:
        return filling
    found = [shift for shift in planning.shifts if shift.facts.id in filling.shift_ids]
    if len(found) < len(set(filling.shift_ids)):
        raise Conflict("Some of the shifts selected are gone. Please select again.")
    departments = {shift.facts.department_id for shift in found}
    return replace(filling, department_id=departments.pop() if len(departments) == 1 else None)


def problem_of(planning: Planning, filling: Filling) -> Problem:
    """What is to be planned: the shifts asked for, with what their people have outside of them as it is."""
    weights = Weights(by_rule=weights_of(planning.weights) | dict(filling.weights))
    wanted = [shift for shift in planning.shifts if _is_asked_for(shift, filling)]
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
        if not held.is_active or held.has_declined:
            # They said no to these hours.
            absences[held.employee_id].append(facts[held.shift_id].span)
        if not held.is_active:
            continue
        if held.shift_id in ids:
            standing.append(_standing(held, filling, weights))
            staffed[held.shift_id] = staffed.get(held.shift_id, 0) + (not held.has_declined)
        else:
            outside[held.employee_id].append(facts[held.shift_id])
    return Problem(
        people=tuple(
            Person(
                facts=person,
                around=tuple(sorted(outside[person.id], key=lambda shift: (shift.span.starts_at, shift.id))),
                absences=tuple(sorted(absences[person.id], key=lambda span: (span.starts_at, span.ends_at))),
                told=planning.told.get(person.id, Told.DRAFT) if filling.keeping == "repair" else Told.DRAFT,
            )
            for person in planning.people
        ),
        demands=tuple(
            _demand(shift, staffed.get(shift.facts.id, 0), weights, needed)
            for shift, needed in zip(wanted, _needed(wanted, filling.demand), strict=True)
        ),
        rules=planning.rules,
        standing=tuple(standing),
        weights=weights,
        seed=filling.seed,
        seconds=filling.seconds,
    )


def with_answers_of(now: Problem, asked: Problem, plan: Iterable[tuple[int, int]]) -> Problem:
    """A problem as it would be, had nobody answered since it was asked whom the plan leaves as they are.

    Args:
        now: What it is now.
        asked: What it was.
        plan: Everybody on every shift, as (shift, employee).
    """
    had = {(each.shift_id, each.employee_id): each.told for each in asked.standing}
    other = {employee_id for _, employee_id in had.keys() ^ set(plan)}
    told = {person.facts.id: person.told for person in asked.people if person.facts.id not in other}
    return replace(
        now,
        people=tuple(replace(each, told=told.get(each.facts.id, each.told)) for each in now.people),
        standing=tuple(
            replace(each, told=had.get((each.shift_id, each.employee_id), each.told))
            if each.employee_id in told
            else each
            for each in now.standing
        ),
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


def _is_asked_for(shift: PlannedShift, filling: Filling) -> bool:
    if filling.shift_ids:
        return shift.facts.id in filling.shift_ids
    return filling.department_id in (None, shift.facts.department_id)


def _standing(held: Holding, filling: Filling, weights: Weights) -> Standing:
    if held.has_declined:
        return Standing(held.employee_id, held.shift_id)
    if filling.keeping == "repair":
        return Standing(held.employee_id, held.shift_id, held.is_pinned, told=held.told)
    is_fixed = filling.keeping == "all" or held.is_pinned or held.told is not Told.DRAFT
    return Standing(held.employee_id, held.shift_id, is_fixed, 0 if is_fixed else weights.moved_draft)


def _needed(shifts: Iterable[PlannedShift], percent: int) -> list[int]:
    """How many people each shift needs, so that the percentage is that of them all together.

    Rounded for each alone, 110 % of a week whose shifts need one person each would be twice as many.
    """
    needed: list[int] = []
    usual = 0
    for each in shifts:
        staff = each.facts.required_staff
        usual += staff
        wanted = (usual * percent + 50) // 100 - sum(needed)
        # A shift that needs somebody is not left to nobody.
        least, most = max(min(staff, 1), staff * percent // 100), -(-staff * percent // 100)
        needed.append(max(least, min(wanted, most)))
    return needed


def _demand(shift: PlannedShift, staffed: int, weights: Weights, needed: int) -> Demand:
    under = weights.missing * (_USUAL_PRIORITY + shift.priority) // (2 * _USUAL_PRIORITY)
    # More than needed only where somebody is one too many already.
    over = weights.missing if staffed > needed else None
    return Demand(replace(shift.facts, required_staff=needed), under, over)


def _count(before: Iterable[Any], after: Iterable[Any], noun: str, key: Any) -> str:  # noqa: ANN401 (a function)
    old: dict[Hashable, Any] = {key(each): each for each in before}
    new: dict[Hashable, Any] = {key(each): each for each in after}
    differing = sum(1 for each in old.keys() | new.keys() if old.get(each) != new.get(each))
    if not differing:
        return ""
    plural = "people" if noun == "person" else f"{noun}s"
    return f"{differing} {noun if differing == 1 else plural}"
