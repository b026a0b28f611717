"""Rows turned into the facts that domain rules read."""

from typing import Any

from schedule_app.domain.facts import (
    DayAvailability,
    EmployeeFacts,
    Qualification,
    RuleFacts,
    ShiftFacts,
    TimeSlot,
)
from schedule_app.domain.time import Interval
from schedule_app.models.employee import WEEKDAYS, DayRecord, Employee, parse_availability, parse_qualifications
from schedule_app.models.rule import Rule, parse_limits
from schedule_app.models.shift import Shift, parse_requirements


def employee_facts(row: Employee) -> EmployeeFacts:
    """An employee as the rules see them.

    Raises:
        pydantic.ValidationError: When a JSON column holds something the program never wrote.
    """
    days = parse_availability(row.availability)
    return EmployeeFacts(
        id=row.id,
        name=row.name,
        role=row.role,
        site_id=row.site_id,
        department_id=row.department_id,
        qualifications=tuple(
            Qualification(record.name, record.expires_on) for record in parse_qualifications(row.qualifications)
        ),
        availability={WEEKDAYS.index(weekday): _day(record) for weekday, record in days.items()},
        contracted_minutes=row.contracted_minutes,
        max_minutes=row.max_minutes,
        is_active=row.is_active and row.deleted_at is None,
    )


def _day(record: DayRecord) -> DayAvailability:
    slots = (TimeSlot(slot.start, slot.end, slot.preference) for slot in record.time_slots)
    return DayAvailability(record.available, tuple(slots))


def shift_facts(row: Shift, *, week_starts_on: int = 0) -> ShiftFacts:
    """A shift as the rules see it.

    Args:
        row: The shift.
        week_starts_on: The first day of its site's week, 0 for Monday.

    Raises:
        pydantic.ValidationError: When a JSON column holds something the program never wrote.
    """
    return ShiftFacts(
        id=row.id,
        site_id=row.site_id,
        department_id=row.department_id,
        zone=row.time_zone,
        local_date=row.local_date,
        span=Interval(row.starts_at, row.ends_at),
        shift_type=row.shift_type,
        required_qualifications=tuple(parse_requirements(row.requirements).qualifications),
        required_staff=row.required_staff,
        week_starts_on=week_starts_on,
    )


def rule_facts(row: Rule) -> RuleFacts[Any]:
    """A rule as the checker reads it.

    Raises:
        pydantic.ValidationError: When its limits do not fit its type.
    """
    return RuleFacts(
        id=row.id,
        rule_type=row.rule_type,
        limits=parse_limits(row.rule_type, row.constraints),
        strict=row.strict,
        priority=row.priority,
        site_id=row.site_id,
        department_id=row.department_id,
        employee_id=row.employee_id,
        effective_from=row.effective_from,
        effective_until=row.effective_until,
    )
