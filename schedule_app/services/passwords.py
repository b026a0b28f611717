"""Passwords at rest: peppered, then bcrypt, off the event loop."""

import asyncio
import base64
import hashlib
import hmac
from typing import Final

import bcrypt

from schedule_app.settings import get_settings, secret_key

COST: Final = 12
MAX_PASSWORD_BYTES: Final = 1024


async def hash_password(password: str) -> str:
    """Hash a password for storing."""
    return await asyncio.to_thread(_hash, password)


async def verify_password(password: str, stored: str | None) -> bool:
    """Compare a password with a stored hash; with none stored it takes as long and says no."""
    return await asyncio.to_thread(_verify, password, stored)


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
