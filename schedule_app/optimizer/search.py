"""What every search is given and keeps to: when to end, where better plans go."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.objective import Score, score
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.solution import Solution
from schedule_app.optimizer.table import Table

OnBetter = Callable[[Solution], None]
ShouldStop = Callable[[], bool]


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

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._started

    @property
    def remaining(self) -> float:
        """Seconds until the run has to end; without end where the work is measured otherwise."""
        return float("inf") if self.effort.deterministic else self.effort.seconds - self.elapsed

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
        if counted.broken or (self.best_score is not None and counted.total >= self.best_score.total):
            return False
        self.best, self.best_score = plan, counted
        self._on_better(self.solution())
        return True

    def raise_bound(self, bound: float) -> None:
        """Take a proved bound; costs are whole numbers, so it is rounded up."""
        self.bound = max(self.bound, int(-((-bound + 1e-6) // 1)))

    def solution(self, *, clash: tuple[str, ...] = (), is_infeasible: bool = False) -> Solution:
        """The best so far."""
        if self.best is None or self.best_score is None:
            status = "infeasible" if is_infeasible else "unknown"
            return Solution(status, bound=self.bound, seconds=self.elapsed, engine=self.engine, clash=clash)
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
