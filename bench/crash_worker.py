"""A worker for `bench.crash`, in a process that is forked from one which has loaded everything before."""

import asyncio
import os
from typing import Final

from schedule_app.db.engine import unit_of_work
from schedule_app.db.queue import queue
from schedule_app.domain.notices import CalledOut
from schedule_app.jobs.worker import do_jobs
from schedule_app.services.notifications import Told, notify_all
from schedule_app.settings import get_settings

HEARTBEAT_SECONDS: Final = 0.5


@queue.task(name="crash_tell")
async def tell(recipient_id: int) -> None:
    """Tell somebody something that does not wait for anything, once however often this is done."""
    async with unit_of_work() as session:
        told = Told(recipient_id, CalledOut("Bob Worker", "Mon 23 Nov, 07:00–15:00"), None, "crash")
        await notify_all(session, [told], related_type=None)


def work(environment: dict[str, str], at_once: int, stalled_seconds: float) -> None:
    """Do so many jobs at once until killed; those of workers not heard of for some seconds are taken back."""
    os.environ |= environment
    get_settings.cache_clear()
    asyncio.run(do_jobs(HEARTBEAT_SECONDS, stalled_seconds, at_once))
