"""Ends offers and swaps whose time has run out; whoever touches one earlier finds it ended as well."""

import asyncio
import contextlib
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from schedule_app.domain.errors import ScheduleError
from schedule_app.services.swap_requests import expire_swaps

_BETWEEN_SECONDS: Final = 60


async def expire_in_time() -> None:
    """Run for the life of the process."""
    while True:
        # Whatever state the database is in; the next turn asks again.
        with contextlib.suppress(ScheduleError, SQLAlchemyError):
            await expire_swaps()
        await asyncio.sleep(_BETWEEN_SECONDS)
