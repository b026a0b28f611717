"""What every verb that begins a version needs: the week's row held, nothing else in work, the new row."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import Conflict, NotFound
from schedule_app.domain.permissions import Actor, Permission
from schedule_app.services.access import require_on

_VERSIONS = text("""
    SELECT max(version_number) AS last_number,
           max(version_number) FILTER (WHERE status = 'published') AS published_number,
           max(version_number) FILTER (WHERE status IN ('draft', 'pending', 'approved')) AS working_number,
           max(status) FILTER (WHERE status IN ('draft', 'pending', 'approved')) AS working_status
    FROM schedules
    WHERE site_id = :site_id AND week_start = :week_start
""")

_INSERT_SCHEDULE = text("""
    INSERT INTO schedules
        (site_id, week_start, week_end, parent_id, version_number, title, created_by_id, updated_by_id)
    VALUES (:site_id, :week_start, :week_end, :parent_id, :version_number, :title, :actor_id, :actor_id)
    RETURNING id
""")

_LOCK = text("""
    SELECT schedules.id, schedules.site_id, schedules.week_start, schedules.week_end, schedules.status,
           schedules.version, schedules.title, schedules.submitted_by_id,
           sites.name AS site_name, sites.time_zone, sites.four_eyes,
           (SELECT name FROM employees WHERE id = :actor_id) AS actor_name,
           (SELECT published.id FROM schedules AS published
            WHERE published.site_id = schedules.site_id AND published.week_start = schedules.week_start
              AND published.status = 'published') AS published_id
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = :schedule_id
    FOR NO KEY UPDATE OF schedules
""")


async def require_none_in_work(session: AsyncSession, site_id: int, week_start: date) -> Row[Any]:
    """Check that nobody works on the week already.

    Returns:
        The numbers of the week's newest and published versions.

    Raises:
        Conflict: Somebody does.
    """
    versions = (await session.execute(_VERSIONS, {"site_id": site_id, "week_start": week_start})).one()
    if versions.working_number is not None:
        raise Conflict(
            f"This week already has a version in work: version {versions.working_number}, {versions.working_status}."
        )
    return versions


async def insert_schedule(
    session: AsyncSession,
    actor: Actor,
    site_id: int,
    week_start: date,
    version_number: int,
    parent: Row[Any] | None = None,
) -> int:
    """Write a draft's row, with nothing on it; returns its id."""
    values = {
        "site_id": site_id,
        "week_start": week_start,
        "week_end": week_start + timedelta(days=6),
        "parent_id": parent.id if parent else None,
        "version_number": version_number,
        "title": parent.title if parent else None,
        "actor_id": actor.employee_id,
    }
    return (await session.execute(_INSERT_SCHEDULE, values)).scalar_one()


async def lock_schedule(session: AsyncSession, actor: Actor, schedule_id: int, permission: Permission) -> Row[Any]:
    """Lock a schedule and read it with what its site says of it.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not do this there.
    """
    values = {"schedule_id": schedule_id, "actor_id": actor.employee_id}
    plan = (await session.execute(_LOCK, values)).one_or_none()
    if plan is None:
        raise NotFound
    require_on(actor, permission, plan.site_id)
    return plan
