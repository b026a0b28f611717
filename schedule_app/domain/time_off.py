"""Time off: what can be asked for, the life of a request, and its times in words."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from schedule_app.domain.errors import IllegalTransition, InvalidInput
from schedule_app.domain.time import (
    Interval,
    clock_label,
    day_label,
    local,
    minutes_by_local_day,
    resolve_span,
    resolve_wall,
    span_label,
)

#: Days that one request covers at most.
LONGEST_DAYS: Final = 366
#: How far back it may begin, as after an illness, and how far ahead.
DAYS_BACK: Final = 31
DAYS_AHEAD: Final = 730

_DAY: Final = timedelta(days=1)


class TimeOffKind(StrEnum):
    """Why somebody is off; told only to those who decide."""

    VACATION = "vacation"
    SICK = "sick"
    UNPAID = "unpaid"
    OTHER = "other"


class TimeOffStatus(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


# The statuses in which the days are spoken for; two such requests of one person do not overlap.
STANDING: Final = frozenset({TimeOffStatus.WAITING, TimeOffStatus.APPROVED})

TRANSITIONS: frozenset[tuple[TimeOffStatus, TimeOffStatus]] = frozenset(
    {
        (TimeOffStatus.WAITING, TimeOffStatus.APPROVED),
        (TimeOffStatus.WAITING, TimeOffStatus.REJECTED),
        (TimeOffStatus.WAITING, TimeOffStatus.WITHDRAWN),
        (TimeOffStatus.APPROVED, TimeOffStatus.WITHDRAWN),
    }
)

_IS: Final = {
    TimeOffStatus.WAITING: "still waits for a decision",
    TimeOffStatus.APPROVED: "is approved already",
    TimeOffStatus.REJECTED: "was rejected already",
    TimeOffStatus.WITHDRAWN: "was withdrawn",
}
_DONE: Final = {
    TimeOffStatus.WAITING: "made anew",
    TimeOffStatus.APPROVED: "approved",
    TimeOffStatus.REJECTED: "rejected",
    TimeOffStatus.WITHDRAWN: "withdrawn",
}


def check_transition(current: TimeOffStatus, new: TimeOffStatus) -> None:
    """Refuse a status change the table does not have.

    Raises:
        IllegalTransition: A request cannot go from the one to the other.
    """
    if (current, new) not in TRANSITIONS:
        raise IllegalTransition(f"This request {_IS[current]} and cannot be {_DONE[new]}.")


def time_off_span(first_on: date, last_on: date, start: time | None, end: time | None, zone: str) -> Interval:
    """When somebody would be off.

    Args:
        first_on: The first local date.
        last_on: The last one, which belongs to it. With times it is the first.
        start: From when; None for whole days, from midnight to midnight however long the clock makes them.
        end: Until when; at or before the start it is of the next day.
        zone: An IANA zone name.

    Raises:
        InvalidInput: The dates or the times do not fit together.
    """
    if (start is None) != (end is None):
        missing = "start" if start is None else "end"
        raise InvalidInput("Please give both times, or choose whole days.", missing)
    if last_on < first_on:
        raise InvalidInput("The last day is before the first.", "last_on")
    if (last_on - first_on).days >= LONGEST_DAYS:
        raise InvalidInput(f"One request covers at most {LONGEST_DAYS} days.", "last_on")
    if start is None or end is None:
        return Interval(resolve_wall(first_on, time.min, zone).at, resolve_wall(last_on + _DAY, time.min, zone).at)
    if last_on != first_on:
        raise InvalidInput("Hours are asked for on one day. Please choose whole days for several.", "last_on")
    if start == end:
        raise InvalidInput("The end is the start. For all of the day choose whole days.", "end")
    return resolve_span(first_on, start, end, zone)


def check_reach(first_on: date, today: date) -> None:
    """Refuse what begins too long ago or too far ahead.

    Raises:
        InvalidInput: Says how far one may go.
    """
    if first_on < today - DAYS_BACK * _DAY:
        raise InvalidInput(f"Time off can be asked for at most {DAYS_BACK} days back.", "first_on")
    if first_on > today + DAYS_AHEAD * _DAY:
        raise InvalidInput(f"Time off can be asked for at most {DAYS_AHEAD} days ahead.", "first_on")


def time_off_label(span: Interval, zone: str, *, clock_24h: bool) -> str:
    """Time off in a sentence.

    Returns:
        As "Mon 23 Nov 2026", "Mon 23 Nov 2026 to Fri 27 Nov 2026", "Mon 23 Nov 2026, 14:00–18:00".
    """
    first = _day_begun(span.starts_at, zone)
    after = _day_begun(span.ends_at, zone)
    if first and after:
        last = after - _DAY
        return day_label(first) if first == last else f"{day_label(first)} to {day_label(last)}"
    start, end = (local(at, zone) for at in (span.starts_at, span.ends_at))
    if (end.date() - start.date()).days <= 1:
        return f"{day_label(start.date())}, {span_label(span, zone, clock_24h=clock_24h)}"
    from_, until = (f"{day_label(at.date())}, {clock_label(at, clock_24h=clock_24h)}" for at in (start, end))
    return f"{from_} to {until}"


def days_off(spans: Iterable[Interval], zone: str, year: int) -> int:
    """On how many dates of a year whole days are off."""
    return sum(day.year == year for span in spans for day in minutes_by_local_day(span, zone))


def minutes_off(spans: Iterable[Interval], zone: str, year: int) -> int:
    """How many minutes off fall in a year."""
    return sum(
        minutes for span in spans for day, minutes in minutes_by_local_day(span, zone).items() if day.year == year
    )


def _day_begun(at: datetime, zone: str) -> date | None:
    """The local date that begins at an instant; None where none does."""
    day = local(at, zone).date()
    return day if resolve_wall(day, time.min, zone).at == at else None
