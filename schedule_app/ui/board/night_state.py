"""The night before the week, for whoever looks at its first day hour by hour."""

from datetime import date

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.night import Night, night_before
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import ONE_WEEK, query_parameter

NO_NIGHT: Night = {"week_start": "", "shifts": [], "chips": {}}


class Wanted(Payload):
    """Whether something is to be shown."""

    is_wanted: bool


class NightState(rx.State):
    """What runs from the week before into the one that the board shows."""

    night: Night = NO_NIGHT

    _is_wanted: bool = False

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """The page is loaded anew, also when the line was lost, and then shows the same; after the board's own load."""
        board = await self.get_state(BoardState)
        self._is_wanted = self._is_wanted and board.is_found and query_parameter(self, "view") == "day"
        if self._is_wanted:
            await self._open(signed_in.actor, board)
        else:
            self._show(NO_NIGHT)

    @guarded(Permission.VIEW_PUBLISHED, Wanted)
    async def look(self, signed_in: SignedIn, data: Wanted) -> None:
        """The first day of the board's week is looked at, or no longer."""
        self._is_wanted = data.is_wanted
        if data.is_wanted:
            await self._open(signed_in.actor, await self.get_state(BoardState))
        else:
            watch(self, ())
            self._show(NO_NIGHT)

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The week before has changed."""
        if self._is_wanted:
            await self._open(signed_in.actor, await self.get_state(BoardState))

    async def _open(self, actor: Actor, board: BoardState) -> None:
        site_id = board.week.site_id
        if not site_id or not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
            raise NotFound
        start = date.fromisoformat(board.week.start)
        watch(self, {topics.week(site_id, start - ONE_WEEK)}, is_beside=True)
        async with read_session() as session:
            drafts = can(actor, Permission.VIEW_DRAFT, site_id=site_id)
            night = await night_before(session, site_id, start, drafts=drafts)
        self._show(night)

    def _show(self, night: Night) -> None:
        """Set only what differs."""
        if night != self.night:
            self.night = night
