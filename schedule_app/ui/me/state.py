"""A person's own shifts, and answering to them."""

from datetime import UTC, datetime

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.me import MyShift, MyWeek, my_week
from schedule_app.services.assignments import confirm_assignment, decline_assignment
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.me.time_left import time_left
from schedule_app.ui.watch import watch


class OneShift(Payload):
    """One of the person's shifts, by the number of its assignment."""

    assignment_id: int = Field(gt=0, lt=2**63)


class Answer(OneShift):
    """An answer to a shift, with a word to the managers."""

    note: str = Field(default="", max_length=500)


class MeState(rx.State):
    """The next shift, those waiting for an answer, and the weeks.

    Attributes:
        time_left: How long the person can still answer, by the number of the assignment.
        answered: What was answered last, in words.
        declining_id: The shift that the dialog is about; 0 when it is closed.
    """

    is_ready: bool = False
    next_shift: MyShift | None = None
    waiting: list[MyShift] = []
    weeks: list[MyWeek] = []
    time_left: dict[int, str] = {}
    answered: str = ""
    declining_id: int = 0
    declining_text: str = ""

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        # The page names places, departments and colleagues too; those are told under the site.
        watch(self, {topics.employee(signed_in.actor.employee_id), topics.site(signed_in.actor.site_id)})
        self.answered = ""
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The person's shifts have changed, or another minute has passed."""
        await self._read(signed_in)

    @guarded(Permission.RESPOND, Answer)
    async def confirm(self, signed_in: SignedIn, data: Answer) -> None:
        """Say yes to a shift."""
        self.answered = ""
        try:
            await confirm_assignment(signed_in.actor, data.assignment_id, note=data.note)
            self.answered = f"You confirmed {self._words(data.assignment_id)}."
        finally:
            await self._read(signed_in)

    @guarded(Permission.RESPOND, OneShift)
    async def ask_decline(self, _signed_in: SignedIn, data: OneShift) -> None:
        """Ask whether the person means it, and why."""
        shift = self._shown(data.assignment_id)
        self.declining_text = f"{shift.day_label}, {shift.label}. {shift.deadline_text}." if shift else ""
        self.declining_id = data.assignment_id

    @guarded(Permission.RESPOND)
    async def keep(self, _signed_in: SignedIn) -> None:
        """Close the dialog without an answer."""
        self.declining_id = 0

    @guarded(Permission.RESPOND, Answer)
    async def decline(self, signed_in: SignedIn, data: Answer) -> None:
        """Say no to a shift. The dialog closes first: a refusal is told on the page below it."""
        self.declining_id = 0
        self.answered = ""
        try:
            await decline_assignment(signed_in.actor, data.assignment_id, note=data.note)
            self.answered = f"You declined {self._words(data.assignment_id)}. Your managers have been told."
        finally:
            await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        now = datetime.now(UTC)
        async with read_session() as session:
            view = await my_week(session, signed_in.actor.employee_id, now=now)
        values = {
            "next_shift": view.next,
            "waiting": view.waiting,
            "weeks": view.weeks,
            "time_left": {shift.id: time_left(shift, now) for shift in view.waiting},
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _shown(self, assignment_id: int) -> MyShift | None:
        return next((shift for week in self.weeks for shift in week.shifts if shift.id == assignment_id), None)

    def _words(self, assignment_id: int) -> str:
        shift = self._shown(assignment_id)
        return f"{shift.day_label}, {shift.label}" if shift else "this shift"
