"""Taking back one's own last step on the board's site, and doing it again."""

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.undo import UndoView, undo_view
from schedule_app.services.undo import redo, undo
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import clear_alert, guarded
from schedule_app.ui.watch import watch


class UndoState(rx.State):
    """What can be undone and redone, and what was, last. `told` has a number, so that equal words are told again."""

    is_offered: bool = False
    view: UndoView = UndoView()
    told: dict[str, str | int] = {}

    _site_id: int = 0

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Read what can be undone at the site of the board; comes after the board's own load."""
        actor = signed_in.actor
        board = await self.get_state(BoardState)
        self._site_id = board.week.site_id
        self.is_offered = bool(self._site_id) and can(actor, Permission.ASSIGN)
        self.told = {}
        watch(self, {topics.undo(actor.employee_id)} if self.is_offered else set())
        await self._read(actor)

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """This person has done something that can be undone, maybe in another window."""
        await self._read(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def undo(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Take the last step back."""
        # Two quick presses may find but one step.
        if not self.view.undo:
            return None
        done = await undo(signed_in.actor, self._site_id)
        return await self._tell(signed_in.actor, f"Undone: {done.label}.")

    @guarded(Permission.ASSIGN)
    async def redo(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Do again what was taken back last."""
        if not self.view.redo:
            return None
        done = await redo(signed_in.actor, self._site_id)
        return await self._tell(signed_in.actor, f"Done again: {done.label}.")

    async def _tell(self, actor: Actor, words: str) -> rx.event.EventSpec:
        await clear_alert(self)
        self.told = {"text": words, "nonce": int(self.told.get("nonce", 0)) + 1}
        await self._read(actor)
        return BoardState.refresh()

    async def _read(self, actor: Actor) -> None:
        if not self._site_id:
            return
        async with read_session() as session:
            view = await undo_view(session, actor, self._site_id)
        if view != self.view:
            self.view = view
