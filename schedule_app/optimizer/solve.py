"""The one way in: a problem goes in, the best plan found in time comes out."""

from dataclasses import replace

from schedule_app.optimizer import general, plain
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.rosters import search as rosters
from schedule_app.optimizer.rosters.task import as_task
from schedule_app.optimizer.search import Effort, OnBetter, Search, ShouldStop
from schedule_app.optimizer.solution import Solution


def solve(
    problem: Problem,
    *,
    seconds: float | None = None,
    workers: int | None = None,
    seed: int | None = None,
    on_better: OnBetter = lambda _: None,
    should_stop: ShouldStop = lambda: False,
) -> Solution:
    """Search for the plan that costs least.

    Args:
        problem: What is to be planned.
        seconds: How long at most; the problem's own figure if nothing is said, and so for the next two.
        workers: How many threads.
        seed: Equal seeds, one worker and a deterministic limit give equal plans.
        on_better: Called with each better plan, from the searching thread.
        should_stop: Asked often; once it says yes the best plan so far is the answer.
    """
    search = _search(problem, seconds, workers, seed, on_better, should_stop)
    task = as_task(search.table, search.limits)
    if task is not None:
        search.engine = "rosters"
        rosters.run(search, task)
        if search.best is not None:
            return search.solution()
    search.engine = "general"
    is_infeasible = general.run(search)
    return search.solution(is_infeasible=is_infeasible)


def solve_plainly(
    problem: Problem,
    *,
    seconds: float | None = None,
    workers: int | None = None,
    seed: int | None = None,
    on_better: OnBetter = lambda _: None,
    should_stop: ShouldStop = lambda: False,
) -> Solution:
    """As `solve`, with nothing but the whole model handed to CP-SAT: what benchmarks compare with."""
    search = _search(problem, seconds, workers, seed, on_better, should_stop)
    search.engine = "plain"
    is_infeasible = plain.run(search)
    return search.solution(is_infeasible=is_infeasible)


def _search(
    problem: Problem,
    seconds: float | None,
    workers: int | None,
    seed: int | None,
    on_better: OnBetter,
    should_stop: ShouldStop,
) -> Search:
    asked = replace(
        problem,
        seconds=problem.seconds if seconds is None else seconds,
        workers=problem.workers if workers is None else workers,
        seed=problem.seed if seed is None else seed,
    )
    effort = Effort(asked.seconds, asked.workers, asked.seed, asked.deterministic)
    return Search(asked, effort, on_better, should_stop)
