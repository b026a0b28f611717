"""What every channel is given, and what it says when it cannot do it."""

import unicodedata
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from schedule_app.domain.notices import Wording

_LONGEST_REASON: Final = 300
# They turn the direction of what follows, so that one name can pose as another.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told at once.

    Attributes:
        key: The same whenever this is sent again, so that what comes twice can be known.
        subject: All of it in a few words.
        items: What it is made of, the most important first; at least one.
        url: The one place it leads to.
        settings_url: Where people choose what they are told, and how.
        is_urgent: Whether it may wake somebody.
    """

    key: UUID
    subject: str
    items: tuple[Wording, ...]
    url: str
    settings_url: str
    is_urgent: bool = False


class ChannelError(Exception):
    """A message that was not accepted.

    Attributes:
        reason: Why, in one line, for the ledger.
        is_worth_repeating: Whether the same may be accepted later.
        is_gone: Whether nobody will ever be reached at the address again.
    """

    def __init__(self, reason: str, *, is_worth_repeating: bool, is_gone: bool = False) -> None:
        self.reason = clipped(one_line(reason), _LONGEST_REASON)
        super().__init__(self.reason)
        self.is_worth_repeating = is_worth_repeating
        self.is_gone = is_gone


def one_line(text: str) -> str:
    """Text without line breaks, control characters, or marks that turn its direction."""
    kept = (letter for letter in text if letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cs"))
    return " ".join("".join(letter for letter in kept if letter not in _TURNING).split())


def clipped(text: str, most: int) -> str:
    """Text of at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
