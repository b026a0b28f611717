"""What notices are made of: their kinds, their words, and the shifts and times they name.

What is named is put into words only when it is read, by the clock of the reader's site.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time import Interval, moment_label, shift_label
from schedule_app.domain.time_off import time_off_label


class Category(StrEnum):
    """The inbox filter a notification falls under."""

    SCHEDULE = "schedule"
    ASSIGNMENT = "assignment"
    APPROVAL = "approval"
    SYSTEM = "system"


class Priority(StrEnum):
    """How loudly it is told."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Wording:
    """A notification in words; the title alone says what happened."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class NamedShift:
    """A shift that a notice names, put into words only when it is read.

    Attributes:
        starts_at: The instant, in ISO form; so is `ends_at`.
        is_gone: Whether it is the reader's no longer.
    """

    starts_at: str
    ends_at: str
    zone: str
    title: str | None = None
    is_gone: bool = False

    @classmethod
    def of(cls, span: Interval, zone: str, title: str | None = None, *, is_gone: bool = False) -> "NamedShift":
        """A shift at a site."""
        return cls(span.starts_at.isoformat(), span.ends_at.isoformat(), zone, title, is_gone)

    def words(self, *, clock_24h: bool) -> str:
        """The day, the times and the title."""
        with _readable():
            span = Interval(datetime.fromisoformat(self.starts_at), datetime.fromisoformat(self.ends_at))
        label = shift_label(span, self.zone, self.title, clock_24h=clock_24h)
        return f"{label}, no longer yours" if self.is_gone else label


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant that a notice names, in ISO form, put into words only when it is read."""

    at: str
    zone: str

    @classmethod
    def of(cls, at: datetime, zone: str) -> "Moment":
        """An instant at a site."""
        return cls(at.isoformat(), zone)

    def words(self, *, clock_24h: bool) -> str:
        """The day and the time."""
        with _readable():
            at = datetime.fromisoformat(self.at)
        return moment_label(at, self.zone, clock_24h=clock_24h)


@dataclass(frozen=True, slots=True)
class NamedTimeOff:
    """Time off that a notice names, put into words only when it is read; instants in ISO form."""

    starts_at: str
    ends_at: str
    zone: str

    @classmethod
    def of(cls, span: Interval, zone: str) -> "NamedTimeOff":
        """Time off at a site."""
        return cls(span.starts_at.isoformat(), span.ends_at.isoformat(), zone)

    def words(self, *, clock_24h: bool) -> str:
        """The day or the days, and the times where it is not all of them."""
        with _readable():
            span = Interval(datetime.fromisoformat(self.starts_at), datetime.fromisoformat(self.ends_at))
        return time_off_label(span, self.zone, clock_24h=clock_24h)


def said(thing: NamedShift | Moment | str, clock_24h: bool) -> str:
    """The words of what a notice names; in old payloads it is words already."""
    return thing if isinstance(thing, str) else thing.words(clock_24h=clock_24h)


def listed(shifts: Iterable[NamedShift | str], clock_24h: bool) -> str:
    """The words of several shifts in one line."""
    return "; ".join(said(each, clock_24h) for each in shifts)


def with_note(shift: str, note: str) -> str:
    """A sentence about a shift, with the note that somebody wrote."""
    return f"{shift}. Note: {note}" if note.strip() else f"{shift}."


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise InvalidInput("The notification names a time that cannot be read.") from error
