"""Saying that one cannot come."""

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.call_outs import name_own_shift
from schedule_app.services.call_outs import call_out
from schedule_app.ui.clocks import zone_told
from schedule_app.ui.guard import Payload, guarded


class OwnShift(Payload):
    """One of the person's shifts, by the number of its assignment."""

    assignment_id: int = Field(gt=0, lt=2**63)


class SaidSo(OwnShift):
    """That they cannot come, with a word to those who plan."""

    note: str = Field(default="", max_length=500)


class CallOutState(rx.State):
    """The dialog.

    Attributes:
        assignment_id: The shift it is about; 0 when it is closed.
        text: The same in words.
        is_done: Whether it was said, and the dialog tells what follows.
    """

    assignment_id: int = 0
    text: str = ""
    is_done: bool = False

    @guarded(Permission.RESPOND, OwnShift)
    async def ask(self, signed_in: SignedIn, data: OwnShift) -> None:
        """Ask whether the person means it."""
        self.assignment_id, self.is_done = 0, False
        who, zone = signed_in.actor.employee_id, await zone_told(self)
        async with read_session() as session:
            self.text = await name_own_shift(session, who, data.assignment_id, zone=zone)
        self.assignment_id = data.assignment_id

    @guarded(Permission.RESPOND)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Close the dialog."""
        self.assignment_id = 0

    @guarded(Permission.RESPOND, SaidSo)
    async def say(self, signed_in: SignedIn, data: SaidSo) -> None:
        """Say so. A refusal closes the dialog, and is told on the page below it."""
        self.assignment_id = 0
        await call_out(signed_in.actor, data.assignment_id, note=data.note)
        self.assignment_id, self.is_done = data.assignment_id, True
