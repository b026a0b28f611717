"""The kinds of shift a rule can name: the shift's own type, or the part of the day it is worked in."""

from collections.abc import Collection
from datetime import time
from functools import lru_cache
from typing import Final

from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.fairness import is_night_work
from schedule_app.domain.time import Interval, local

_NOON: Final = time(12)

#: What each part of the day means; every shift is of exactly one.
DAY_PARTS: Final = {
    "morning": "begins before 12:00 and is no night",
    "evening": "begins at 12:00 or later and is no night",
    "night": "three hours of it or more lie between 23:00 and 06:00",
}


def day_part(shift: ShiftFacts) -> str:
    """The part of the day a shift is worked in, in local time."""
    return _day_part(shift.span, shift.zone)


@lru_cache(maxsize=4096)
def _day_part(span: Interval, zone: str) -> str:
    if is_night_work(span, zone):
        return "night"
    return "morning" if local(span.starts_at, zone).time() < _NOON else "evening"


def kind_among(shift: ShiftFacts, kinds: Collection[str]) -> str | None:
    """The first of the kinds that a shift is of; None when it is of none of them."""
    if shift.shift_type in kinds:
        return shift.shift_type
    if DAY_PARTS.keys().isdisjoint(kinds):
        return None
    part = day_part(shift)
    return part if part in kinds else None


def is_meant(shift: ShiftFacts, kinds: Collection[str]) -> bool:
    """Tell whether a rule for these kinds of shift is about a shift; none named means every kind."""
    return not kinds or kind_among(shift, kinds) is not None


def shifts_named(kinds: Collection[str], every: str = "shifts") -> str:
    """Kinds of shift in the plural: "night and training shifts"; `every` where none is named."""
    if not kinds:
        return every
    *most, last = kinds
    return f"{', '.join(most)} and {last} shifts" if most else f"{last} shifts"
