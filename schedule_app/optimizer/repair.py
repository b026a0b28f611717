"""A plan made good again after a call-out or an edit, with as few changes as may be to what people were told."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Problem, Told, Wish
from schedule_app.optimizer.search import OnBetter, ShouldStop
from schedule_app.optimizer.solution import Given, Solution
from schedule_app.optimizer.solve import solve
from schedule_app.optimizer.table import Table

#: How much a change weighs against the rest, from "hardly touch it" to "as good as can be"; and how much more than
#: usual a place left open does. To fill one is worth one change or two even there: not to fill what a call-out has left
#: open disturbs nobody, and repairs nothing.
_WAYS = ((20, 4), (1, 1), (0, 1))
#: A search that has no time left has this much to say whether there is a plan.
_LEAST_SECONDS = 0.1


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


@dataclass(frozen=True, slots=True)
class Repairs:
    """Up to three ways, the one that disturbs fewest people first; none is both dearer and more disturbing.

    Attributes:
        status: Of the last search, which tells why there is no way where there is none; see `Solution.status`.
    """

    ways: tuple[Repair, ...]
    status: str


def repair(
    problem: Problem,
    *,
    seconds: float | None = None,
    workers: int | None = None,
    on_better: OnBetter = lambda _: None,
    should_stop: ShouldStop = lambda: False,
) -> Repairs:
    """Find ways to put a plan right.

    Args:
        problem: As it is after the change: with the absence, without the person, with the new shift. What stands in it
            is the plan that was, without what can no longer be.
        seconds: For all of it; the problem's own figure if nothing is said.
        workers: Threads; likewise.
        on_better: Called with the first way whenever another comes to be the first.
        should_stop: Asked often; once it says yes, the ways found so far are the answer.
    """
    started = time.monotonic()
    ends = started + (problem.seconds if seconds is None else seconds)
    found: list[Repair] = []
    status = "unknown"
    table = Table(problem)
    limits = all_limits(table)
    for place, (stability, openness) in enumerate(_WAYS):
        # At a large site making ready takes a good part of the time; a way that is there is worth more than another.
        share = (ends - time.monotonic()) / (len(_WAYS) - place)
        if found and (share <= 0 or should_stop()):
            break
        solution = solve(
            _steadied(table, stability, openness),
            seconds=max(share, _LEAST_SECONDS),
            workers=workers,
            should_stop=should_stop,
        )
        status = solution.status
        if not solution.has_plan:
            continue
        first = found[0] if found else None
        found = _best([*found, _repair(problem, _scored(table, limits, solution, time.monotonic() - started))])
        if found[0] is not first:
            on_better(found[0].solution)
    return Repairs(tuple(found), status)


def _steadied(table: Table, stability: int, openness: int) -> Problem:
    problem = table.problem
    weights = problem.weights
    prices = {
        Told.DRAFT: weights.moved_draft,
        Told.PUBLISHED: weights.moved_published,
        Told.CONFIRMED: weights.moved_confirmed,
    }
    standing = tuple(
        each if each.is_fixed else replace(each, weight=stability * prices[each.told]) for each in problem.standing
    )
    theirs = {(each.employee_id, each.shift_id) for each in standing}
    more = [
        Wish(employee_id, demand.shift.id, False, stability * prices[told])
        for employee_id, told in _firmest(problem).items()
        for demand in problem.demands
        if stability
        and told is not Told.DRAFT
        and (employee_id, demand.shift.id) not in theirs
        # At a large site most shifts are not for most people.
        and table.cell_of(employee_id, demand.shift.id) not in table.closed
    ]
    demands = tuple(replace(each, under_weight=each.under_weight * openness) for each in problem.demands)
    return replace(problem, demands=demands, standing=standing, wishes=(*problem.wishes, *more))


def _scored(table: Table, limits: Sequence[Limit], solution: Solution, seconds: float) -> Solution:
    cells = {table.cell_of(each.employee_id, each.shift_id) for each in solution.given}
    counted = score(table, limits, cells)
    return replace(solution, status="feasible", score=counted.total, by_rule=counted.by_rule, bound=0, seconds=seconds)


def _firmest(problem: Problem) -> dict[int, Told]:
    order = list(Told)
    firmest = {person.facts.id: person.told for person in problem.people if person.told is not Told.DRAFT}
    for each in problem.standing:
        before = firmest.get(each.employee_id, Told.DRAFT)
        firmest[each.employee_id] = max(before, each.told, key=order.index)
    return firmest


def _repair(problem: Problem, solution: Solution) -> Repair:
    standing = [Given(each.employee_id, each.shift_id) for each in problem.standing]
    now = set(solution.given)
    taken = tuple(given for given in standing if given not in now)
    added = tuple(given for given in solution.given if given not in set(standing))
    told = {employee_id for employee_id, firm in _firmest(problem).items() if firm is not Told.DRAFT}
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
