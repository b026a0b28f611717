"""Web push as a push service and a browser get it; whom nobody can be made to call."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from schedule_app.channels import push
from schedule_app.channels.devices import Device, fault_of, is_public
from schedule_app.channels.port import ChannelError
from schedule_app.channels.vapid import public_key
from schedule_app.domain.notices import Wording
from tests.support.push_service import HOST, Browser, PushService, push_service
from tests.unit.channels.channel_messages import KEY, message, settings

SECRET = b"only-for-tests-only-for-tests"
BROWSER = Browser()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[PushService]:
    async with push_service(tmp_path) as service:
        yield service


async def test_a_browser_can_read_it_and_the_service_knows_who_sent_it(service: PushService):
    await push.send(settings(), message(), BROWSER.device, connections=service.connections)

    [taken] = service.taken
    assert BROWSER.read(taken.body) == {
        "title": "You have a new shift",
        "body": "Mon 30 Nov, 06:00–14:00. Please confirm by Sat 28 Nov, 18:00.",
        "path": "/me",
        "tag": KEY.hex,
    }
    assert taken.key == public_key(SECRET)
    assert taken.claims["aud"] == f"https://{HOST}"
    assert taken.claims["sub"] == "mailto:shifts@example.com"
    assert time.time() < taken.claims["exp"] <= time.time() + 24 * 3600
    told = {name: taken.headers[name] for name in ("TTL", "Urgency", "Topic", "Content-Encoding")}
    assert told == {"TTL": "86400", "Urgency": "normal", "Topic": KEY.hex, "Content-Encoding": "aes128gcm"}


async def test_several_things_are_one_message_that_fits(service: PushService):
    items = tuple(Wording('😀"\\' * 100, "😀" * 500) for _ in range(50))
    urgent = message(subject="🙂" * 500, items=items, is_urgent=True)
    await push.send(settings(), urgent, BROWSER.device, connections=service.connections)

    [taken] = service.taken
    assert taken.headers["Urgency"] == "high"
    assert set(BROWSER.read(taken.body)["title"]) == {"🙂", "…"}


@pytest.mark.parametrize(
    ("answer", "is_worth_repeating", "is_gone"),
    [
        (web.Response(status=404), False, True),
        (web.Response(status=410), False, True),
        (web.Response(status=400, text="bad\r\nkeys"), False, False),
        (web.Response(status=403), False, False),
        (web.Response(status=413), False, False),
        (web.Response(status=429), True, False),
        (web.Response(status=503, text="x" * 100_000), True, False),
        (web.Response(status=301, headers={"Location": f"https://{HOST}/send/two"}), False, False),
        (web.Response(status=307, headers={"Location": "http://169.254.169.254/latest"}), False, False),
    ],
    ids=lambda each: str(each.status) if isinstance(each, web.Response) else None,
)
async def test_a_service_that_refuses(
    service: PushService, answer: web.Response, is_worth_repeating: bool, is_gone: bool
):
    service.answers["one"] = answer
    with pytest.raises(ChannelError) as refused:
        await push.send(settings(), message(), BROWSER.device, connections=service.connections)

    assert (refused.value.is_worth_repeating, refused.value.is_gone) == (is_worth_repeating, is_gone)
    assert len(refused.value.reason) <= 300
    assert "\n" not in refused.value.reason
    # Nobody is led anywhere else.
    assert service.asked == ["one"]


async def test_a_service_that_is_not_who_it_says(service: PushService):
    stranger = Device(BROWSER.device.endpoint.replace(HOST, "push.example.org"), *_keys())
    with pytest.raises(ChannelError) as refused:
        await push.send(settings(), message(), stranger, connections=service.connections)
    assert refused.value.is_worth_repeating
    assert service.asked == []


class _Names(AbstractResolver):
    """Knows one name, with several addresses."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=each, port=port, family=10 if ":" in each else 2, proto=0, flags=0)
            for each in self._addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("169.254.169.254",),
        ("::1",),
        ("fd00:ec2::254",),
        ("::ffff:127.0.0.1",),
        ("93.184.216.34", "192.168.0.1"),
    ],
)
async def test_a_name_that_leads_inside_is_not_followed(addresses: tuple[str, ...]):
    def connections() -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(resolver=push.PublicOnly(_Names(*addresses)))

    with pytest.raises(ChannelError, match="an address that is not public"):
        await push.send(settings(), message(), BROWSER.device, connections=connections)


async def test_this_is_what_is_used_unless_something_else_is_given(service: PushService):
    # A name that the machine itself knows, for its own address.
    names = push.public_connections()
    try:
        with pytest.raises(OSError, match="not public"):
            await names._resolver.resolve("localhost", service.port)
    finally:
        await names.close()


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "not an address", ""),
        *("::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("2001:db8::1", "2001::1"),
    ],
)
def test_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.1", "2607:f8b0::1", "::ffff:8.8.8.8"])
def test_public(address: str):
    assert is_public(address)


def _keys() -> tuple[str, str]:
    return BROWSER.device.p256dh, BROWSER.device.auth


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def-_",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QGuQyavXutnMH",
        "https://wns2-par02p.notify.windows.com:443/w/?token=BQYAAA%3d",
    ],
)
def test_push_services(endpoint: str):
    assert fault_of(Device(endpoint, *_keys())) == ""


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://push.example.com/x",
        "ftp://push.example.com/x",
        "https://push.example.com:8443/x",
        "https://push.example.com:x/x",
        "https://user:pw@push.example.com/x",
        "https://push.example.com\\@127.0.0.1/x",
        "https://push.example.com/x#y",
        "https://push.example.com/x\r\nHost: evil",
        "https://push.example.com/" + "x" * 1000,
        "https://localhost/x",
        "https://db/x",
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0x7f.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[",
        "https://metadata.google.internal/x",
        "https://printer.local/x",
        "https://a.localhost/x",
        "https://pu\u200bsh.example.com/x",
        "https://push.example.com./x",
        "javascript:alert(1)",
    ],
)
async def test_no_push_service(endpoint: str):
    device = Device(endpoint, *_keys())
    assert fault_of(device)
    with pytest.raises(ChannelError) as refused:
        await push.send(settings(), message(), device)
    assert not refused.value.is_worth_repeating


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [("", "MDEyMzQ1Njc4OWFiY2RlZg"), ("BAAA", "MDEyMzQ1Njc4OWFiY2RlZg"), (_keys()[0], "short"), (_keys()[0], "é" * 22)],
    ids=["no key", "no point", "no secret", "no base64"],
)
def test_keys_that_are_none(p256dh: str, auth: str):
    assert "keys" in fault_of(Device(BROWSER.device.endpoint, p256dh, auth))


def test_the_key_of_an_installation_follows_from_its_secret():
    assert public_key(SECRET) == public_key(SECRET) != public_key(SECRET + b"!")
    assert len(public_key(SECRET)) == 87
