"""One assignment in full."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.time import Interval, moment_label, span_label
from schedule_app.queries.labels import long_day

_DETAIL = text("""
    SELECT held.id, held.version, held.shift_id, held.employee_id, held.status, held.confirm_by,
           held.response_note, held.override_reason, held.objection,
           employees.name AS employee_name, shifts.site_id, shifts.local_date, shifts.time_zone,
           shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, sites.clock_24h,
           COALESCE(departments.name, '') AS department, COALESCE(assigners.name, '') AS assigned_by,
           COALESCE((
               SELECT json_agg(rule_violations.message ORDER BY rule_violations.id)
               FROM rule_violations WHERE rule_violations.assignment_id = held.id
           ), '[]') AS warnings
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
    LEFT JOIN employees AS assigners ON assigners.id = held.created_by_id
    WHERE held.id = :assignment_id
""")


@dataclass(frozen=True, slots=True)
class AssignmentDetail:
    """What a manager sees of an assignment; all words are ready for display."""

    id: int = 0
    version: int = 0
    shift_id: int = 0
    employee_id: int = 0
    employee_name: str = ""
    local_date: str = ""
    title: str = ""
    label: str = ""
    day_label: str = ""
    department: str = ""
    status: str = ""
    confirm_by_label: str = ""
    note: str = ""
    assigned_by: str = ""
    override_reason: str = ""
    objection: str = ""
    warnings: tuple[str, ...] = ()


async def assignment_detail(session: AsyncSession, actor: Actor, assignment_id: int) -> AssignmentDetail:
    """Find an assignment on a site whose plans the actor may see.

    Raises:
        NotFound: No such assignment, or of another site.
    """
    found = (await session.execute(_DETAIL, {"assignment_id": assignment_id})).one_or_none()
    if found is None or not can(actor, Permission.VIEW_DRAFT, site_id=found.site_id):
        raise NotFound
    return AssignmentDetail(
        id=found.id,
        version=found.version,
        shift_id=found.shift_id,
        employee_id=found.employee_id,
        employee_name=found.employee_name,
        local_date=found.local_date.isoformat(),
        title=found.title or found.shift_type.capitalize(),
        label=span_label(Interval(found.starts_at, found.ends_at), found.time_zone, clock_24h=found.clock_24h),
        day_label=long_day(found.local_date),
        department=found.department,
        status=found.status,
        confirm_by_label=(
            moment_label(found.confirm_by, found.time_zone, clock_24h=found.clock_24h) if found.confirm_by else ""
        ),
        note=found.response_note or "",
        assigned_by=found.assigned_by,
        override_reason=found.override_reason or "",
        objection=found.objection or "",
        warnings=tuple(found.warnings),
    )
