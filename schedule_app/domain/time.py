"""Instants, local wall time and the clock changes between them.

Work spans are half-open UTC intervals. Wall time is resolved once, when a shift is written; lengths and rests are only
ever computed between instants, because subtracting two local times of one zone ignores the clock change.
"""

import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import cast

from schedule_app.domain.errors import InvalidInput

EARLIEST_DAY = date(1970, 1, 1)
LATEST_DAY = date(2199, 12, 31)

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_TICK = timedelta.resolution
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open span of time: `starts_at` belongs to it, `ends_at` does not. Kept in UTC, whatever zone was given.

    Raises:
        ValueError: An end without a zone, or an end that is not after the start.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        for name in ("starts_at", "ends_at"):
            instant: datetime = getattr(self, name)
            if instant.utcoffset() is None:
                raise ValueError(f"{name} needs a time zone.")
            object.__setattr__(self, name, instant.astimezone(UTC))
        if self.starts_at >= self.ends_at:
            raise ValueError("An interval ends after it starts.")

    @property
    def minutes(self) -> int:
        """True elapsed minutes, rounded down."""
        return (self.ends_at - self.starts_at) // _MINUTE

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two share any moment; touching ends do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def gap_minutes(self, other: "Interval") -> int:
        """Minutes between the two, whichever comes first; 0 when they touch or overlap."""
        gap = max(self.starts_at - other.ends_at, other.starts_at - self.ends_at)
        return max(gap // _MINUTE, 0)


@dataclass(frozen=True, slots=True)
class WallInstant:
    """A wall time made an instant.

    Attributes:
        at: The instant, in UTC.
        moved_minutes: How far it was moved forward because the clock skips the time that was asked for; usually 0.
        is_repeated: Whether the wall time happens twice that day.
    """

    at: datetime
    moved_minutes: int
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class WallPiece:
    """A stretch of an interval without a clock change: naive local start and end, and the offset that holds."""

    starts_at: datetime
    ends_at: datetime
    offset: timedelta

    def instants(self, start: datetime, end: datetime) -> Interval:
        """Turn naive local times within this piece back into an interval."""
        return Interval((start - self.offset).replace(tzinfo=UTC), (end - self.offset).replace(tzinfo=UTC))


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def is_known_zone(name: str) -> bool:
    """Tell whether the pinned zone database has a zone of exactly this name."""
    return name in _zone_names()


def _zone(name: str) -> zoneinfo.ZoneInfo:
    if not is_known_zone(name):
        raise InvalidInput(f"There is no time zone called {name!r}.", "time_zone")
    return zoneinfo.ZoneInfo(name)


def _offset(aware: datetime) -> timedelta:
    return cast("timedelta", aware.utcoffset())


def _require_day(day: date) -> None:
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise InvalidInput(f"Dates must lie between {EARLIEST_DAY.year} and {LATEST_DAY.year}.", "date")


def _require_zoneless(*times: time) -> None:
    if any(each.tzinfo is not None for each in times):
        raise InvalidInput("Times of day are given without a time zone.", "time")


def resolve_wall(day: date, at: time, zone: str, *, second: bool = False) -> WallInstant:
    """Find the instant of a wall time.

    A time the clock skips is moved forward by the size of the gap, and the answer says so. A time that happens twice
    means its first occurrence.

    Args:
        day: The local date.
        at: The local time, without a zone of its own.
        zone: An IANA zone name.
        second: Take the second occurrence of a time that happens twice.

    Raises:
        InvalidInput: Unknown zone, a time with a zone of its own, or a date outside 1970 to 2199.
    """
    _require_day(day)
    _require_zoneless(at)
    wall = datetime.combine(day, at.replace(fold=0), _zone(zone))
    first, last = _offset(wall), _offset(wall.replace(fold=1))
    if first < last:
        return WallInstant(wall.astimezone(UTC), (last - first) // _MINUTE, False)
    chosen = wall.replace(fold=1) if second else wall
    return WallInstant(chosen.astimezone(UTC), 0, first > last)


def resolve_span(day: date, start: time, end: time, zone: str) -> Interval:
    """Find the interval of a shift given in wall time; an end at or before the start means the next day.

    A span whose start is skipped by a clock change, and which would end before the moved start, moves as a whole.

    Raises:
        InvalidInput: Unknown zone, a time with a zone of its own, or a date outside 1970 to 2199.
    """
    _require_zoneless(start, end)
    first = resolve_wall(day, start, zone)
    last = resolve_wall(day + _DAY if end <= start else day, end, zone)
    ends_at = last.at
    if ends_at <= first.at:
        ends_at += timedelta(minutes=first.moved_minutes)
    return Interval(first.at, ends_at)


def local(instant: datetime, zone: str) -> datetime:
    """The instant as aware local time of a zone."""
    return instant.astimezone(_zone(zone))


def local_date(instant: datetime, zone: str) -> date:
    """The local date of an instant."""
    return local(instant, zone).date()


def week_start_of(day: date, week_starts_on: int = 0) -> date:
    """The first day of the week holding a date; `week_starts_on` counts from Monday as 0 to Sunday as 6.

    Raises:
        InvalidInput: A date outside 1970 to 2199.
    """
    _require_day(day)
    return day - timedelta(days=(day.weekday() - week_starts_on) % 7)


def week_days(week_start: date) -> tuple[date, ...]:
    """The seven dates of a week.

    Raises:
        InvalidInput: A date outside 1970 to 2199.
    """
    _require_day(week_start)
    return tuple(week_start + timedelta(days=offset) for offset in range(7))


def wall_pieces(interval: Interval, zone: str) -> Iterator[WallPiece]:
    """Cut an interval at its clock changes, so that each piece can be treated in plain wall time."""
    info = _zone(zone)

    def offset_at(instant: datetime) -> timedelta:
        return _offset(instant.astimezone(info))

    def wall_piece(starts_at: datetime, ends_at: datetime) -> WallPiece:
        offset = offset_at(starts_at)
        return WallPiece((starts_at + offset).replace(tzinfo=None), (ends_at + offset).replace(tzinfo=None), offset)

    starts_at = checked = interval.starts_at
    while checked < interval.ends_at:
        until = min(checked + _DAY, interval.ends_at)
        low, high = checked, until if until < interval.ends_at else until - _TICK
        if offset_at(low) != offset_at(high):
            # Zones change on whole seconds, so the last second left over names the change.
            while high - low > _SECOND:
                middle = low + (high - low) / 2
                low, high = (low, middle) if offset_at(middle) != offset_at(low) else (middle, high)
            until = high.replace(microsecond=0)
            yield wall_piece(starts_at, until)
            starts_at = until
        checked = until
    yield wall_piece(starts_at, interval.ends_at)


def minutes_by_local_day(interval: Interval, zone: str) -> dict[date, int]:
    """True minutes of an interval that fall on each local date, in order; dates without any are left out."""
    spent: dict[date, timedelta] = {}
    for piece in wall_pieces(interval, zone):
        start = piece.starts_at
        while start < piece.ends_at:
            end = min(datetime.combine(start.date() + _DAY, time.min), piece.ends_at)
            spent[start.date()] = spent.get(start.date(), timedelta()) + (end - start)
            start = end
    return {day: length // _MINUTE for day, length in spent.items()}


def subtract(interval: Interval, holes: Iterable[Interval]) -> list[Interval]:
    """What is left of an interval when others are cut out of it, in order."""
    left: list[Interval] = []
    starts_at = interval.starts_at
    for hole in sorted(holes, key=lambda each: each.starts_at):
        if not hole.overlaps(interval):
            continue
        if starts_at < hole.starts_at:
            left.append(Interval(starts_at, hole.starts_at))
        starts_at = max(starts_at, hole.ends_at)
    if starts_at < interval.ends_at:
        left.append(Interval(starts_at, interval.ends_at))
    return left


def minutes_label(minutes: int) -> str:
    """A length in words: "45 min", "7 h", "7 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def day_label(day: date) -> str:
    """A date in words: "Mon 8 Jun 2026"."""
    return f"{_short_date(day)} {day.year}"


def clock_label(at: time | datetime, *, clock_24h: bool) -> str:
    """A time of day as a site's clock shows it: "07:30", "7:30 AM", which no line break tears apart."""
    return f"{at:%H:%M}" if clock_24h else f"{at.hour % 12 or 12}:{at:%M}\u00a0{'PM' if at.hour >= 12 else 'AM'}"


def clock_span_label(start: time | datetime, end: time | datetime, days_later: int, *, clock_24h: bool) -> str:
    """Two times of day: "07:00–15:00", "10:00 PM–6:00 AM +1"."""
    label = f"{clock_label(start, clock_24h=clock_24h)}–{clock_label(end, clock_24h=clock_24h)}"
    return f"{label} +{days_later}" if days_later else label


# A board names the same shifts again with every change of the week.
@lru_cache(maxsize=8192)
def span_label(interval: Interval, zone: str, *, clock_24h: bool) -> str:
    """An interval in local time: "07:00–15:00", "10:00 PM–6:00 AM +1".

    When a clock change makes the true length differ from what the clock suggests, it is added: "22:00–06:00 +1, 7 h".
    """
    start = local(interval.starts_at, zone).replace(tzinfo=None)
    end = local(interval.ends_at, zone).replace(tzinfo=None)
    label = clock_span_label(start, end, (end.date() - start.date()).days, clock_24h=clock_24h)
    true_length = interval.ends_at - interval.starts_at
    return label if end - start == true_length else f"{label}, {minutes_label(interval.minutes)}"


def moment_label(instant: datetime, zone: str, *, clock_24h: bool) -> str:
    """An instant in local time: "Mon 23 Nov, 14:00"."""
    there = local(instant, zone)
    return f"{_short_date(there.date())}, {clock_label(there, clock_24h=clock_24h)}"


def shift_label(span: Interval, zone: str, title: str | None = None, *, clock_24h: bool) -> str:
    """A shift in a sentence: "Mon 23 Nov, 07:00–15:00", with its title when it has one."""
    label = f"{_short_date(local_date(span.starts_at, zone))}, {span_label(span, zone, clock_24h=clock_24h)}"
    return f"{label} ({title})" if title else label


def week_label(week_start: date) -> str:
    """The seven days: "23–29 Nov 2026", "30 Nov – 6 Dec 2026", "28 Dec 2026 – 3 Jan 2027"."""
    return dated_days_label(week_start, week_start + timedelta(days=6))


def dated_days_label(first: date, last: date) -> str:
    """Days in a row with their year, as those of a week."""
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    start = f"{first.day} {_MONTHS[first.month - 1]}"
    return f"{start} – {end}" if first.year == last.year else f"{start} {first.year} – {end}"


def zone_label(zone: str) -> str:
    """Whose time it is, in words: "Berlin time"."""
    place = zone.rpartition("/")[2].replace("_", " ")
    return place if place in ("UTC", "GMT") else f"{place} time"


def is_same_time(one: str, other: str, instant: datetime) -> bool:
    """Tell whether the clocks of two zones show the same at an instant.

    Raises:
        InvalidInput: Unknown zone.
    """
    return one == other or local(instant, one).utcoffset() == local(instant, other).utcoffset()


def _short_date(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
