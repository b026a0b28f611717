"""The plan that is there at once: allowed, and complete where nothing stands in the way."""

from dataclasses import replace

from schedule_app.benchmarks.week import made_up
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.optimizer.greedy import first_plan
from schedule_app.optimizer.ledger import Ledger
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Demand, Person, Problem, Standing
from schedule_app.optimizer.search import Effort, Search
from tests.unit.domain.domain_builders import day, employee, rule, shift


def made_ready(problem: Problem) -> Search:
    return Search(problem, Effort(10, 1, 0), lambda _: None, lambda: False)


def test_first_plan_is_allowed_and_nearly_complete():
    search = made_ready(made_up(40, 7, 1))

    counted = score(search.table, search.limits, first_plan(search))

    assert counted.broken == ()
    needed = sum(demand.shift.required_staff for demand in search.table.problem.demands)
    assert sum(each.people for each in counted.missing) < needed / 5


def test_what_is_fixed_is_in_the_first_plan():
    people = (Person(employee(id=1)), Person(employee(id=2)))
    problem = Problem(people, (Demand(shift(day(0), id=1), 100),), standing=(Standing(2, 1, is_fixed=True),))

    assert first_plan(made_ready(problem)) == {1}


def test_who_is_better_not_taken_off_a_shift_has_it_in_the_first_plan():
    rested = rule("rest_period", RestPeriodLimits(min_minutes=660))
    people = (Person(employee(id=1)), Person(employee(id=2), absences=(shift(day(0), "14:00-22:00").span,)))
    early, late = shift(day(0), "06:00-14:00", id=1), shift(day(0), "14:00-22:00", id=2)
    # The late shift is harder to fill and would be filled first.
    problem = Problem(
        people, (Demand(early, 1000), Demand(late, 1000)), (rested,), standing=(Standing(1, 1, weight=60),)
    )

    assert first_plan(made_ready(problem)) == {0}


def test_ledger_says_of_every_step_what_the_score_says_after_it():
    problem = made_up(12, 3, 2)
    problem = replace(problem, rules=tuple(replace(rule, strict=rule.id % 2 == 0) for rule in problem.rules))
    search = made_ready(problem)
    ledger = Ledger(search.table, search.limits)
    before = score(search.table, search.limits, ledger.cells)

    for cell in range(0, len(search.table.all_cells), 7):
        price = ledger.price(cell)
        ledger.give(cell)
        after = score(search.table, search.limits, ledger.cells)
        assert price.cost == after.total - before.total
        assert bool(price.broken) == (len(after.broken) > len(before.broken))
        if price.broken:
            ledger.take(cell)
            assert score(search.table, search.limits, ledger.cells) == before
        else:
            before = after
