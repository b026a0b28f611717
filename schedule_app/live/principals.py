"""Who a signed-in browser belongs to: remembered for seconds, forgotten as soon as the database says it has changed."""

import time
from typing import Final

from schedule_app.db.engine import read_session
from schedule_app.queries.actors import SignedIn, actor_of_session

#: Bounds how long a browser could go on if the word of its end never arrived.
MAX_AGE_SECONDS: Final = 3.0
_KEPT = 10_000


class Principals:
    """Signed-in browsers by the hash of their session token."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, SignedIn]] = {}

    async def find(self, token_hash: str) -> SignedIn | None:
        """Return who this is, or None when the browser is not, or no longer, signed in.

        Args:
            token_hash: hexadecimal SHA-256 of the session token.
        """
        known = self._known.get(token_hash)
        if known is not None and time.monotonic() - known[0] < MAX_AGE_SECONDS:
            return known[1]
        asked_at = time.monotonic()
        async with read_session() as session:
            signed_in = await actor_of_session(session, bytes.fromhex(token_hash))
        if signed_in is None:
            self._known.pop(token_hash, None)
            return None
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[token_hash] = (asked_at, signed_in)
        return signed_in

    def forget(self, topics: frozenset[str] | None) -> None:
        """Drop what the changed topics (None: everything) may have made untrue."""
        if topics is None:
            self._known.clear()
            return
        stale = [
            token_hash
            for token_hash, (_, known) in self._known.items()
            if f"session:{known.actor.session_id}" in topics
            or f"employee:{known.actor.employee_id}" in topics
            or f"site:{known.actor.site_id}" in topics
        ]
        for token_hash in stale:
            del self._known[token_hash]


principals = Principals()
