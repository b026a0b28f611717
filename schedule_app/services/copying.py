"""Shifts carried from one week into another, and a whole version into the next."""

import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import resolve_span

_SOURCE_SHIFTS = text("""
    SELECT shifts.department_id, shifts.local_date, shifts.local_start, shifts.local_end, shifts.shift_type,
           shifts.title, shifts.required_staff, shifts.priority, shifts.requirements, shifts.notes
    FROM shifts
    JOIN schedules ON schedules.id = shifts.schedule_id
    WHERE shifts.schedule_id = :schedule_id AND schedules.site_id = :site_id
    ORDER BY shifts.id
""")

_INSERT_SHIFTS = text("""
    INSERT INTO shifts
        (schedule_id, site_id, department_id, local_date, local_start, local_end, time_zone, starts_at, ends_at,
         shift_type, title, required_staff, priority, requirements, notes, created_by_id, updated_by_id)
    SELECT :schedule_id, :site_id, each.department_id, each.local_date, each.local_start, each.local_end, :time_zone,
           each.starts_at, each.ends_at, each.shift_type, each.title, each.required_staff, each.priority,
           each.requirements, each.notes, :actor_id, :actor_id
    FROM jsonb_to_recordset(CAST(:shifts AS jsonb)) AS each (
        department_id bigint, local_date date, local_start time, local_end time, starts_at timestamptz,
        ends_at timestamptz, shift_type text, title text, required_staff integer, priority integer,
        requirements jsonb, notes text)
""")

_COPY_SHIFTS = text("""
    INSERT INTO shifts
        (schedule_id, site_id, department_id, lineage_id, local_date, local_start, local_end, time_zone, starts_at,
         ends_at, shift_type, title, required_staff, priority, requirements, notes, created_by_id, updated_by_id)
    SELECT :child_id, site_id, department_id, lineage_id, local_date, local_start, local_end, time_zone, starts_at,
           ends_at, shift_type, title, required_staff, priority, requirements, notes, :actor_id, :actor_id
    FROM shifts
    WHERE schedule_id = :parent_id
    ORDER BY id
""")

_COPY_ASSIGNMENTS = text("""
    INSERT INTO schedule_assignments
        (schedule_id, shift_id, employee_id, starts_at, ends_at, source, pinned, override_reason, objection,
         objected_at, reason, created_by_id, updated_by_id)
    SELECT copy.schedule_id, copy.id, held.employee_id, copy.starts_at, copy.ends_at, held.source, held.pinned,
           held.override_reason, held.objection, held.objected_at, held.reason, :actor_id, :actor_id
    FROM schedule_assignments AS held
    JOIN shifts AS original ON original.id = held.shift_id
    JOIN shifts AS copy ON copy.schedule_id = :child_id AND copy.lineage_id = original.lineage_id
    JOIN employees ON employees.id = held.employee_id
    WHERE held.schedule_id = :parent_id AND held.status = ANY(:active)
      AND (:with_those_who_left
           OR (employees.is_active AND employees.deleted_at IS NULL AND employees.site_id = copy.site_id))
    ORDER BY held.id
""")

_COPY_VIOLATIONS = text("""
    INSERT INTO rule_violations
        (schedule_id, assignment_id, rule_id, rule_type, severity, message, override_reason, overridden_by_id)
    SELECT copy.schedule_id, copy.id, found.rule_id, found.rule_type, found.severity, found.message,
           found.override_reason, found.overridden_by_id
    FROM rule_violations AS found
    JOIN schedule_assignments AS held ON held.id = found.assignment_id
    JOIN shifts AS original ON original.id = held.shift_id
    JOIN shifts AS twin ON twin.schedule_id = :child_id AND twin.lineage_id = original.lineage_id
    JOIN schedule_assignments AS copy ON copy.shift_id = twin.id AND copy.employee_id = held.employee_id
    WHERE found.schedule_id = :parent_id
    ORDER BY found.id
""")


async def copy_shifts_by_wall_time(
    session: AsyncSession, actor: Actor, source_id: int, target_id: int, site_id: int, *, zone: str, week_start: date
) -> None:
    """Give a new week the shifts of another: same weekday, same wall time, new instants.

    Raises:
        NotFound: The source is missing, of another site, or has no shifts.
    """
    rows = (await session.execute(_SOURCE_SHIFTS, {"schedule_id": source_id, "site_id": site_id})).all()
    if not rows:
        raise NotFound("There are no shifts to copy from.")
    values = {
        "schedule_id": target_id,
        "site_id": site_id,
        "time_zone": zone,
        "actor_id": actor.employee_id,
        "shifts": json.dumps([_moved(row, zone, week_start) for row in rows], default=str),
    }
    await session.execute(_INSERT_SHIFTS, values)


async def copy_version(session: AsyncSession, actor: Actor, parent_id: int, child_id: int) -> None:
    """Give a new version all shifts of its parent, with their lineage, and everyone actively on them."""
    values = {"child_id": child_id, "parent_id": parent_id, "actor_id": actor.employee_id}
    await session.execute(_COPY_SHIFTS, values)
    await session.execute(_COPY_ASSIGNMENTS, {**values, "active": sorted(ACTIVE), "with_those_who_left": True})
    await session.execute(_COPY_VIOLATIONS, values)


async def copy_for_restoring(session: AsyncSession, actor: Actor, source_id: int, draft_id: int) -> None:
    """As `copy_version`, without people who no longer work here, and without what the rules said at the time."""
    values = {"child_id": draft_id, "parent_id": source_id, "actor_id": actor.employee_id}
    await session.execute(_COPY_SHIFTS, values)
    await session.execute(_COPY_ASSIGNMENTS, {**values, "active": sorted(ACTIVE), "with_those_who_left": False})


def _moved(row: Row[Any], zone: str, week_start: date) -> dict[str, Any]:
    day = week_start + timedelta(days=(row.local_date - week_start).days % 7)
    span = resolve_span(day, row.local_start, row.local_end, zone)
    return {**row._mapping, "local_date": day, "starts_at": span.starts_at, "ends_at": span.ends_at}
