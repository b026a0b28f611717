"""SMS: through any provider that takes JSON over HTTP, or written to the data folder."""

import asyncio
import re
from typing import Final

import aiohttp

from schedule_app.channels import outbox
from schedule_app.channels.port import ChannelError, Message, clipped, one_line
from schedule_app.settings import SMS_TO_FILE, Settings

_ANSWER_SECONDS: Final = 15
_MOST_READ: Final = 2000
#: With the link, about two parts of an SMS.
_LONGEST_WORDS: Final = 200
_NUMBER: Final = re.compile(r"\+?[0-9]{3,15}")
_BETWEEN: Final = re.compile(r"[\s()./-]")
#: Answers that are about this message, and will be the same later.
_FOR_GOOD: Final = (400, 404, 409, 410, 413, 415, 422)


async def send(settings: Settings, message: Message, phone: str) -> None:
    """Hand a message to the provider, or write it to the data folder.

    Raises:
        ChannelError: It was not accepted.
    """
    number, text = number_of(phone), text_of(message)
    if settings.sms_url == SMS_TO_FILE:
        content = f"To: {number}\n\n{text}\n".encode()
        await asyncio.to_thread(outbox.put, settings, to=number, key=message.key, content=content, ending="txt")
        return
    headers = {"Idempotency-Key": str(message.key)}
    if settings.sms_token is not None:
        headers["Authorization"] = f"Bearer {settings.sms_token.get_secret_value()}"
    told = {"to": number, "text": text} | ({"from": settings.sms_from} if settings.sms_from else {})
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_ANSWER_SECONDS)) as session,
            session.post(settings.sms_url, json=told, headers=headers, allow_redirects=False) as answer,
        ):
            status, said = answer.status, (await answer.content.read(_MOST_READ)).decode(errors="replace")
    except TimeoutError as error:
        raise ChannelError("The SMS provider did not answer in time.", is_worth_repeating=True) from error
    except aiohttp.ClientError as error:
        raise ChannelError(f"The SMS provider cannot be reached: {error}", is_worth_repeating=True) from error
    if not 200 <= status < 300:
        reason = f"The SMS provider refused: {status} {said}"
        raise ChannelError(reason, is_worth_repeating=status not in _FOR_GOOD)


def number_of(phone: str) -> str:
    """A phone number as providers want it, of one as people write it.

    Raises:
        ChannelError: It is none.
    """
    number = _BETWEEN.sub("", phone)
    number = f"+{number[2:]}" if number.startswith("00") else number
    if not _NUMBER.fullmatch(number):
        raise ChannelError(f"“{clipped(phone, 40)}” is no phone number.", is_worth_repeating=False)
    return number


def text_of(message: Message) -> str:
    """What the message says in few words, and where it leads."""
    first = message.items[0]
    words = f"{message.subject}. {first.body}" if len(message.items) == 1 and first.body else message.subject
    return f"{clipped(one_line(words), _LONGEST_WORDS)} {message.url}"
