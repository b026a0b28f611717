"""Turns what has changed into refreshes on the browser tabs concerned: the one feeder of Reflex's queue."""

import asyncio

import reflex as rx
import structlog
from prometheus_client import Counter, Histogram
from reflex_base.event import Event

from schedule_app.live.listener import direct_conninfo, listen
from schedule_app.live.principals import principals
from schedule_app.live.viewers import viewers

log = structlog.get_logger(__name__)

_batches = Counter("schedule_app_live_batches_total", "Batches of changes heard from the database")
_refreshes = Counter("schedule_app_live_refreshes_total", "Refreshes sent to browser tabs")
_fan_out_seconds = Histogram(
    "schedule_app_live_fan_out_seconds",
    "From hearing a batch to having queued every refresh",
    buckets=(0.005, 0.02, 0.05, 0.1, 0.5),
)


async def push_changes(app: rx.App) -> None:
    """Run for the life of the process: hear changes, refresh whoever looks at them."""

    async def refresh(topics: frozenset[str] | None) -> None:
        _batches.inc()
        principals.forget(topics)
        with _fan_out_seconds.time():
            await refresh_viewers(app, topics)

    await listen(await asyncio.to_thread(direct_conninfo), refresh)


async def refresh_viewers(app: rx.App, topics: frozenset[str] | None) -> None:
    """Queue the refresh of every view that depends on the topics (None: of every view); drop tabs that have gone."""
    namespace = app.event_namespace
    if namespace is None:
        return
    connected = set(namespace.sid_to_token.values())
    for token, event_name in viewers.changed(topics):
        if token not in connected:
            viewers.leave(token)
            continue
        _refreshes.inc()
        await app.event_processor.enqueue(token, Event(name=event_name))
