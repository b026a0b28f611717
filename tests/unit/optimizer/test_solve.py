"""What goes in and what comes out: plans keep every strict rule, cost what they say, and can be had again."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.domain.time import Interval
from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Contract, Demand, Person, Problem, ProblemError, Standing, Succession, Wish
from schedule_app.optimizer.solution import Given, Missing, Solution
from schedule_app.optimizer.solve import solve
from schedule_app.optimizer.table import Table
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift

ELEVEN_HOURS = rule("rest_period", RestPeriodLimits(min_minutes=660), id=1)


def person(id: int, **parts: object) -> Person:
    facts = {name: parts.pop(name) for name in ("is_active", "availability", "qualifications") if name in parts}
    return Person(employee(id=id, **facts), **parts)  # type: ignore[arg-type]


def demand(id: int, on: int = 0, times: str = "07:00-15:00", *, staff: int = 1, over: int | None = None, **kind: str):
    return Demand(replace(shift(day(on), times, id=id, **kind), required_staff=staff), 100, over)  # type: ignore[arg-type]


def solved(problem: Problem, **effort: object) -> Solution:
    return solve(replace(problem, deterministic=2.0, workers=1), **effort)  # type: ignore[arg-type]


def pairs(solution: Solution) -> set[tuple[int, int]]:
    return {(given.employee_id, given.shift_id) for given in solution.given}


def test_everybody_needed_is_given():
    problem = Problem((person(1), person(2)), (demand(1, staff=2), demand(2, 1, staff=1)))

    solution = solved(problem)

    assert (solution.status, solution.score, solution.missing) == ("optimal", 0, ())
    assert {given.shift_id for given in solution.given} == {1, 2}


def test_shift_nobody_can_have_is_missing_people_and_the_plan_stands():
    solution = solved(Problem((person(1, is_active=False),), (demand(1, staff=2),)))

    assert (solution.status, solution.missing, solution.score) == ("optimal", (Missing(1, 2),), 200)
    assert solution.by_rule == {"missing": 200}


@pytest.mark.parametrize("problem", [Problem(), Problem((person(1),)), Problem((), (demand(1),))])
def test_empty_site_has_an_empty_plan(problem: Problem):
    solution = solved(problem)

    assert (solution.status, solution.given) == ("optimal", ())


def test_nobody_has_two_shifts_at_once_or_one_while_away():
    away = Interval(shift(day(1)).span.starts_at, shift(day(1)).span.ends_at)
    problem = Problem((person(1, absences=(away,)),), (demand(1), demand(2, times="08:00-16:00"), demand(3, 1)))

    assert [missing.people for missing in solved(problem).missing] == [1, 1]


def test_what_is_worked_around_counts():
    night_before = shift(day(-1), "22:00-06:00", id=99)

    assert solved(Problem((person(1, around=(night_before,)),), (demand(1),), (ELEVEN_HOURS,))).given == ()
    assert len(solved(Problem((person(1, around=(night_before,)),), (demand(1),))).given) == 1


def test_fixed_assignment_stays_against_the_rules_and_nothing_is_added_that_makes_it_worse():
    rules = (rule("workload", WorkloadLimits(max_shifts_per_week=1), id=3),)
    stays = (Standing(1, 1, is_fixed=True), Standing(1, 2, is_fixed=True))
    problem = Problem((person(1),), (demand(1), demand(2, 1), demand(3, 2)), rules, standing=stays)

    assert pairs(solved(problem)) == {(1, 1), (1, 2)}


def test_person_who_has_a_shift_keeps_it_when_another_is_as_good():
    problem = Problem((person(1), person(2)), (demand(1),), standing=(Standing(2, 1, weight=5),))

    assert pairs(solved(problem)) == {(2, 1)}


def test_wish_decides_between_equals():
    problem = Problem((person(1), person(2)), (demand(1),), wishes=(Wish(1, 1, False, 3),))

    assert pairs(solved(problem)) == {(2, 1)}
    assert solved(replace(problem, people=(person(1),))).by_rule == {"wish": 3}


def test_soft_rule_is_broken_where_that_is_cheaper():
    rules = (rule("workload", WorkloadLimits(max_minutes_per_week=480), id=3, strict=False, priority=10),)
    problem = Problem((person(1),), (demand(1), demand(2, 1)), rules)

    solution = solved(problem)

    # A missing person costs 100, eight begun hours too many eight times the weight of priority 10.
    assert (solution.by_rule, solution.missing) == ({"missing": 100}, (Missing(2, 1),)) or solution.score == 100
    assert solved(replace(problem, rules=(replace(rules[0], priority=1),))).by_rule == {"workload": 8}


def test_contract_and_successions_hold():
    contract = Contract({"general": 2}, 960, 960, 2, 2, 2, 1)
    demands = tuple(demand(on + 1, on, over=1) for on in range(7))
    solution = solved(Problem((person(1, contract=contract),), demands))
    worked = sorted(given.shift_id for given in solution.given)

    assert solution.status == "optimal"
    assert len(worked) == 2
    assert worked[1] - worked[0] == 1 or worked in ([1, 7],)


def test_succession_is_of_the_next_day_only():
    demands = (demand(1, 0, shift_type="night"), demand(2, 1, shift_type="early"), demand(3, 2, shift_type="early"))
    problem = Problem((person(1),), demands, successions=(Succession("night", "early"),))

    assert solved(problem).score == 100


def test_strict_contract_nobody_can_keep_is_infeasible():
    problem = Problem((person(1, contract=Contract(min_minutes=10_000)),), (demand(1),))

    assert solved(problem).status == "infeasible"


def test_search_can_be_stopped_keeping_the_best():
    problem = Problem(tuple(person(each) for each in range(1, 9)), tuple(demand(each, staff=4) for each in range(1, 7)))
    seen: list[Solution] = []

    solution = solve(problem, seconds=20, workers=1, on_better=seen.append, should_stop=lambda: bool(seen))

    assert solution.has_plan
    assert solution.score <= seen[0].score


def test_same_seed_and_work_give_the_same_plan():
    problem = Problem(
        tuple(person(each) for each in range(1, 7)),
        tuple(demand(each, each % 5, staff=2) for each in range(1, 11)),
        (ELEVEN_HOURS, rule("consecutive_days", ConsecutiveDaysLimits(max_days=3), id=2)),
    )

    assert solved(problem, seed=4).given == solved(problem, seed=4).given


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"seconds": 0.0}, "seconds"),
        ({"workers": -1}, "workers"),
        ({"deterministic": -1.0}, "deterministic"),
        ({"people": (person(1), person(1))}, "people[1].facts.id"),
        ({"demands": (demand(1), demand(1))}, "demands[1].shift.id"),
        ({"demands": (Demand(shift(), -1),)}, "demands[0].under_weight"),
        ({"wishes": (Wish(9, 1, True, 1),)}, "wishes[0].employee_id"),
        ({"standing": (Standing(1, 9),)}, "standing[0].shift_id"),
        ({"people": (person(1, contract=Contract(min_minutes=9, max_minutes=8)),)}, "people[0].contract.min_minutes"),
        ({"people": (person(1, contract=Contract({"x": -1})),)}, "people[0].contract.max_shifts_by_type.x"),
    ],
)
def test_nonsense_is_refused_with_its_place(change: dict[str, object], path: str):
    with pytest.raises(ProblemError) as refused:
        replace(Problem((person(1),), (demand(1),)), **change)  # type: ignore[arg-type]

    assert refused.value.path == path


@st.composite
def tiny_problems(draw: st.DrawFn) -> Problem:
    times = ["06:00-14:00", "14:00-22:00", "22:00-06:00"]
    wanted = draw(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(times)), min_size=1, max_size=4))
    demands = tuple(
        demand(place, on, hours, staff=draw(st.integers(0, 2)), over=draw(st.sampled_from([None, 0, 3])))
        for place, (on, hours) in enumerate(wanted, start=1)
    )
    rules = (
        rule("rest_period", RestPeriodLimits(min_minutes=draw(st.integers(0, 900))), id=1, strict=draw(st.booleans())),
        rule(
            "consecutive_days",
            ConsecutiveDaysLimits(max_days=draw(st.integers(1, 3))),
            id=2,
            strict=draw(st.booleans()),
        ),
        rule(
            "workload",
            WorkloadLimits(draw(st.sampled_from([None, 480])), draw(st.sampled_from([None, 960])), None),
            id=3,
            strict=draw(st.booleans()),
        ),
    )
    around = (shift(day(-1), draw(st.sampled_from(times)), id=99),)
    contract = Contract(max_shifts_by_type={"general": draw(st.integers(1, 4))}, max_weekends=draw(st.integers(0, 1)))
    people = (person(1, around=around if draw(st.booleans()) else ()), person(2, contract=contract))
    wishes = (Wish(1, 1, draw(st.booleans()), draw(st.integers(0, 9))),)
    return Problem(people, demands, rules, wishes=wishes)


@settings(max_examples=40, deadline=timedelta(seconds=20))
@given(tiny_problems())
def test_no_plan_is_better_than_the_one_found_and_it_keeps_the_rules(problem: Problem):
    solution = solved(problem)
    table = Table(problem)
    limits = all_limits(table)
    cells = list(table.all_cells)
    plans = chain.from_iterable(combinations(cells, size) for size in range(len(cells) + 1))
    best = min(counted.total for plan in plans if not (counted := score(table, limits, set(plan))).broken)

    assert (solution.status, solution.score, solution.bound) == ("optimal", best, best)
    _check_by_the_domain(problem, solution)


def _check_by_the_domain(problem: Problem, solution: Solution) -> None:
    facts = {each.facts.id: each for each in problem.people}
    shifts = {each.shift.id: each.shift for each in problem.demands}
    for each in facts.values():
        own = [shifts[given.shift_id] for given in solution.given if given.employee_id == each.facts.id]
        for one in own:
            assert not blocking(check_assignment(problem.rules, each.facts, [*each.around, *own], one))


def test_domain_refuses_what_is_no_plan():
    problem = Problem((person(1),), (demand(1), demand(2, 0, "15:00-23:00")), (ELEVEN_HOURS,))
    bad = Solution("feasible", (Given(1, 1), Given(1, 2)))

    with pytest.raises(AssertionError):
        _check_by_the_domain(problem, bad)
    table = Table(problem)
    assert score(table, all_limits(table), {0, 1}).broken


def test_score_of_every_plan_is_what_its_parts_say():
    problem = Problem((person(1), person(2)), (demand(1, staff=1, over=2),), wishes=(Wish(2, 1, True, 7),))
    table = Table(problem)
    limits = all_limits(table)

    totals = {
        plan: score(table, limits, {c for c, on in enumerate(plan) if on}).total for plan in product((0, 1), repeat=2)
    }

    assert totals == {(0, 0): 107, (1, 0): 7, (0, 1): 0, (1, 1): 2}
    assert problem.demands[0].shift.local_date == MONDAY
