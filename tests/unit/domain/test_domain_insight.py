"""Figures of a stretch of weeks, against examples reckoned by hand."""

from collections import defaultdict
from datetime import date, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.fairness import gini
from schedule_app.domain.insight import (
    PlannedShift,
    Popularity,
    Turn,
    costs,
    coverage_by_day,
    fairness,
    minutes_by_week,
    overtime,
    percentile,
    unpopular,
    weeks_between,
)
from schedule_app.domain.preference import TimeOfWeek
from schedule_app.domain.time import resolve_span
from tests.unit.domain.domain_builders import BERLIN

MONDAY = date(2026, 11, 23)
ANN, BEN, CEM = 1, 2, 3
DAY, NIGHT = (time(7), time(15)), (time(22), time(6))


def shift(
    number: int = 1,
    *,
    on: date = MONDAY,
    times: tuple[time, time] = DAY,
    department: int | None = 7,
    required: int = 1,
    staffed: int = 0,
) -> PlannedShift:
    start, end = times
    return PlannedShift(
        id=number,
        week_start=on - timedelta(days=on.weekday()),
        day=on,
        span=resolve_span(on, start, end, BERLIN),
        time_of_week=TimeOfWeek(on.weekday(), start, end),
        department_id=department,
        required=required,
        staffed=staffed,
        is_night=times == NIGHT,
        is_weekend=on.weekday() >= 5,
    )


def test_the_weeks_of_a_window_are_whole_ones():
    wednesday = MONDAY + timedelta(days=2)
    assert weeks_between(wednesday, wednesday, 0) == (MONDAY,)
    assert weeks_between(wednesday, MONDAY + timedelta(days=7), 0) == (MONDAY, MONDAY + timedelta(days=7))
    assert weeks_between(MONDAY, MONDAY, 6) == (MONDAY - timedelta(days=1),)
    assert len(weeks_between(MONDAY, MONDAY + timedelta(weeks=26, days=-1), 0)) == 26


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (MONDAY, MONDAY - timedelta(days=1), "The last day comes before the first one."),
        (MONDAY, MONDAY + timedelta(weeks=26), "That is 27 weeks. Choose at most 26."),
        (date(2026, 1, 1), date(2036, 1, 1), "That is 523 weeks. Choose at most 26."),
        (date(1066, 10, 14), MONDAY, "Choose days between 2000 and 2099."),
        (MONDAY, date(9999, 12, 31), "Choose days between 2000 and 2099."),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_in_words(first: date, last: date, words: str):
    with pytest.raises(InvalidInput, match=words):
        weeks_between(first, last, 0)


def test_coverage_of_a_day_sets_nothing_off_against_anything():
    shifts = [shift(1, required=3, staffed=1), shift(2, required=1, staffed=2), shift(3, times=NIGHT, staffed=1)]
    monday, tuesday = coverage_by_day(shifts, [MONDAY, MONDAY + timedelta(days=1)])

    assert (monday.needed_minutes, monday.short_minutes, monday.over_minutes) == (5 * 480, 2 * 480, 480)
    assert (tuesday.needed_minutes, tuesday.short_minutes, tuesday.over_minutes) == (0, 0, 0)


def test_cost_is_each_persons_time_at_their_rate():
    later = MONDAY + timedelta(days=7)
    turns = [
        Turn(shift(1), ANN),
        Turn(shift(2, department=8), ANN),
        Turn(shift(3, on=later), BEN),
        Turn(shift(4), CEM),
    ]
    found = costs(turns, {ANN: 1550, BEN: 2001, CEM: None})

    assert found.cents == {(7, MONDAY): 12_400, (8, MONDAY): 12_400, (7, later): 16_008}
    assert found.unpriced_minutes == 480


def test_overtime_begins_after_the_limit_where_there_is_one():
    later = MONDAY + timedelta(days=7)
    minutes = {(ANN, MONDAY): 2500, (ANN, later): 2400, (BEN, MONDAY): 9000}

    assert overtime(minutes, lambda employee, _week: 2400 if employee == ANN else None) == {(ANN, MONDAY): 100}


def test_fairness_goes_by_the_hours_of_the_contract():
    # Ann has a full contract of 160 hours and two nights, Ben half of it and one night: they carry the same. Dee has
    # no night, and Cem, who has one, no contract.
    dee = 4
    nights = [Turn(shift(number, times=NIGHT), who) for number, who in enumerate((ANN, ANN, BEN, CEM))]
    contracts = {ANN: 9600, BEN: 4800}
    even = fairness(nights, lambda each: each.is_night, contracts)

    assert [(share.employee_id, share.count, share.per_100_hours) for share in even.shares] == [
        (ANN, 2, 1.25),
        (BEN, 1, 1.25),
    ]
    assert (even.gini, even.spread, even.uncontracted) == (0, 0, 1)

    uneven = fairness([*nights, Turn(shift(9), dee)], lambda each: each.is_night, contracts | {dee: 9600})
    assert (uneven.shares[0].employee_id, uneven.shares[0].count) == (dee, 0)
    assert uneven.spread == 1.25
    # Of 0, 1.25, 1.25: 2 * (1 * 0 + 2 * 1.25 + 3 * 1.25) / (3 * 2.5) - 4 / 3
    assert uneven.gini == pytest.approx(1 / 3)


def test_gini_of_known_distributions():
    assert gini([]) == gini([0, 0]) == gini([5]) == gini([2, 2, 2]) == 0
    assert gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_gini_is_the_mean_difference_of_all_pairs_over_twice_the_mean(values: list[int]):
    count, total = len(values), sum(values)
    pairs = sum(abs(one - other) for one in values for other in values)
    expected = Fraction(pairs, 2 * count * total) if total else Fraction(0)

    assert gini(values) == pytest.approx(float(expected), abs=1e-9)
    assert gini([3 * value for value in values]) == pytest.approx(gini(values), abs=1e-9)


def test_the_worst_liked_times_come_first_and_a_single_shrug_is_none():
    times = [TimeOfWeek(weekday, *DAY) for weekday in range(7)]
    liked = Popularity(times[0], asked=50, declined=1, people=100, disliking=7)
    declined = Popularity(times[1], asked=4, declined=2, people=100, disliking=0)
    disliked = Popularity(times[2], asked=0, declined=0, people=10, disliking=4)
    both = Popularity(times[3], asked=10, declined=3, people=10, disliking=3)

    assert liked.score == pytest.approx(0.09)
    assert unpopular([liked, disliked, both, declined]) == (both, declined, disliked)
    many = [Popularity(at, 1, 1, 1, 0) for at in times]
    assert len(unpopular(many)) == 5


def test_percentiles_lie_between_two_values_in_proportion():
    assert percentile([10], 0.9) == 10
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([0, 10], 0.9) == pytest.approx(9)
    assert percentile([15, 20, 35, 40, 50], 0.4) == pytest.approx(29)
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


TURNS = st.lists(
    st.tuples(
        st.integers(0, 13),
        st.sampled_from([DAY, NIGHT, (time(9), time(9, 7))]),
        st.sampled_from([None, 7, 8]),
        st.integers(1, 5),
    ),
    max_size=40,
)


@given(TURNS, st.dictionaries(st.integers(1, 5), st.one_of(st.none(), st.integers(0, 9999)), max_size=5))
def test_parts_add_up_to_totals(drawn: list, rates: dict[int, int | None]):
    turns = [
        Turn(shift(number, on=MONDAY + timedelta(days=offset), times=times, department=department), who)
        for number, (offset, times, department, who) in enumerate(drawn)
    ]
    total = sum(turn.shift.minutes for turn in turns)
    assert sum(minutes_by_week(turns).values()) == total

    found = costs(turns, rates)
    priced = [turn for turn in turns if rates.get(turn.employee_id) is not None]
    assert found.unpriced_minutes == total - sum(turn.shift.minutes for turn in priced)
    by_part = defaultdict(list)
    for turn in turns:
        by_part[turn.shift.department_id, turn.shift.week_start].append(turn)
    assert sum(found.cents.values()) == sum(sum(costs(part, rates).cents.values()) for part in by_part.values())
    exact = sum(Fraction(turn.shift.minutes * (rates[turn.employee_id] or 0), 60) for turn in priced)
    assert abs(sum(found.cents.values()) - exact) <= Fraction(len(turns), 2)

    kinds = [fairness(turns, is_counted, {1: 2400, 2: 1200}) for is_counted in (lambda s: s.is_night, lambda s: True)]
    assert sum(share.count for share in kinds[1].shares) + kinds[1].uncontracted == len(turns)
    assert sum(share.count for share in kinds[0].shares) + kinds[0].uncontracted == sum(t.shift.is_night for t in turns)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 9), st.integers(0, 9)), max_size=20))
def test_days_add_up_to_what_the_shifts_need_and_have(drawn: list[tuple[int, int, int]]):
    shifts = [
        shift(number, on=MONDAY + timedelta(days=offset), required=required, staffed=staffed)
        for number, (offset, required, staffed) in enumerate(drawn)
    ]
    days = coverage_by_day(shifts, [MONDAY + timedelta(days=offset) for offset in range(7)])

    assert sum(day.needed_minutes for day in days) == sum(each.required * 480 for each in shifts)
    net = sum(day.over_minutes - day.short_minutes for day in days)
    assert net == sum((each.staffed - each.required) * 480 for each in shifts)
