"""What differs on the board from another version: shown when asked for, and kept in the address."""

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.board_changes import BoardChanges, board_changes
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import guarded, show_alert
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import name_in_address, query_parameter


class ChangesState(rx.State):
    """The marks, and the version they are for; 0 when none are shown."""

    schedule_id: int = 0
    changes: BoardChanges = BoardChanges()

    _compared_with: int = 0

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Show the changes that the address asks for; comes after the board's own load."""
        asked = query_parameter(self, "compare")
        board = await self.get_state(BoardState)
        self.schedule_id = 0
        is_planner = (
            bool(board.week.site_id)
            and not board.span
            and can(signed_in.actor, Permission.VIEW_DRAFT, site_id=board.week.site_id)
        )
        if not (is_planner and asked.isascii() and asked.isdecimal() and len(asked) <= 18):
            return
        try:
            await self._read(signed_in.actor, board, int(asked))
        except ScheduleError as refused:
            await show_alert(self, refused.message)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The week has changed."""
        if not self.schedule_id:
            return
        board = await self.get_state(BoardState)
        try:
            await self._read(signed_in.actor, board, self._compared_with)
        except NotFound:
            self.schedule_id = 0

    @guarded(Permission.VIEW_DRAFT)
    async def toggle(self, signed_in: SignedIn) -> rx.event.EventSpec:
        """Mark what differs from the published version, or no longer."""
        board = await self.get_state(BoardState)
        if not board.week.site_id:
            raise NotFound
        if self.schedule_id and self.schedule_id == board.head.schedule_id:
            self.schedule_id = 0
            return name_in_address(compare="", version="")
        await self._read(signed_in.actor, board, board.head.published_id)
        return name_in_address(compare=str(self._compared_with), version="")

    async def _read(self, actor: Actor, board: BoardState, one_id: int) -> None:
        watch(self, board._topics())
        async with read_session() as session:
            changes = await board_changes(session, actor, one_id or None, board.head.schedule_id)
        self._compared_with = one_id
        if self.schedule_id != board.head.schedule_id:
            self.schedule_id = board.head.schedule_id
        if self.changes != changes:
            self.changes = changes
