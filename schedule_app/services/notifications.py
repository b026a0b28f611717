"""Notifications: written inside the transaction of what they tell, and marked by their readers."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.queue import ensure_run
from schedule_app.db.trips import at_commit
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.notices import Notice, Priority, payload
from schedule_app.domain.permissions import Actor, Permission, require

KEPT_FOR: Final = timedelta(days=90)
MOST_AT_ONCE: Final = 500
ME_PATH: Final = "/me"
OPEN_PATH: Final = "/open"
REQUESTS_PATH: Final = "/requests"

# In the app, being written is being sent; the other channels are the job's that is deferred with it.
_TELL = text("""
    WITH told AS (
        INSERT INTO notifications
            (recipient_id, type, payload, priority, category, related_type, related_id, action_url, expires_at,
             dedupe_key)
        SELECT each.recipient_id, :type, each.payload, :priority, :category,
               :related_type, each.related_id, :action_url, now() + :kept_for, each.dedupe_key
        FROM jsonb_to_recordset(CAST(:told AS jsonb))
            AS each (recipient_id bigint, payload jsonb, related_id bigint, dedupe_key text)
        ORDER BY each.recipient_id
        ON CONFLICT (recipient_id, dedupe_key) DO NOTHING
        RETURNING id
    ), waiting AS (
        INSERT INTO notification_outbox (notification_id) SELECT id FROM told
    )
    INSERT INTO notification_deliveries (notification_id, channel, status, attempts, attempted_at, sent_at)
    SELECT id, 'in_app', 'sent', 1, now(), now() FROM told
""")

PRIORITIES: Final = {Priority.LOW: -1, Priority.NORMAL: 0, Priority.HIGH: 1, Priority.URGENT: 2}

_OWN = text("SELECT count(*) FROM notifications WHERE id = ANY(:ids) AND recipient_id = :employee_id")

_MARK_READ = text("""
    WITH opened AS (
        UPDATE notifications SET read_at = now()
        WHERE recipient_id = :employee_id AND read_at IS NULL AND (id = ANY(:ids) OR :every)
        RETURNING id
    )
    UPDATE notification_deliveries SET status = 'seen', seen_at = now()
    FROM opened
    WHERE notification_id = opened.id AND channel = 'in_app' AND seen_at IS NULL
""")

_MARK_UNREAD = text("""
    UPDATE notifications SET read_at = NULL
    WHERE recipient_id = :employee_id AND read_at IS NOT NULL AND id = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class Told:
    """What one person is told.

    Attributes:
        recipient_id: The person, an employee's id.
        notice: What.
        related_id: The thing it is about.
        dedupe_key: What is told under the same key to the same person again is not told again.
    """

    recipient_id: int
    notice: Notice
    related_id: int | None = None
    dedupe_key: str | None = None


def board_path(site_id: int, week_start: date, *, cover: int | None = None, replace: int | None = None) -> str:
    """Where a notice about a week leads.

    Args:
        site_id: The site.
        week_start: The first day of the week.
        cover: A shift: to who can take it.
        replace: An assignment: to it, and from there to who can take the shift instead.
    """
    path = f"/schedule/{site_id}/{week_start.isoformat()}"
    if replace is not None:
        return f"{path}?replace={replace}"
    return path if cover is None else f"{path}?cover={cover}"


async def notify(
    session: AsyncSession,
    recipients: Iterable[int],
    notice: Notice,
    *,
    related: tuple[str, int] | None = None,
    action_url: str | None = None,
) -> None:
    """Tell several people the same, each once, inside the caller's transaction.

    Args:
        session: The unit of work.
        recipients: Employee ids; repeated ones are told once.
        notice: What to say.
        related: Type and id of the thing it is about.
        action_url: Where a click leads, a path of this site.
    """
    await notify_each(session, dict.fromkeys(recipients, notice), related=related, action_url=action_url)


async def notify_each(
    session: AsyncSession,
    notices: dict[int, Notice],
    *,
    related: tuple[str, int] | None = None,
    action_url: str | None = None,
) -> None:
    """Tell each person (employee id) their own notice, all of one type, in one statement."""
    related_type, related_id = related or (None, None)
    told = [Told(recipient, notice, related_id) for recipient, notice in notices.items()]
    await notify_all(session, told, related_type=related_type, action_url=action_url)


async def notify_all(
    session: AsyncSession,
    told: Sequence[Told],
    *,
    related_type: str | None,
    action_url: str | None = None,
) -> None:
    """Tell people, each as often as they come, of a thing each: notices of one type, at once."""
    if not told:
        return
    first = told[0].notice
    at_commit(
        session,
        _TELL,
        {
            "type": first.type,
            "priority": first.priority.value,
            "category": first.category.value,
            "related_type": related_type,
            "action_url": action_url,
            "kept_for": KEPT_FOR,
            "told": json.dumps(
                [
                    {
                        "recipient_id": each.recipient_id,
                        "payload": payload(each.notice),
                        "related_id": each.related_id,
                        "dedupe_key": each.dedupe_key,
                    }
                    for each in told
                ]
            ),
        },
    )
    ensure_run(session, "dispatch")


@retrying
async def mark_read(actor: Actor, notification_ids: Collection[int]) -> None:
    """Mark some of the actor's own notifications as read; those that are already stay as they are.

    Raises:
        NotFound: One of them is missing or somebody else's; nothing is marked then.
        InvalidInput: More than 500 at once.
    """
    await _mark(actor, notification_ids, read=True)


@retrying
async def mark_unread(actor: Actor, notification_ids: Collection[int]) -> None:
    """Mark some of the actor's own notifications as unread again.

    Raises:
        NotFound: One of them is missing or somebody else's; nothing is marked then.
        InvalidInput: More than 500 at once.
    """
    await _mark(actor, notification_ids, read=False)


@retrying
async def mark_all_read(actor: Actor) -> None:
    """Mark everything in the actor's inbox as read."""
    require(actor, Permission.VIEW_OWN)
    async with unit_of_work() as session:
        await session.execute(_MARK_READ, {"employee_id": actor.employee_id, "ids": [], "every": True})


async def _mark(actor: Actor, notification_ids: Collection[int], *, read: bool) -> None:
    require(actor, Permission.VIEW_OWN)
    ids = sorted(set(notification_ids))
    if len(ids) > MOST_AT_ONCE:
        raise InvalidInput(f"At most {MOST_AT_ONCE} notifications can be marked at once.", "notification_ids")
    async with unit_of_work() as session:
        own = await session.scalar(_OWN, {"ids": ids, "employee_id": actor.employee_id})
        if own != len(ids):
            raise NotFound
        if read:
            await session.execute(_MARK_READ, {"employee_id": actor.employee_id, "ids": ids, "every": False})
        else:
            await session.execute(_MARK_UNREAD, {"employee_id": actor.employee_id, "ids": ids})
