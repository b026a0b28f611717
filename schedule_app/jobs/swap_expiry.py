"""Ends offers and swaps whose time has run out; whoever touches one earlier finds it ended as well."""

from schedule_app.db.queue import queue
from schedule_app.services.swap_requests import expire_swaps


@queue.periodic(cron="* * * * *")
@queue.task(name="expire_swaps", queueing_lock="expire_swaps")
async def expire(timestamp: int) -> None:
    """Every minute."""
    await expire_swaps()
