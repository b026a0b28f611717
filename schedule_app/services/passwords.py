"""Passwords at rest: peppered, then bcrypt, off the event loop."""

import asyncio
import base64
import hashlib
import hmac
from typing import Final

import bcrypt

from schedule_app.domain.errors import InvalidInput
from schedule_app.settings import get_settings, secret_key

COST: Final = 12
MAX_PASSWORD_BYTES: Final = 1024
MIN_PASSWORD: Final = 10
# Of the passwords found most often in leaks, those that are long enough.
_LEAKED: Final = """
    1234567890 0123456789 0987654321 12345678910 1234554321 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 qwertyuiop qwerty12345
    qwerty123456 1qaz2wsx3edc zaq12wsxcde asdfghjkl1 password12 password123 password1234 passw0rd123 password2024
    password2025 password2026 iloveyou123 welcome123 welcome1234 letmein1234 administrator admin12345 changeme123
    sunshine123 princess123 football123 baseball123 superman123 manager123 supervisor123 worker1234 abcdefghij
    abcd123456 abc1234567 123456789a a123456789 123qweasdzxc
"""
_COMMON: Final = frozenset(_LEAKED.split())


async def hash_password(password: str) -> str:
    """Hash a password for storing."""
    return await asyncio.to_thread(_hash, password)


async def verify_password(password: str, stored: str | None) -> bool:
    """Compare a password with a stored hash; with none stored it takes as long and says no."""
    return await asyncio.to_thread(_verify, password, stored)


def check_new_password(password: str, email: str) -> None:
    """Check a password that somebody wants to have from now on.

    Raises:
        InvalidInput: Too short, too long, or what others would try first.
    """
    plain = password.casefold().strip()
    if len(password) < MIN_PASSWORD:
        raise InvalidInput(f"Please choose a password of at least {MIN_PASSWORD} characters.", "password")
    if len(password.encode("utf-8", "surrogatepass")) > MAX_PASSWORD_BYTES:
        raise InvalidInput("This password is too long.", "password")
    if plain in (email, email.partition("@")[0]):
        raise InvalidInput("Please choose a password that is not your e-mail address.", "password")
    if plain in _COMMON or len(set(plain)) < 4:
        raise InvalidInput(
            "This password is one of the first that others would try. Please choose another.", "password"
        )


def needs_rehash(stored: str) -> bool:
    """Whether a stored hash was made with a lower cost than today's."""
    return int(stored.split("$")[2]) < COST


def _hash(password: str) -> str:
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(COST)).decode()


def _verify(password: str, stored: str | None) -> bool:
    matches = bcrypt.checkpw(_prepared(password), (stored or _nobodys()).encode())
    return matches and stored is not None


def _prepared(password: str) -> bytes:
    """Exactly 64 bytes, because bcrypt refuses more than 72; keyed, so that a stolen table alone is of no use."""
    key = secret_key(get_settings())  # pyright: ignore[reportArgumentType] - frozen pydantic models are hashable
    digest = hmac.digest(key, password.encode("utf-8", "surrogatepass"), hashlib.sha384)
    return base64.b64encode(digest)


def _nobodys() -> str:
    """A hash of nothing in particular at today's cost: what an unknown person's password is compared with."""
    return f"$2b${COST:02}$DhdRvHJk3xNc22OsUE6ws.sq8EDHEmgbJMMez1uzApC5be2Y6lnXG"
