"""What publishing does to assignments: answers carried over, everybody concerned told once."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import DoubleBooking, RuleBroken, StaleVersion
from schedule_app.domain.permissions import Actor
from schedule_app.queries.publication import DEADLINE, SAME_BEFORE, find_publication
from schedule_app.services.audit import record
from schedule_app.services.notifications import ME_PATH, notify_each
from schedule_app.services.settling import follow_lineage

_HOLD_PEOPLE = text("""
    SELECT id FROM employees
    WHERE id IN (
        SELECT held.employee_id
        FROM schedules AS target
        JOIN schedules AS version ON version.site_id = target.site_id AND version.week_start = target.week_start
        JOIN schedule_assignments AS held ON held.schedule_id = version.id
        WHERE target.id = :schedule_id AND (version.id = target.id OR version.status = 'published'))
    ORDER BY id
    FOR NO KEY UPDATE
""")

_ARCHIVE = text("""
    UPDATE schedules SET status = 'archived', archived_at = now(), updated_by_id = :actor_id WHERE id = :replaced_id
""")

_PUBLISH = text("""
    UPDATE schedules
    SET status = 'published', published_by_id = :actor_id, published_at = now(), updated_by_id = :actor_id
    WHERE id = :schedule_id
""")

# A shift that has begun is not asked about any more; what was said about it before is kept all the same.
_ASK = text(f"""
    UPDATE schedule_assignments AS held
    SET status = 'pending', updated_by_id = :actor_id,
        confirm_by = COALESCE((SELECT was.confirm_by {SAME_BEFORE}), {DEADLINE})
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = :schedule_id AND held.schedule_id = schedules.id AND held.status = 'assigned'
      AND (held.starts_at > now() OR EXISTS (SELECT 1 {SAME_BEFORE}))
""")  # noqa: S608 - constants

_KEEP_ANSWERS = text(f"""
    UPDATE schedule_assignments AS held
    SET status = CASE was.status WHEN 'completed' THEN 'confirmed' ELSE was.status END,
        responded_at = was.responded_at, response_note = was.response_note
    {SAME_BEFORE}
      AND held.schedule_id = :schedule_id AND held.status = 'pending'
      AND was.status IN ('confirmed', 'declined', 'completed')
""")  # noqa: S608 - constants


async def hold_people(session: AsyncSession, schedule_id: int) -> None:
    """Lock everybody on a schedule and on the version it will replace, before anything else is locked."""
    await session.execute(_HOLD_PEOPLE, {"schedule_id": schedule_id})


async def put_in_force(session: AsyncSession, actor: Actor, plan: Row[Any], *, seen: str | None = None) -> set[int]:
    """Archive the version in force, publish this one, ask for answers and tell whose shifts changed.

    Args:
        session: The unit of work, holding the people and the schedule.
        actor: Who publishes.
        plan: The schedule, with id, site_id and week_start.
        seen: Digest of the preview that the actor was shown; None where none was.

    Returns:
        The ids of those who were told.

    Raises:
        StaleVersion: What people would be told, or what refuses, is not what the actor was shown.
        RuleBroken: Somebody on it cannot have their shift any more.
        DoubleBooking: Somebody on it works elsewhere at the same time.
    """
    found = await find_publication(session, plan)
    if seen not in (None, found.digest):
        raise StaleVersion("What people would be told has changed since you looked. Please look at the preview again.")
    if found.broken:
        raise RuleBroken(found.broken)
    if found.clashes:
        raise DoubleBooking(" ".join(found.clashes))
    values = {"schedule_id": plan.id, "replaced_id": found.replaced_id, "actor_id": actor.employee_id}
    if found.replaced_id is not None:
        await session.execute(_ARCHIVE, values)
    await session.execute(_PUBLISH, values)
    await session.execute(_ASK, values)
    await session.execute(_KEEP_ANSWERS, values)
    if found.replaced_id is not None:
        await follow_lineage(session, found.replaced_id, plan.id)
    await notify_each(session, {**found.notices}, related=("schedule", plan.id), action_url=ME_PATH)
    if found.replaced_id is not None:
        await record(
            session,
            actor,
            "archive",
            "schedule",
            found.replaced_id,
            site_id=plan.site_id,
            before={"status": "published"},
            after={"status": "archived"},
        )
    return set(found.notices)
