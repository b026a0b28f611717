"""Turns what has changed into refreshes on the browser tabs concerned: the one feeder of Reflex's queue."""

import asyncio
from functools import partial
from typing import Final

import reflex as rx
import structlog
from prometheus_client import Counter, Histogram
from reflex_base.event import Event
from reflex_base.event.processor import EventFuture
from sqlalchemy.exc import SQLAlchemyError

from schedule_app.domain.errors import ScheduleError
from schedule_app.live.listener import Revisions, direct_conninfo, listen
from schedule_app.live.presence import presence, share_presence
from schedule_app.live.principals import principals
from schedule_app.live.refreshes import Refreshes, View
from schedule_app.live.sockets import sockets
from schedule_app.live.viewers import viewers

log = structlog.get_logger(__name__)

_batches = Counter("schedule_app_live_batches_total", "Batches of changes heard from the database")
_refreshes = Counter("schedule_app_live_refreshes_total", "Refreshes sent to browser tabs")
_shown_seconds = Histogram(
    "schedule_app_live_shown_seconds",
    "From hearing a batch to its having been shown on every page it concerns",
    buckets=(0.02, 0.05, 0.1, 0.15, 0.3, 0.5, 1),
)

#: Nobody tells when a session has run out, so that is looked up.
_SWEEP_SECONDS: Final = 30
#: For no longer than this does one slow view hold up what stands beside others.
_SHOWN_SECONDS: Final = 1


async def push_changes(app: rx.App) -> None:
    """Run for the life of the process: hear changes, refresh whoever looks at them, end who may look no longer."""
    conninfo = await asyncio.to_thread(direct_conninfo)
    async with asyncio.TaskGroup() as tasks:
        refreshes = Refreshes(tasks, partial(_begin, app))

        async def refresh(topics: frozenset[str] | None, revisions: Revisions) -> None:
            _batches.inc()
            principals.forget(topics)
            refresh_viewers(refreshes, tasks, topics, revisions)
            # Beside the next batch. A page whose socket ends before it is refreshed asks by itself whether to leave.
            tasks.create_task(_end_signed_out(topics))

        async def show(weeks: set[str]) -> None:
            refresh_viewers(refreshes, tasks, frozenset(weeks), {})

        tasks.create_task(share_presence(conninfo, lambda: _on_boards(app), show))
        tasks.create_task(_sweep())
        await listen(conninfo, refresh)


def refresh_viewers(
    refreshes: Refreshes, tasks: asyncio.TaskGroup, topics: frozenset[str] | None, revisions: Revisions
) -> None:
    """Have every view refreshed that depends on the topics (None: every view).

    What stands beside the things that pages are there for waits until those are shown, on every tab.
    """
    outdated = viewers.changed(topics, revisions)
    shown = refreshes.ask(outdated.shown)
    if shown:
        tasks.create_task(_ask_after(shown, refreshes, outdated.beside))
    else:
        refreshes.ask(outdated.beside)


async def _ask_after(shown: list[asyncio.Task[None]], refreshes: Refreshes, beside: list[View]) -> None:
    with _shown_seconds.time():
        await asyncio.wait(shown, timeout=_SHOWN_SECONDS)
    refreshes.ask(beside)


async def _begin(app: rx.App, view: View) -> EventFuture | None:
    """Queue a refresh, unless the tab has gone on to another page; drop a tab that has gone altogether."""
    token, event_name = view
    namespace = app.event_namespace
    if namespace is None:
        return None
    if token not in namespace.sid_to_token.values():
        viewers.leave(token)
    if not viewers.has(token, event_name):
        return None
    _refreshes.inc()
    return await app.event_processor.enqueue(token, Event(name=event_name))


def _on_boards(app: rx.App) -> set[str]:
    """The tabs that are connected and have not gone on to another page."""
    namespace = app.event_namespace
    connected = set(namespace.sid_to_token.values()) if namespace else set()
    return {token for token in connected if viewers.shows(token, presence.week_of(token))}


async def _sweep() -> None:
    while True:
        await asyncio.sleep(_SWEEP_SECONDS)
        await _end_signed_out(None)


async def _end_signed_out(topics: frozenset[str] | None) -> None:
    try:
        await sockets.end_signed_out(topics)
    except (ScheduleError, SQLAlchemyError) as error:
        # Pushing goes on, whatever state the database is in; the next sweep asks again.
        log.warning("sessions were not checked", reason=type(error).__name__)
