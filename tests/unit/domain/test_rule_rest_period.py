from datetime import date

import pytest

from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.rules.rest_period import RestPeriodLimits, judge
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift


def messages(min_minutes: int, worked: list[ShiftFacts], candidate: ShiftFacts) -> list[str]:
    limits = RestPeriodLimits(min_minutes=min_minutes)
    return [violation.message for violation in judge(rule("rest_period", limits), employee(), worked, candidate)]


def test_too_short_a_rest_before_is_found():
    late = shift(MONDAY, "16:00-00:30", id=2)

    assert messages(660, [late], shift(day(1), "07:00-15:00")) == [
        "Bob Worker would have 6 h 30 min of rest before this shift; at least 11 h are required."
    ]


def test_too_short_a_rest_after_is_found():
    early = shift(day(1), "06:00-14:00", id=2)

    assert messages(660, [early], shift(MONDAY, "14:00-22:00")) == [
        "Bob Worker would have 8 h of rest after this shift; at least 11 h are required."
    ]


def test_exactly_enough_rest_is_fine_and_one_minute_less_is_not():
    late = shift(MONDAY, "12:00-20:00", id=2)

    assert messages(660, [late], shift(day(1), "07:00-15:00")) == []
    assert len(messages(660, [late], shift(day(1), "06:59-15:00"))) == 1


def test_shifts_may_touch_when_no_rest_is_asked_for():
    morning = shift(MONDAY, "06:00-14:00", id=2)

    assert messages(0, [morning], shift(MONDAY, "14:00-22:00")) == []
    assert messages(1, [morning], shift(MONDAY, "14:00-22:00")) == [
        "Bob Worker would have 0 min of rest before this shift; at least 1 min are required."
    ]
    assert messages(1, [shift(MONDAY, "14:00-22:00", id=2)], morning) == [
        "Bob Worker would have 0 min of rest after this shift; at least 1 min are required."
    ]


def test_overlapping_shift_is_left_to_the_overlap_check():
    assert messages(660, [shift(MONDAY, "14:00-22:00", id=2)], shift(MONDAY, "21:00-23:00")) == []


def test_only_the_nearest_shift_on_each_side_is_told():
    worked = [
        shift(day(-1), "20:00-22:00", id=2),
        shift(day(-1), "23:00-01:00", id=3),
        shift(MONDAY, "17:00-18:00", id=4),
        shift(MONDAY, "20:00-22:00", id=5),
    ]

    assert messages(660, worked, shift(MONDAY, "07:00-15:00")) == [
        "Bob Worker would have 6 h of rest before this shift; at least 11 h are required.",
        "Bob Worker would have 2 h of rest after this shift; at least 11 h are required.",
    ]


def test_rest_across_the_week_s_edge_counts():
    sunday_night = shift(day(-1), "22:00-06:00", id=2)

    assert len(messages(660, [sunday_night], shift(MONDAY, "14:00-22:00"))) == 1


@pytest.mark.parametrize(
    ("zone", "eve", "morning", "rest_minutes"),
    [
        pytest.param("Europe/Berlin", date(2026, 3, 28), date(2026, 3, 29), 540, id="spring"),
        pytest.param("Europe/Berlin", date(2026, 10, 24), date(2026, 10, 25), 660, id="autumn"),
        pytest.param("America/New_York", date(2026, 3, 7), date(2026, 3, 8), 540, id="new-york-spring"),
        pytest.param("Australia/Lord_Howe", date(2024, 10, 5), date(2024, 10, 6), 570, id="half-hour-change"),
        pytest.param("Africa/Cairo", date(2024, 4, 25), date(2024, 4, 26), 540, id="gap-at-midnight"),
        pytest.param("Pacific/Apia", date(2011, 12, 29), date(2011, 12, 31), 600, id="skipped-day"),
    ],
)
def test_rest_is_true_time_over_a_clock_change(zone: str, eve: date, morning: date, rest_minutes: int):
    late, early = shift(eve, "12:00-20:00", id=2, zone=zone), shift(morning, "06:00-14:00", zone=zone)

    assert messages(rest_minutes, [late], early) == []
    assert len(messages(rest_minutes + 1, [late], early)) == 1


@pytest.mark.parametrize(("strict", "severity"), [(True, "block"), (False, "warn")])
def test_severity_follows_the_rule(strict: bool, severity: str):
    broken = rule("rest_period", RestPeriodLimits(min_minutes=660), strict=strict)

    [violation] = judge(broken, employee(), [shift(MONDAY, "16:00-23:00", id=2)], shift(day(1)))

    assert violation.severity == severity
