"""The shared table of rules and plans, kept by the optimiser exactly as by the domain."""

import pytest
from ortools.sat.python import cp_model

from schedule_app.domain.rules import ONLY_WARN, RULE_TYPES
from schedule_app.optimizer.constraints import CONSTRAINTS, all_limits
from schedule_app.optimizer.model import Model, free_cells
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Demand, Person, Problem
from schedule_app.optimizer.table import Table
from tests.cases.case import Case
from tests.cases.rules import CASES
from tests.cases.time_off import TIME_OFF, OffCase

#: What no cell plays a part in is not held against a plan: nothing planned, nobody qualified, no shift on that day.
BEYOND_MENDING = {
    "workload: nothing where a week has a least",
    "consecutive_days: too short a run before the week",
    "qualification: who holds it no longer does not count",
    "preference: a day that was wished for is free",
}
MENDABLE = [case for case in CASES if case.name not in BEYOND_MENDING]


def as_problem(case: Case) -> Problem:
    people = tuple(
        Person(each, around=tuple(case.around.get(each.id, ())), rate_cents=case.rates.get(each.id))
        for each in case.people
    )
    return Problem(people, tuple(Demand(each, 0, 0) for each in case.shifts), (case.rule,))


def held_cells(table: Table, case: Case) -> set[int]:
    return {table.cell_of(employee, shift) for employee, shifts in case.held.items() for shift in shifts}


@pytest.mark.parametrize("case", MENDABLE, ids=lambda case: case.name)
def test_plan_of_the_table_is_allowed_exactly_when_it_breaks_nothing(case: Case):
    table = Table(as_problem(case))
    limits = all_limits(table)
    held = held_cells(table, case)

    counted = score(table, limits, held)

    if case.rule.rule_type in ONLY_WARN:
        assert (counted.broken, bool(counted.total)) == ((), bool(case.broken))
    else:
        assert bool(counted.broken) == bool(case.broken)
        assert {each.rule_id for each in counted.broken} <= {case.rule.id}


@pytest.mark.parametrize("case", MENDABLE, ids=lambda case: case.name)
def test_solver_can_make_the_plan_exactly_when_it_is_allowed(case: Case):
    table = Table(as_problem(case))
    limits = all_limits(table)
    held = held_cells(table, case)
    model = Model(table, limits, free_cells(table))
    for cell, literal in model.worked.items():
        model.proto.add(literal == int(cell in held))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1

    can = solver.solve(model.proto) == cp_model.OPTIMAL and held <= model.worked.keys()

    counted = score(table, limits, held)
    assert can == (not counted.broken)
    if can:
        assert solver.objective_value + model.constant == counted.total


@pytest.mark.parametrize("case", TIME_OFF, ids=lambda case: case.name)
def test_nobody_is_planned_on_a_shift_that_touches_their_time_off(case: OffCase):
    table = Table(Problem((Person(case.person),), (Demand(case.shift, 0, 0),), ()))
    all_limits(table)

    assert [each.name for each in table.closed.values()] == ["time_off"] * case.is_refused


def test_every_rule_binds_the_optimiser():
    assert set(CONSTRAINTS) == set(RULE_TYPES)
