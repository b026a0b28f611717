"""Decides over which channels besides the inbox notifications go out, and when."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.queue import defer, let_askers_commit
from schedule_app.db.trips import at_commit
from schedule_app.domain.delivery import Channel, due
from schedule_app.domain.errors import Conflict, InvalidInput
from schedule_app.domain.notices import Category, Priority, deadline, parse
from schedule_app.queries.preferences import preferences_of
from schedule_app.queries.worker_channels import known_channels
from schedule_app.services.notifications import PRIORITIES

_MOST_AT_ONCE: Final = 500
_NOT_FOR_LONG: Final = text("SET LOCAL lock_timeout = '1s'")

# Whoever has left is told nothing any more; their notifications leave the outbox with the others.
_TAKE: Final = text("""
    WITH taken AS (
        DELETE FROM notification_outbox WHERE notification_id IN (
            SELECT notification_id FROM notification_outbox ORDER BY notification_id LIMIT :most FOR UPDATE SKIP LOCKED
        )
        RETURNING notification_id
    )
    SELECT told.id, told.recipient_id, told.type, told.payload, told.category, told.priority, now() AS now,
           employees.is_active AND employees.deleted_at IS NULL AS is_here,
           COALESCE(btrim(employees.phone), '') <> '' AS has_phone,
           EXISTS (SELECT FROM push_subscriptions WHERE employee_id = told.recipient_id) AS has_device
    FROM taken
    JOIN notifications AS told ON told.id = taken.notification_id
    JOIN employees ON employees.id = told.recipient_id
    ORDER BY told.id
""")

_WRITE: Final = text("""
    INSERT INTO notification_deliveries (notification_id, channel, due_at)
    SELECT each.notification_id, each.channel, each.due_at
    FROM jsonb_to_recordset(CAST(:deliveries AS jsonb))
        AS each (notification_id bigint, channel text, due_at timestamptz)
    ON CONFLICT (notification_id, channel) DO NOTHING
""")


async def dispatch_notifications(switched_on: Collection[Channel]) -> None:
    """Write down for everything that waits over which channels it goes out, and have jobs deliver it when it is due.

    Args:
        switched_on: The channels of this process; what other workers can send is written down as well.
    """
    with suppress(Conflict):
        await _let_askers_commit()
    while await _dispatch_some(switched_on) == _MOST_AT_ONCE:
        pass


@retrying
async def _let_askers_commit() -> None:
    async with unit_of_work() as session:
        # Others who tell somebody something wait behind this. What one leaves who takes longer, the next run finds.
        await session.execute(_NOT_FOR_LONG)
        await let_askers_commit(session, "dispatch")


@retrying
async def _dispatch_some(switched_on: Collection[Channel]) -> int:
    async with unit_of_work() as session:
        taken = (await session.execute(_TAKE, {"most": _MOST_AT_ONCE})).all()
        channels = {*switched_on, *await known_channels(session)}
        preferences = await preferences_of(session, {row.recipient_id for row in taken})
        written: list[dict[str, Any]] = []
        for row in taken:
            if not row.is_here:
                continue
            category, priority = Category(row.category), Priority(row.priority)
            wishes = preferences[row.recipient_id]
            by = _deadline(row) if wishes.quiet or wishes.digest_at else None
            wished = due(category, priority, wishes, row.now, by)
            for channel in _reached(row, channels):
                if channel in wished:
                    at = wished[channel]
                    written.append({"notification_id": row.id, "channel": channel, "due_at": at.isoformat()})
                    defer(
                        session,
                        "deliver",
                        at=at if at > row.now else None,
                        priority=PRIORITIES[priority],
                        recipient_id=row.recipient_id,
                        channel=channel.value,
                    )
        if written:
            at_commit(session, _WRITE, {"deliveries": json.dumps(written)})
    return len(taken)


def _deadline(row: Row[Any]) -> datetime | None:
    try:
        return deadline(parse(row.type, row.payload), row.now)
    except InvalidInput:
        # Whoever is to put it into words says so.
        return None


def _reached(row: Row[Any], channels: Collection[Channel]) -> Iterator[Channel]:
    """The channels over which somebody has an address; everybody has one for mail."""
    has_address = {Channel.EMAIL: True, Channel.PUSH: row.has_device, Channel.SMS: row.has_phone}
    return (channel for channel, has in has_address.items() if has and channel in channels)


# Its job may be there and only be late; one more finds nothing to do.
_LOST: Final = text("""
    SELECT DISTINCT told.recipient_id, waiting.channel
    FROM notification_deliveries AS waiting
    JOIN notifications AS told ON told.id = waiting.notification_id
    WHERE waiting.status = 'created' AND waiting.due_at < now() - interval '20 seconds'
      AND NOT EXISTS (
          SELECT FROM procrastinate_jobs
          WHERE task_name = 'deliver' AND status = 'todo' AND COALESCE(scheduled_at, now()) <= now()
            AND args = jsonb_build_object('recipient_id', told.recipient_id, 'channel', waiting.channel)
      )
    LIMIT 1000
""")


@retrying
async def pick_up_lost() -> None:
    """Put jobs into the queue for what is due and has none that waits: its worker died on the way."""
    async with unit_of_work() as session:
        await _defer_lost(session)


async def _defer_lost(session: AsyncSession) -> None:
    for row in (await session.execute(_LOST)).all():
        defer(session, "deliver", recipient_id=row.recipient_id, channel=row.channel)
