"""Looks over which channels what was told goes out."""

from schedule_app.channels import switched_on
from schedule_app.db.queue import queue
from schedule_app.services.dispatching import dispatch_notifications, pick_up_lost
from schedule_app.settings import get_settings


@queue.task(name="dispatch")
async def dispatch() -> None:
    """Every transaction that tells somebody something sees to it that it runs."""
    await dispatch_notifications(switched_on(get_settings()))


@queue.periodic(cron="* * * * *")
@queue.task(name="sweep_messages", queueing_lock="sweep_messages")
async def sweep(timestamp: int) -> None:
    """Every minute: what was told or is due, and whose job got lost."""
    await dispatch_notifications(switched_on(get_settings()))
    await pick_up_lost()
