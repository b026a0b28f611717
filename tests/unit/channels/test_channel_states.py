"""Which channels are on, and what is said of them."""

from pathlib import Path
from typing import Any

import pytest

from schedule_app.channels import states, switched_on
from schedule_app.domain.delivery import Channel
from schedule_app.settings import Settings

DATABASE = {"database_url": "postgresql://db/shifts"}
MAIL = {"smtp_url": "smtp://u:s3cret@mail.example.com:2525", "mail_from": "shifts@example.com"}


@pytest.mark.parametrize(
    ("given", "channel", "is_on", "words"),
    [
        ({}, Channel.EMAIL, True, "Mails are written to /data/outbox, until SMTP_URL is set."),
        (DATABASE, Channel.EMAIL, False, "SMTP_URL is not set."),
        (DATABASE | MAIL, Channel.EMAIL, True, "Mails go out through mail.example.com."),
        ({}, Channel.PUSH, False, "Neither VAPID_CONTACT nor MAIL_FROM is set."),
        ({"vapid_contact": "me@example.com"}, Channel.PUSH, True, "Messages go out through the push service"),
        (
            {"vapid_contact": "me@example.com", "public_url": "http://192.168.1.5:8000"},
            Channel.PUSH,
            False,
            "Browsers allow it only where PUBLIC_URL begins with https://.",
        ),
        ({}, Channel.SMS, False, "SMS_URL is not set."),
        ({"sms_url": "file"}, Channel.SMS, True, "Messages are written to /data/outbox."),
        (
            {"sms_url": "https://sms.example.com/messages?key=s3cret"},
            Channel.SMS,
            True,
            "Messages go out through sms.example.com.",
        ),
    ],
)
def test_states(given: dict[str, Any], channel: Channel, is_on: bool, words: str):
    settings = Settings(data_dir=Path("/data"), **{"database_url": None, **given})

    state = states(settings)[channel]
    assert state.is_on is is_on
    assert state.words.startswith(words)
    assert "s3cret" not in state.words
    assert switched_on(settings) == {each for each, told in states(settings).items() if told.is_on}
