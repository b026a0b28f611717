"""The ways a message leaves this program: e-mail, web push, SMS. They know nothing of the database.

Each sends one `Message` to one person and returns when it was accepted, or says with a `ChannelError` why not.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from schedule_app.channels.vapid import public_key
from schedule_app.domain.delivery import Channel
from schedule_app.settings import SMS_TO_FILE, Settings, is_loopback, secret_key

#: Where messages are written that are not really sent, in the data folder.
OUTBOX: Final = "outbox"


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Whether messages go out over a channel, and how, or why not, in words."""

    is_on: bool
    words: str


def states(settings: Settings) -> dict[Channel, ChannelState]:
    """What every channel is doing, as the settings have it."""
    return {
        Channel.IN_APP: ChannelState(True, "Messages are in the inbox."),
        Channel.EMAIL: _email(settings),
        Channel.PUSH: _push(settings),
        Channel.SMS: _sms(settings),
    }


def switched_on(settings: Settings) -> frozenset[Channel]:
    """The channels that messages go out over."""
    return frozenset(channel for channel, state in states(settings).items() if state.is_on)


def server_key(settings: Settings) -> str:
    """By which push services know this installation; "" where it sends them nothing."""
    return public_key(secret_key(settings)) if _push(settings).is_on else ""


def _email(settings: Settings) -> ChannelState:
    if settings.smtp_url is not None:
        host = urlsplit(settings.smtp_url.get_secret_value()).hostname
        return ChannelState(True, f"Mails go out through {host}.")
    if settings.has_embedded_database:
        return ChannelState(True, f"Mails are written to {settings.data_dir / OUTBOX}, until SMTP_URL is set.")
    return ChannelState(False, "SMTP_URL is not set.")


def _push(settings: Settings) -> ChannelState:
    page = urlsplit(settings.public_url)
    if page.scheme != "https" and not is_loopback(page.hostname or ""):
        return ChannelState(False, "Browsers allow it only where PUBLIC_URL begins with https://.")
    if not settings.push_contact:
        return ChannelState(False, "Neither VAPID_CONTACT nor MAIL_FROM is set.")
    return ChannelState(True, "Messages go out through the push service of each device's browser.")


def _sms(settings: Settings) -> ChannelState:
    if settings.sms_url == SMS_TO_FILE:
        return ChannelState(True, f"Messages are written to {settings.data_dir / OUTBOX}.")
    if settings.sms_url:
        return ChannelState(True, f"Messages go out through {urlsplit(settings.sms_url).hostname}.")
    return ChannelState(False, "SMS_URL is not set.")
