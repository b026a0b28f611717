"""How a time of the week suits a weekly availability, in wall time."""

from collections.abc import Mapping
from datetime import time
from typing import NamedTuple

from schedule_app.domain.facts import DayAvailability, Preference, ShiftFacts
from schedule_app.domain.time import local

_MINUTES_PER_DAY = 24 * 60
_MINUTES_PER_WEEK = 7 * _MINUTES_PER_DAY


class TimeOfWeek(NamedTuple):
    """A weekday (0 is Monday) and wall times; an end at or before the start reaches into the next day."""

    weekday: int
    start: time
    end: time


def time_of_week(shift: ShiftFacts) -> TimeOfWeek:
    """When in the week a shift is, as the clock on the wall shows it."""
    start, end = local(shift.span.starts_at, shift.zone), local(shift.span.ends_at, shift.zone)
    return TimeOfWeek(shift.local_date.weekday(), start.time(), end.time())


def preference_at(at: TimeOfWeek, availability: Mapping[int, DayAvailability]) -> Preference:
    """Disliked when any of the time is, else preferred when any of it is, else available.

    Whether somebody can work at all then is for the rules to say.
    """
    for preference in (Preference.DISLIKED, Preference.PREFERRED):
        if _touches(at, availability, preference):
            return preference
    return Preference.AVAILABLE


def _touches(at: TimeOfWeek, availability: Mapping[int, DayAvailability], preference: Preference) -> bool:
    begins, ends = _minutes_of_week(at.weekday, at.start, at.end)
    for weekday, day in availability.items():
        for slot in day.slots if day.available else ():
            if slot.preference is preference:
                starts, stops = _minutes_of_week(weekday, slot.start, slot.end)
                # The week is a ring: Sunday's night reaches into Monday.
                for turn in (-_MINUTES_PER_WEEK, 0, _MINUTES_PER_WEEK):
                    if starts + turn < ends and begins < stops + turn:
                        return True
    return False


def _minutes_of_week(weekday: int, start: time, end: time) -> tuple[int, int]:
    midnight = weekday * _MINUTES_PER_DAY
    begins, ends = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    return midnight + begins, midnight + ends + (_MINUTES_PER_DAY if ends <= begins else 0)
