"""What notices are made of: their kinds, their words, and the shifts and times they name.

What is named is put into words only when it is read, by the clock of the reader's site. A shift keeps the time of the
place where it is worked, because that is the clock on the wall there; a deadline is told in the reader's own time,
because they meet it wherever they are. Where the two differ, each says whose time it is.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time import (
    Interval,
    day_label,
    is_same_time,
    moment_label,
    shift_label,
    week_label,
    zone_label,
)
from schedule_app.domain.time_off import time_off_label


class Category(StrEnum):
    """The inbox filter a notification falls under."""

    SCHEDULE = "schedule"
    ASSIGNMENT = "assignment"
    APPROVAL = "approval"
    ANNOUNCEMENT = "announcement"
    SYSTEM = "system"


class Priority(StrEnum):
    """How loudly it is told."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads, and how times are written for them.

    Attributes:
        clock_24h: Whether their site's clock goes to 24.
        zone: Their own time zone; "" where it is not known, and times are then those of the place they are about.
    """

    clock_24h: bool
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A notification in words; the title alone says what happened.

    Attributes:
        title: One line.
        body: One line, and complete.
        text: The body with the line ends that somebody put into it, where it has any; "" else.
    """

    title: str
    body: str
    text: str = ""


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

    @property
    def begins(self) -> datetime:
        """When it starts."""
        return _instant(self.starts_at)

    def words(self, reader: Reader) -> str:
        """The day, the times where it is worked, and the title."""
        with _readable():
            span = Interval(self.begins, datetime.fromisoformat(self.ends_at))
        label = shift_label(span, self.zone, clock_24h=reader.clock_24h)
        where = _place(self.zone, reader, span.starts_at, span.ends_at)
        title = f" ({self.title})" if self.title else ""
        gone = ", no longer yours" if self.is_gone else ""
        return f"{label}{where}{title}{gone}"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant that a notice names, in ISO form, put into words only when it is read."""

    at: str
    zone: str

    @classmethod
    def of(cls, at: datetime, zone: str) -> "Moment":
        """An instant at a site."""
        return cls(at.isoformat(), zone)

    @property
    def instant(self) -> datetime:
        """When it is."""
        return _instant(self.at)

    def words(self, reader: Reader) -> str:
        """The day and the time where the reader is."""
        at = self.instant
        if is_same_time(self.zone, reader.zone or self.zone, at):
            return moment_label(at, self.zone, clock_24h=reader.clock_24h)
        return f"{moment_label(at, reader.zone, clock_24h=reader.clock_24h)}, {zone_label(reader.zone)}"


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

    def words(self, reader: Reader) -> str:
        """The day or the days at the site, and the times where it is not all of them."""
        with _readable():
            span = Interval(datetime.fromisoformat(self.starts_at), datetime.fromisoformat(self.ends_at))
        label = time_off_label(span, self.zone, clock_24h=reader.clock_24h)
        return f"{label}{_place(self.zone, reader, span.starts_at, span.ends_at)}"


@dataclass(frozen=True, slots=True)
class NamedWeek:
    """A week that a notice names; its first day in ISO form."""

    starts_on: str

    @classmethod
    def of(cls, week_start: date) -> "NamedWeek":
        """The week that begins on a day."""
        return cls(week_start.isoformat())

    def words(self, reader: Reader) -> str:
        """Its days, the same for every reader."""
        del reader
        with _readable():
            return week_label(date.fromisoformat(self.starts_on))


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A date that a notice names, in ISO form."""

    on: str

    @classmethod
    def of(cls, day: date) -> "NamedDay":
        """A date."""
        return cls(day.isoformat())

    def words(self, reader: Reader) -> str:
        """The date, the same for every reader."""
        del reader
        with _readable():
            return day_label(date.fromisoformat(self.on))


class Named(Protocol):
    """What a notice names and is put into words when it is read."""

    def words(self, reader: Reader) -> str:
        """The words."""
        ...


#: What notices name; `parse` reads them from JSON.
NAMED: Final = (NamedShift, NamedTimeOff, NamedWeek, NamedDay, Moment)


def said(thing: Named | str, reader: Reader) -> str:
    """The words of what a notice names; in old payloads it is words already."""
    return thing if isinstance(thing, str) else thing.words(reader)


def listed(things: Sequence[Named | str], reader: Reader, count: int = 0) -> str:
    """The words of several things in one line; of `count` in all, where only the first few are named."""
    words = "; ".join(said(each, reader) for each in things)
    more = count - len(things)
    return f"{words} and {more} more" if more > 0 else words


def with_note(shift: str, note: str) -> str:
    """A sentence about a shift, with the note that somebody wrote."""
    return f"{shift}. Note: {note}" if note.strip() else f"{shift}."


def _place(zone: str, reader: Reader, *instants: datetime) -> str:
    """Whose time it is, where the reader's clock shows another."""
    is_plain = not reader.zone or all(is_same_time(zone, reader.zone, each) for each in instants)
    return "" if is_plain else f", {zone_label(zone)}"


def _instant(text: str) -> datetime:
    with _readable():
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise ValueError(text)
        return at


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise InvalidInput("The notification names a time that cannot be read.") from error
