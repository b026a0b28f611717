"""How the clock of a place runs through one local day."""

from datetime import date, datetime, time, timedelta
from typing import TypedDict

from schedule_app.domain.time import Interval, local, resolve_wall, wall_pieces

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class DayClock(TypedDict):
    """A local day in minutes that really pass; where the clock changes, what it shows differs from them.

    `starts` is the first moment, in minutes since 1970. After `turn_at` minutes of the day the clock shows `turn_by`
    minutes more than have passed; a `turn_by` of 0 is a day without a change.
    """

    starts: int
    minutes: int
    turn_at: int
    turn_by: int


def day_clock(day: date, zone: str) -> DayClock:
    """The clock of a local date.

    Raises:
        InvalidInput: Unknown zone, or a date out of range.
    """
    whole = Interval(resolve_wall(day, time.min, zone).at, resolve_wall(day + _DAY, time.min, zone).at)
    first, *later = wall_pieces(whole, zone)
    turn_at, turn_by = 0, _minutes_after_midnight(whole.starts_at, zone)
    if later:
        turn_at = (first.ends_at - first.starts_at) // _MINUTE
        turn_by = (later[0].offset - first.offset) // _MINUTE
    starts = int(whole.starts_at.timestamp()) // 60
    return {"starts": starts, "minutes": whole.minutes, "turn_at": turn_at, "turn_by": turn_by}


def _minutes_after_midnight(instant: datetime, zone: str) -> int:
    """More than 0 on a day that begins later because the clock skips its midnight."""
    shown = local(instant, zone)
    return shown.hour * 60 + shown.minute
