"""Offers open shifts to the next people when it is time, and ends requests for shifts that are not open any more."""

import asyncio
import contextlib
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from schedule_app.domain.errors import ScheduleError
from schedule_app.live.listener import Revisions, direct_conninfo, listen
from schedule_app.services.settling import settle_claims
from schedule_app.services.shift_offers import advance_waves

#: Nobody tells that time has passed, or that a place was filled; so that is looked up.
_SWEEP_SECONDS: Final = 5


async def offer_when_due() -> None:
    """Run for the life of the process; several processes may."""
    conninfo = await asyncio.to_thread(direct_conninfo)
    woken = asyncio.Event()

    async def hear(topics: frozenset[str] | None, _: Revisions) -> None:
        if topics is None or any(topic.startswith("open:") for topic in topics):
            woken.set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(conninfo, hear))
        while True:
            woken.clear()
            # Whatever state the database is in; the next turn asks again.
            with contextlib.suppress(ScheduleError, SQLAlchemyError):
                await advance_waves()
                await settle_claims()
            # Not `wait_for`, which may miss that the process ends when it is woken in the same moment.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SWEEP_SECONDS):
                    await woken.wait()
