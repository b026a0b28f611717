"""Time off that waits for a decision, with what each decision would leave."""

from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Permission, Role
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.leaving import Leaving
from schedule_app.queries.time_off_decisions import TimeOffToDecide, standing_of, time_off_decisions
from schedule_app.services.time_offs import approve_time_off, reject_time_off, take_back_time_off
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import query_parameter

Step: TypeAlias = Literal["approve", "reject", "take_back"]
_TITLES: Final = {
    "approve": "Approve this time off?",
    "reject": "Reject this time off?",
    "take_back": "Take this time off back?",
}


class Decision(Payload):
    """A step to take with a request."""

    time_off_id: int = Field(gt=0, lt=2**63)
    step: Step


class Noted(Payload):
    """A word to the person."""

    note: str = Field(default="", max_length=500)


class TimeOffRequestsState(rx.State):
    """The requests, and the one that is being decided.

    Attributes:
        waiting: What waits; the one that the address names comes first.
        coming: What is approved and not over.
        opened_id: The request that the address names; 0 where it names none that waits.
        step: What the dialog asks about; "" while it is closed.
        done: What was decided last, in words.
        taken: The shifts that this took from the person.
    """

    waiting: list[TimeOffToDecide] = []
    coming: list[TimeOffToDecide] = []
    opened_id: int = 0
    told: str = ""
    step: str = ""
    title: str = ""
    text: str = ""
    done: str = ""
    taken: list[str] = []

    _chosen: TimeOffToDecide | None = None

    @guarded(Permission.DECIDE_TIME_OFF)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        self.step, self.done, self.taken, self.told, self._chosen = "", "", [], "", None
        asked = query_parameter(self, "time-off")
        self.opened_id = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
        await self._read(signed_in)
        if self.opened_id and self.opened_id not in {each.id for each in self.waiting}:
            try:
                async with read_session() as session:
                    self.told = await standing_of(session, signed_in.actor, self.opened_id)
            except NotFound:
                self.told = "The request that you followed does not exist, or you may not see it."
            self.opened_id = 0

    @guarded(Permission.DECIDE_TIME_OFF, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody asked, somebody decided, or the coverage has changed."""
        await self._read(signed_in)

    @guarded(Permission.DECIDE_TIME_OFF, Decision)
    async def ask(self, _signed_in: SignedIn, data: Decision) -> None:
        """Open the dialog for a step, with what it would do."""
        shown = self.coming if data.step == "take_back" else self.waiting
        self._chosen = next((each for each in shown if each.id == data.time_off_id), None)
        if self._chosen is None:
            self.step = ""
            raise NotFound
        self.done, self.taken, self.told = "", [], ""
        self.step, self.title = data.step, _TITLES[data.step]
        self.text = f"{self._chosen.name}: {self._chosen.when}. {_consequence(data.step, self._chosen)}"

    @guarded(Permission.DECIDE_TIME_OFF)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Close the dialog."""
        self.step, self._chosen = "", None

    @guarded(Permission.DECIDE_TIME_OFF, Noted)
    async def decide(self, signed_in: SignedIn, data: Noted) -> None:
        """Take the step that the dialog asks about; pressed twice, it is taken once."""
        chosen, step = self._chosen, self.step
        self._chosen, self.step = None, ""
        if chosen is None:
            return
        one: dict[str, Any] = {"note": data.note, "expected_version": chosen.version}
        try:
            if step == "approve":
                outcome = await approve_time_off(signed_in.actor, chosen.id, **one)
                self.done, self.taken = f"Approved: {chosen.name}, {chosen.when}.", _taken(outcome)
            elif step == "reject":
                await reject_time_off(signed_in.actor, chosen.id, **one)
                self.done = f"Rejected: {chosen.name}, {chosen.when}."
            else:
                await take_back_time_off(signed_in.actor, chosen.id, **one)
                self.done = f"Taken back: {chosen.name}, {chosen.when}. They can be given shifts then."
        finally:
            await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        actor = signed_in.actor
        async with read_session() as session:
            view = await time_off_decisions(session, actor, now=datetime.now(UTC))
        watch(
            self,
            {
                topics.time_off(0 if actor.role == Role.ADMIN else actor.site_id),
                topics.site(actor.site_id),
                *(topics.employee(each) for each in view.people),
                *(topics.week(*each) for each in view.weeks),
            },
        )
        waiting = sorted(view.waiting, key=lambda each: each.id != self.opened_id)
        for name, value in {"waiting": waiting, "coming": view.coming}.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _consequence(step: Step, chosen: TimeOffToDecide) -> str:
    if step == "take_back":
        return "They can be given shifts then. Shifts they were taken off do not come back."
    if step == "reject":
        return "They keep their shifts."
    published, drafts = len(chosen.shifts), len(chosen.drafts)
    taken = [
        f"{count} {kind} {'shift' if count == 1 else 'shifts'}"
        for count, kind in ((published, "published"), (drafts, "planned"))
        if count
    ]
    until = "Nobody can give them a shift then."
    return f"They are taken off {' and '.join(taken)}. {until}" if taken else until


def _taken(outcome: Leaving) -> list[str]:
    return [
        *(f"{label}: open now." for label in outcome.published),
        *(f"{label}: taken off the draft." for label in outcome.drafts),
    ]
