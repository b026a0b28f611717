"""Web push: encrypted for one browser, signed by this installation, taken by the browser's own push service."""

import asyncio
import json
import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from py_vapid import Vapid02
from pywebpush import WebPusher

from schedule_app.channels.devices import Device, fault_of, is_public
from schedule_app.channels.port import ChannelError, Message, clipped, one_line
from schedule_app.channels.vapid import signing_key
from schedule_app.settings import Settings, secret_key

_ANSWER_SECONDS: Final = 15
_MOST_READ: Final = 2000
#: How long a push service keeps what a device that is off cannot get.
_KEPT_SECONDS: Final = 24 * 60 * 60
#: A signature is good for so long; push services take no more than a day.
_SIGNED_SECONDS: Final = 12 * 60 * 60
# Push services take 4096 bytes at least, encryption included; a letter may be four.
_LONGEST_TITLE: Final = 120
_LONGEST_BODY: Final = 300
_NOBODY_THERE: Final = (404, 410)
_LATER: Final = (408, 425, 429)
#: A device was switched on for another key than this installation's, as Google, Mozilla and Apple say it. Their status
#: alone may mean as well that the clock is wrong here, which is no device's fault.
_OTHER_KEY: Final = re.compile(r"do not correspond to the credentials|public key mismatch|VapidPkHashMismatch", re.I)


class PublicOnly(AbstractResolver):
    """Looks names up, and knows none that lead to an address which is not public.

    What it answers is what is connected to, so a name that leads elsewhere a moment later changes nothing.
    """

    def __init__(self, names: AbstractResolver) -> None:
        self._names = names

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:  # noqa: ANN401 - as above it
        """Look a name up.

        Raises:
            OSError: There is no such name, or one of its addresses is not public.
        """
        found = await self._names.resolve(host, port, family)
        if not all(is_public(each["host"]) for each in found):
            raise OSError(None, "it leads to an address that is not public")
        return found

    async def close(self) -> None:
        """Let go of what looks names up."""
        await self._names.close()


def public_connections() -> aiohttp.TCPConnector:
    """Connections to public servers alone."""
    return aiohttp.TCPConnector(resolver=PublicOnly(ThreadedResolver()), use_dns_cache=False, force_close=True)


async def send(
    settings: Settings,
    message: Message,
    device: Device,
    *,
    connections: Callable[[], aiohttp.TCPConnector] = public_connections,
) -> None:
    """Hand a message for one device to its push service.

    Raises:
        ChannelError: It was not accepted.
    """
    fault = fault_of(device)
    if fault:
        raise ChannelError(fault, is_worth_repeating=False)
    body = await asyncio.to_thread(_encrypted, message, device)
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(_KEPT_SECONDS),
        "Urgency": "high" if message.is_urgent else "normal",
        # Of those with one topic a push service keeps the newest: what is sent again takes its own place.
        "Topic": message.key.hex,
        **_signature(settings, device),
    }
    try:
        async with (
            aiohttp.ClientSession(
                connector=connections(), timeout=aiohttp.ClientTimeout(total=_ANSWER_SECONDS), trust_env=False
            ) as session,
            session.post(device.endpoint, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            status, told = answer.status, (await answer.content.read(_MOST_READ)).decode(errors="replace")
    except TimeoutError as error:
        raise ChannelError("The push service did not answer in time.", is_worth_repeating=True) from error
    except aiohttp.ClientError as error:
        raise ChannelError(f"The push service cannot be reached: {error}", is_worth_repeating=True) from error
    _judge(status, told)


def _judge(status: int, told: str) -> None:
    if 200 <= status < 300:
        return
    if status in _NOBODY_THERE:
        raise ChannelError("The device does not want messages any more.", is_worth_repeating=False, is_gone=True)
    if status in (400, 401, 403) and _OTHER_KEY.search(told):
        raise ChannelError("The device was switched on for another key.", is_worth_repeating=False, is_gone=True)
    if 300 <= status < 400:
        raise ChannelError(f"The push service wants to lead elsewhere: {status}.", is_worth_repeating=False)
    is_worth_repeating = status >= 500 or status in _LATER
    raise ChannelError(f"The push service refused: {status} {told}", is_worth_repeating=is_worth_repeating)


def _encrypted(message: Message, device: Device) -> bytes:
    first, more = message.items[0], len(message.items) - 1
    body = first.body if not more else "; ".join(item.title for item in message.items)
    origin = urlsplit(message.url)
    told = {
        "title": clipped(one_line(message.subject), _LONGEST_TITLE),
        "body": clipped(one_line(body), _LONGEST_BODY),
        # A path: a browser opens pages of its own installation only.
        "path": origin.path + (f"?{origin.query}" if origin.query else ""),
        "tag": message.key.hex,
    }
    keys = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    return bytes(WebPusher(keys).encode(json.dumps(told, ensure_ascii=False).encode())["body"])


def _signature(settings: Settings, device: Device) -> dict[str, str]:
    parts = urlsplit(device.endpoint)
    claims = {
        "aud": f"https://{parts.hostname}",
        "exp": int(time.time()) + _SIGNED_SECONDS,
        "sub": settings.push_contact,
    }
    return dict(_signer(secret_key(settings)).sign(claims))


@lru_cache(maxsize=4)
def _signer(secret: bytes) -> Vapid02:
    # The contact has been checked by the settings, which allow more than this library knows of.
    return Vapid02(signing_key(secret), {"no-strict": True})
