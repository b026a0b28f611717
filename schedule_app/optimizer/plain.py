"""The whole problem handed to CP-SAT at once: what a search has to beat, and what it falls back on when small."""

from ortools.sat.python import cp_model

from schedule_app.optimizer.model import Model, free_cells
from schedule_app.optimizer.search import Search, stopped_when

_SECONDS_BETWEEN_PLANS = 0.2
_OUTCOME_KNOWN = (cp_model.OPTIMAL, cp_model.FEASIBLE)


def run(search: Search, *, share: float = 1.0) -> bool:
    """Search until the time is up or the best is proved.

    Args:
        search: The run.
        share: How much of what is left of its time to take.

    Returns:
        Whether it was proved that there is no plan at all.
    """
    model = Model(search.table, search.limits, free_cells(search.table), search.table.fixed)
    if search.best is not None:
        model.hint(search.best)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = search.effort.workers
    solver.parameters.random_seed = search.effort.seed % 2**31
    if search.effort.deterministic:
        solver.parameters.max_deterministic_time = search.remaining * share
    else:
        solver.parameters.max_time_in_seconds = max(0.01, search.remaining * share)
    watcher = _Watcher(search, model)
    solver.best_bound_callback = watcher.on_bound
    with stopped_when(solver, lambda: search.is_over):
        status = solver.solve(model.proto, watcher)
    search.worked(solver.response_proto.deterministic_time)
    if status in _OUTCOME_KNOWN:
        search.offer(_plan(search, model, solver.boolean_value))
        search.raise_bound(solver.best_objective_bound + model.constant)
    return status == cp_model.INFEASIBLE


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Hands better plans on while the solver runs, and stops it when told to."""

    def __init__(self, search: Search, model: Model) -> None:
        super().__init__()
        self._search = search
        self._model = model
        self._next = 0.0

    def on_solution_callback(self) -> None:
        # Plans come by the hundred at first, and counting one takes longer than finding the next.
        if self._search.elapsed >= self._next:
            self._search.offer(_plan(self._search, self._model, self.boolean_value))
            self._next = self._search.elapsed + _SECONDS_BETWEEN_PLANS

    def on_bound(self, bound: float) -> None:
        self._search.raise_bound(bound + self._model.constant)


def _plan(search: Search, model: Model, is_true) -> set[int]:  # noqa: ANN001 (a method of the solver or of its callback)
    worked = {cell for cell, literal in model.worked.items() if is_true(literal)}
    return worked | search.table.fixed
