"""Answering to one's own shifts, the same on every page that asks."""

from datetime import UTC, datetime
from uuid import UUID

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.me import OwnShift, own_shift
from schedule_app.services.assignments import confirm_assignment, confirm_assignments, decline_assignment
from schedule_app.ui.clocks import tell_times_of, zone_told
from schedule_app.ui.guard import Payload, guarded, show_alert
from schedule_app.ui.watch import seen_anew


class OneShift(Payload):
    """One of the person's shifts, by the number of its assignment."""

    assignment_id: int = Field(gt=0, lt=2**63)


class Answer(OneShift):
    """An answer to a shift, with a word to the managers, and the number of this intent; see `services.once`."""

    note: str = Field(default="", max_length=500)
    key: UUID | None = None


class AllOfThem(Payload):
    """Several of the person's shifts, by the numbers of their assignments, and the number of this intent."""

    assignment_ids: str = Field(pattern=r"^[1-9][0-9]{0,17}(,[1-9][0-9]{0,17}){0,99}$", examples=["5,6"])
    key: UUID | None = None


class AnswerState(rx.State):
    """What is being answered.

    Attributes:
        answered: What was answered last, in words.
        declining_id: The shift that the dialog is about; 0 when it is closed.
    """

    answered: str = ""
    declining_id: int = 0
    declining_text: str = ""

    @guarded(Permission.VIEW_OWN)
    async def load(self, _signed_in: SignedIn) -> None:
        """Begin anew, and keep a dialog that is open: a line that returns loads the page, too."""
        if self.answered:
            self.answered = ""
        await tell_times_of(self, "")

    @guarded(Permission.RESPOND, Answer)
    async def confirm(self, signed_in: SignedIn, data: Answer) -> list[rx.event.EventSpec]:
        """Say yes to a shift."""
        return await self._answer(signed_in, data, is_yes=True)

    @guarded(Permission.RESPOND, AllOfThem)
    async def confirm_all(self, signed_in: SignedIn, data: AllOfThem) -> list[rx.event.EventSpec]:
        """Say yes to all the shifts that were seen to wait for it."""
        self.answered = ""
        shown = seen_anew(self, topics.employee(signed_in.actor.employee_id))
        ids = {int(each) for each in data.assignment_ids.split(",")}
        try:
            await confirm_assignments(signed_in.actor, ids, key=data.key)
        except ScheduleError as refused:
            await show_alert(self, refused.message)
            return shown
        self.answered = f"You confirmed {len(ids)} shifts." if len(ids) > 1 else "You confirmed a shift."
        return shown

    @guarded(Permission.RESPOND, OneShift)
    async def ask_decline(self, signed_in: SignedIn, data: OneShift) -> None:
        """Ask whether the person means it, and why."""
        shift = await self._named(signed_in, data.assignment_id)
        self.declining_text = f"{shift.words}. {shift.deadline_text}." if shift.deadline_text else f"{shift.words}."
        self.declining_id = data.assignment_id

    @guarded(Permission.RESPOND)
    async def keep(self, _signed_in: SignedIn) -> None:
        """Close the dialog without an answer."""
        self.declining_id = 0

    @guarded(Permission.RESPOND, Answer)
    async def decline(self, signed_in: SignedIn, data: Answer) -> list[rx.event.EventSpec]:
        """Say no to a shift. The dialog closes first: a refusal is told on the page below it."""
        self.declining_id = 0
        return await self._answer(signed_in, data, is_yes=False)

    async def _answer(self, signed_in: SignedIn, data: Answer, *, is_yes: bool) -> list[rx.event.EventSpec]:
        """Answer, and have the page show what has become of it, also when it was refused."""
        self.answered = ""
        shown = seen_anew(self, topics.employee(signed_in.actor.employee_id))
        verb = confirm_assignment if is_yes else decline_assignment
        try:
            await verb(signed_in.actor, data.assignment_id, note=data.note, key=data.key)
        except ScheduleError as refused:
            await show_alert(self, refused.message)
            return shown
        try:
            words = (await self._named(signed_in, data.assignment_id)).words
        except NotFound:
            words = "the shift, which was taken off you since"
        told = "" if is_yes else " Your managers have been told."
        self.answered = f"You {'confirmed' if is_yes else 'declined'} {words}.{told}"
        return shown

    async def _named(self, signed_in: SignedIn, assignment_id: int) -> OwnShift:
        who, zone = signed_in.actor.employee_id, await zone_told(self)
        async with read_session() as session:
            return await own_shift(session, who, assignment_id, now=datetime.now(UTC), zone=zone)
