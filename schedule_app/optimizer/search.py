"""What every search is given and keeps to: when to end, where better plans go."""

import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from ortools.sat.python import cp_model

from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.objective import Score, score
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.solution import Solution
from schedule_app.optimizer.table import Table

OnBetter = Callable[[Solution], None]
ShouldStop = Callable[[], bool]

_SECONDS_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try.

    Attributes:
        deterministic: Instead of seconds, work that does not depend on the machine; with one worker only.
    """

    seconds: float
    workers: int
    seed: int
    deterministic: float | None = None


class Search:
    """One run: the problem made ready, the best plan and bound so far, and the clock.

    Attributes:
        best: The cells of the best plan; None before the first.
        bound: No plan costs less.
    """

    def __init__(self, problem: Problem, effort: Effort, on_better: OnBetter, should_stop: ShouldStop) -> None:
        self._started = time.monotonic()
        self.table = Table(problem)
        self.limits: list[Limit] = all_limits(self.table)
        self.effort = effort
        self.engine = ""
        self.best: frozenset[int] | None = None
        self.best_score: Score | None = None
        self.bound = 0
        self._on_better = on_better
        self._should_stop = should_stop
        self._work = 0.0
        self._lock = threading.RLock()

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._started

    @property
    def spent(self) -> float:
        """Seconds since the run began, or the work done where that is measured."""
        return self._work if self.effort.deterministic else self.elapsed

    @property
    def remaining(self) -> float:
        """Seconds until the run has to end, or the work that is left to do where that is measured."""
        return (self.effort.deterministic or self.effort.seconds) - self.spent

    def worked(self, amount: float) -> None:
        """Count work done, about as much as a second's worth each."""
        self._work += amount

    @property
    def is_over(self) -> bool:
        """Tell whether to end: no time left, told to stop, or proved best."""
        return self.remaining <= 0 or self._should_stop() or self.is_proved

    @property
    def is_proved(self) -> bool:
        """Tell whether no plan can be better."""
        return self.best_score is not None and self.best_score.total <= self.bound

    def offer(self, cells: Collection[int]) -> bool:
        """Take a plan if it is allowed and better than the best; tells whether it was."""
        plan = frozenset(cells)
        counted = score(self.table, self.limits, plan)
        with self._lock:
            if counted.broken or (self.best_score is not None and counted.total >= self.best_score.total):
                return False
            self.best, self.best_score = plan, counted
            self._on_better(self.solution())
        return True

    def raise_bound(self, bound: float) -> None:
        """Take a proved bound; costs are whole numbers, so it is rounded up."""
        self.bound = max(self.bound, int(-((-bound + 1e-6) // 1)))

    def solution(self, *, is_infeasible: bool = False) -> Solution:
        """The best so far."""
        if self.best is None or self.best_score is None:
            status = "infeasible" if is_infeasible else "unknown"
            return Solution(status, bound=self.bound, seconds=self.elapsed, engine=self.engine)
        return Solution(
            "optimal" if self.is_proved else "feasible",
            self.table.given(self.best),
            self.best_score.missing,
            self.best_score.total,
            min(self.bound, self.best_score.total),
            self.best_score.by_rule,
            self.elapsed,
            self.engine,
            self.effort.seed,
        )


class _Stoppable(Protocol):
    def stop_search(self) -> None: ...


def limited_solver(search: Search, limit: float, *, seed: int) -> cp_model.CpSolver:
    """CP-SAT for a part of a problem: one thread, so many seconds, or work where that is measured."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    if search.effort.deterministic:
        solver.parameters.max_deterministic_time = limit
    else:
        solver.parameters.max_time_in_seconds = max(0.01, min(limit, search.remaining))
    return solver


@contextmanager
def stopped_when(solver: _Stoppable, is_over: Callable[[], bool]) -> Iterator[None]:
    """Stop a solver that is at work once the search is over; it asks nobody itself while it finds nothing."""
    has_ended = threading.Event()

    def watch() -> None:
        while not has_ended.wait(_SECONDS_BETWEEN_LOOKS):
            if is_over():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        has_ended.set()
        watcher.join()
