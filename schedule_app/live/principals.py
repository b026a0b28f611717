"""Who a signed-in browser belongs to: remembered for seconds, forgotten as soon as the database says it has changed."""

import asyncio
import time
from collections.abc import Collection
from typing import Final

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor
from schedule_app.live import topics as names
from schedule_app.queries.actors import SignedIn, actors_of_sessions

#: Bounds how long a browser could go on if the word of its end never arrived.
MAX_AGE_SECONDS: Final = 3.0
_KEPT = 10_000


class Principals:
    """Signed-in browsers by the hash of their session token."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, SignedIn]] = {}
        # For each question the database is being asked: what has changed since.
        self._asking: dict[object, list[frozenset[str] | None]] = {}
        # What is asked together next, and the answer.
        self._coming: tuple[set[bytes], asyncio.Task[dict[bytes, SignedIn]]] | None = None

    async def find(self, token_hash: str) -> SignedIn | None:
        """Return who this is, or None when the browser is not, or no longer, signed in.

        Args:
            token_hash: hexadecimal SHA-256 of the session token.
        """
        known = self._known.get(token_hash)
        if known is not None and time.monotonic() - known[0] < MAX_AGE_SECONDS:
            return known[1]
        question, asked_at = object(), time.monotonic()
        changes = self._asking[question] = []
        try:
            signed_in = await self._look_up(bytes.fromhex(token_hash))
        finally:
            del self._asking[question]
        if signed_in is None:
            self._known.pop(token_hash, None)
            return None
        if len(self._known) >= _KEPT:
            self._known.clear()
        # The answer may be from before a change that was heard of while waiting for it; then it serves once.
        if not any(topics is None or touches(topics, signed_in.actor) for topics in changes):
            self._known[token_hash] = (asked_at, signed_in)
        return signed_in

    async def _look_up(self, token_hash: bytes) -> SignedIn | None:
        """Ask the database, together with everybody who asks at this moment: a push reaches many at once."""
        if self._coming is None or self._coming[1].done():
            asked: set[bytes] = set()
            self._coming = asked, asyncio.create_task(self._answer(asked))
        asked, answer = self._coming
        asked.add(token_hash)
        # Whoever stops waiting stops nobody else's.
        return (await asyncio.shield(answer)).get(token_hash)

    async def _answer(self, asked: Collection[bytes]) -> dict[bytes, SignedIn]:
        self._coming = None
        async with read_session() as session:
            return await actors_of_sessions(session, asked)

    def forget(self, topics: frozenset[str] | None) -> None:
        """Drop what the changed topics (None: everything) may have made untrue."""
        for changes in self._asking.values():
            changes.append(topics)
        if topics is None:
            self._known.clear()
            return
        stale = [token_hash for token_hash, (_, known) in self._known.items() if touches(topics, known.actor)]
        for token_hash in stale:
            del self._known[token_hash]


def touches(topics: frozenset[str], actor: Actor) -> bool:
    """Whether the changed topics may have changed who this is, or ended their session."""
    return not topics.isdisjoint(
        (names.session(actor.session_id or 0), names.employee(actor.employee_id), names.site(actor.site_id))
    )


principals = Principals()
