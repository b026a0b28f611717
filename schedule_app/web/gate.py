"""Stands in front of Reflex: no page and no socket without a valid session, no socket from another site's page.

Reflex itself never sees the session token. It gets the token's hash in the cookie's place, and a client token bound to
that hash, so that a tab's state belongs to one session only.
"""

import asyncio
import re
import time
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlencode

import structlog
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schedule_app.domain.errors import ScheduleError
from schedule_app.live.principals import principals
from schedule_app.live.sockets import sockets
from schedule_app.queries.actors import SignedIn
from schedule_app.services.sign_in import hash_token
from schedule_app.settings import get_settings
from schedule_app.web.cookies import session_token
from schedule_app.web.frames import MAX_ADDRESS_CHARS, KnowsEvent, fault

log = structlog.get_logger(__name__)

SOCKET_PATH: Final = "/_event"
#: What Reflex finds in the cookie header instead of the token.
HASH_COOKIE: Final = "session_hash"
#: A person's hands and a board's pushes stay far below; a script that floods is cut off.
MESSAGES_PER_SECOND: Final = 40
MESSAGE_BURST: Final = 200
SOCKETS_PER_SESSION: Final = 40
_POLICY_VIOLATION: Final = 1008

_PUBLIC_PATHS: Final = frozenset(
    {
        *("/login", "/logout", "/session", "/healthz", "/readyz", "/metrics", "/app.css", "/favicon.svg"),
        # What a phone keeps of the app holds nothing of anybody.
        *("/manifest.webmanifest", "/sw.js", "/offline.html"),
    }
)
_PUBLIC_PREFIXES: Final = ("/assets/", "/app-icons/", "/fonts/", "/invitation/", "/calendar/")
_CLIENT_TOKEN: Final = re.compile(r"[A-Za-z0-9-]{8,36}")


class Gate:
    """ASGI middleware around the whole application.

    Args:
        app: What it lets requests through to.
        knows_event: Says which events a page of ours sends.
    """

    def __init__(self, app: ASGIApp, knows_event: KnowsEvent) -> None:
        self._app = app
        self._knows_event = knows_event

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "websocket":
            await self._socket(_from_client(scope), receive, send)
        elif scope["type"] == "http":
            scope = _from_client(scope)
            answer = await _answer(scope)
            await (answer or self._app)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason, token_hash, signed_in = await _admit(scope)
        if reason or signed_in is None:
            await _refuse(scope, send, reason)
            return
        socket = _Socket(receive, send, self._knows_event)
        with sockets.opened(token_hash, signed_in.actor, socket.end):
            # The session may have ended after it was looked up and before it was known to have a socket.
            reason, _, _ = await _admit(scope)
            if reason:
                await _refuse(scope, send, reason)
                return
            await self._app(_rewritten(scope, token_hash), socket.receive, socket.send)
        if socket.why_ended:
            who = signed_in.actor.employee_id
            log.warning("socket closed", reason=socket.why_ended, employee_id=who, ip=_ip(scope))


class _Socket:
    """One socket, as Reflex is given it: it ends when we say so, or when the browser misbehaves."""

    def __init__(self, receive: Receive, send: Send, knows_event: KnowsEvent) -> None:
        self._receive = receive
        self._send = send
        self._knows_event = knows_event
        self._ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._allowance = float(MESSAGE_BURST)
        self._last = time.monotonic()

    @property
    def why_ended(self) -> str:
        """Why it was ended from this side; empty as long as it was not."""
        return self._ended.result() if self._ended.done() else ""

    def end(self, reason: str) -> None:
        """Close the socket; Reflex sees the browser leave."""
        if not self._ended.done():
            self._ended.set_result(reason)

    async def receive(self) -> Message:
        """The next message, or the end."""
        coming = asyncio.ensure_future(self._receive())
        try:
            await asyncio.wait({coming, self._ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not coming.done():
                coming.cancel()
        if not self._ended.done():
            message = coming.result()
            reason = self._fault(message) if message["type"] == "websocket.receive" else ""
            if not reason:
                return message
            self.end(reason)
        return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}

    async def send(self, message: Message) -> None:
        """Pass a message on; a close that comes from us says so."""
        is_ours = self._ended.done() and message["type"] == "websocket.close"
        await self._send({**message, "code": _POLICY_VIOLATION} if is_ours else message)

    def _fault(self, message: Message) -> str:
        now = time.monotonic()
        self._allowance = min(MESSAGE_BURST, self._allowance + (now - self._last) * MESSAGES_PER_SECOND) - 1
        self._last = now
        if self._allowance < 0:
            return "flood"
        text = message.get("text")
        return "binary frame" if text is None else fault(text, self._knows_event)


async def _answer(scope: Scope) -> Response | None:
    """What a request for a page is answered with here; None lets it through."""
    path: str = scope["path"]
    if path.startswith(SOCKET_PATH):
        return PlainTextResponse("Sockets only.", 400)
    if path in _PUBLIC_PATHS or (path.startswith(_PUBLIC_PREFIXES) and ".." not in path):
        return None
    query = scope["query_string"].decode("latin-1")
    if len(path) + len(query) >= MAX_ADDRESS_CHARS and query:
        # A page at such an address could not say where it is, and would never load; without the question it does.
        return RedirectResponse(quote("/" + path.lstrip("/")), 303)
    try:
        if await _signed_in(scope):
            return None
    except ScheduleError as outage:
        return PlainTextResponse(outage.message, 503)
    if "text/html" not in _header(scope, b"accept"):
        return PlainTextResponse("Please sign in.", 401)
    return RedirectResponse("/login?next=" + quote(path + (f"?{query}" if query else ""), safe="/"), 303)


async def _refuse(scope: Scope, send: Send, reason: str) -> None:
    log.warning("socket refused", reason=reason, origin=_header(scope, b"origin")[:200], ip=_ip(scope))
    await send({"type": "websocket.close", "code": _POLICY_VIOLATION})


async def _admit(scope: Scope) -> tuple[str, str, SignedIn | None]:
    """Why a socket is refused, or an empty string; and whose it is."""
    if _header(scope, b"origin") not in get_settings().allowed_origins:
        return "foreign origin", "", None
    if not _CLIENT_TOKEN.fullmatch(_client_token(scope)):
        return "bad client token", "", None
    try:
        signed_in = await _signed_in(scope)
    except ScheduleError:
        return "cannot tell who it is", "", None
    if signed_in is None:
        return "not signed in", "", None
    token_hash = _token_hash(scope)
    reason = "too many sockets" if sockets.count(token_hash) > SOCKETS_PER_SESSION else ""
    return reason, token_hash, signed_in


async def _signed_in(scope: Scope) -> SignedIn | None:
    token_hash = _token_hash(scope)
    return await principals.find(token_hash) if token_hash else None


def _token_hash(scope: Scope) -> str:
    token = session_token(scope["headers"])
    return hash_token(token).hex() if token else ""


def _from_client(scope: Scope) -> Scope:
    """Name the address that our own proxy saw, where there is one: the last of the list, as a client may begin it."""
    if not get_settings().trusted_proxy:
        return scope
    seen = _header(scope, b"x-forwarded-for").rpartition(",")[2].strip()
    return {**scope, "client": (seen, 0)} if seen else scope


def _header(scope: Scope, name: bytes) -> str:
    values = [value for key, value in scope["headers"] if key == name]
    return values[-1].decode("latin-1") if values else ""


def _ip(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _client_token(scope: Scope) -> str:
    return parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]


def _rewritten(scope: Scope, token_hash: str) -> dict[str, Any]:
    query = {"EIO": "4", "transport": "websocket", "token": f"{_client_token(scope)}-{token_hash[:24]}"}
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    headers.append((b"cookie", f"{HASH_COOKIE}={token_hash}".encode()))
    return {**scope, "headers": headers, "query_string": urlencode(query).encode()}
