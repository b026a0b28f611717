"""Decides over which channels besides the inbox notifications go out, and when."""

from typing import Final

from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work

_TAKE: Final = text("""
    WITH taken AS (
        SELECT notification_id FROM notification_outbox ORDER BY notification_id LIMIT :most FOR UPDATE SKIP LOCKED
    )
    DELETE FROM notification_outbox USING taken WHERE notification_outbox.notification_id = taken.notification_id
""")

_MOST_AT_ONCE: Final = 500


@retrying
async def dispatch_notifications() -> None:
    """Look at the notifications that wait for it. There is no other channel than the inbox as yet."""
    async with unit_of_work() as session:
        await session.execute(_TAKE, {"most": _MOST_AT_ONCE})
