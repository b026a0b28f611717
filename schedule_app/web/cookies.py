"""The one cookie: an opaque session token the browser keeps and scripts cannot read."""

from collections.abc import Iterable

from starlette.requests import cookie_parser
from starlette.responses import Response

from schedule_app.settings import get_settings


def _is_https() -> bool:
    return get_settings().public_url.startswith("https://")


def cookie_name() -> str:
    """The `__Host-` prefix makes browsers refuse a cookie set from elsewhere; it exists for https only."""
    return "__Host-session" if _is_https() else "schedule_session"


def set_session_cookie(response: Response, token: str) -> None:
    """Hand the token to the browser."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=get_settings().session_absolute_days * 24 * 3600,
        path="/",
        secure=_is_https(),
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the token back."""
    response.delete_cookie(cookie_name(), path="/", secure=_is_https(), httponly=True, samesite="lax")


def session_token(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Read the token from raw request headers, whatever other programs on this host have left beside it."""
    for name, value in headers:
        if name == b"cookie":
            token = cookie_parser(value.decode("latin-1")).get(cookie_name())
            if token:
                return token
    return None
