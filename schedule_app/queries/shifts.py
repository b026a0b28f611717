"""One shift, ready for the form that changes it."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.models.shift import SHIFT_TYPES

#: The kinds of shifts with their names, in the order in which they are offered.
SHIFT_KINDS: Final = tuple((kind, kind.capitalize()) for kind in SHIFT_TYPES)

_DETAIL = text("""
    SELECT shifts.id, shifts.version, shifts.schedule_id, shifts.site_id, shifts.local_date, shifts.local_start,
           shifts.local_end, shifts.title, shifts.shift_type, shifts.department_id, shifts.required_staff,
           shifts.priority, COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications, shifts.notes,
           COALESCE((
               SELECT json_agg(employees.name ORDER BY lower(employees.name), employees.id)
               FROM schedule_assignments AS held
               JOIN employees ON employees.id = held.employee_id
               WHERE held.shift_id = shifts.id AND held.status = ANY(:active)
           ), '[]') AS people
    FROM shifts
    WHERE shifts.id = :shift_id
""")


@dataclass(frozen=True, slots=True)
class ShiftDetail:
    """A shift as a form shows it: an ISO date, times as "07:00"; `people` are the names of everybody on it."""

    id: int
    version: int
    schedule_id: int
    site_id: int
    local_date: str
    local_start: str
    local_end: str
    title: str
    shift_type: str
    department_id: int | None
    required_staff: int
    priority: int
    qualifications: tuple[str, ...]
    notes: str
    people: tuple[str, ...]


async def shift_detail(session: AsyncSession, actor: Actor, shift_id: int) -> ShiftDetail:
    """Find a shift on a site whose plans the actor may see.

    Raises:
        NotFound: No such shift, or of another site.
    """
    values = {"shift_id": shift_id, "active": sorted(ACTIVE)}
    found = (await session.execute(_DETAIL, values)).one_or_none()
    if found is None or not can(actor, Permission.VIEW_DRAFT, site_id=found.site_id):
        raise NotFound
    return ShiftDetail(
        id=found.id,
        version=found.version,
        schedule_id=found.schedule_id,
        site_id=found.site_id,
        local_date=found.local_date.isoformat(),
        local_start=f"{found.local_start:%H:%M}",
        local_end=f"{found.local_end:%H:%M}",
        title=found.title or "",
        shift_type=found.shift_type,
        department_id=found.department_id,
        required_staff=found.required_staff,
        priority=found.priority,
        qualifications=tuple(found.qualifications),
        notes=found.notes or "",
        people=tuple(found.people),
    )
