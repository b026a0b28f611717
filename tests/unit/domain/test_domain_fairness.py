"""Evenness: nights, weekends and spreads."""

import pytest

from schedule_app.domain.fairness import deviation, gap, is_night_work, is_weekend, night_minutes
from schedule_app.domain.time import resolve_span
from tests.unit.domain.domain_builders import BERLIN, clock, day


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        ("07:00-15:00", 0),
        ("15:00-23:00", 0),
        ("15:00-23:01", 1),
        ("22:00-06:00", 420),
        ("00:00-05:00", 300),
        ("05:59-14:00", 1),
        ("06:00-06:00", 420),
        ("03:00-23:30", 210),
    ],
)
def test_minutes_of_the_night(times: str, minutes: int):
    start, end = map(clock, times.split("-"))
    assert night_minutes(resolve_span(day(0), start, end, BERLIN), BERLIN) == minutes


def test_the_nights_of_the_clock_changes_are_six_and_eight_hours_long():
    for on, minutes in ((day(0).replace(month=3, day=28), 360), (day(0).replace(month=10, day=24), 480)):
        assert night_minutes(resolve_span(on, clock("22:00"), clock("06:00"), BERLIN), BERLIN) == minutes


def test_three_hours_in_the_night_make_night_work():
    for times, expected in (
        ("18:00-01:59", False),
        ("18:00-02:00", True),
        ("03:00-12:00", True),
        ("03:01-12:00", False),
    ):
        start, end = map(clock, times.split("-"))
        assert is_night_work(resolve_span(day(0), start, end, BERLIN), BERLIN) is expected


def test_weekends_are_saturday_and_sunday():
    assert [is_weekend(day(offset)) for offset in range(7)] == [False] * 5 + [True] * 2


def test_deviation_and_gap():
    assert deviation([]) == deviation([7]) == deviation([3, 3, 3]) == 0
    assert deviation([2, 4, 4, 4, 5, 5, 7, 9]) == 2
    assert (gap([]), gap([4]), gap([4, -2, 1])) == (0, 0, 6)
