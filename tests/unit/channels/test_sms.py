"""SMS by a provider that takes JSON, and as files."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from schedule_app.channels import sms
from schedule_app.channels.port import ChannelError
from schedule_app.domain.notices import Wording
from tests.support.app import free_port
from tests.unit.channels.channel_messages import KEY, message, settings


@asynccontextmanager
async def provider(answer: Callable[[], Awaitable[web.Response]]) -> AsyncIterator[tuple[str, list[Any]]]:
    """A provider's address, and what it was told."""
    told: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        told.append((dict(request.headers), await request.json()))
        return await answer()

    app = web.Application()
    app.router.add_post("/messages", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    [(_, port)] = runner.addresses
    try:
        yield f"http://127.0.0.1:{port}/messages", told
    finally:
        await runner.cleanup()


def _always(**answer: Any) -> Callable[[], Awaitable[web.Response]]:
    async def answering() -> web.Response:
        return web.Response(**answer)

    return answering


async def test_a_provider_is_told_whom_and_what():
    async with provider(_always(status=202)) as (url, told):
        paid = settings(sms_url=url, sms_token="s3cret", sms_from="Shifts")
        await sms.send(paid, message(), "0049 (151) 123-4567")

    [(headers, content)] = told
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["Idempotency-Key"] == str(KEY)
    assert content == {
        "to": "+491511234567",
        "from": "Shifts",
        "text": "You have a new shift. Mon 30 Nov, 06:00–14:00. Please confirm by Sat 28 Nov, 18:00. "
        "https://shifts.example.com/me",
    }


def test_several_things_are_told_by_their_subject():
    items = (Wording("You have a new shift", "x" * 500), Wording("b", ""))
    assert sms.text_of(message(subject="2 of your shifts changed", items=items)).startswith(
        "2 of your shifts changed https://"
    )
    assert len(sms.text_of(message(items=items[:1]))) < 240


@pytest.mark.parametrize(
    ("answer", "is_worth_repeating"),
    [
        ({"status": 400, "text": "no such\r\nnumber"}, False),
        ({"status": 401}, True),
        ({"status": 429}, True),
        ({"status": 500, "text": "x" * 9999}, True),
        ({"status": 302, "headers": {"Location": "/messages"}}, True),
    ],
)
async def test_a_provider_that_refuses(answer: dict[str, Any], is_worth_repeating: bool):
    async with provider(_always(**answer)) as (url, told):
        with pytest.raises(ChannelError, match=str(answer["status"])) as refused:
            await sms.send(settings(sms_url=url, sms_token="s3cret"), message(), "5550100")

    assert refused.value.is_worth_repeating is is_worth_repeating
    assert "\n" not in refused.value.reason
    assert len(told) == 1


async def test_a_provider_that_is_slow_or_not_there(monkeypatch: pytest.MonkeyPatch):
    async def never() -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    monkeypatch.setattr(sms, "_ANSWER_SECONDS", 0.2)
    async with provider(never) as (url, _):
        for each in (url, f"http://127.0.0.1:{free_port()}/messages"):
            with pytest.raises(ChannelError) as refused:
                await sms.send(settings(sms_url=each), message(), "5550100")
            assert refused.value.is_worth_repeating


@pytest.mark.parametrize(
    "phone", ["", "call me", "+", "12", "+1 555 0100 ext 3", "5550100\r\nX: y", "1" * 40, "٥٥٥٠١٠٠"]
)
async def test_no_phone_number(phone: str):
    with pytest.raises(ChannelError, match="no phone number") as refused:
        await sms.send(settings(sms_url="file"), message(), phone)
    assert not refused.value.is_worth_repeating


async def test_in_development_messages_are_files(tmp_path: Path):
    await sms.send(settings(tmp_path, sms_url="file"), message(), "+1-555-0100")

    [file] = (tmp_path / "outbox").iterdir()
    assert file.read_text().startswith("To: +15550100\n\nYou have a new shift.")
