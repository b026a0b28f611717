"""Large neighbourhood search: free a part of the best plan, let CP-SAT decide it anew, keep it when it is not worse."""

import random
import threading
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor

from ortools.sat.python import cp_model

from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.model import Model
from schedule_app.optimizer.neighbourhoods import Neighbourhood, Part, all_kinds
from schedule_app.optimizer.objective import cover_cost, staffing
from schedule_app.optimizer.search import Search, stopped_when

_FIRST_LIMIT, _LONGEST_LIMIT = 1.0, 20.0
_ROUNDS_BEFORE_LONGER = 24
#: So that a neighbourhood that has not helped for long is still tried now and then.
_LEAST_CHANCE = 0.05


def run(search: Search, current: Collection[int]) -> None:
    """Search from a plan until the time is up."""
    _Lns(search, current).run()


class _Lns:
    """One search from one plan; several threads may run it.

    Attributes:
        current: The plan at present; not always the best, for a way round is sometimes of equal cost.
    """

    def __init__(self, search: Search, current: Collection[int]) -> None:
        self._search = search
        self._table = search.table
        self._part = Part(search.table)
        self._limits_of: dict[int, list[int]] = {}
        for place, limit in enumerate(search.limits):
            for cell in limit.cells:
                self._limits_of.setdefault(cell, []).append(place)
        self._kinds = all_kinds()
        self._lock = threading.Lock()
        self._limit = _FIRST_LIMIT
        self._without_gain = 0
        self.current = frozenset(current)

    def run(self) -> None:
        """Search on as many threads as there are workers."""
        workers = self._search.effort.workers
        if not self._part.free:
            return
        with ThreadPoolExecutor(workers) as executor:
            for done in [executor.submit(self._work, number) for number in range(workers)]:
                done.result()

    def _work(self, number: int) -> None:
        rng = random.Random(self._search.effort.seed * 1000 + number)  # noqa: S311 (nothing secret)
        while not self._search.is_over:
            chances = [kind.success + _LEAST_CHANCE for kind in self._kinds]
            self._round(rng.choices(self._kinds, chances)[0], rng)

    def _round(self, kind: Neighbourhood, rng: random.Random) -> None:
        with self._lock:
            before, limit = self.current, self._limit
        free = kind.pick(self._part, before, rng, kind.size)
        touched = {place for cell in free for place in self._limits_of.get(cell, ())}
        standing = before.difference(free)
        model = Model(self._table, (self._search.limits[place] for place in sorted(touched)), free, standing)
        model.hint(before)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = rng.randrange(2**31)
        solver.parameters.linearization_level = 2
        if self._search.effort.deterministic:
            solver.parameters.max_deterministic_time = limit
        else:
            solver.parameters.max_time_in_seconds = max(0.01, min(limit, self._search.remaining))
        with stopped_when(solver, lambda: self._search.is_over):
            status = solver.solve(model.proto)
        self._search.worked(solver.response_proto.deterministic_time)
        has_gained = False
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            chosen = {cell for cell, literal in model.worked.items() if solver.boolean_value(literal)}
            has_gained = self._keep(free, chosen, before)
        if status == cp_model.OPTIMAL and len(free) == len(self._part.free) and self._search.best_score:
            # The part was the whole.
            self._search.raise_bound(self._search.best_score.total)
        with self._lock:
            kind.learn(is_optimal=status == cp_model.OPTIMAL, took=solver.wall_time, limit=limit, has_gained=has_gained)
            self._without_gain = 0 if has_gained else self._without_gain + 1
            if self._without_gain >= _ROUNDS_BEFORE_LONGER:
                self._limit, self._without_gain = min(_LONGEST_LIMIT, self._limit * 1.5), 0

    def _keep(self, free: Collection[int], chosen: Collection[int], before: frozenset[int]) -> bool:
        """Take what was decided into the plan as it is by now; tells whether that is better."""
        with self._lock:
            now = self.current
            if now != before and any((cell in now) != (cell in before) for cell in free):
                return False
            plan = now.difference(free).union(chosen)
            if plan == now:
                return False
            changed = plan.symmetric_difference(now)
            places = {place for cell in changed for place in self._limits_of.get(cell, ())}
            difference = self._price(places, plan, changed) - self._price(places, now, changed)
            if difference > 0:
                return False
            self.current = plan
            if difference == 0:
                return False
        return self._search.offer(plan)

    def _price(self, places: Iterable[int], plan: Collection[int], changed: Collection[int]) -> float:
        limits: list[Limit] = [self._search.limits[place] for place in places]
        cost = 0.0
        for limit in limits:
            if excess := limit.excess(plan):
                cost += excess * limit.weight if limit.weight is not None else float("inf")
        staffed = staffing(self._table, plan)
        for shift in {self._table.places(cell)[1] for cell in changed}:
            cost += sum(cover_cost(self._table.problem.demands[shift], staffed[shift]))
        return cost
