"""Whole rosters: the cheapest of one person, what is left to another search, and plans and bounds made from them."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedule_app.domain.rules.preference import PreferenceLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.optimizer.constraints import all_limits
from schedule_app.optimizer.limits import Limit
from schedule_app.optimizer.objective import score
from schedule_app.optimizer.problem import Contract, Demand, Person, Problem, Standing, Succession, Wish
from schedule_app.optimizer.rosters.choice import choose
from schedule_app.optimizer.rosters.columns import Field
from schedule_app.optimizer.rosters.master import Weighed
from schedule_app.optimizer.rosters.plans import cells_of, first_plan
from schedule_app.optimizer.rosters.pool import Pool, part_cost
from schedule_app.optimizer.rosters.pricer import Pricer
from schedule_app.optimizer.rosters.rebuild import rebuilding
from schedule_app.optimizer.rosters.rounding import rounded
from schedule_app.optimizer.rosters.task import Task, as_task
from schedule_app.optimizer.search import Effort, Search
from schedule_app.optimizer.solve import solve
from schedule_app.optimizer.table import Table
from tests.unit.domain.domain_builders import day, employee, rule, shift

KINDS = {"early": "00:00-08:00", "night": "00:00-10:00"}
TRIALS = settings(max_examples=25, deadline=timedelta(seconds=60), suppress_health_check=[HealthCheck.too_slow])


def demands(days: int, *, first: int = 3, staff: int = 1) -> tuple[Demand, ...]:
    """Both kinds on each of some days, the third and fourth of which are a weekend."""
    return tuple(
        Demand(
            replace(shift(day(first + on), times, id=1 + 2 * on + place, shift_type=kind), required_staff=staff), 30, 4
        )
        for on in range(days)
        for place, (kind, times) in enumerate(KINDS.items())
    )


@st.composite
def contracts(draw: st.DrawFn, days: int) -> Contract:
    least = draw(st.sampled_from([None, 480, 1080]))
    return Contract(
        {"night": draw(st.integers(0, 3)), "early": draw(st.integers(1, days))},
        least,
        draw(st.sampled_from([1080, 1440, 2400])),
        draw(st.integers(1, 4)),
        None,
        draw(st.sampled_from([None, 1, 2, 3])),
        draw(st.integers(0, 1)),
    )


@st.composite
def problems(draw: st.DrawFn, people: int, days: int) -> Problem:
    staff = []
    for number in range(1, people + 1):
        contract = draw(contracts(days))
        staff.append(
            Person(
                employee(id=number),
                replace(contract, min_days_in_row=draw(st.integers(1, contract.max_days_in_row or 1))),
            )
        )
    wishes = [
        Wish(draw(st.integers(1, people)), draw(st.integers(1, 2 * days)), draw(st.booleans()), draw(st.integers(1, 9)))
        for _ in range(draw(st.integers(0, 4)))
    ]
    banned = (Succession("night", "early"),) if draw(st.booleans()) else ()
    return Problem(tuple(staff), demands(days), successions=banned, wishes=tuple(wishes))  # fmt: skip


def made_ready(problem: Problem) -> tuple[Search, Task]:
    search = Search(problem, Effort(10, 1, 0), lambda _: None, lambda: False)
    task = as_task(search.table, search.limits)
    assert task is not None
    return search, task


@TRIALS
@given(problems(people=1, days=6), st.lists(st.integers(-9, 9), min_size=12, max_size=12))
def test_no_allowed_roster_is_cheaper_than_the_one_priced(problem: Problem, prices: list[int]):
    search, task = made_ready(problem)
    worth = np.array(prices, dtype=np.float64).reshape(6, 2)

    offer = Pricer(task, 0).offer(worth)

    known = {}
    for roster in product((-1, 0, 1), repeat=6):
        cells = {int(task.place[on, kind]) for on, kind in enumerate(roster) if kind >= 0}
        if not score(search.table, search.limits, cells).broken:
            known[roster] = sum(task.cost[0, on, kind] - worth[on, kind] for on, kind in enumerate(roster) if kind >= 0)
    assert set(offer.rosters) <= set(known)
    if known:
        assert offer.bound == pytest.approx(min(known.values()))
        assert known[offer.rosters[0]] == pytest.approx(min(known.values()))
    else:
        assert offer.rosters == []


@settings(TRIALS, max_examples=12)
@given(problems(people=2, days=4))
def test_plan_and_bound_agree_with_trying_every_plan(problem: Problem):
    solution = solve(replace(problem, deterministic=1.0), workers=1)
    table = Table(problem)
    limits = all_limits(table)
    alone = [_rosters(table, limits, person) for person in range(2)]
    costs = [score(table, limits, one | two).total for one in alone[0] for two in alone[1]]

    if not costs:
        assert solution.status == "infeasible"
    else:
        assert solution.score == min(costs)
        assert solution.bound <= min(costs)


def _rosters(table: Table, limits: list[Limit], person: int) -> list[set[int]]:
    """Every roster the person's own strict limits allow, as cells."""
    own = [
        each for each in limits if each.weight is None and {table.places(cell)[0] for cell in each.cells} == {person}
    ]
    found = []
    for roster in product((None, 0, 1), repeat=4):
        cells = {table.cell(person, 2 * on + kind) for on, kind in enumerate(roster) if kind is not None}
        if cells.isdisjoint(table.closed) and not any(limit.excess(cells) for limit in own):
            found.append(cells)
    return found


@settings(TRIALS, max_examples=12)
@given(problems(people=2, days=4), st.integers(0, 9))
def test_rosters_made_anew_are_allowed_and_called_the_best_only_when_they_are(problem: Problem, seed: int):
    search, task = made_ready(problem)
    pricers = [Pricer(task, person) for person in range(2)]
    plan = first_plan(task, pricers)
    if plan is None:
        return
    before = frozenset(cells_of(search.table, task, plan))
    field = Field(search, task, pricers, Pool(task, plan))

    decision = rebuilding(field, np.zeros(task.place.shape)).decide(before, random.Random(seed), 2.0, 5.0)

    alone = [_rosters(search.table, search.limits, person) for person in range(2)]
    least = min(score(search.table, search.limits, one | two).total for one in alone[0] for two in alone[1])
    after = score(search.table, search.limits, before if decision.chosen is None else decision.chosen)
    assert not after.broken
    assert after.total >= least
    assert not decision.is_best or score(search.table, search.limits, before).total == least


@settings(TRIALS, max_examples=12)
@given(problems(people=2, days=4))
def test_choice_is_the_best_of_all_combinations(problem: Problem):
    search, task = made_ready(problem)
    known = {}
    for person in range(2):
        offer = Pricer(task, person).offer(np.random.default_rng(person).uniform(0, 30, task.place.shape))
        known[person] = offer.rosters
    if not all(known.values()):
        return
    nobody = np.zeros_like(task.needed)
    hint = {person: rosters[-1] for person, rosters in known.items()}

    found = choose(search, task, known, nobody, hint=hint, limit=5, seed=0)

    assert found is not None
    assert part_cost(task, found, nobody) == min(
        part_cost(task, {0: one, 1: two}, nobody) for one in known[0] for two in known[1]
    )


def test_mixture_that_is_a_plan_is_rounded_to_that_plan():
    _, task = made_ready(Problem((Person(employee(id=1)), Person(employee(id=2))), demands(3)))
    plan = {0: (0, 0, 0), 1: (1, 1, 1)}
    weighed = Weighed(0.0, np.zeros(task.place.shape), {}, {person: {roster: 1.0} for person, roster in plan.items()})

    found = rounded(task, [Pricer(task, person) for person in range(2)], weighed)

    assert part_cost(task, found, np.zeros_like(task.needed)) == 0


def test_caps_that_are_not_counted_are_kept_all_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("schedule_app.optimizer.rosters.pricer._MOST_STATES", 0)
    _, task = made_ready(Problem((Person(employee(id=1), Contract({"night": 1})),), demands(5)))

    offer = Pricer(task, 0).offer(np.array([[1.0, 5.0]] * 5))

    assert -25 <= offer.bound <= -9
    assert all(roster.count(1) <= 1 for roster in offer.rosters)
    assert offer.rosters[0].count(1) == 1


_NIGHT = Demand(shift(day(3), "22:00-06:00", id=99), 1)


@pytest.mark.parametrize(
    "problem",
    [
        Problem(),
        Problem((Person(employee()),), (*demands(2), Demand(shift(day(3), "12:00-20:00", id=99), 1)), ()),
        Problem((Person(employee()),), demands(2), (rule("rest_period", RestPeriodLimits(min_minutes=660)),)),
        Problem((Person(employee()),), demands(2), standing=(Standing(7, 1, is_fixed=True),)),
        Problem((Person(employee()),), (_NIGHT, *demands(1, first=4))),
    ],
    ids=["nothing", "two on a day", "rule over several cells", "fixed", "into the next day"],
)  # fmt: skip
def test_what_whole_rosters_cannot_say_is_left_to_another_search(problem: Problem):
    table = Table(problem)

    assert as_task(table, all_limits(table)) is None


def test_rule_that_looks_at_one_cell_alone_is_a_price():
    wish = rule("preference", PreferenceLimits(unwanted_shift_types=("early",)), strict=False, priority=5)
    _, task = made_ready(Problem((Person(employee()),), demands(2), (wish,)))

    assert task.cost[0].tolist() == [[8, 0], [8, 0]]


def test_same_seed_and_work_give_the_same_plan():
    people = tuple(Person(employee(id=each), Contract(max_days_in_row=3, min_minutes=960)) for each in range(1, 6))
    problem = Problem(people, demands(7, staff=2), deterministic=0.5)

    plans = {solve(problem, workers=1, seed=3).given for _ in range(2)}

    assert len(plans) == 1
