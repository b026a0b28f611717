"""Rosters weighed against demand: a linear programme that chooses a mixture of rosters for each person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from ortools.math_opt.python import mathopt

from schedule_app.optimizer.rosters.pricer import Roster
from schedule_app.optimizer.rosters.task import Floats, Ints, Task

_PARAMETERS = mathopt.SolveParameters(presolve=mathopt.Emphasis.OFF, threads=1)
#: Reading an answer takes as long as finding it; only what is used is asked for.
_ASKED = mathopt.ModelSolveParameters(
    variable_values_filter=mathopt.VariableFilter(skip_zero_values=True),
    reduced_costs_filter=mathopt.VariableFilter(skip_zero_values=True, filtered_items=[]),
)
_LEAST_SHARE = 1e-6
#: Above the cost of any roster: what it costs to give a person none.
_NO_ROSTER = 1e6


@dataclass(frozen=True, slots=True)
class Weighed:
    """A solved programme.

    Attributes:
        cost: Of the mixture.
        prices: By day and type, what one more person would save.
        share: By person, how much of each roster the mixture has.
    """

    cost: float
    prices: Floats
    share: Sequence[Mapping[Roster, float]]


class Master:
    """The programme, to which rosters are added; each solve goes on from the last."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._model = mathopt.Model()
        self._model.objective.is_maximize = False
        self._cover: dict[tuple[int, ...], mathopt.LinearConstraint] = {}
        self._one: list[mathopt.LinearConstraint] = []
        self._columns: list[dict[Roster, mathopt.Variable]] = []
        for at, number in np.ndenumerate(task.place):
            if number >= 0:
                self._cover[at] = self._cover_row(float(task.needed[at]), float(task.under[at]), float(task.over[at]))
        for _ in task.terms:
            row = self._model.add_linear_constraint(lb=1.0, ub=1.0)
            row.set_coefficient(self._variable(_NO_ROSTER), 1.0)
            self._one.append(row)
            self._columns.append({})
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)

    def add(self, person: int, roster: Roster) -> bool:
        """Offer a roster; tells whether it is new."""
        known = self._columns[person]
        if roster in known:
            return False
        variable = known[roster] = self._variable(roster_cost(self._task, person, roster))
        self._one[person].set_coefficient(variable, 1.0)
        for day, kind in enumerate(roster):
            if kind >= 0:
                self._cover[day, kind].set_coefficient(variable, 1.0)
        return True

    def fix(self, person: int, roster: Roster) -> None:
        """Give a person this roster for good."""
        self._columns[person][roster].lower_bound = 1.0

    def solve(self) -> Weighed:
        """Weigh what is there."""
        result = self._solver.solve(params=_PARAMETERS, model_params=_ASKED)
        prices = np.zeros(self._task.place.shape)
        duals = result.dual_values(list(self._cover.values()))
        for at, price in zip(self._cover, duals, strict=True):
            prices[at] = price
        values = result.variable_values()
        share = [
            {roster: values[each] for roster, each in columns.items() if values.get(each, 0.0) > _LEAST_SHARE}
            for columns in self._columns
        ]
        return Weighed(result.objective_value(), prices, share)

    def _variable(self, cost: float) -> mathopt.Variable:
        variable = self._model.add_variable(lb=0.0)
        self._model.objective.set_linear_coefficient(variable, cost)
        return variable

    def _cover_row(self, needed: float, under: float, over: float) -> mathopt.LinearConstraint:
        row = self._model.add_linear_constraint(lb=needed, ub=needed)
        row.set_coefficient(self._variable(under), 1.0)
        row.set_coefficient(self._variable(over), -1.0)
        return row


def roster_cost(task: Task, person: int, roster: Roster) -> float:
    """What a roster costs beside demand."""
    return float(task.cost[person].ravel()[worked_cells(roster, task.cost.shape[2])].sum())


@lru_cache(maxsize=2**18)
def worked_cells(roster: Roster, kinds: int) -> Ints:
    """The days and types of a roster, numbered day by day."""
    return np.array([day * kinds + kind for day, kind in enumerate(roster) if kind >= 0], dtype=np.int64)


def staffing(task: Task, rosters: Iterable[Roster]) -> Ints:
    """How many people work on each day and type."""
    staffed = np.zeros(task.place.shape, dtype=np.int64)
    flat = staffed.ravel()
    for roster in rosters:
        flat[worked_cells(roster, task.place.shape[1])] += 1
    return staffed


def cover_cost(task: Task, staffed: Ints) -> float:
    """What it costs to have so many people."""
    difference = staffed - task.needed
    return float((np.maximum(-difference, 0) * task.under + np.maximum(difference, 0) * task.over).sum())


def marginal(task: Task, staffed: Ints) -> Floats:
    """What one more person on each day and type would save."""
    return np.where(staffed < task.needed, task.under, -task.over)
