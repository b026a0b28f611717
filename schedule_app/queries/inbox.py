"""A person's notifications, put into words."""

from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import Wording, parse, unreadable, word
from schedule_app.domain.time import moment_label

MOST_ITEMS: Final = 500

#: More is shown as this many and more.
MOST_COUNTED: Final = 1000

# A view is read along one index, newest first, between two of its entries. Said so, and not as equalities, no other
# index has the order that is asked for; else the planner may take the one over everybody's notifications.
_OF: Final = {"recipient_id": ":employee_id", "category": ":category", "priority": ":priority"}
_FILTERS: Final = {
    "unread_only": "AND told.read_at IS NULL",
    "category": "AND told.category = :category",
    "priority": "AND told.priority = :priority",
}

_ITEMS: Final = """
    SELECT told.id, told.type, told.payload, told.category, told.priority, told.created_at,
           told.read_at IS NOT NULL AS is_read, COALESCE(told.action_url, '') AS action_url,
           COALESCE(wishes.time_zone, sites.time_zone) AS time_zone,
           COALESCE(wishes.clock_24h, sites.clock_24h) AS clock_24h,
           COALESCE(held.id, 0) AS question_id
    FROM (
        SELECT * FROM notifications AS told
        WHERE ({along}, id) < ({values}, CAST(:before_id AS bigint)) AND ({along}, id) > ({values}, 0)
          AND (told.expires_at IS NULL OR told.expires_at > now())
          {filters}
        ORDER BY {newest_first}
        LIMIT :limit
    ) AS told
    JOIN employees ON employees.id = told.recipient_id
    JOIN sites ON sites.id = employees.site_id
    LEFT JOIN notification_preferences AS wishes ON wishes.employee_id = employees.id
    LEFT JOIN schedule_assignments AS held
        ON told.related_type = 'assignment' AND held.id = told.related_id
        AND held.employee_id = told.recipient_id AND held.in_force AND held.status = 'pending'
        AND now() < least(held.confirm_by, held.starts_at)
    ORDER BY told.id DESC
"""
_NEWEST: Final = 2**63 - 1

_UNREAD = text(f"""
    SELECT count(*) FROM (
        SELECT FROM notifications
        WHERE (recipient_id, id) > (:employee_id, 0) AND (recipient_id, id) < (:employee_id, {_NEWEST})
          AND read_at IS NULL AND (expires_at IS NULL OR expires_at > now())
        ORDER BY recipient_id, id
        LIMIT {MOST_COUNTED}
    ) AS unread
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A notification in words.

    Attributes:
        when: The instant it was written, in ISO form.
        when_label: The same where the person is.
        action_url: Where it leads, or "".
        question_id: The reader's own assignment which it is about and which waits for their answer, or 0.
        text: The body as somebody wrote it, on several lines; "" where it has one.
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
    text: str = ""


@dataclass(frozen=True, slots=True)
class InboxView:
    """Part of an inbox, newest first; `unread` counts all of it up to `MOST_COUNTED`, whatever the filters."""

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
        "before_id": before_id or _NEWEST,
        "limit": limit + 1,
    }
    rows = (await session.execute(_items(unread_only, category is not None, priority is not None), values)).all()
    unread = await unread_count(session, employee_id)
    return InboxView([_item(row) for row in rows[:limit]], unread, has_more=len(rows) > limit)


@cache
def _items(unread_only: bool, category: bool, priority: bool) -> TextClause:
    """The statement for these filters."""
    columns = ["recipient_id"]
    if not unread_only and (category or priority):
        columns.append("category" if category else "priority")
    wanted = {"unread_only": unread_only, "category": category, "priority": priority}
    return text(
        _ITEMS.format(
            along=", ".join(columns),
            values=", ".join(_OF[column] for column in columns),
            newest_first=", ".join(f"{column} DESC" for column in [*columns, "id"]),
            filters="\n          ".join(_FILTERS[name] for name, is_wanted in wanted.items() if is_wanted),
        )
    )


async def unread_count(session: AsyncSession, employee_id: int) -> int:
    """How many notifications of a person are unread and have not expired; at most `MOST_COUNTED`."""
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
        text=wording.text,
    )


def _wording(row: Row[Any]) -> Wording:
    """One notification that cannot be read must not take the others with it, and must not vanish either."""
    try:
        return word(parse(row.type, row.payload), clock_24h=row.clock_24h, zone=row.time_zone)
    except InvalidInput as error:
        return unreadable(error.message)
