"""Looks over which channels what was told goes out."""

from schedule_app.db.queue import queue
from schedule_app.services.dispatching import dispatch_notifications


@queue.task(name="dispatch")
async def dispatch() -> None:
    """Asked for by every transaction that tells somebody something."""
    await dispatch_notifications()
