"""A worker for `bench.crash`, in a process that is forked from one which has loaded everything before."""

import asyncio
import os
from typing import Final

from schedule_app.db.engine import unit_of_work
from schedule_app.db.queue import queue
from schedule_app.domain.notices import AssignmentRemoved
from schedule_app.jobs.worker import do_jobs
from schedule_app.services.notifications import Told, notify_all
from schedule_app.settings import get_settings

HEARTBEAT_SECONDS: Final = 0.5
STALLED_SECONDS: Final = 4


@queue.task(name="crash_tell")
async def tell(recipient_id: int) -> None:
    """Tell somebody something, once however often this is done."""
    async with unit_of_work() as session:
        told = Told(recipient_id, AssignmentRemoved("Mon 23 Nov, 07:00–15:00"), None, "crash")
        await notify_all(session, [told], related_type=None)


def work(environment: dict[str, str], at_once: int) -> None:
    """Do so many jobs at once until killed."""
    os.environ |= environment
    get_settings.cache_clear()
    asyncio.run(do_jobs(HEARTBEAT_SECONDS, STALLED_SECONDS, at_once))
