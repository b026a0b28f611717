"""Stands in front of Reflex: no page and no socket without a valid session, no socket from another site's page.

Reflex itself never sees the session token. It gets the token's hash in the cookie's place, and a client token bound to
that hash, so that a tab's state belongs to one session only.
"""

import re
import time
from collections import Counter
from typing import Final
from urllib.parse import parse_qs, quote, urlencode

import structlog
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schedule_app.live.principals import principals
from schedule_app.services.sign_in import hash_token
from schedule_app.settings import get_settings
from schedule_app.web.cookies import session_token

log = structlog.get_logger(__name__)

SOCKET_PATH: Final = "/_event"
#: What Reflex finds in the cookie header instead of the token.
HASH_COOKIE: Final = "session_hash"
#: A person's hands and a board's pushes stay far below; a script that floods is cut off.
MESSAGES_PER_SECOND: Final = 40
MESSAGE_BURST: Final = 200
SOCKETS_PER_SESSION: Final = 40

_PUBLIC_PATHS: Final = frozenset(
    {"/login", "/logout", "/session", "/healthz", "/readyz", "/metrics", "/app.css", "/icons.svg", "/favicon.svg"}
)
_PUBLIC_PREFIXES: Final = ("/assets/", "/fonts/")
_CLIENT_TOKEN: Final = re.compile(r"[A-Za-z0-9-]{8,36}")


class Gate:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._sockets: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(SOCKET_PATH):
            await Response("Sockets only.", 400)(scope, receive, send)
        elif path in _PUBLIC_PATHS or path.startswith(_PUBLIC_PREFIXES) or await _signed_in_hash(scope):
            await self._app(scope, receive, send)
        elif b"text/html" in dict(scope["headers"]).get(b"accept", b""):
            query = scope["query_string"].decode("latin-1")
            wanted = path + (f"?{query}" if query else "")
            await RedirectResponse("/login?next=" + quote(wanted, safe="/"), 303)(scope, receive, send)
        else:
            await Response("Please sign in.", 401)(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason, token_hash = await self._refusal(scope)
        if reason or not token_hash:
            log.warning("socket refused", reason=reason, origin=_header(scope, b"origin"), ip=_ip(scope))
            await send({"type": "websocket.close", "code": 1008})
            return
        self._sockets[token_hash] += 1
        try:
            await self._app(_rewritten(scope, token_hash), _metered(receive), send)
        finally:
            self._sockets[token_hash] -= 1
            if not self._sockets[token_hash]:
                del self._sockets[token_hash]

    async def _refusal(self, scope: Scope) -> tuple[str, str | None]:
        if _header(scope, b"origin") not in get_settings().allowed_origins:
            return "foreign origin", None
        if not _CLIENT_TOKEN.match(_client_token(scope)):
            return "bad client token", None
        token_hash = await _signed_in_hash(scope)
        if token_hash is None:
            return "not signed in", None
        if self._sockets[token_hash] >= SOCKETS_PER_SESSION:
            return "too many sockets", token_hash
        return "", token_hash


async def _signed_in_hash(scope: Scope) -> str | None:
    token = session_token(scope["headers"])
    if not token:
        return None
    token_hash = hash_token(token).hex()
    return token_hash if await principals.find(token_hash) else None


def _header(scope: Scope, name: bytes) -> str:
    return dict(scope["headers"]).get(name, b"").decode("latin-1")


def _ip(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _client_token(scope: Scope) -> str:
    return parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]


def _rewritten(scope: Scope, token_hash: str) -> Scope:
    query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode("latin-1")).items()}
    own = _CLIENT_TOKEN.match(query["token"])
    query["token"] = f"{own[0] if own else ''}-{token_hash[:24]}"
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    headers.append((b"cookie", f"{HASH_COOKIE}={token_hash}".encode()))
    return {**scope, "headers": headers, "query_string": urlencode(query).encode()}


def _metered(receive: Receive) -> Receive:
    """Close the socket of a client that sends more than a token bucket allows."""
    allowance, last = float(MESSAGE_BURST), time.monotonic()

    async def metered() -> Message:
        nonlocal allowance, last
        message = await receive()
        if message["type"] == "websocket.receive":
            now = time.monotonic()
            allowance = min(MESSAGE_BURST, allowance + (now - last) * MESSAGES_PER_SECOND) - 1
            last = now
            if allowance < 0:
                log.warning("socket flooded and was closed")
                return {"type": "websocket.disconnect", "code": 1008}
        return message

    return metered
