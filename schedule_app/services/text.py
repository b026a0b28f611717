"""Notes and reasons as people type them: trimmed, of bounded length, without control characters, else untouched."""

import unicodedata
from typing import Final

from schedule_app.domain.errors import InvalidInput

MAX_NOTE: Final = 500
MIN_REASON: Final = 3
# They turn the direction of what follows, so that a name can pose as another.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_note(text: str | None, field: str = "note", at_most: int = MAX_NOTE) -> str | None:
    """A note that may be left out.

    Returns:
        The trimmed note with plain line ends, or None when nothing is left of it.

    Raises:
        InvalidInput: Longer than `at_most` characters, or holding control characters.
    """
    trimmed = (text or "").replace("\r\n", "\n").strip()
    if len(trimmed) > at_most:
        raise InvalidInput(f"Please keep this to {at_most} characters.", field)
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in trimmed):
        raise InvalidInput("This contains characters that cannot be stored.", field)
    return trimmed or None


def clean_line(text: str | None, field: str, at_most: int) -> str | None:
    """A name or title that may be left out: a note that stays on one line.

    Raises:
        InvalidInput: Refused as a note would be, or holding line ends or tabs.
    """
    line = clean_note(text, field, at_most)
    if line and any(letter in line for letter in "\n\t"):
        raise InvalidInput("Please keep this on one line.", field)
    return line


def clean_name(text: str, field: str, at_most: int = 200, at_least: int = 1) -> str:
    """A name that has to be given: one line that reads in one direction.

    Raises:
        InvalidInput: Missing, too short or too long, or refused as a line would be, or turning the direction of text.
    """
    name = clean_line(text, field, at_most)
    if name is None or len(name) < at_least:
        least = f"Please give a name of at least {at_least} characters." if at_least > 1 else "Please give a name."
        raise InvalidInput(least, field)
    if not _TURNING.isdisjoint(name):
        raise InvalidInput("A name cannot contain invisible characters that turn the direction of text.", field)
    return name


def clean_reason(text: str | None, field: str = "reason") -> str:
    """A reason that has to be given.

    Raises:
        InvalidInput: Missing or shorter than 3 characters, or refused as a note would be.
    """
    reason = clean_note(text, field)
    if reason is None or len(reason) < MIN_REASON:
        raise InvalidInput(f"Please give a reason of at least {MIN_REASON} characters.", field)
    return reason
