"""Rosters weighed against demand: a linear programme that chooses a mixture of rosters for each person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from schedule_app.optimizer.rosters.pool import Roster, roster_cost
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
        worth: By person, what the rosters of the mixture cost at these prices; a cheaper one betters the mixture.
        share: By person, how much of each roster the mixture has.
    """

    cost: float
    prices: Floats
    worth: Mapping[int, float]
    share: Mapping[int, Mapping[Roster, float]]


class Master:
    """The programme of some people beside others who stand; each solve goes on from the last."""

    def __init__(self, task: Task, people: Sequence[int], standing: Ints) -> None:
        self._task = task
        self._model = mathopt.Model()
        self._model.objective.is_maximize = False
        self._cover: dict[tuple[int, ...], mathopt.LinearConstraint] = {}
        self._one: dict[int, mathopt.LinearConstraint] = {}
        self._columns: dict[int, dict[Roster, mathopt.Variable]] = {person: {} for person in people}
        lacking = task.needed - standing
        for at, number in np.ndenumerate(task.place):
            if number >= 0:
                self._cover[at] = self._cover_row(float(lacking[at]), float(task.under[at]), float(task.over[at]))
        for person in people:
            row = self._one[person] = self._model.add_linear_constraint(lb=1.0, ub=1.0)
            row.set_coefficient(self._variable(_NO_ROSTER), 1.0)
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

    def solve(self) -> Weighed:
        """Weigh what is there."""
        result = self._solver.solve(params=_PARAMETERS, model_params=_ASKED)
        prices = np.zeros(self._task.place.shape)
        for at, price in zip(self._cover, result.dual_values(list(self._cover.values())), strict=True):
            prices[at] = price
        worth = dict(zip(self._one, result.dual_values(list(self._one.values())), strict=True))
        values = result.variable_values()
        share = {
            person: {roster: values[each] for roster, each in columns.items() if values.get(each, 0.0) > _LEAST_SHARE}
            for person, columns in self._columns.items()
        }
        return Weighed(result.objective_value(), prices, worth, share)

    def _variable(self, cost: float) -> mathopt.Variable:
        variable = self._model.add_variable(lb=0.0)
        self._model.objective.set_linear_coefficient(variable, cost)
        return variable

    def _cover_row(self, needed: float, under: float, over: float) -> mathopt.LinearConstraint:
        row = self._model.add_linear_constraint(lb=needed, ub=needed)
        row.set_coefficient(self._variable(under), 1.0)
        row.set_coefficient(self._variable(over), -1.0)
        return row
