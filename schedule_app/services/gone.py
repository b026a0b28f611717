"""What to say of a thing that somebody removed before somebody else came to change it."""

from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.queries.changes import last_change

# Who deletes a shift takes everybody off it, which the record says of the shift alone.
_REMOVAL = text("""
    SELECT entry.entity_type, entry.entity_id, entry.site_id, sites.time_zone,
           COALESCE(shifts.department_id, CAST(entry.before ->> 'department_id' AS bigint)) AS department_id
    FROM audit_entries AS entry
    JOIN sites ON sites.id = entry.site_id
    LEFT JOIN shifts ON shifts.id = CAST(entry.before ->> 'shift_id' AS bigint)
    WHERE entry.action IN ('unassign', 'delete')
      AND (entry.entity_type, entry.entity_id) IN (
          SELECT CAST(:kind AS text), CAST(:id AS bigint)
          UNION ALL
          SELECT 'shift', CAST(made.after ->> 'shift_id' AS bigint)
          FROM audit_entries AS made
          WHERE made.entity_type = 'assignment' AND made.action = 'assign'
            AND made.entity_type = :kind AND made.entity_id = :id)
    ORDER BY entry.id DESC
    LIMIT 1
""")


async def gone(
    session: AsyncSession, actor: Actor, permission: Permission, kind: Literal["assignment", "shift"], thing_id: int
) -> ScheduleError:
    """Make the refusal for a thing that is not there.

    Args:
        session: The unit of work.
        actor: Who acts.
        permission: What they would have needed to change it.
        kind: What it is, or was.
        thing_id: Which one.

    Returns:
        Who removed it and when, for those who could have changed it; for everybody else, and where nobody knows, the
        same as of something that never was.
    """
    removal = (await session.execute(_REMOVAL, {"kind": kind, "id": thing_id})).one_or_none()
    if removal is None or not can(actor, permission, site_id=removal.site_id, department_id=removal.department_id):
        return NotFound()
    words = await last_change(session, removal.entity_type, removal.entity_id, removal.time_zone)
    return StaleVersion(words)
