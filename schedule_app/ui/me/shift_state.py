"""One of the person's own shifts: why it is theirs, and what they have against it."""

from datetime import UTC, datetime

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.me import own_shift
from schedule_app.queries.why_me import WhyMe, why_has
from schedule_app.services.objections import object_to_assignment, withdraw_objection
from schedule_app.ui.answering.state import OneShift
from schedule_app.ui.clocks import zone_told
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Objection(OneShift):
    """What somebody has against a shift."""

    reason: str = Field(max_length=500, examples=["My course is that evening."])


class MyShiftState(rx.State):
    """The shift that was opened.

    Attributes:
        assignment_id: Which; 0 when the dialog is closed.
        when: Day and times in words.
        problem: Why what was said could not be kept.
        said: What was done last, in words.
    """

    assignment_id: int = 0
    when: str = ""
    why: WhyMe = WhyMe([], "", False)
    problem: str = ""
    said: str = ""

    @guarded(Permission.VIEW_OWN, OneShift)
    async def open(self, signed_in: SignedIn, data: OneShift) -> None:
        """Show a shift."""
        who, zone = signed_in.actor.employee_id, await zone_told(self)
        async with read_session() as session:
            self.why = await why_has(session, who, data.assignment_id)
            shift = await own_shift(session, who, data.assignment_id, now=datetime.now(UTC), zone=zone)
        self.when = shift.words
        self.problem = self.said = ""
        self.assignment_id = data.assignment_id
        watch(self, {topics.employee(who)})

    @guarded(Permission.VIEW_OWN, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Close the dialog."""
        if not data.is_open:
            self.assignment_id = 0

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The shift has changed; one that is no longer theirs closes."""
        if not self.assignment_id:
            return
        try:
            async with read_session() as session:
                why = await why_has(session, signed_in.actor.employee_id, self.assignment_id)
        except NotFound:
            self.assignment_id = 0
            return
        if why != self.why:
            self.why = why

    @guarded(Permission.RESPOND, Objection)
    async def object(self, signed_in: SignedIn, data: Objection) -> None:
        """Say something against the shift."""
        try:
            await object_to_assignment(signed_in.actor, data.assignment_id, data.reason)
        except NotFound:
            raise
        except ScheduleError as refused:
            self.problem, self.said = refused.message, ""
            return
        self.problem, self.said = "", "Your managers have been told. The shift is yours until they change it."
        await self._read(signed_in, data.assignment_id)

    @guarded(Permission.RESPOND, OneShift)
    async def withdraw(self, signed_in: SignedIn, data: OneShift) -> None:
        """Take it back."""
        await withdraw_objection(signed_in.actor, data.assignment_id)
        self.problem, self.said = "", "Taken back."
        await self._read(signed_in, data.assignment_id)

    async def _read(self, signed_in: SignedIn, assignment_id: int) -> None:
        async with read_session() as session:
            self.why = await why_has(session, signed_in.actor.employee_id, assignment_id)
