"""The best combination of rosters that are known: an integer programme that gives each person one of theirs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ortools.sat.python import cp_model

from schedule_app.optimizer.rosters.pool import Roster, roster_cost
from schedule_app.optimizer.rosters.task import Ints, Task
from schedule_app.optimizer.search import Search, limited_solver, stopped_when


def choose(
    search: Search,
    task: Task,
    known: Mapping[int, Sequence[Roster]],
    standing: Ints,
    *,
    hint: Mapping[int, Roster],
    limit: float,
    seed: int,
) -> dict[int, Roster] | None:
    """Choose for some people while the others stand.

    Args:
        search: The run, whose end ends this.
        task: The problem.
        known: By person the rosters to choose from.
        standing: How many of the others work, by day and type.
        hint: A choice to start from.
        limit: Seconds, or work.
        seed: For the solver.

    Returns:
        The choice; None when none was found in time.
    """
    model = cp_model.CpModel()
    costs: list[int] = []
    variables: list[cp_model.IntVar] = []
    working: defaultdict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    chosen: dict[int, list[tuple[cp_model.IntVar, Roster]]] = {}
    for person, rosters in known.items():
        chosen[person] = []
        for roster in rosters:
            variable = model.new_bool_var("")
            model.add_hint(variable, int(roster == hint[person]))
            chosen[person].append((variable, roster))
            variables.append(variable)
            costs.append(round(roster_cost(task, person, roster)))
            for day, kind in enumerate(roster):
                if kind >= 0:
                    working[day, kind].append(variable)
        model.add_exactly_one(variable for variable, _ in chosen[person])
    lacking = task.needed - standing
    for at, workers in working.items():
        needed = int(lacking[at])
        under = model.new_int_var(0, max(0, needed), "")
        over = model.new_int_var(0, max(0, len(known) - needed), "")
        model.add(cp_model.LinearExpr.sum(workers) + under - over == needed)
        variables += [under, over]
        costs += [round(float(task.under[at])), round(float(task.over[at]))]
    model.minimize(cp_model.LinearExpr.weighted_sum(variables, costs))
    solver = limited_solver(search, limit, seed=seed)
    with stopped_when(solver, lambda: search.is_over):
        status = solver.solve(model)
    search.worked(solver.response_proto.deterministic_time)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {
        person: next(roster for variable, roster in each if solver.boolean_value(variable))
        for person, each in chosen.items()
    }
