"""E-mail: over SMTP, or written to the data folder where no server is set."""

import asyncio
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from pydantic import SecretStr

from schedule_app.channels import outbox
from schedule_app.channels.letter import html_of, text_of
from schedule_app.channels.port import ChannelError, Message, clipped, one_line
from schedule_app.settings import Settings, is_loopback

#: How long one answer of a server may take; a whole message is given no longer than all channels are.
_ANSWER_SECONDS: Final = 10
_LONGEST_SUBJECT: Final = 150
_LONGEST_NAME: Final = 100
_LONGEST_MAILBOX: Final = 254
# An encoded word has at most 75 characters (RFC 2047), and the name of its header stands before it.
_ENCODED_BYTES: Final = 39
_PLAIN: Final = re.compile(r"[A-Za-z0-9 ,.:;'!/&+-]{1,65}")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9 ]{1,65}")
_LOCAL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_LABEL: Final = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
#: Mails that are only written to the data folder come from here.
_NOWHERE: Final = "Shifts <shifts@localhost>"


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter and the two addresses on its envelope."""

    sender: str
    recipient: str
    content: bytes


async def send(settings: Settings, message: Message, address: str, name: str) -> None:
    """Hand a message to the mail server, or write it to the data folder.

    Raises:
        ChannelError: It was not accepted.
    """
    mail = compose(settings, message, address, name)
    if settings.smtp_url is None:
        await asyncio.to_thread(
            outbox.put, settings, to=mail.recipient, key=message.key, content=mail.content, ending="eml"
        )
        return
    try:
        await _hand_over(settings.smtp_url, mail)
    except aiosmtplib.SMTPRecipientsRefused as error:
        [refused] = error.recipients
        raise _refused("The mail server does not take mail for this address", refused.code, refused.message) from error
    except aiosmtplib.SMTPDataError as error:
        raise _refused("The mail server did not take the message", error.code, error.message) from error
    except aiosmtplib.SMTPResponseException as error:
        # It says no to the installation, not to this message or person.
        reason = f"The mail server refused: {error.code} {error.message}"
        raise ChannelError(reason, is_worth_repeating=True) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise ChannelError(f"The mail server cannot be reached: {error}", is_worth_repeating=True) from error


def compose(settings: Settings, message: Message, address: str, name: str) -> Mail:
    """Write the letter. Whatever the names and words are, its headers are these and no others.

    They are written here and not by Python's own `EmailMessage`, whose folding of names lets line breaks through.

    Raises:
        ChannelError: It cannot be sent to such an address.
    """
    from_name, from_address = parseaddr(settings.mail_from or _NOWHERE)
    sender, recipient = _mailbox(from_address), _mailbox(address)
    home = sender.rpartition("@")[2]
    headers = {
        "From": _named(from_name, sender),
        "To": _named(name, recipient),
        "Subject": _words(clipped(one_line(message.subject), _LONGEST_SUBJECT), _PLAIN),
        "Date": format_datetime(datetime.now(UTC)),
        "Message-ID": f"<{message.key.hex}@{home}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"<shifts.{home}>",
        "List-Unsubscribe": f"<{message.settings_url}>",
        **({"Importance": "high"} if message.is_urgent else {}),
    }
    letter = EmailMessage(policy=SMTP)
    letter.set_content(text_of(message), cte="quoted-printable")
    letter.add_alternative(html_of(message), subtype="html", cte="quoted-printable")
    head = "".join(f"{header}: {value}\r\n" for header, value in headers.items())
    return Mail(sender, recipient, head.encode("ascii") + letter.as_bytes())


def _mailbox(address: str) -> str:
    """An address as every mail server understands it.

    Raises:
        ChannelError: It is none.
    """
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode()
    except ValueError:
        ascii_domain = ""
    mailbox = f"{local}@{ascii_domain}"
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)) or len(mailbox) > _LONGEST_MAILBOX:
        raise ChannelError(f"“{clipped(address, 100)}” is no address for mail.", is_worth_repeating=False)
    return mailbox


def _named(name: str, mailbox: str) -> str:
    words = _words(clipped(one_line(name), _LONGEST_NAME), _PLAIN_NAME)
    return f"{words} <{mailbox}>" if words else mailbox


def _words(text: str, plain: re.Pattern[str]) -> str:
    """A line as it may stand in a header: as it is where nothing in it can be taken for something else, or encoded."""
    if not text or plain.fullmatch(text):
        return text
    parts = [""]
    for letter in text:
        if len((parts[-1] + letter).encode()) > _ENCODED_BYTES:
            parts.append("")
        parts[-1] += letter
    return "\r\n ".join(f"=?utf-8?b?{b64encode(part.encode()).decode()}?=" for part in parts)


async def _hand_over(server: SecretStr, mail: Mail) -> None:
    """One connection for one message.

    A password is told only in private. Without one, encryption is taken where it is offered, by whomever: who stands in
    between could as well have kept it from being offered.
    """
    url = urlsplit(server.get_secret_value())
    has_secret = url.password is not None
    is_here = is_loopback(url.hostname or "")
    is_private = url.scheme == "smtps"
    client = aiosmtplib.SMTP(
        hostname=url.hostname,
        port=url.port or (465 if is_private else 587 if has_secret else 25),
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=is_private,
        start_tls=False if is_private or is_here else (True if has_secret else None),
        validate_certs=is_private or has_secret,
        timeout=_ANSWER_SECONDS,
    )
    try:
        await client.connect()
        await client.sendmail(mail.sender, [mail.recipient], mail.content)
        # It is theirs now, and is to be written down before anything happens here: nobody waits for their good-bye.
        if isinstance(client.transport, asyncio.WriteTransport):
            client.transport.write(b"QUIT\r\n")
    finally:
        client.close()


def _refused(what: str, code: int, told: str) -> ChannelError:
    return ChannelError(f"{what}: {code} {told}", is_worth_repeating=code < 500)
