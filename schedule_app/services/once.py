"""Commands that a phone may send twice, because it heard no answer, and that are carried out once.

Each intent of a person has a random key, which the page makes and keeps until it is answered.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import at_commit
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.permissions import Actor

KEPT_FOR: Final = timedelta(hours=24)

_KNOWN = text("SELECT body_hash FROM command_keys WHERE employee_id = :employee_id AND key = :key")

_REMEMBER = text("""
    INSERT INTO command_keys (employee_id, key, body_hash) VALUES (:employee_id, :key, :body_hash)
""")

_FORGET = text("DELETE FROM command_keys WHERE employee_id = :employee_id AND created_at < now() - :kept_for")


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants done once.

    Attributes:
        key: The page's number for it; None where nobody would send it again.
        command: What is asked, whole and in words of the caller's choice.
    """

    key: UUID | None
    command: str

    @property
    def body_hash(self) -> bytes:
        """What is kept of the command."""
        return hashlib.sha256(self.command.encode()).digest()


async def was_done(session: AsyncSession, actor: Actor, intent: Intent) -> bool:
    """Tell whether this very intent was carried out before. The actor must be locked by then; see `db.locks`.

    Raises:
        InvalidInput: Something else was carried out under its key.
    """
    if intent.key is None:
        return False
    known = await session.scalar(_KNOWN, {"employee_id": actor.employee_id, "key": intent.key})
    if known is not None and known != intent.body_hash:
        raise InvalidInput("This was sent before with something else in it. Please reload the page.")
    return known is not None


def remember(session: AsyncSession, actor: Actor, intent: Intent) -> None:
    """Have the unit of work note that the intent is carried out; older ones than a day are forgotten."""
    if intent.key is not None:
        values = {"employee_id": actor.employee_id, "key": intent.key, "body_hash": intent.body_hash}
        at_commit(session, _REMEMBER, values)
        at_commit(session, _FORGET, {"employee_id": actor.employee_id, "kept_for": KEPT_FOR})
