"""Headers on every response."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schedule_app.settings import get_settings

#: Reflex's runtime evaluates code sent by the server and writes inline scripts and styles; everything else is closed.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self' {sockets}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_HASHED_FILES: Final = "/assets/"


class Headers:
    """ASGI middleware adding security headers, and caching for the files whose names change with their content."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        settings = get_settings()
        sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings.allowed_origins)
        self._headers = _ALWAYS | {"Content-Security-Policy": _POLICY.format(sockets=sockets)}
        if settings.public_url.startswith("https://"):
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and mend the response's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def mended(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                is_hashed = scope["path"].startswith(_HASHED_FILES) and message["status"] == 200
                headers.setdefault("Cache-Control", "public, max-age=31536000, immutable" if is_hashed else "no-cache")
            await send(message)

        await self._app(scope, receive, mended)
