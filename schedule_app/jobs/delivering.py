"""Sends what is due for one person on one channel."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final

import structlog

from schedule_app.channels import email, push, sms, states
from schedule_app.channels.port import ChannelError
from schedule_app.db.queue import queue
from schedule_app.domain.delivery import Channel
from schedule_app.domain.errors import Conflict, Unavailable
from schedule_app.services.delivering import (
    Claimed,
    claim_message,
    leave_for_later,
    leave_to_another,
    note_failed,
    note_sent,
)
from schedule_app.settings import Settings, get_settings

log = structlog.get_logger(__name__)

#: A message is let go well before somebody else may take it up.
_SEND_SECONDS: Final = 30
#: Between tries to write down what became of it, as long as nobody else may take it up.
_PAUSES_SECONDS: Final = (0.2, 0.5, 1, 2, 4, 8)

#: A channel that is slow holds up itself, not the others nor any other job.
MOST_AT_ONCE: Final = 4
_TURN_SECONDS: Final = 0.25
_ways: Final[dict[tuple[asyncio.AbstractEventLoop, Channel], asyncio.Semaphore]] = {}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a message: sent, unless there is an error; endpoints of the devices that took it or are gone."""

    error: ChannelError | None = None
    used: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


@queue.task(name="deliver")
async def deliver(recipient_id: int, channel: str) -> None:
    """One message after the other, until nothing is due."""
    by = Channel(channel)
    if not states(get_settings())[by].is_on and await leave_to_another(recipient_id, by):
        return
    way = _ways.setdefault((asyncio.get_running_loop(), by), asyncio.Semaphore(MOST_AT_ONCE))
    try:
        async with asyncio.timeout(_TURN_SECONDS):
            await way.acquire()
    except TimeoutError:
        await leave_for_later(recipient_id, by)
        return
    try:
        while claimed := await claim_message(recipient_id, by):
            await _note(claimed, await _send(claimed, get_settings()))
    finally:
        way.release()


async def _note(claimed: Claimed, outcome: _Outcome) -> None:
    """Write down what became of a message; what is not written down is sent again, so it waits for the database."""
    for pause in (*_PAUSES_SECONDS, None):
        try:
            if outcome.error is None:
                await note_sent(claimed, used=outcome.used, gone=outcome.gone)
            else:
                again, is_gone = outcome.error.is_worth_repeating, outcome.error.is_gone
                reason = outcome.error.reason
                await note_failed(claimed, reason, is_worth_repeating=again, is_gone=is_gone, gone=outcome.gone)
        except (Conflict, Unavailable):
            if pause is None:
                raise
            await asyncio.sleep(pause)
        else:
            return


async def _send(claimed: Claimed, settings: Settings) -> _Outcome:
    state, to = states(settings)[claimed.channel], claimed.recipient
    if not state.is_on:
        # It was on when this was written down.
        return _Outcome(ChannelError(state.words, is_worth_repeating=True))
    if claimed.channel is Channel.PUSH:
        return await _push(claimed, settings)
    if claimed.channel is Channel.SMS:
        return _Outcome(await _refusal(sms.send(settings, claimed.message, to.phone)))
    return _Outcome(await _refusal(email.send(settings, claimed.message, to.email, to.name)))


async def _push(claimed: Claimed, settings: Settings) -> _Outcome:
    """To every device at once. One that takes it is enough: others that fail are not worth telling that one twice."""
    devices = claimed.recipient.devices
    ways = (push.send(settings, claimed.message, each, connections=push.public_connections) for each in devices)
    refusals = await asyncio.gather(*map(_refusal, ways))
    told = list(zip((device.endpoint for device in devices), refusals, strict=True))
    used = tuple(endpoint for endpoint, refusal in told if refusal is None)
    gone = tuple(endpoint for endpoint, refusal in told if refusal is not None and refusal.is_gone)
    if used:
        return _Outcome(None, used, gone)
    errors = [refusal for refusal in refusals if refusal is not None]
    return _Outcome(max(errors, key=lambda error: (error.is_worth_repeating, not error.is_gone)), used, gone)


async def _refusal(sending: Awaitable[None]) -> ChannelError | None:
    try:
        async with asyncio.timeout(_SEND_SECONDS):
            await sending
    except TimeoutError:
        return ChannelError("It took too long.", is_worth_repeating=True)
    except ChannelError as error:
        return error
    except Exception as error:
        # Nobody has thought of it. It concerns this address alone, and others do not hear the same again for it.
        log.exception("a channel has failed in a way that nobody expected")
        return ChannelError(f"It failed unexpectedly: {type(error).__name__}.", is_worth_repeating=True)
    return None
