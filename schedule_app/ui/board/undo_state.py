"""Taking back one's own last step on the board's site, and doing it again."""

from typing import Final, Literal
from uuid import UUID

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Conflict, ScheduleError, Unavailable
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.undo import Kind, UndoView, undo_view
from schedule_app.services.undo import Undone, redo, skip, undo
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import clear_alert, guarded
from schedule_app.ui.watch import watch

_STEPS: Final = {"undo": undo, "redo": redo}


class UndoState(rx.State):
    """What can be undone and redone, and what was, last. `told` has a number, so that equal words are told again."""

    is_offered: bool = False
    view: UndoView = UndoView()
    told: dict[str, str | int] = {}
    refused: Kind | Literal[""] = ""
    refusal: str = ""

    _site_id: int = 0
    _refused_id: str = ""

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Read what can be undone at the site of the board; comes after the board's own load."""
        actor = signed_in.actor
        board = await self.get_state(BoardState)
        self._site_id = board.week.site_id
        self.is_offered = bool(self._site_id) and can(actor, Permission.ASSIGN)
        self.told = {}
        watch(self, {topics.undo(actor.employee_id)} if self.is_offered else set(), is_beside=True)
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
        done = await self._try(signed_in.actor, "undo")
        return await self._tell(signed_in.actor, f"Undone: {done.label}.") if done else None

    @guarded(Permission.ASSIGN)
    async def redo(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Do again what was taken back last."""
        if not self.view.redo:
            return None
        done = await self._try(signed_in.actor, "redo")
        return await self._tell(signed_in.actor, f"Done again: {done.label}.") if done else None

    @guarded(Permission.ASSIGN)
    async def skip(self, signed_in: SignedIn) -> None:
        """Leave the refused step as it is, so that the one before it is next."""
        kind, self.refused = self.refused, ""
        if kind:
            await skip(signed_in.actor, self._site_id, kind, UUID(self._refused_id))
            await self._read(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Leave the refused step where it is; it may become possible again."""
        self.refused = ""

    async def _try(self, actor: Actor, kind: Kind) -> Undone | None:
        """Take a step; what refuses is said, with a way past it."""
        step = self.view.undo_id if kind == "undo" else self.view.redo_id
        try:
            return await _STEPS[kind](actor, self._site_id)
        except (Conflict, Unavailable):
            raise
        except ScheduleError as refused:
            await self._read(actor)
            newest = self.view.undo_id if kind == "undo" else self.view.redo_id
            if newest != step:
                raise
            self.refused, self.refusal, self._refused_id = kind, refused.message, step
        return None

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
