"""Who was told of the published week, has seen it and has answered: the numbers, and the list behind them."""

from datetime import date
from typing import Literal

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.live.shared import shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.ledger import LedgerCounts, LedgerPerson, ledger_counts, ledger_people
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch

#: What is drawn at once; the numbers are of everybody.
_MOST_SHOWN = 200


class Open(Payload):
    """Whether the list is open."""

    is_open: bool


class Narrowed(Payload):
    """Whom to list."""

    show: Literal["all", "failed", "unseen", "open"]


class LedgerState(rx.State):
    """The numbers beside the week's state, for those who plan; none while the week was never published.

    Attributes:
        people: Of the list, as it is narrowed; `found` is how many there are of them.
        can_mend: Whether this person may change somebody's address.
    """

    counts: LedgerCounts = LedgerCounts()
    is_open: bool = False
    show: str = "all"
    people: list[LedgerPerson] = []
    found: int = 0
    can_mend: bool = False

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Count for the week that the board shows; comes after the board's own load."""
        board = await self.get_state(BoardState)
        self.is_open, self.people, self.found = False, [], 0
        if not self._may(signed_in.actor, board):
            watch(self, ())
            self._set_counts(LedgerCounts())
            return
        watch(self, self._topics(board), is_beside=True)
        await self._read(signed_in.actor, board)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody has read what they were told, or answered, or it arrived, or did not."""
        board = await self.get_state(BoardState)
        if self._may(signed_in.actor, board):
            await self._read(signed_in.actor, board)

    @guarded(Permission.VIEW_DRAFT, Open)
    async def open(self, signed_in: SignedIn, data: Open) -> None:
        """Open or close the list."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        self.is_open = data.is_open and self._may(signed_in.actor, board)
        if self.is_open:
            self.show = "failed" if self.counts.failed else "all"
            await self._read(signed_in.actor, board)

    @guarded(Permission.VIEW_DRAFT, Narrowed)
    async def narrow(self, signed_in: SignedIn, data: Narrowed) -> None:
        """List only some of them."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        self.show = data.show
        await self._read(signed_in.actor, board)

    async def _read(self, actor: Actor, board: BoardState) -> None:
        site_id, week = board.week.site_id, date.fromisoformat(board.week.start)
        revision = viewers.revision(self._topics(board))

        async def count() -> LedgerCounts:
            async with read_session() as session:
                return await ledger_counts(session, site_id, week)

        self._set_counts(await shared_results.get(("ledger", site_id, week), revision, count))
        if not self.is_open:
            return
        reasons = can(actor, Permission.MANAGE_PEOPLE, site_id=site_id)

        async def read() -> list[LedgerPerson]:
            async with read_session() as session:
                return await ledger_people(session, site_id, week, reasons=reasons)

        people = await shared_results.get(("ledger people", site_id, week, reasons), revision, read)
        shown = {
            "all": lambda _person: True,
            "failed": lambda person: person.level in ("failed", "untold"),
            "unseen": lambda person: person.level in ("failed", "untold", "unseen"),
            "open": lambda person: person.waits,
        }
        listed = [each for each in people if shown[self.show](each)]
        if self.people != listed[:_MOST_SHOWN]:
            self.people = listed[:_MOST_SHOWN]
        if (self.found, self.can_mend) != (len(listed), reasons):
            self.found, self.can_mend = len(listed), reasons

    def _set_counts(self, counts: LedgerCounts) -> None:
        if self.counts != counts:
            self.counts = counts

    def _may(self, actor: Actor, board: BoardState) -> bool:
        site_id = board.week.site_id
        return bool(site_id) and not board.span and can(actor, Permission.VIEW_DRAFT, site_id=site_id)

    def _topics(self, board: BoardState) -> set[str]:
        week = date.fromisoformat(board.week.start)
        return board._topics() | {topics.ledger(board.week.site_id, week)}
