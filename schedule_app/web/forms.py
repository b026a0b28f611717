"""Forms that browsers send by themselves: from our own pages, and no larger than ours are."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from schedule_app.settings import get_settings

_MAX_FORM_BYTES: Final = 16 * 1024


def is_same_origin(request: Request) -> bool:
    """Whether a form was sent from one of our own pages. Browsers name the origin of every POST."""
    return request.headers.get("origin") in get_settings().allowed_origins and request.headers.get(
        "sec-fetch-site", "same-origin"
    ) in {"same-origin", "none"}


async def small_form(request: Request) -> dict[str, str]:
    """Read a form.

    Raises:
        ValueError: It is larger than ours can be, or has more fields.
        starlette.requests.ClientDisconnect: The browser left.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM_BYTES:
            raise ValueError
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=8))
