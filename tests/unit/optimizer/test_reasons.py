"""The account of a plan: what is kept of why it is as it is."""

from dataclasses import replace

import pytest

from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.optimizer import codec
from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.explain import Explanation
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Contract, Demand, Person, Problem, Standing, Wish
from schedule_app.optimizer.reasons import Against, Chosen, Empty, Reasons, reasons
from schedule_app.optimizer.solution import Given, Missing, Solution
from schedule_app.optimizer.solve import solve
from schedule_app.optimizer.table import Table
from tests.unit.domain.domain_builders import day, employee, rule, shift

REST = rule("rest_period", RestPeriodLimits(min_minutes=660), id=1)
PLENTY = 30.0


def demand(id: int, on: int = 0, times: str = "07:00-15:00", staff: int = 1) -> Demand:
    return Demand(replace(shift(day(on), times, id=id), required_staff=staff), 100, 3)


def crowded() -> Problem:
    """Two shifts too close for one person, two people, and a third who has left."""
    people = (Person(employee(id=1)), Person(employee(id=2)), Person(employee(id=3, is_active=False)))
    demands = (demand(1), demand(2, 0, "16:00-23:00", 2))
    return Problem(people, demands, (REST,), wishes=(Wish(2, 1, False, 7),), standing=(Standing(1, 1),))


def test_the_account_says_who_was_chosen_and_why_places_are_empty():
    answer = Solution("feasible", (Given(1, 1), Given(2, 2)), (Missing(2, 1),), 100, by_rule={"missing": 100})

    told = reasons(crowded(), answer, seconds=PLENTY)

    # Person 1 had the first shift before, so nobody was chosen for it.
    assert told.chosen == (Chosen(2, 2, {}, None, 0),)
    assert told.empty == (Empty(2, 1, (Against(1, "rest_period", 1, 0), Against(3, "inactive", None, 0))),)
    assert (told.before, told.after) == ({"missing": 200}, {"missing": 100})
    assert told.is_whole


def test_a_chosen_person_is_held_against_the_next_best():
    problem = Problem((Person(employee(id=1)), Person(employee(id=2))), (demand(1),), wishes=(Wish(2, 1, False, 7),))

    [chosen] = reasons(problem, Solution("optimal", (Given(1, 1),)), seconds=PLENTY).chosen

    assert (chosen.employee_id, chosen.next_best, chosen.saved) == (1, 2, 7)


def test_empty_places_come_with_what_clashes_and_what_giving_way_buys():
    problem = crowded()

    told = reasons(problem, solve(problem, seconds=5, workers=1), seconds=PLENTY)

    assert told.clash is not None
    assert {each.name for each in told.clash.causes} >= {"demand"}
    inactive = [each for each in told.clash.relaxations if each.cause.employee_id == 3]
    rest = [each for each in told.clash.relaxations if each.cause.rule_id == 1]
    assert [each.people for each in (*inactive, *rest)] == [1] * len([*inactive, *rest])
    assert inactive or rest


def test_no_plan_at_all_comes_with_what_clashes():
    busy = Person(employee(id=1), Contract(min_minutes=10_000))
    problem = Problem((busy,), (demand(1),))

    told = reasons(problem, Solution("infeasible"), seconds=PLENTY)

    assert told.clash is not None
    assert [(each.name, each.employee_id) for each in told.clash.causes] == [("min_minutes", 1)]
    assert reasons(problem, Solution("unknown"), seconds=PLENTY) == Reasons(is_whole=False)


def test_without_time_the_account_says_that_it_is_not_whole():
    problem = crowded()
    answer = solve(problem, seconds=5, workers=1)

    told = reasons(problem, answer, seconds=0)

    assert not told.is_whole
    assert (told.chosen, told.empty, told.clash) == ((), (), None)
    assert told.after == answer.by_rule


def test_a_week_too_large_for_a_clash_is_said_to_be_accounted_for_in_part(monkeypatch: pytest.MonkeyPatch):
    problem = crowded()
    answer = solve(problem, seconds=5, workers=1)
    monkeypatch.setattr("schedule_app.optimizer.reasons._CELLS_OF_A_CLASH", 5)

    told = reasons(problem, answer, seconds=PLENTY)

    assert (told.clash, told.is_whole) == (None, False)
    assert told.empty


def test_what_stood_before_is_counted_as_any_plan():
    problem = crowded()
    table = Table(problem)

    parts = Explanation(problem, []).parts([Given(2, 1)])

    assert parts == score(table, all_limits(table), {table.cell_of(2, 1)}).by_rule == {"missing": 200, "wish": 7}


def test_an_account_is_read_back_as_it_was_written():
    told = reasons(crowded(), solve(crowded(), seconds=5, workers=1), seconds=PLENTY)

    assert codec.loads(Reasons, codec.dumps(told)) == told
