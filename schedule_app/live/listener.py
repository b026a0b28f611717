"""Hears what the database says has changed, whoever changed it, and passes it on in small batches."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Final

import psycopg
import structlog
from sqlalchemy.engine import make_url

from schedule_app.db.engine import database_url
from schedule_app.live.topics import CHANNEL
from schedule_app.settings import get_settings

log = structlog.get_logger(__name__)

#: Long enough to fold one bulk edit into one refresh, far below what a person notices.
GATHER_SECONDS: Final = 0.012
#: A silent link is asked for a sign of life this often.
HEARTBEAT_SECONDS: Final = 15
_RETRY_SECONDS: Final = (0.1, 0.2, 0.4, 0.8, 1.0)

#: Called with the topics that changed, or with None when changes may have been missed and everything must be read anew.
OnChange = Callable[[frozenset[str] | None], Awaitable[None]]


def direct_conninfo() -> str:
    """Address of the database for a connection of one's own, outside the pool."""
    url = make_url(database_url(get_settings()))
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


async def listen(conninfo: str, on_change: OnChange) -> None:
    """Listen until cancelled, reconnecting as long as it takes.

    Notifications sent while the link was down are gone, so every reconnection reports None.

    Args:
        conninfo: a direct connection to PostgreSQL (a transaction-pooling proxy swallows LISTEN).
        on_change: told about each batch.
    """
    attempt = 0
    connected_before = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                conninfo, autocommit=True, connect_timeout=5, application_name="schedule_app live"
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if connected_before:
                    log.info("live link restored")
                    await on_change(None)
                attempt, connected_before = 0, True
                await _relay(connection, on_change)
        except psycopg.Error as error:
            if attempt == 0:
                log.warning("live link lost", reason=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
            attempt += 1


async def _relay(connection: psycopg.AsyncConnection, on_change: OnChange) -> None:
    while True:
        topics: set[str] = set()
        async for notify in connection.notifies(timeout=HEARTBEAT_SECONDS, stop_after=1):
            topics.update(_topics_of(notify.payload))
        if not topics:
            await connection.execute("SELECT 1")
            continue
        async for notify in connection.notifies(timeout=GATHER_SECONDS):
            topics.update(_topics_of(notify.payload))
        await on_change(frozenset(topics))


def _topics_of(payload: str) -> list[str]:
    return json.loads(payload)["topics"]
