"""What publishing does to assignments: answers carried over, everybody concerned told once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import DoubleBooking
from schedule_app.domain.notices import Notice, ShiftsPublished
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import Interval
from schedule_app.queries.labels import moment_label, shift_label, week_label
from schedule_app.services.audit import record
from schedule_app.services.notifications import ME_PATH, notify_each

_MOST_LABELS: Final = 5

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

_REPLACED = text("""
    SELECT id FROM schedules WHERE site_id = :site_id AND week_start = :week_start AND status = 'published'
""")

_CLASHES = text("""
    SELECT DISTINCT employees.name, other.starts_at, other.ends_at, shifts.time_zone
    FROM schedule_assignments AS held
    JOIN schedule_assignments AS other
        ON other.employee_id = held.employee_id AND other.in_force AND other.status = ANY(:active)
        AND other.starts_at < held.ends_at AND held.starts_at < other.ends_at
    JOIN shifts ON shifts.id = other.shift_id
    JOIN employees ON employees.id = held.employee_id
    WHERE held.schedule_id = :schedule_id AND held.status = ANY(:active)
      AND other.schedule_id IS DISTINCT FROM :replaced_id
    ORDER BY other.starts_at, employees.name
    LIMIT 3
""")

_ARCHIVE = text("""
    UPDATE schedules SET status = 'archived', archived_at = now(), updated_by_id = :actor_id WHERE id = :replaced_id
""")

_PUBLISH = text("""
    UPDATE schedules
    SET status = 'published', published_by_id = :actor_id, published_at = now(), updated_by_id = :actor_id
    WHERE id = :schedule_id
""")

# The same shift at the same time keeps its deadline, and what the person said about it still holds; unless they said no
# before they were put on it again.
_SAME_BEFORE = """
    FROM shifts, shifts AS original, schedule_assignments AS was
    WHERE shifts.id = held.shift_id
      AND original.schedule_id = :replaced_id AND original.lineage_id = shifts.lineage_id
      AND was.schedule_id = original.schedule_id AND was.shift_id = original.id AND was.employee_id = held.employee_id
      AND was.starts_at = held.starts_at AND was.ends_at = held.ends_at AND was.status <> 'cancelled'
      AND (was.status = 'declined' AND was.responded_at < held.created_at) IS NOT TRUE
"""

_ASK = text(f"""
    UPDATE schedule_assignments AS held
    SET status = 'pending', updated_by_id = :actor_id,
        confirm_by = COALESCE((SELECT was.confirm_by {_SAME_BEFORE}),
                              least(now() + make_interval(mins => sites.confirm_within_minutes), held.starts_at))
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = :schedule_id AND held.schedule_id = schedules.id AND held.status = 'assigned'
""")  # noqa: S608 - constants

_KEEP_ANSWERS = text(f"""
    UPDATE schedule_assignments AS held
    SET status = CASE was.status WHEN 'completed' THEN 'confirmed' ELSE was.status END,
        responded_at = was.responded_at, response_note = was.response_note
    {_SAME_BEFORE}
      AND held.schedule_id = :schedule_id AND held.status = 'pending'
      AND was.status IN ('confirmed', 'declined', 'completed')
""")  # noqa: S608 - constants

_CHANGES = text("""
    WITH now_held AS (
        SELECT held.employee_id, shifts.lineage_id, held.starts_at, held.ends_at, held.confirm_by,
               shifts.time_zone, shifts.title
        FROM schedule_assignments AS held
        JOIN shifts ON shifts.id = held.shift_id
        WHERE held.schedule_id = :schedule_id AND held.status = ANY(:active)
    ), before_held AS (
        SELECT held.employee_id, shifts.lineage_id, held.starts_at, held.ends_at, shifts.time_zone, shifts.title
        FROM schedule_assignments AS held
        JOIN shifts ON shifts.id = held.shift_id
        WHERE held.schedule_id = :replaced_id AND held.status = ANY(:active)
    )
    SELECT employee_id, now_held.confirm_by,
           CASE WHEN before_held.starts_at IS NULL THEN 'added'
                WHEN now_held.starts_at IS NULL THEN 'removed'
                ELSE 'changed' END AS change,
           COALESCE(now_held.starts_at, before_held.starts_at) AS starts_at,
           COALESCE(now_held.ends_at, before_held.ends_at) AS ends_at,
           COALESCE(now_held.time_zone, before_held.time_zone) AS time_zone,
           COALESCE(now_held.title, before_held.title) AS title
    FROM now_held FULL JOIN before_held USING (employee_id, lineage_id)
    WHERE (now_held.starts_at, now_held.ends_at) IS DISTINCT FROM (before_held.starts_at, before_held.ends_at)
    ORDER BY employee_id, starts_at, lineage_id
""")


async def hold_people(session: AsyncSession, schedule_id: int) -> None:
    """Lock everybody on a schedule and on the version it will replace, before anything else is locked."""
    await session.execute(_HOLD_PEOPLE, {"schedule_id": schedule_id})


async def put_in_force(session: AsyncSession, actor: Actor, plan: Row[Any]) -> set[int]:
    """Archive the version in force, publish this one, ask for answers and tell whose shifts changed.

    Args:
        session: The unit of work, holding the people and the schedule.
        actor: Who publishes.
        plan: The schedule, with id, site_id and week_start.

    Returns:
        The ids of those who were told.

    Raises:
        DoubleBooking: Somebody on it works elsewhere at the same time.
    """
    week = {"site_id": plan.site_id, "week_start": plan.week_start}
    replaced_id = (await session.execute(_REPLACED, week)).scalar_one_or_none()
    values = {"schedule_id": plan.id, "replaced_id": replaced_id, "actor_id": actor.employee_id}
    await _require_no_clash(session, plan.id, replaced_id)
    if replaced_id is not None:
        await session.execute(_ARCHIVE, values)
    await session.execute(_PUBLISH, values)
    await session.execute(_ASK, values)
    await session.execute(_KEEP_ANSWERS, values)
    changes = (await session.execute(_CHANGES, {**values, "active": sorted(ACTIVE)})).all()
    notices = _notices(week_label(plan.week_start), changes)
    await notify_each(session, notices, related=("schedule", plan.id), action_url=ME_PATH)
    if replaced_id is not None:
        await record(
            session,
            actor,
            "archive",
            "schedule",
            replaced_id,
            site_id=plan.site_id,
            before={"status": "published"},
            after={"status": "archived"},
        )
    return set(notices)


async def _require_no_clash(session: AsyncSession, schedule_id: int, replaced_id: int | None) -> None:
    values = {"schedule_id": schedule_id, "replaced_id": replaced_id, "active": sorted(ACTIVE)}
    clashes = (await session.execute(_CLASHES, values)).all()
    if clashes:
        raise DoubleBooking(
            " ".join(
                f"{each.name} already works {shift_label(Interval(each.starts_at, each.ends_at), each.time_zone)}, "
                "in a published week."
                for each in clashes
            )
        )


def _notices(week: str, changes: Iterable[Row[Any]]) -> dict[int, Notice]:
    by_person: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for change in changes:
        by_person[change.employee_id].append(change)
    return {employee_id: _notice(week, own) for employee_id, own in by_person.items()}


def _notice(week: str, changes: list[Row[Any]]) -> ShiftsPublished:
    kinds = [each.change for each in changes]
    due = min((each for each in changes if each.confirm_by is not None), key=_confirm_by, default=None)
    return ShiftsPublished(
        week_label=week,
        added=kinds.count("added"),
        removed=kinds.count("removed"),
        changed=kinds.count("changed"),
        shift_labels=tuple(_label(each) for each in changes[:_MOST_LABELS]),
        confirm_by_label=moment_label(due.confirm_by, due.time_zone) if due else None,
    )


def _confirm_by(change: Row[Any]) -> datetime:
    return change.confirm_by


def _label(change: Row[Any]) -> str:
    label = shift_label(Interval(change.starts_at, change.ends_at), change.time_zone, change.title)
    return f"{label}, no longer yours" if change.change == "removed" else label
