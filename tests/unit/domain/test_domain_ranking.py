"""Who is asked first, and how far from their limits they would be."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from schedule_app.domain.facts import Preference
from schedule_app.domain.ranking import Room, Standing, rank, room_of
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.workload import WorkloadLimits
from tests.unit.domain.domain_builders import day, employee, rule, shift

EVEN = Standing(1, "Ann", 0, 0, Preference.AVAILABLE, 0, 1000)


def test_each_reason_counts_only_where_the_ones_before_are_even():
    worse = [
        replace(EVEN, blocks=1),
        replace(EVEN, warnings=1),
        replace(EVEN, preference=Preference.DISLIKED),
        replace(EVEN, over_contract=1),
        replace(EVEN, cost_cents=None),
        replace(EVEN, cost_cents=1001),
        replace(EVEN, name="ben"),
        replace(EVEN, employee_id=2),
    ]
    better = replace(EVEN, preference=Preference.PREFERRED, over_contract=5000, cost_cents=None, name="Zoë")

    assert rank([*worse, EVEN, better])[:2] == [better, EVEN]
    # From the least reason to the weightiest.
    assert rank([*worse, EVEN])[1:] == [worse[7], worse[6], worse[5], worse[4], worse[3], worse[2], worse[1], worse[0]]


STANDINGS = st.lists(
    st.builds(
        Standing,
        st.integers(1, 99),
        st.sampled_from(["Ann", "Ben", "cem"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.sampled_from(list(Preference)),
        st.integers(-600, 600),
        st.one_of(st.none(), st.integers(0, 9999)),
    ),
    unique_by=lambda each: each.employee_id,
    max_size=12,
)


@given(STANDINGS, st.randoms(use_true_random=False))
def test_the_order_depends_on_the_people_alone(people: list[Standing], dice: random.Random):
    ranked = rank(people)
    shuffled = list(people)
    dice.shuffle(shuffled)

    assert rank(shuffled) == ranked
    assert sorted(each.employee_id for each in ranked) == sorted(each.employee_id for each in people)
    able = [each.blocks == 0 for each in ranked]
    assert able == sorted(able, reverse=True)


def test_room_is_what_is_left_of_the_lowest_limit_and_the_rest_around():
    rules = [
        rule("overtime", OvertimeLimits(weekly_minutes=2400)),
        rule("workload", WorkloadLimits(max_minutes_per_week=2300), department_id=99),
        rule("workload", WorkloadLimits(max_minutes_per_day=600)),
        rule("rest_period", RestPeriodLimits(min_minutes=660)),
    ]
    before, after = shift(day(0), "14:00-22:00", id=2), shift(day(2), "07:00-15:00", id=3)
    wanted = shift(day(1), "11:00-15:00", id=1)

    around = [before, after, wanted]
    assert room_of(rules, employee(max_minutes=2500), around, wanted) == Room(480 + 480 + 240, 2400, 780, 960)
    assert room_of([], employee(), [], wanted) == Room(240, None, None, None)
    assert room_of(rules[:1], employee(max_minutes=2000), [], wanted).limit_minutes == 2000
