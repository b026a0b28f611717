"""How a time suits a weekly availability."""

from datetime import time

from schedule_app.domain.facts import DayAvailability, Preference, TimeSlot
from schedule_app.domain.preference import TimeOfWeek, preference_at, time_of_week
from tests.unit.domain.domain_builders import CLOSED, day, open_at, shift, slot

SUNDAY_NIGHT = TimeOfWeek(6, time(22), time(6))


def week_with(weekday: int, times: str, preference: Preference = Preference.DISLIKED) -> dict[int, DayAvailability]:
    return {weekday: open_at(slot(times, preference))}


def is_disliked(at: TimeOfWeek, availability: dict[int, DayAvailability]) -> bool:
    return preference_at(at, availability) is Preference.DISLIKED


def test_a_time_is_disliked_when_any_of_it_is():
    assert is_disliked(SUNDAY_NIGHT, week_with(6, "18:00-22:01"))
    assert not is_disliked(SUNDAY_NIGHT, week_with(6, "18:00-22:00"))
    # Its morning is Monday's, at the other end of the week.
    assert is_disliked(SUNDAY_NIGHT, week_with(0, "05:00-07:00"))
    assert not is_disliked(SUNDAY_NIGHT, week_with(0, "06:00-07:00"))
    assert is_disliked(TimeOfWeek(0, time(0), time(4)), week_with(6, "22:00-01:00"))
    assert not is_disliked(SUNDAY_NIGHT, {})
    closed = DayAvailability(False, (TimeSlot(time(22), time(23), Preference.DISLIKED),))
    assert not is_disliked(SUNDAY_NIGHT, {6: closed})
    assert not is_disliked(SUNDAY_NIGHT, {6: CLOSED})


def test_disliked_weighs_more_than_preferred():
    both = {6: open_at(slot("22:00-23:00", Preference.PREFERRED), slot("23:00-23:30", Preference.DISLIKED))}

    assert preference_at(SUNDAY_NIGHT, both) is Preference.DISLIKED
    assert preference_at(SUNDAY_NIGHT, week_with(6, "20:00-23:00", Preference.PREFERRED)) is Preference.PREFERRED
    assert preference_at(SUNDAY_NIGHT, week_with(5, "20:00-22:00", Preference.PREFERRED)) is Preference.AVAILABLE


def test_a_shift_is_when_the_clock_on_the_wall_says():
    assert time_of_week(shift(day(6), "22:00-06:00")) == SUNDAY_NIGHT
