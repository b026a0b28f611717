"""Why a search's plan is as it is: its account, and questions about single shifts."""

from typing import Annotated

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.run_reasons import PersonLine, ReasonsView, run_reasons, shift_reasons
from schedule_app.ui.board.fill_state import FillState
from schedule_app.ui.guard import Payload, guarded

NO_SHIFT = ("", "Choose a shift")


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Asked(Payload):
    """The shift to explain; empty for none."""

    shift: Annotated[str, Field(pattern=r"^[0-9]{0,18}$", examples=["1"])]


class WhyState(rx.State):
    """The account of the proposal on the board, and everybody on or not on the shift asked about."""

    is_open: bool = False
    view: ReasonsView = ReasonsView()
    shifts: list[tuple[str, str]] = []
    shift: str = ""
    people: list[PersonLine] = []
    _run_id: int = 0

    @guarded(Permission.VIEW_DRAFT)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the account of the proposal on the board."""
        fill = await self.get_state(FillState)
        self._run_id = fill._run_id()
        async with read_session() as session:
            self.view = await run_reasons(session, signed_in.actor, self._run_id)
        self.shifts = [NO_SHIFT, *self.view.shifts]
        self.shift, self.people, self.is_open = "", [], True

    @guarded(Permission.VIEW_DRAFT, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog; a closed one keeps nothing."""
        self.is_open = data.is_open
        if not data.is_open:
            self.view, self.shifts, self.shift, self.people = ReasonsView(), [], "", []

    @guarded(Permission.VIEW_DRAFT, Asked)
    async def ask(self, signed_in: SignedIn, data: Asked) -> None:
        """Say of everybody why they have a shift, or why not."""
        people: list[PersonLine] = []
        if data.shift:
            async with read_session() as session:
                people = await shift_reasons(session, signed_in.actor, self._run_id, int(data.shift))
        self.shift, self.people = data.shift, people
