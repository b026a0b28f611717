"""Browser tabs without a browser: real states, handlers and services, run by Reflex's own event processor.

    async with browser_of(employee.id) as tab:
        await tab.open("/me")
        await tab.send(AnswerState.confirm, {"assignment_id": 7})
        assert tab.state(MeState).waiting == []

A handler that raises what nobody foresaw raises in the test. Only this module knows how Reflex runs events.
"""

import asyncio
import contextlib
import json
import secrets
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, urlsplit

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import StateUpdate
from reflex.utils.format import json_dumps
from reflex_base.event import Event, EventHandler
from reflex_base.event.processor.base_state_processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler
from sqlalchemy import func, insert, select

from schedule_app.db.engine import unit_of_work
from schedule_app.live.listener import Revisions, direct_conninfo, listen
from schedule_app.live.principals import principals
from schedule_app.live.shared import shared_results
from schedule_app.live.topics import CHANNEL
from schedule_app.live.viewers import EMPTY, viewers
from schedule_app.models import AuthSession
from schedule_app.schedule_app import app
from schedule_app.services.sign_in import hash_token
from schedule_app.ui.guard import TO_SIGN_IN, AlertState

_VAR_SUFFIX: Final = "_rx_state_"
_BOOT: Final = "reflex___state____state.hydrate_and_load"
_NOTHING: Final = object()

_registrations = RegistrationContext.get()
_tabs: dict[str, "Tab"] = {}

S = TypeVar("S", bound=rx.State)


class Tab:
    """One tab of somebody's browser.

    Attributes:
        token: Reflex's name for the tab.
        events: What the browser was told to do, in order: redirects, scripts.
        bytes_received: Size of all that was sent to it, as JSON.
    """

    def __init__(self, session_hash: str) -> None:
        self.token = str(uuid.uuid4())
        self.events: list[Event] = []
        self.bytes_received = 0
        self._headers = {"cookie": f"session_hash={session_hash}"} if session_hash else {}
        self._router_data: dict[str, Any] = {}
        self._vars: dict[str, dict[str, Any]] = {}
        self._left = asyncio.Event()
        self._manager = StateManagerMemory()
        self._processor = BaseStateEventProcessor(middleware=app)
        self._processor.configure(state_manager=self._manager, event_namespace=_Wire(self))  # type: ignore[arg-type]

    async def open(self, address: str) -> None:
        """Go to a page of the app and wait until it has loaded."""
        url = urlsplit(address)
        route = app.router(url.path)
        assert route is not None, f"There is no page at {url.path}."
        self._router_data = {
            "pathname": "/" + route.removeprefix("/"),
            "asPath": address,
            "query": dict(parse_qsl(url.query)) | _params(route, url.path),
            "token": self.token,
            "sid": f"sid-{self.token}",
            "ip": "127.0.0.1",
            "headers": self._headers,
        }
        await self.send(_BOOT)

    async def send(self, handler: EventHandler | str, payload: object = _NOTHING) -> None:
        """Send an event, as the browser does, and wait for it and everything it causes.

        Args:
            handler: `AnswerState.confirm`, "AnswerState.confirm", or the full name it is registered under.
            payload: The one argument, of whatever type; left out, none is sent.
        """
        arguments = {} if payload is _NOTHING else {"payload": payload}
        event = Event(name=_event_name(handler), payload=arguments, router_data=dict(self._router_data))
        await self._run(event)

    async def refresh(self, event_name: str) -> None:
        """Run an event as the live layer does, which knows nothing of the browser's address.

        A tab that is closed meanwhile is not waited for: what it had queued is never run.
        """
        running = asyncio.ensure_future(self._run(Event(name=event_name)))
        left = asyncio.ensure_future(self._left.wait())
        await asyncio.wait({running, left}, return_when=asyncio.FIRST_COMPLETED)
        left.cancel()
        if running.done():
            running.result()
        else:
            running.cancel()

    def state(self, cls: type[S]) -> S:
        """This tab's state of a class, as the server holds it."""
        root = self._manager.states[BaseStateToken(ident=self.token, cls=rx.State).cache_key]
        return root.get_substate(cls.get_full_name().split("."))

    def shows(self, cls: type[rx.State]) -> dict[str, Any]:
        """The variables of a state as this browser has received them; defaults it was never sent are missing."""
        return self._vars.get(cls.get_full_name(), {})

    @property
    def alert(self) -> str:
        """The message at the top of the page."""
        return self.state(AlertState).message

    @property
    def redirects(self) -> list[str]:
        """Where the browser was sent, in order."""
        return [place for event in self.events if (place := _sent_to(event))]

    async def _run(self, event: Event) -> None:
        future = await self._processor.enqueue(self.token, event)
        await future.wait_all()

    def _receive(self, update: StateUpdate) -> None:
        sent = json_dumps(update.delta)
        self.bytes_received += len(sent)
        for name, values in json.loads(sent).items():
            shown = self._vars.setdefault(name, {})
            shown.update({key.removesuffix(_VAR_SUFFIX): value for key, value in values.items()})
        self.events.extend(update.events)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[None]:
        # The processor puts its context on the task that starts it, so it gets a task of its own.
        started, leaving = asyncio.Event(), asyncio.Event()

        async def serve() -> None:
            async with _attached(), self._processor:
                started.set()
                await leaving.wait()

        serving = asyncio.create_task(serve())
        await started.wait()
        _tabs[self.token] = self
        try:
            yield
        finally:
            del _tabs[self.token]
            viewers.leave(self.token)
            self._left.set()
            leaving.set()
            await serving
            await shared_results.close()
            # The next test's database numbers its transactions anew.
            viewers.changed(None)
            await self._manager.close()


class _Wire:
    """Stands where the socket is."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        assert token == self._tab.token
        self._tab._receive(update)


@contextlib.asynccontextmanager
async def browser_of(employee_id: int) -> AsyncIterator[Tab]:
    """A tab of a browser in which this person has just signed in."""
    _register_pages()
    token_hash = hash_token(secrets.token_urlsafe(32))
    async with unit_of_work() as session:
        values = {
            "employee_id": employee_id,
            "token_hash": token_hash,
            "expires_at": datetime.now(UTC) + timedelta(days=1),
        }
        await session.execute(insert(AuthSession).values(values))
    tab = Tab(token_hash.hex())
    async with tab._connected():
        yield tab


@contextlib.asynccontextmanager
async def stranger() -> AsyncIterator[Tab]:
    """A tab of a browser in which nobody is signed in."""
    _register_pages()
    tab = Tab("")
    async with tab._connected():
        yield tab


async def push(topics: Iterable[str] | None, revisions: Revisions = EMPTY) -> None:
    """Tell every open tab that these topics (None: all) have changed, and wait until all have refreshed."""
    changed = None if topics is None else frozenset(topics)
    principals.forget(changed)
    outdated = viewers.changed(changed, revisions)
    for views in (outdated.shown, outdated.beside):
        await asyncio.gather(*(_tabs[token].refresh(event) for token, event in views if token in _tabs))


@contextlib.asynccontextmanager
async def live_pushes() -> AsyncIterator[None]:
    """Inside the block, whatever the database says has changed is pushed, as in the running app."""
    mark = f"test:{uuid.uuid4()}"
    is_heard = asyncio.Event()

    pushing = asyncio.Lock()

    async def hear(topics: frozenset[str] | None, revisions: Revisions) -> None:
        if topics is not None and mark in topics:
            is_heard.set()
        async with pushing:
            await push(topics, revisions)

    listening = asyncio.create_task(listen(await asyncio.to_thread(direct_conninfo), hear))
    while not is_heard.is_set():
        assert not listening.done(), "The listener ended."
        async with unit_of_work() as session:
            message = json.dumps({"rev": "0", "topics": [mark]})
            await session.execute(select(func.pg_notify(CHANNEL, message)))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(is_heard.wait(), 0.05)
    try:
        yield
    finally:
        # What is under way is not torn off: a page read by halves would leave its connection behind.
        async with pushing:
            listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await shared_results.close()


async def eventually(condition: Callable[[], bool], *, within: float = 20.0) -> None:
    """Wait until something has become true.

    Raises:
        AssertionError: It has not in this many seconds.
    """
    deadline = asyncio.get_running_loop().time() + within
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "This did not come true in time."
        await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def _attached() -> AsyncIterator[None]:
    RegistrationContext.set(_registrations)
    yield


@cache
def _register_pages() -> None:
    """Give the app its pages, which otherwise happens when it is compiled or served."""
    RegistrationContext.set(_registrations)
    for render, options in _registrations.decorated_pages:
        app.add_page(render, **options)


@cache
def _handlers_by_name() -> dict[str, str]:
    named = {}
    for full_name, registered in _registrations.event_handlers.items():
        named[full_name] = full_name
        named.setdefault(f"{registered.states[0].__name__}.{full_name.rsplit('.', 1)[1]}", full_name)
    return named


def _sent_to(event: Event) -> str:
    if event.name == "_call_script" and event.payload["javascript_code"] == TO_SIGN_IN:
        return "/login"
    return event.payload["path"].strip('"') if event.name == "_redirect" else ""


def _event_name(handler: EventHandler | str) -> str:
    return _handlers_by_name()[handler] if isinstance(handler, str) else format_event_handler(handler)


def _params(route: str, path: str) -> dict[str, str]:
    pairs = zip(route.strip("/").split("/"), path.strip("/").split("/"), strict=False)
    return {part[1:-1]: value for part, value in pairs if part.startswith("[")}
