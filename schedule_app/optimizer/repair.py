"""A plan made good again after a call-out or an edit, with as few changes as may be to what people were told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Problem, Standing, Wish
from schedule_app.optimizer.search import ShouldStop
from schedule_app.optimizer.solution import Given, Solution
from schedule_app.optimizer.solve import solve
from schedule_app.optimizer.table import Table

#: How much a change weighs against the rest, from "hardly touch it" to "as good as can be".
_STABILITIES = (20, 1, 0)


class Told(StrEnum):
    """How firm an assignment is."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to put a plan right.

    Attributes:
        solution: The plan, scored without what was added for stability.
        taken: What somebody had and no longer has.
        added: What somebody has now and did not have.
        disturbed: People who were told something that is no longer so, or who get more than they were told.
    """

    solution: Solution
    taken: tuple[Given, ...]
    added: tuple[Given, ...]
    disturbed: tuple[int, ...]


def repair(
    problem: Problem,
    standing: Mapping[Given, Told],
    *,
    seconds: float = 10.0,
    workers: int = 2,
    should_stop: ShouldStop = lambda: False,
) -> list[Repair]:
    """Find up to three ways, the one that disturbs fewest people first; none is both dearer and more disturbing.

    Args:
        problem: As it is after the change: with the absence, without the person, with the new shift.
        standing: The plan that was, without what can no longer be.
        seconds: For all of it.
        workers: Threads.
        should_stop: Asked often.
    """
    found: list[Repair] = []
    for stability in _STABILITIES:
        steady = _steadied(problem, standing, stability)
        share = seconds / len(_STABILITIES)
        solution = solve(steady, seconds=share, workers=workers, should_stop=should_stop)
        if solution.has_plan:
            found.append(_repair(_scored(problem, solution), standing))
    return _best(found)


def _steadied(problem: Problem, standing: Mapping[Given, Told], stability: int) -> Problem:
    weights = problem.weights
    prices = {
        Told.DRAFT: weights.moved_draft,
        Told.PUBLISHED: weights.moved_published,
        Told.CONFIRMED: weights.moved_confirmed,
    }
    kept = {(each.employee_id, each.shift_id): each for each in problem.standing if each.is_fixed}
    stays = [
        Standing(given.employee_id, given.shift_id, weight=stability * prices[told])
        for given, told in standing.items()
        if (given.employee_id, given.shift_id) not in kept
    ]
    firmest = _firmest(standing)
    more = [
        Wish(employee, demand.shift.id, False, stability * prices[told])
        for employee, told in firmest.items()
        for demand in problem.demands
        if stability and told is not Told.DRAFT and Given(employee, demand.shift.id) not in standing
    ]
    return replace(problem, standing=(*kept.values(), *stays), wishes=(*problem.wishes, *more))


def _scored(problem: Problem, solution: Solution) -> Solution:
    table = Table(problem)
    cells = {table.cell_of(each.employee_id, each.shift_id) for each in solution.given}
    counted = score(table, all_limits(table), cells)
    return replace(solution, status="feasible", score=counted.total, by_rule=counted.by_rule, bound=0)


def _firmest(standing: Mapping[Given, Told]) -> dict[int, Told]:
    order = list(Told)
    firmest: dict[int, Told] = {}
    for given, told in standing.items():
        firmest[given.employee_id] = max(firmest.get(given.employee_id, Told.DRAFT), told, key=order.index)
    return firmest


def _repair(solution: Solution, standing: Mapping[Given, Told]) -> Repair:
    now = set(solution.given)
    taken = tuple(given for given in standing if given not in now)
    added = tuple(given for given in solution.given if given not in standing)
    told = {employee for employee, firm in _firmest(standing).items() if firm is not Told.DRAFT}
    disturbed = sorted({given.employee_id for given in (*taken, *added)} & told)
    return Repair(solution, taken, added, tuple(disturbed))


def _best(found: Sequence[Repair]) -> list[Repair]:
    """Those that no other is at least as good as in everything, fewest disturbed first."""

    def figures(each: Repair) -> tuple[int, int, int]:
        return len(each.disturbed), len(each.taken) + len(each.added), each.solution.score

    def is_beaten(one: Repair, others: Collection[Repair]) -> bool:
        return any(
            figures(other) != figures(one) and all(a <= b for a, b in zip(figures(other), figures(one), strict=True))
            for other in others
        )

    distinct = list({figures(each): each for each in reversed(found)}.values())
    return sorted((each for each in distinct if not is_beaten(each, distinct)), key=figures)
