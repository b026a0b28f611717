"""People needed against people there, hour by hour of the local days."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schedule_app.domain.time import Interval, resolve_wall, wall_pieces

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_STEPS = 3


@dataclass(frozen=True, slots=True)
class ShiftLoad:
    """A shift's demand and how much of it is met."""

    span: Interval
    required: int
    staffed: int


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One local hour of one day, told by its worst moment.

    Attributes:
        needed: People needed at that moment.
        staffed: People there at that moment.
        net: `staffed - needed`; no moment of the hour has less.
        exists: False for an hour the clock skips; the numbers are 0 then.
        repeated: True when part of the hour happens twice; both passes are looked at.
    """

    needed: int
    staffed: int
    net: int
    exists: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class CoverageGrid:
    """`cells[hour][day index]`, 24 rows of one cell per day."""

    days: tuple[date, ...]
    cells: tuple[tuple[CoverageCell, ...], ...]


def coverage_grid(loads: Iterable[ShiftLoad], days: Sequence[date], zone: str) -> CoverageGrid:
    """Compute the grid of some local dates.

    Between two moments of equal net the one with more people needed is told.

    Raises:
        InvalidInput: Unknown zone, or a date out of range.
    """
    levels = _Levels(loads)
    columns = [[_cell(levels, spans) for spans in hours_of(day, zone)] for day in days]
    return CoverageGrid(tuple(days), tuple(tuple(column[hour] for column in columns) for hour in range(24)))


def short_and_over_minutes(loads: Iterable[ShiftLoad]) -> tuple[int, int]:
    """Person-minutes that nobody has yet, and those beyond need.

    A surplus on one shift does not make up for another's shortage.
    """
    short = over = 0
    for load in loads:
        net = (load.staffed - load.required) * load.span.minutes
        short, over = short - min(net, 0), over + max(net, 0)
    return short, over


def level(net: int) -> int:
    """The colour step of a net number: -3 to 3, further values clipped."""
    return max(-_STEPS, min(_STEPS, net))


class _Levels:
    """People needed and staffed as step functions of time."""

    def __init__(self, loads: Iterable[ShiftLoad]) -> None:
        changes: dict[datetime, tuple[int, int]] = {}
        for load in loads:
            for at, sign in ((load.span.starts_at, 1), (load.span.ends_at, -1)):
                needed, staffed = changes.get(at, (0, 0))
                changes[at] = (needed + sign * load.required, staffed + sign * load.staffed)
        self._times = sorted(changes)
        self._levels = [(0, 0)]
        for at in self._times:
            needed, staffed = self._levels[-1]
            self._levels.append((needed + changes[at][0], staffed + changes[at][1]))

    def during(self, span: Interval) -> Iterator[tuple[int, int]]:
        """Each (needed, staffed) that holds at some moment of the span."""
        index = bisect_right(self._times, span.starts_at)
        yield self._levels[index]
        while index < len(self._times) and self._times[index] < span.ends_at:
            index += 1
            yield self._levels[index]


def hours_of(day: date, zone: str) -> list[list[Interval]]:
    """The intervals each hour of a local date consists of: one as a rule, none when skipped, two when repeated.

    Raises:
        InvalidInput: Unknown zone, or a date out of range.
    """
    hours: list[list[Interval]] = [[] for _ in range(24)]
    starts_at = resolve_wall(day, time.min, zone).at
    ends_at = resolve_wall(day + _DAY, time.min, zone, second=True).at
    if starts_at == ends_at:
        return hours
    for piece in wall_pieces(Interval(starts_at, ends_at), zone):
        start = piece.starts_at
        while start < piece.ends_at:
            end = min(start.replace(minute=0, second=0, microsecond=0) + _HOUR, piece.ends_at)
            if start.date() == day:
                hours[start.hour].append(piece.instants(start, end))
            start = end
    return hours


def _cell(levels: _Levels, spans: Sequence[Interval]) -> CoverageCell:
    if not spans:
        return CoverageCell(0, 0, 0, exists=False, repeated=False)
    needed, staffed = min(
        (moment for span in spans for moment in levels.during(span)), key=lambda each: (each[1] - each[0], -each[0])
    )
    repeated = sum(span.minutes for span in spans) > 60
    return CoverageCell(needed, staffed, staffed - needed, exists=True, repeated=repeated)
