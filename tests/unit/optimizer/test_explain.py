"""Reasons are true: what is said to break breaks, what is said to cost costs, and what is said to clash clashes."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedule_app.domain.facts import Qualification
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.workload import WorkloadLimits
from schedule_app.optimizer import repair as repair_module
from schedule_app.optimizer.clash import Cause as Clashing
from schedule_app.optimizer.clash import Relaxation, clash
from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.explain import Cause, Explanation
from schedule_app.optimizer.objective import Score, score
from schedule_app.optimizer.problem import Contract, Demand, Person, Problem, Standing, Told, Wish
from schedule_app.optimizer.repair import repair
from schedule_app.optimizer.solution import Given, Solution
from schedule_app.optimizer.table import Table
from tests.unit.domain.domain_builders import day, employee, rule, shift

REST = rule("rest_period", RestPeriodLimits(min_minutes=660), id=1)


def people(*ids: int) -> tuple[Person, ...]:
    return tuple(Person(employee(id=each)) for each in ids)


def demand(id: int, on: int = 0, times: str = "07:00-15:00", staff: int = 1) -> Demand:
    return Demand(replace(shift(day(on), times, id=id), required_staff=staff), 100, 3)


def counted(problem: Problem, plan: set[Given]) -> Score:
    table = Table(problem)
    return score(table, all_limits(table), {table.cell_of(each.employee_id, each.shift_id) for each in plan})


def test_reason_names_the_next_best_and_what_they_would_have_cost():
    problem = Problem(people(1, 2, 3), (demand(1),), wishes=(Wish(2, 1, False, 5), Wish(3, 1, False, 9)))

    reason = Explanation(problem, [Given(1, 1)]).why(1, 1)

    assert reason.next_best is not None
    assert (reason.next_best.employee_id, reason.saved) == (2, 5)
    with pytest.raises(ValueError, match="does not have shift 1"):
        Explanation(problem, []).why(1, 1)


def test_everybody_who_is_blocked_is_told_with_the_rule():
    gone = Person(employee(id=3, is_active=False))
    problem = Problem((*people(1, 2), gone), (demand(1), demand(2, 0, "16:00-23:00")), (REST,))

    verdicts = Explanation(problem, [Given(1, 1)]).why_nobody(2)

    assert [(each.employee_id, each.blocked_by) for each in verdicts] == [
        (2, ()),
        (1, (Cause("rest_period", 1),)),
        (3, (Cause("inactive", None),)),
    ]


@st.composite
def plans(draw: st.DrawFn) -> tuple[Problem, set[Given]]:
    strict = st.booleans()
    rules = (
        rule("rest_period", RestPeriodLimits(min_minutes=660), id=1, strict=draw(strict)),
        rule("consecutive_days", ConsecutiveDaysLimits(max_days=2), id=2, strict=draw(strict)),
        rule("workload", WorkloadLimits(max_minutes_per_week=960), id=3, strict=draw(strict)),
    )
    contract = Contract(min_days_off_in_row=draw(st.sampled_from([None, 2])), max_weekends=0)
    staff = (*people(1, 2), Person(employee(id=3), contract))
    demands = tuple(demand(2 * on + part + 1, on + 3, times) for on in range(3) for part, times in enumerate(_TIMES))
    problem = Problem(staff, demands, rules, wishes=(Wish(1, 1, True, 4), Wish(2, 3, False, 6)))
    cells = st.tuples(st.integers(1, 3), st.integers(1, 6))
    return problem, {Given(*each) for each in draw(st.sets(cells, max_size=9))}


_TIMES = ("06:00-14:00", "14:00-22:00")


@settings(max_examples=60, deadline=timedelta(seconds=20), suppress_health_check=[HealthCheck.too_slow])
@given(plans(), st.integers(1, 3), st.integers(1, 6))
def test_what_is_said_of_a_change_is_what_the_change_does(
    made: tuple[Problem, set[Given]], employee_id: int, shift_id: int
):
    problem, plan = made
    changed = Given(employee_id, shift_id)
    without, with_it = counted(problem, plan - {changed}), counted(problem, plan | {changed})

    verdict = Explanation(problem, plan).why_not(employee_id, shift_id)

    assert verdict.cost == with_it.total - without.total
    assert all(
        verdict.by_rule.get(name, 0) == with_it.by_rule.get(name, 0) - without.by_rule.get(name, 0)
        for name in {*with_it.by_rule, *without.by_rule, *verdict.by_rule}
    )
    table = Table(problem)
    cell = table.cell_of(employee_id, shift_id)
    newly = {each.name for each in with_it.broken} - {each.name for each in without.broken if cell not in each.cells}
    assert newly <= {each.name for each in verdict.blocked_by} | {each.name for each in without.broken}
    if not without.broken:
        assert {each.name for each in verdict.blocked_by} == {each.name for each in with_it.broken}


def test_clash_is_smallest_and_says_what_giving_way_buys():
    week = rule("workload", WorkloadLimits(max_shifts_per_week=1), id=2)
    runs = rule("consecutive_days", ConsecutiveDaysLimits(max_days=5), id=3)
    problem = Problem(people(1), (demand(1), demand(2, 1)), (REST, week, runs))

    found = clash(problem, [1, 2])

    assert found is not None
    assert found.causes == (Clashing("demand", shift_id=1), Clashing("demand", shift_id=2), Clashing("workload", 2))
    assert found.is_smallest
    assert found.relaxations == (Relaxation(Clashing("workload", 2), 1),)
    assert clash(replace(problem, rules=(REST, runs)), [1, 2]) is None


def test_clash_names_who_lacks_what():
    first_aid = replace(demand(1).shift, required_qualifications=("First aid",))
    holder = Person(employee(id=2, qualifications=(Qualification("First aid", None),)), absences=(first_aid.span,))
    problem = Problem((*people(1), holder), (Demand(first_aid, 100),))

    found = clash(problem, [1])

    assert found is not None
    assert set(found.causes) == {
        Clashing("demand", shift_id=1),
        Clashing("qualification", employee_id=1),
        Clashing("absence", employee_id=2),
    }
    assert {each.people for each in found.relaxations} == {1}


def test_contract_nobody_can_keep_is_named():
    problem = Problem((Person(employee(id=4), Contract(min_minutes=9999)),), (demand(1),))

    found = clash(problem)

    assert found is not None
    assert found.causes == (Clashing("min_minutes", employee_id=4),)


def test_repair_after_a_call_out_disturbs_nobody_who_need_not_be():
    away = replace(people(1)[0], absences=(shift(day(0)).span,))
    problem = Problem(
        (away, *people(2, 3)),
        (demand(1), demand(2, 1)),
        wishes=(Wish(3, 1, False, 2),),
        standing=(Standing(2, 2, told=Told.CONFIRMED),),
    )
    better: list[Solution] = []

    ways = repair(problem, seconds=3, workers=1, on_better=better.append).ways

    assert ways[0].disturbed == ()
    assert ways[0].added == (Given(3, 1),)
    assert ways[0].solution.by_rule == {"wish": 2}
    assert [each.solution.score for each in ways] == sorted((each.solution.score for each in ways), reverse=True)
    assert better[-1] == ways[0].solution


def test_a_repair_that_is_told_to_stop_gives_what_it_has():
    problem = Problem(people(1, 2), (demand(1), demand(2, 1)), standing=(Standing(2, 2, told=Told.PUBLISHED),))

    repairs = repair(problem, seconds=30, workers=1, should_stop=lambda: True)

    assert len(repairs.ways) <= 1


def test_a_week_that_cannot_be_repaired_says_why():
    alone = Person(employee(id=4), Contract(min_minutes=9999))

    repairs = repair(Problem((alone,), (demand(1),)), seconds=3, workers=1)

    assert (repairs.ways, repairs.status) == ((), "infeasible")


def test_a_repair_fills_what_is_open_though_it_disturbs_somebody():
    away = replace(people(1)[0], absences=(shift(day(0)).span,))
    others = tuple(replace(demand(number, number - 1), under_weight=1000) for number in (2, 3))
    problem = Problem(
        (away, *people(2)),
        (replace(demand(1), under_weight=1000), *others),
        standing=(Standing(2, 2, told=Told.PUBLISHED), Standing(2, 3, told=Told.PUBLISHED)),
    )

    ways = repair(problem, seconds=6, workers=1).ways

    assert ways[0].added == (Given(2, 1),)
    assert ways[0].disturbed == (2,)


def test_whoever_was_told_of_work_elsewhere_is_disturbed_by_more():
    told = replace(people(2)[0], told=Told.CONFIRMED)
    problem = Problem((told, *people(3)), (demand(1),), wishes=(Wish(3, 1, False, 2),))

    ways = repair(problem, seconds=3, workers=1).ways

    assert ways[0].added == (Given(3, 1),)
    assert [each.disturbed for each in ways] == [(), (2,)]


def test_a_repair_whose_time_is_up_looks_for_no_further_way(monkeypatch: pytest.MonkeyPatch):
    problem = Problem(people(1, 2), (demand(1), demand(2, 1)), standing=(Standing(2, 2, told=Told.PUBLISHED),))
    asked: list[Problem] = []
    clock = SimpleNamespace(now=0.0)

    def slow(steadied: Problem, **_: object) -> Solution:
        asked.append(steadied)
        clock.now += 0.3
        return Solution("feasible", (Given(1, 1), Given(2, 2)))

    monkeypatch.setattr(repair_module, "solve", slow)
    monkeypatch.setattr(repair_module, "time", SimpleNamespace(monotonic=lambda: clock.now))

    assert len(repair(problem, seconds=0.2).ways) == 1
    assert len(asked) == 1
