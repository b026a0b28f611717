"""The open shifts that a person may take, and taking them."""

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.open_shifts import OpenDay, OpenShift, OpenView, open_shifts, weeks_with_open_shifts
from schedule_app.services.claims import claim_shift, withdraw_claim
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class OneShift(Payload):
    """A shift, by its number."""

    shift_id: int = Field(gt=0, lt=2**63)


class OneClaim(Payload):
    """A request, by its number."""

    claim_id: int = Field(gt=0, lt=2**63)


class OpenState(rx.State):
    """What the person was asked to take, what they asked for, and everything else that is open to them.

    Attributes:
        hidden: How many shifts that the person was asked to take are not shown, because they cannot any more.
        done: What was done last, in words.
    """

    is_ready: bool = False
    asked: list[OpenShift] = []
    waiting: list[OpenShift] = []
    days: list[OpenDay] = []
    hidden: int = 0
    done: str = ""

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        self.done = ""
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about the person, the site or one of its weeks has changed, or another minute has passed."""
        await self._read(signed_in)

    @guarded(Permission.RESPOND, OneShift)
    async def claim(self, signed_in: SignedIn, data: OneShift) -> None:
        """Take a shift, or ask for it."""
        self.done = ""
        words = self._words(data.shift_id)
        try:
            claimed = await claim_shift(signed_in.actor, data.shift_id)
            if claimed.claim_id is None:
                self.done = f"{words} is yours. Your managers have been told."
            else:
                self.done = f"You asked for {words}. You are told as soon as it is decided."
        finally:
            await self._read(signed_in)

    @guarded(Permission.RESPOND, OneClaim)
    async def withdraw(self, signed_in: SignedIn, data: OneClaim) -> None:
        """Do not ask for a shift any more."""
        self.done = ""
        try:
            await withdraw_claim(signed_in.actor, data.claim_id)
            self.done = "You do not ask for this shift any more."
        finally:
            await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        actor = signed_in.actor
        always = {topics.employee(actor.employee_id), topics.site(actor.site_id)}
        watch(self, always)
        # A week that is published from here on is told under the site.
        async with read_session() as session:
            weeks = await weeks_with_open_shifts(session, actor.site_id)
        watch(self, always | {topics.week(actor.site_id, week) for week in weeks})
        async with read_session() as session:
            self._show(await open_shifts(session, actor))

    def _show(self, view: OpenView) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        values = {"asked": view.asked, "waiting": view.waiting, "days": view.days, "hidden": view.hidden}
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _words(self, shift_id: int) -> str:
        shown = [*self.asked, *(shift for day in self.days for shift in day.shifts)]
        shift = next((each for each in shown if each.id == shift_id), None)
        return f"{shift.title}, {shift.day_label}, {shift.label}" if shift else "This shift"
