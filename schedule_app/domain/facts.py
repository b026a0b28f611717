"""What the rules may know about people, shifts and the rules themselves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final, Generic, TypeVar

from schedule_app.domain.time import Interval, week_days, week_start_of

Limits = TypeVar("Limits")


class Preference(StrEnum):
    """How somebody feels about working at a time."""

    AVAILABLE = "available"
    PREFERRED = "preferred"
    DISLIKED = "disliked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Qualification:
    """Something an employee is trained for; still good on the day it expires."""

    name: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class TimeSlot:
    """A time of day and how it suits; an end at or before the start reaches into the next day."""

    start: time
    end: time
    preference: Preference

    def __post_init__(self) -> None:
        if self.start.tzinfo is not None or self.end.tzinfo is not None:
            raise ValueError("Times of day are given without a time zone.")


@dataclass(frozen=True, slots=True)
class DayAvailability:
    """One weekday: not available at all, available all day (no slots), or as the slots say."""

    available: bool
    slots: tuple[TimeSlot, ...]


ALL_DAY: Final = DayAvailability(available=True, slots=())


@dataclass(frozen=True, slots=True)
class LaterAvailability:
    """A weekly availability that takes the place of the one before on a local date."""

    starts_on: date
    days: Mapping[int, DayAvailability]


@dataclass(frozen=True, slots=True)
class EmployeeFacts:
    """An employee as the rules see them.

    Attributes:
        availability: Weekday (0 is Monday) to availability; a weekday left out is available all day. See
            `availability_on` for what holds on a date.
        contracted_minutes: Agreed minutes per week.
        max_minutes: The most this person may work per week.
        time_off: When they are off, as far as it is approved and near what is judged.
        later_availability: What takes the place of `availability`, in the order it does.
        exceptions: Single local dates on which something else holds than in the week.
    """

    id: int
    name: str
    role: str
    site_id: int
    department_id: int | None
    qualifications: tuple[Qualification, ...]
    availability: Mapping[int, DayAvailability]
    contracted_minutes: int | None
    max_minutes: int | None
    is_active: bool
    time_off: tuple[Interval, ...] = ()
    later_availability: tuple[LaterAvailability, ...] = ()
    exceptions: Mapping[date, DayAvailability] = field(default_factory=dict, hash=False)

    def availability_on(self, day: date) -> DayAvailability:
        """What holds on a local date: its exception, or the weekday of the newest week that has begun by then."""
        if day in self.exceptions:
            return self.exceptions[day]
        week = self.availability
        for later in self.later_availability:
            if later.starts_on <= day:
                week = later.days
        return week.get(day.weekday(), ALL_DAY)

    def week_around(self, day: date) -> Mapping[int, DayAvailability]:
        """What holds on a date and three days to either side of it, by weekday."""
        days = (day + timedelta(days=offset) for offset in range(-3, 4))
        return {each.weekday(): self.availability_on(each) for each in days}


def one_shift_of(kind: str) -> str:
    """A kind of shift within a sentence: "an emergency shift"."""
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind} shift"


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """A shift as the rules see it. It belongs wholly to the local date it starts on, also when it ends on the next.

    Attributes:
        zone: The site's IANA time zone.
        local_date: The date it starts on at the site.
        week_starts_on: The first day of the site's week, from Monday as 0 to Sunday as 6.
        clock_24h: How the site's clock counts; sentences about a shift that is judged name times as it shows them.
        beside: Who else works at the same time, of the people whom rules name in pairs.
    """

    id: int
    site_id: int
    department_id: int | None
    zone: str
    local_date: date
    span: Interval
    shift_type: str
    required_qualifications: tuple[str, ...]
    required_staff: int
    week_starts_on: int = 0
    clock_24h: bool = True
    beside: tuple[int, ...] = ()

    @property
    def week_start(self) -> date:
        """The first day of the site's week this shift counts in."""
        return week_start_of(self.local_date, self.week_starts_on)

    def left_by(self, employee_id: int, span: Interval) -> "ShiftFacts":
        """The shift as it is judged when somebody is taken off another of that time in the same step."""
        if not span.overlaps(self.span):
            return self
        return replace(self, beside=tuple(each for each in self.beside if each != employee_id))

    @property
    def named(self) -> str:
        """The kind of shift within a sentence: "an emergency shift"."""
        return one_shift_of(self.shift_type)


@dataclass(frozen=True, slots=True)
class RuleFacts(Generic[Limits]):
    """One rule of a site: what it limits, how hard, for whom and when.

    Attributes:
        limits: The limits dataclass of the rule's type.
        strict: Whether breaking it blocks or only warns.
        priority: 1 to 10, 10 the most important.
        department_id: Only this department, when given.
        employee_id: Only this employee, when given.
        effective_from: First local date it holds on.
        effective_until: Last local date it holds on.
        names: What the people are called whom the limits name, by id.
    """

    id: int
    rule_type: str
    limits: Limits
    strict: bool
    priority: int
    site_id: int
    department_id: int | None
    employee_id: int | None
    effective_from: date | None
    effective_until: date | None
    names: Mapping[int, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """A week as it is planned, for the rules that can only be told of a week as a whole.

    Attributes:
        week_start: The first day of the site's week.
        people: Everybody of the site, by id.
        shifts: All shifts of the week, those that nobody has included.
        staff: By shift, who has it.
        worked: By person all they work, in the week and around it: 21 days to either side, and as far back as the
            rules look.
        rates: By person what an hour costs, in cents; who has none is left out.
    """

    week_start: date
    people: Mapping[int, EmployeeFacts]
    shifts: Sequence[ShiftFacts]
    staff: Mapping[int, Collection[int]]
    worked: Mapping[int, Sequence[ShiftFacts]]
    rates: Mapping[int, int] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, ...]:
        """The seven dates of the week."""
        return week_days(self.week_start)

    def holds(self, shift: ShiftFacts) -> bool:
        """Tell whether a shift counts in this week."""
        return 0 <= (shift.local_date - self.week_start).days < 7

    def in_week(self, employee_id: int) -> list[ShiftFacts]:
        """What somebody works in the week."""
        return [shift for shift in self.worked.get(employee_id, ()) if self.holds(shift)]
