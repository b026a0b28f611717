"""Pages without a browser: signing in over HTTP, and Reflex's socket spoken to directly, well or badly.

async with open_page(app, cookie, "/me") as page:
    await page.send("AnswerState.confirm", {"assignment_id": 7})
    await page.until(lambda: page.shows("MeState")["waiting"] == [])
"""

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.support.app import App
from tests.support.handlers import own_handlers

PATIENCE_SECONDS: Final = 20.0
BOOT: Final = "reflex___state____state.hydrate_and_load"
LOAD: Final = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
_VAR_SUFFIX: Final = "_rx_state_"


async def sign_in(app: App, email: str, password: str) -> str:
    """Sign in and return the cookie header of the browser."""
    async with httpx.AsyncClient(base_url=app.origin) as client:
        form = {"email": email, "password": password}
        answer = await client.post("/login", data=form, headers={"origin": app.origin})
        assert answer.status_code == 303, answer.text
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


async def post(app: App, path: str, cookie: str = "", **form: str) -> httpx.Response:
    """Send a form from one of the app's own pages."""
    async with httpx.AsyncClient(base_url=app.origin) as client:
        return await client.post(path, data=form, headers={"origin": app.origin, "cookie": cookie})


async def get(app: App, path: str, **headers: str) -> httpx.Response:
    """Ask for a page."""
    async with httpx.AsyncClient(base_url=app.origin) as client:
        return await client.get(path, headers=headers)


class Page:
    """The socket of one browser tab.

    Attributes:
        received: Every text frame, as it came.
        events: What the browser was told to do, in order.
    """

    def __init__(self, connection: ClientConnection, path: str) -> None:
        self.path = path
        self.received: list[str] = []
        self.events: list[dict[str, Any]] = []
        self._connection = connection
        self._vars: dict[str, dict[str, Any]] = {}
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @property
    def is_closed(self) -> bool:
        """Whether the server has hung up."""
        return self._reading.done()

    @property
    def close_code(self) -> int | None:
        """With which code."""
        return self._connection.close_code

    @property
    def redirects(self) -> list[str]:
        """Where the browser was sent, in order."""
        return [event["payload"]["path"].strip('"') for event in self.events if event["name"] == "_redirect"]

    @property
    def is_sent_to_sign_in(self) -> bool:
        """Whether the browser was told to leave for the sign-in page."""
        return any("/login" in json.dumps(event) for event in self.events)

    @property
    def is_loaded(self) -> bool:
        """Whether the page's load handlers are through."""
        return self._vars.get("reflex___state____state", {}).get("is_hydrated", False)

    def shows(self, state: str) -> dict[str, Any]:
        """The variables of a state, by the name of its class, as far as they were sent."""
        ending = f"____{_snake(state)}"
        found = [values for name, values in self._vars.items() if name.endswith(ending)]
        return found[0] if found else {}

    async def send_frame(self, frame: str | bytes) -> None:
        """Send anything."""
        await self._connection.send(frame)

    async def send_event(self, name: str, payload: object, **fields: object) -> None:
        """Send an event by its full name, with whatever arguments."""
        event = {"name": name, "payload": payload, "router_data": router_data(self.path), **fields}
        await self.send_frame("42/_event," + json.dumps(["event", event]))

    async def send(self, handler: str, payload: object = None) -> None:
        """Send an event as the page does: `AnswerState.confirm`, with its one argument."""
        await self.send_event(own_handlers()[handler].full_name, {} if payload is None else {"payload": payload})

    async def go(self, path: str) -> None:
        """Go to another page of the app, without loading the document anew."""
        self.path = path
        self._vars.setdefault("reflex___state____state", {})["is_hydrated"] = False
        await self.send_event(LOAD, {})
        await self.until(lambda: self.is_loaded)

    async def until(self, condition: Callable[[], object], within: float = PATIENCE_SECONDS) -> None:
        """Wait for something to come true.

        Raises:
            AssertionError: It has not in this many seconds.
        """
        deadline = time.monotonic() + within
        while not condition():
            self._news.clear()
            left = deadline - time.monotonic()
            assert left > 0, f"This did not come true in {within} s. Last frames: {self.received[-3:]}"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(left, 0.05))

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in self._connection:
                assert isinstance(frame, str)
                self.received.append(frame)
                if frame == "2":
                    await self._connection.send("3")
                elif frame.startswith("42/_event,"):
                    self._take(json.loads(frame.partition(",")[2]))
                self._news.set()

    def _take(self, packet: list[Any]) -> None:
        if packet[0] != "event":
            return
        for name, values in (packet[1].get("delta") or {}).items():
            shown = self._vars.setdefault(name, {})
            shown.update({key.removesuffix(_VAR_SUFFIX): value for key, value in values.items()})
        self.events.extend(packet[1].get("events") or [])


@contextlib.asynccontextmanager
async def open_socket(
    app: App,
    cookie: str,
    path: str = "/",
    *,
    token: str | None = None,
    origin: str | None = "own",
    **headers: str,
) -> AsyncIterator[Page]:
    """Connect, and say nothing yet.

    Args:
        app: Where.
        cookie: The cookie header; an empty one is not sent.
        path: The page the tab is on.
        token: Reflex's name for the tab; a new one unless given.
        origin: The Origin header; "own" is that of the app's pages, None sends none.
        headers: More headers, with underscores for hyphens.

    Raises:
        InvalidStatus: The app refuses.
    """
    query = urlencode({"token": token or str(uuid.uuid4()), "EIO": "4", "transport": "websocket"})
    address = app.origin.replace("http", "ws", 1) + f"/_event/?{query}"
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Cookie": cookie} if cookie else {})
    own = Origin(app.origin) if origin == "own" else Origin(origin) if origin is not None else None
    async with connect(address, origin=own, additional_headers=sent, max_size=None, proxy=None) as connection:
        page = Page(connection, path)
        try:
            yield page
        finally:
            await connection.close()
            await page._reading


@contextlib.asynccontextmanager
async def open_page(app: App, cookie: str, path: str, *, token: str | None = None) -> AsyncIterator[Page]:
    """Open a page of the app as a browser does, and wait until it has loaded."""
    async with open_socket(app, cookie, path, token=token) as page:
        await page.send_frame(boot_frame(path))
        await page.until(lambda: page.is_loaded or page.events or page.is_closed)
        yield page


def boot_frame(path: str) -> str:
    """The packet with which a page connects."""
    event = {"name": BOOT, "payload": {"hashes": []}, "router_data": router_data(path)}
    return "40/_event," + json.dumps({"event": event})


def router_data(path: str) -> dict[str, Any]:
    """Where a page says it is."""
    parts = path.partition("?")[0].strip("/").split("/")
    query = dict(zip(("site", "week"), parts[1:], strict=False))
    return {"pathname": path.partition("?")[0], "asPath": path} | ({"query": query} if query else {})


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")
