"""Composition root: the Reflex app, its pages, what runs beside it, and what stands in front of it. No logic."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import reflex as rx
import structlog
from reflex.app import default_error_boundary
from reflex.event import EventSpec
from starlette.applications import Starlette

from schedule_app.db.engine import dispose
from schedule_app.live.push import push_changes
from schedule_app.live.shared import shared_results
from schedule_app.ui import (  # noqa: F401 - imported for their pages
    account,
    announcements,
    availability,
    board,
    coverage,
    home,
    inbox,
    insight,
    manage,
    me,
    missing,
    open,
    requests,
    shell,
    swaps,
    templates,
    time_off,
    versions,
)
from schedule_app.ui.guard import AlertState
from schedule_app.ui.known_events import knows_event
from schedule_app.ui.me.first_look import SLOT, next_card
from schedule_app.web import calendar, exports
from schedule_app.web.gate import Gate
from schedule_app.web.headers import Headers
from schedule_app.web.me import me_routes
from schedule_app.web.routes import routes

log = structlog.get_logger(__name__)


def report_incident(exception: Exception) -> EventSpec:
    """Log what nobody foresaw, and give the person a number to tell us instead of the details."""
    incident = uuid.uuid4().hex[:8]
    log.error("unexpected error", incident=incident, exc_info=exception)
    return AlertState.show_incident({"incident": incident})


@asynccontextmanager
async def database_pool() -> AsyncIterator[None]:
    """Close the process's database connections when it stops serving."""
    yield
    await shared_results.close()
    await dispose()


def report_page_error(exception: Exception) -> None:
    """Log what a page's script says went wrong, in the browser's words; not too many of them."""
    log.error("error in a page", said=str(exception)[:1000])


app = rx.App(
    stylesheets=[
        "/app.css",
        "/away.css",
        "/cover.css",
        "/insight.css",
        "/manage.css",
        "/operation.css",
        "/palette.css",
        "/presence.css",
        "/report.css",
        "/rules.css",
        "/swap.css",
        "/swaps.css",
        "/versions.css",
        "/undo.css",
        "/drag.css",
        "/filters.css",
        "/select.css",
        "/span.css",
        "/departments.css",
        "/day.css",
        "/beside.css",
        "/fill.css",
        "/why.css",
        "/me.css",
        "/told.css",
        "/large.css",
    ],
    html_lang="en",
    head_components=[
        # There by the first paint, or else what is shown then is drawn anew in another width.
        rx.el.link(
            rel="preload",
            href="/fonts/inter-latin.woff2",
            type="font/woff2",
            custom_attrs={"as": "font", "crossOrigin": "anonymous"},
        ),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/app-icons/apple-180.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#1d5bd6"),
    ],
    toaster=None,
    app_wraps={(55, "ErrorBoundary"): lambda _stateful: default_error_boundary()},
    backend_exception_handler=report_incident,
    frontend_exception_handler=report_page_error,
    api_transformer=[
        Starlette(routes=[*routes, *exports.routes, *calendar.routes, *me_routes(SLOT, next_card)]),
        partial(Gate, knows_event=knows_event),
        Headers,
    ],
)
app.register_lifespan_task(database_pool)
app.register_lifespan_task(push_changes)
