"""Large neighbourhood search: free a part of the best plan, let CP-SAT decide it anew, keep it when it is not worse."""

import random
import threading
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from ortools.sat.python import cp_model

from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.model import Model
from schedule_app.optimizer.neighbourhoods import (
    Decision,
    Neighbourhood,
    Part,
    Pick,
    draw,
    people_for_two_weeks,
    some_days,
    some_people,
)
from schedule_app.optimizer.objective import cover_cost, staffing
from schedule_app.optimizer.search import Search, limited_solver, stopped_when

_FIRST_LIMIT, _LONGEST_LIMIT = 1.0, 20.0
_ROUNDS_BEFORE_LONGER = 24
#: The effort of what was not decided within its limit.
_TOO_MUCH = 2.0
_CELLS_AT_FIRST, _FEWEST_CELLS = 400.0, 40.0
_LEAST_SHARE = 0.1


def run(search: Search, current: Collection[int], others: Sequence[Neighbourhood] = ()) -> None:
    """Search from a plan until the time is up, by other neighbourhoods too if there are any."""
    _Lns(search, current, others).run()


class _Lns:
    """One search from one plan; several threads may run it.

    Attributes:
        current: The plan at present; not always the best, for a way round is sometimes of equal cost.
    """

    def __init__(self, search: Search, current: Collection[int], others: Sequence[Neighbourhood]) -> None:
        self._search = search
        self._table = search.table
        self._part = Part(search.table)
        self._limits_of: dict[int, list[int]] = {}
        for place, limit in enumerate(search.limits):
            for cell in limit.cells:
                self._limits_of.setdefault(cell, []).append(place)
        self._kinds = [
            *others,
            self._kind("people", some_people),
            self._kind("days", some_days),
            self._kind("people for two weeks", people_for_two_weeks),
        ]
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
            with self._lock:
                kind = draw(self._kinds, rng)
            self._round(kind, rng)

    def _round(self, kind: Neighbourhood, rng: random.Random) -> None:
        with self._lock:
            before, limit, size = self.current, self._limit, kind.size
        started = self._search.spent
        decision = kind.decide(before, rng, size, limit)
        took = self._search.spent - started
        gain = 0.0
        if decision.chosen is not None:
            gain = self._keep(decision.free, decision.chosen, before)
        if decision.is_best and len(decision.free) == len(self._part.free) and self._search.best_score:
            # The part was the whole.
            self._search.raise_bound(self._search.best_score.total)
        with self._lock:
            kind.learn(decision, gain=gain, seconds=took)
            self._without_gain = 0 if gain else self._without_gain + 1
            if self._without_gain >= _ROUNDS_BEFORE_LONGER:
                self._limit, self._without_gain = min(_LONGEST_LIMIT, self._limit * 1.5), 0

    def _kind(self, name: str, pick: Pick) -> Neighbourhood:
        """A neighbourhood whose parts are decided by CP-SAT."""

        def decide(before: frozenset[int], rng: random.Random, size: float, limit: float) -> Decision:
            started = self._search.spent
            free = pick(self._part, before, rng, size)
            touched = {place for cell in free for place in self._limits_of.get(cell, ())}
            standing = before.difference(free)
            model = Model(self._table, (self._search.limits[place] for place in sorted(touched)), free, standing)
            model.hint(before)
            solver = limited_solver(self._search, limit, seed=rng.randrange(2**31))
            with stopped_when(solver, lambda: self._search.is_over):
                status = solver.solve(model.proto)
            self._search.worked(solver.response_proto.deterministic_time)
            chosen = None
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                chosen = {cell for cell, literal in model.worked.items() if solver.boolean_value(literal)}
            is_best = status == cp_model.OPTIMAL
            effort = (self._search.spent - started) / limit if is_best else _TOO_MUCH
            return Decision(free, chosen, effort, is_best)

        return Neighbourhood(name, decide, _CELLS_AT_FIRST, _FEWEST_CELLS, len(self._part.free), _LEAST_SHARE)

    def _keep(self, free: Collection[int], chosen: Collection[int], before: frozenset[int]) -> float:
        """Take what was decided into the plan as it is by now; tells by how much that is better."""
        with self._lock:
            now = self.current
            if now != before and any((cell in now) != (cell in before) for cell in free):
                return 0.0
            plan = now.difference(free).union(chosen)
            if plan == now:
                return 0.0
            changed = plan.symmetric_difference(now)
            places = {place for cell in changed for place in self._limits_of.get(cell, ())}
            difference = self._price(places, plan, changed) - self._price(places, now, changed)
            if difference > 0:
                return 0.0
            self.current = plan
        if difference < 0:
            self._search.offer(plan)
        return -difference

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
