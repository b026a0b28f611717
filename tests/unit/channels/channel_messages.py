"""A message to send, and settings to send it with."""

from pathlib import Path
from typing import Any
from uuid import UUID

from schedule_app.channels.port import Message
from schedule_app.domain.notices import Wording
from schedule_app.settings import Settings

KEY = UUID("01234567-89ab-cdef-0123-456789abcdef")


def message(**changed: Any) -> Message:
    """You have a new shift."""
    items = (Wording("You have a new shift", "Mon 30 Nov, 06:00–14:00. Please confirm by Sat 28 Nov, 18:00."),)
    values: dict[str, Any] = {
        "key": KEY,
        "subject": items[0].title,
        "items": items,
        "url": "https://shifts.example.com/me",
        "settings_url": "https://shifts.example.com/account/notifications",
    }
    return Message(**(values | changed))


def settings(data_dir: Path = Path("/nowhere"), **changed: Any) -> Settings:
    """Those of an installation that has a name and a sender."""
    values: dict[str, Any] = {"mail_from": "Shifts <shifts@example.com>", "public_url": "https://shifts.example.com"}
    values |= {"data_dir": data_dir, "secret_key": "only-for-tests-only-for-tests"}
    return Settings(**(values | changed))
