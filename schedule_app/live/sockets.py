"""Open sockets by the session they belong to, so that they end with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from schedule_app.domain.permissions import Actor
from schedule_app.live.principals import principals, touches

#: Ends one socket; called with the reason.
End = Callable[[str], None]


@dataclass(slots=True)
class _Session:
    actor: Actor
    ends: list[End] = field(default_factory=list)


class Sockets:
    """The sockets of this process, by the hash of their session's token."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}

    @contextmanager
    def opened(self, token_hash: str, actor: Actor, end: End) -> Iterator[None]:
        """Know of a socket for as long as the block runs."""
        session = self._sessions.setdefault(token_hash, _Session(actor))
        session.ends.append(end)
        try:
            yield
        finally:
            session.ends.remove(end)
            if not session.ends:
                self._sessions.pop(token_hash, None)

    def count(self, token_hash: str) -> int:
        """How many sockets a session has open."""
        session = self._sessions.get(token_hash)
        return len(session.ends) if session else 0

    async def end_signed_out(self, topics: frozenset[str] | None) -> None:
        """End the sockets of sessions that are over, as far as the changed topics (None: everything) concern them."""
        for token_hash, session in list(self._sessions.items()):
            if (topics is None or touches(topics, session.actor)) and await principals.find(token_hash) is None:
                for end in list(session.ends):
                    end("signed out")


sockets = Sockets()
