"""Rows with sensible defaults; any column may be overridden by keyword. Each builder flushes and does not commit."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.time import resolve_span
from schedule_app.domain.time_off import time_off_span
from schedule_app.models import (
    Department,
    Employee,
    Notification,
    Rule,
    Schedule,
    ScheduleAssignment,
    Shift,
    Site,
    TimeOffRequest,
)

MONDAY = date(2026, 11, 23)
ZONE = "Europe/Berlin"

Row = TypeVar("Row")

_numbers = itertools.count(1)
# The way through the status machine, one step after the other.
_PATH = ("draft", "pending", "approved", "published", "archived")


async def build_site(session: AsyncSession, **columns: Any) -> Site:
    """A site in Berlin."""
    return await _add(session, Site(**{"name": f"Site {next(_numbers)}", "time_zone": ZONE, **columns}))


async def build_department(session: AsyncSession, site: Site, **columns: Any) -> Department:
    """A department of the site."""
    return await _add(session, Department(**{"site_id": site.id, "name": f"Department {next(_numbers)}", **columns}))


async def build_employee(session: AsyncSession, site: Site, **columns: Any) -> Employee:
    """An active employee with the role "employee", no password and no qualifications, always available."""
    number = next(_numbers)
    defaults = {"site_id": site.id, "name": f"Employee {number}", "email": f"employee{number}@example.com"}
    return await _add(session, Employee(**{**defaults, **columns}))


async def build_schedule(session: AsyncSession, site: Site, *, status: str = "draft", **columns: Any) -> Schedule:
    """A version of the site's week of Monday, 23 November 2026.

    One made with another status than draft has no shifts and takes none once it is published: add the shifts to a
    draft, then call `advance_schedule`.
    """
    week_start = columns.get("week_start", MONDAY)
    defaults = {"site_id": site.id, "week_start": week_start, "week_end": week_start + timedelta(days=6)}
    schedule = await _add(session, Schedule(**{**defaults, **columns}))
    if status != "draft":
        await advance_schedule(session, schedule, status)
    return schedule


async def advance_schedule(
    session: AsyncSession, schedule: Schedule, status: str, *, by: Employee | None = None
) -> Schedule:
    """Take a schedule forward to `status` step by step, by the given manager or a new one."""
    manager = by or await build_employee(session, await session.get_one(Site, schedule.site_id), role="manager")
    now = datetime.now(UTC)
    stamps: dict[str, dict[str, Any]] = {
        "pending": {"submitted_by_id": manager.id, "submitted_at": now},
        "approved": {"approved_by_id": manager.id, "approved_at": now},
        "published": {"published_by_id": manager.id, "published_at": now},
        "archived": {"archived_at": now},
    }
    for step in _PATH[_PATH.index(schedule.status) + 1 : _PATH.index(status) + 1]:
        for column, value in {"status": step, **stamps[step]}.items():
            setattr(schedule, column, value)
        await session.flush()
    return schedule


async def build_shift(
    session: AsyncSession,
    schedule: Schedule,
    *,
    day: int = 0,
    start: time = time(9),
    end: time = time(17),
    qualifications: tuple[str, ...] = (),
    **columns: Any,
) -> Shift:
    """A shift on the given day of the schedule's week (0 is the first), in the site's wall time."""
    site = await session.get_one(Site, schedule.site_id)
    local_date = schedule.week_start + timedelta(days=day)
    span = resolve_span(local_date, start, end, site.time_zone)
    defaults = {
        "schedule_id": schedule.id,
        "site_id": schedule.site_id,
        "local_date": local_date,
        "local_start": start,
        "local_end": end,
        "time_zone": site.time_zone,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "requirements": {"qualifications": list(qualifications)} if qualifications else {},
    }
    return await _add(session, Shift(**{**defaults, **columns}))


async def build_assignment(
    session: AsyncSession, shift: Shift, employee: Employee, **columns: Any
) -> ScheduleAssignment:
    """The employee on the shift, with status "assigned"."""
    schedule = await session.get_one(Schedule, shift.schedule_id)
    defaults = {
        "schedule_id": shift.schedule_id,
        "shift_id": shift.id,
        "employee_id": employee.id,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "in_force": schedule.in_force,
    }
    return await _add(session, ScheduleAssignment(**{**defaults, **columns}))


async def build_rule(session: AsyncSession, site: Site, **columns: Any) -> Rule:
    """A strict rule for the whole site: eleven hours of rest."""
    defaults = {
        "site_id": site.id,
        "rule_type": "rest_period",
        "name": f"Rule {next(_numbers)}",
        "constraints": {"min_minutes": 660},
    }
    return await _add(session, Rule(**{**defaults, **columns}))


async def build_notification(session: AsyncSession, recipient: Employee, **columns: Any) -> Notification:
    """An unread notification."""
    defaults = {"recipient_id": recipient.id, "type": "schedule_approved", "category": "approval"}
    return await _add(session, Notification(**{**defaults, **columns}))


async def build_time_off(
    session: AsyncSession,
    employee: Employee,
    first_on: date,
    last_on: date | None = None,
    *,
    status: str = "approved",
    zone: str = ZONE,
    **columns: Any,
) -> TimeOffRequest:
    """Whole days of vacation, approved by the person unless said otherwise."""
    span = time_off_span(first_on, last_on or first_on, None, None, zone)
    defaults = {
        "employee_id": employee.id,
        "kind": "vacation",
        "whole_days": True,
        "first_on": first_on,
        "last_on": last_on or first_on,
        "time_zone": zone,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "status": status,
    }
    if status in ("approved", "rejected"):
        defaults |= {"decided_by_id": employee.id, "decided_at": datetime.now(UTC)}
    return await _add(session, TimeOffRequest(**{**defaults, **columns}))


async def _add(session: AsyncSession, row: Row) -> Row:
    session.add(row)
    await session.flush()
    return row
