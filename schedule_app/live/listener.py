"""Hears what the database says has changed, whoever changed it, and passes it on in small batches."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

import psycopg
import structlog
from psycopg.conninfo import make_conninfo
from pydantic import BaseModel, ValidationError
from sqlalchemy.engine import make_url

from schedule_app.db.engine import LINK, database_url
from schedule_app.live.topics import CHANNEL
from schedule_app.settings import get_settings

log = structlog.get_logger(__name__)

#: Long enough to fold one bulk edit into one refresh, far below what a person notices.
GATHER_SECONDS: Final = 0.012
#: A silent link is asked for a sign of life this often.
HEARTBEAT_SECONDS: Final = 15
_RETRY_SECONDS: Final = (0.1, 0.2, 0.4, 0.8, 1.0)
_LINK: Final[dict[str, Any]] = {**LINK, "application_name": "schedule_app live"}

#: The transactions that changed a topic, by the numbers PostgreSQL gives them.
Revisions: TypeAlias = Mapping[str, Collection[str]]
#: Called with the topics that changed and what changed them, or with None when changes may have been missed and
#: everything must be read anew.
OnChange = Callable[[frozenset[str] | None, Revisions], Awaitable[None]]


class _Message(BaseModel):
    rev: str
    topics: frozenset[str]


def direct_conninfo() -> str:
    """Address of the database for a connection of one's own, outside the pool."""
    url = make_url(database_url(get_settings()))
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


async def listen(conninfo: str, on_change: OnChange) -> None:
    """Listen until cancelled, reconnecting as long as it takes.

    What was told before the link was up is gone, so every connection begins by reporting None.

    Args:
        conninfo: a direct connection to PostgreSQL (a transaction-pooling proxy swallows LISTEN).
        on_change: told about each batch.
    """
    attempt = 0
    while True:
        try:
            address = make_conninfo(conninfo, **_LINK)
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if attempt:
                    log.info("live link restored")
                attempt = 0
                await on_change(None, {})
                await _relay(connection, on_change)
        except psycopg.Error as error:
            if attempt == 0:
                log.warning("live link lost", reason=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
            attempt += 1


async def _relay(connection: psycopg.AsyncConnection, on_change: OnChange) -> None:
    while True:
        told = [notify.payload async for notify in connection.notifies(timeout=HEARTBEAT_SECONDS, stop_after=1)]
        if not told:
            await connection.execute("SELECT 1")
            continue
        told += [notify.payload async for notify in connection.notifies(timeout=GATHER_SECONDS)]
        revisions = _revisions_of(told)
        await on_change(None if revisions is None else frozenset(revisions), revisions or {})


def _revisions_of(payloads: list[str]) -> dict[str, set[str]] | None:
    """The topics of a batch; None when somebody wrote on the channel what cannot be read."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    try:
        for message in map(_Message.model_validate_json, payloads):
            for topic in message.topics:
                found[topic].add(message.rev)
    except ValidationError:
        log.warning("unreadable notification; everything is read anew")
        return None
    return found
