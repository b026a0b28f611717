"""A person's notifications, put into words."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import Wording, parse, unreadable, word
from schedule_app.domain.time import moment_label

MOST_ITEMS: Final = 500

_ITEMS = text("""
    SELECT notifications.id, notifications.type, notifications.payload, notifications.category, notifications.priority,
           notifications.created_at, notifications.read_at IS NOT NULL AS is_read,
           COALESCE(notifications.action_url, '') AS action_url, sites.time_zone, sites.clock_24h,
           COALESCE(held.id, 0) AS question_id
    FROM notifications
    JOIN employees ON employees.id = notifications.recipient_id
    JOIN sites ON sites.id = employees.site_id
    LEFT JOIN schedule_assignments AS held
        ON notifications.related_type = 'assignment' AND held.id = notifications.related_id
        AND held.employee_id = notifications.recipient_id AND held.in_force AND held.status = 'pending'
        AND now() < least(held.confirm_by, held.starts_at)
    WHERE notifications.recipient_id = :employee_id
      AND (notifications.expires_at IS NULL OR notifications.expires_at > now())
      AND (NOT :unread_only OR notifications.read_at IS NULL)
      AND (CAST(:category AS text) IS NULL OR notifications.category = :category)
      AND (CAST(:priority AS text) IS NULL OR notifications.priority = :priority)
      AND (CAST(:before_id AS bigint) IS NULL OR notifications.id < :before_id)
    ORDER BY notifications.id DESC
    LIMIT :limit
""")

_UNREAD = text("""
    SELECT count(*) FROM notifications
    WHERE recipient_id = :employee_id AND read_at IS NULL AND (expires_at IS NULL OR expires_at > now())
""")


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A notification in words.

    Attributes:
        when: The instant it was written, in ISO form.
        when_label: The same at the person's site.
        action_url: Where it leads, or "".
        question_id: The reader's own assignment which it is about and which waits for their answer, or 0.
    """

    id: int
    title: str
    body: str
    category: str
    priority: str
    when: str
    when_label: str
    is_read: bool
    action_url: str
    question_id: int


@dataclass(frozen=True, slots=True)
class InboxView:
    """Part of an inbox, newest first; `unread` counts all of it, whatever the filters."""

    items: list[InboxItem]
    unread: int
    has_more: bool


async def inbox(
    session: AsyncSession,
    employee_id: int,
    *,
    unread_only: bool = False,
    category: str | None = None,
    priority: str | None = None,
    limit: int = 50,
    before_id: int | None = None,
) -> InboxView:
    """Read a person's notifications that have not expired.

    Args:
        session: A session.
        employee_id: Whose inbox.
        unread_only: Leave out what was read.
        category: Only this one.
        priority: Only this one.
        limit: How many, from 1 to 500.
        before_id: Only those older than this one.

    Raises:
        InvalidInput: A limit out of range.
    """
    if not 1 <= limit <= MOST_ITEMS:
        raise InvalidInput(f"An inbox shows 1 to {MOST_ITEMS} notifications at once.", "limit")
    values = {
        "employee_id": employee_id,
        "unread_only": unread_only,
        "category": category,
        "priority": priority,
        "before_id": before_id,
        "limit": limit + 1,
    }
    rows = (await session.execute(_ITEMS, values)).all()
    unread = await unread_count(session, employee_id)
    return InboxView([_item(row) for row in rows[:limit]], unread, has_more=len(rows) > limit)


async def unread_count(session: AsyncSession, employee_id: int) -> int:
    """How many notifications of a person are unread and have not expired."""
    return (await session.execute(_UNREAD, {"employee_id": employee_id})).scalar_one()


def _item(row: Row[Any]) -> InboxItem:
    wording = _wording(row)
    return InboxItem(
        id=row.id,
        title=wording.title,
        body=wording.body,
        category=row.category,
        priority=row.priority,
        when=row.created_at.astimezone(UTC).isoformat(),
        when_label=moment_label(row.created_at, row.time_zone, clock_24h=row.clock_24h),
        is_read=row.is_read,
        action_url=row.action_url,
        question_id=row.question_id,
    )


def _wording(row: Row[Any]) -> Wording:
    """One notification that cannot be read must not take the others with it, and must not vanish either."""
    try:
        return word(parse(row.type, row.payload), clock_24h=row.clock_24h)
    except InvalidInput as error:
        return unreadable(error.message)
