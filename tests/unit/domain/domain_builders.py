"""Facts with defaults, for tests that care about one or two of them."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

from schedule_app.domain.facts import (
    DayAvailability,
    EmployeeFacts,
    LaterAvailability,
    Preference,
    Qualification,
    RuleFacts,
    ShiftFacts,
)
from schedule_app.domain.facts import TimeSlot as Slot
from schedule_app.domain.time import Interval, resolve_span

BERLIN = "Europe/Berlin"
MONDAY = date(2026, 6, 8)
NEVER_EXPIRES = None


def day(offset: int, monday: date = MONDAY) -> date:
    """A date counted from the Monday of the test week."""
    return monday + timedelta(days=offset)


def clock(text: str) -> time:
    return time.fromisoformat(text)


def shift(
    on: date = MONDAY,
    times: str = "07:00-15:00",
    *,
    id: int = 1,
    zone: str = BERLIN,
    shift_type: str = "general",
    requires: tuple[str, ...] = (),
    week_starts_on: int = 0,
) -> ShiftFacts:
    start, end = map(clock, times.split("-"))
    span = resolve_span(on, start, end, zone)
    return ShiftFacts(id, 1, None, zone, on, span, shift_type, requires, 1, week_starts_on)


def shifts(*days: date, times: str = "07:00-15:00", zone: str = BERLIN) -> list[ShiftFacts]:
    """One shift on each date, with ids from 101 on."""
    return [shift(on, times, id=101 + index, zone=zone) for index, on in enumerate(days)]


def employee(
    *,
    id: int = 7,
    site_id: int = 1,
    department_id: int | None = None,
    qualifications: tuple[Qualification, ...] = (),
    availability: Mapping[int, DayAvailability] | None = None,
    contracted_minutes: int | None = None,
    max_minutes: int | None = None,
    is_active: bool = True,
    time_off: tuple[Interval, ...] = (),
    later_availability: tuple[LaterAvailability, ...] = (),
    exceptions: Mapping[date, DayAvailability] | None = None,
) -> EmployeeFacts:
    return EmployeeFacts(
        id,
        "Bob Worker",
        "employee",
        site_id,
        department_id,
        qualifications,
        availability or {},
        contracted_minutes,
        max_minutes,
        is_active,
        time_off,
        later_availability,
        exceptions or {},
    )


def rule(
    rule_type: str,
    limits: object,
    *,
    id: int = 50,
    strict: bool = True,
    priority: int = 5,
    site_id: int = 1,
    department_id: int | None = None,
    employee_id: int | None = None,
    effective_from: date | None = None,
    effective_until: date | None = None,
) -> RuleFacts[Any]:
    return RuleFacts(
        id,
        rule_type,
        limits,
        strict,
        priority,
        site_id,
        department_id,
        employee_id,
        effective_from,
        effective_until,
    )


def slot(times: str, preference: Preference = Preference.AVAILABLE) -> Slot:
    start, end = map(clock, times.split("-"))
    return Slot(start, end, preference)


def open_at(*slots: Slot) -> DayAvailability:
    return DayAvailability(available=True, slots=slots)


CLOSED = DayAvailability(available=False, slots=())
