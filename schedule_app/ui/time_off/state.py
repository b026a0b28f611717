"""A person's own time off: asking for it, and what became of it."""

from datetime import UTC, datetime

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.time_offs import MyTimeOff, TimeOffPreview, YearOff, my_time_off, preview_time_off
from schedule_app.services.time_offs import TimeOffAsked, request_time_off, withdraw_time_off
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.time_off.form import Errors, Filled, entered, errors_of
from schedule_app.ui.watch import watch

_TO_FIRST_ERROR = "setTimeout(() => document.querySelector('#time-off-form [aria-invalid=true]')?.focus(), 60)"


class OneTimeOff(Payload):
    """One of the person's requests, by its number."""

    time_off_id: int = Field(gt=0, lt=2**63)


class InHours(Payload):
    """Whether hours of one day are asked for, and not whole days."""

    in_hours: bool


class TimeOffState(rx.State):
    """The requests, what they add up to, and the one that is being asked for.

    Attributes:
        form_key: Another one empties the form.
        preview: What sending the request would mean, while that is shown.
        withdrawing_id: The request that the dialog is about; 0 when it is closed.
        done: What was done last, in words.
    """

    is_ready: bool = False
    today: str = ""
    years: list[YearOff] = []
    requests: list[MyTimeOff] = []
    in_hours: bool = False
    form_key: int = 0
    errors: Errors = Errors()
    problem: str = ""
    preview: TimeOffPreview = TimeOffPreview()
    is_checking: bool = False
    withdrawing_id: int = 0
    withdrawing_text: str = ""
    done: str = ""

    _asked: TimeOffAsked | None = None

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        watch(self, {topics.employee(signed_in.actor.employee_id), topics.site(signed_in.actor.site_id)})
        self.errors, self.problem, self.done = Errors(), "", ""
        self.is_checking, self.withdrawing_id, self.in_hours, self._asked = False, 0, False, None
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something was decided, or has changed elsewhere; what is being typed stays."""
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, InHours)
    async def choose(self, _signed_in: SignedIn, data: InHours) -> None:
        """Ask for hours, or for whole days."""
        self.in_hours, self.errors = data.in_hours, Errors()

    @guarded(Permission.RESPOND, Filled)
    async def check(self, signed_in: SignedIn, data: Filled) -> rx.event.EventSpec | None:
        """Say what sending it would mean; nothing is sent yet."""
        self.errors, self.problem, self.done = Errors(), "", ""
        try:
            asked = entered(data, in_hours=self.in_hours)
            async with read_session() as session:
                self.preview = await preview_time_off(
                    session,
                    signed_in.actor.employee_id,
                    (asked.first_on, asked.last_on, asked.start, asked.end),
                    now=datetime.now(UTC),
                )
        except InvalidInput as refused:
            self.errors = errors_of(refused)
            if self.errors == Errors():
                raise
            return rx.call_script(_TO_FIRST_ERROR)
        self._asked, self.is_checking = asked, True
        return None

    @guarded(Permission.VIEW_OWN)
    async def change(self, _signed_in: SignedIn) -> None:
        """Back to the form, with all that was entered."""
        self.is_checking, self._asked = False, None

    @guarded(Permission.RESPOND)
    async def send(self, signed_in: SignedIn) -> None:
        """Send the request as it was shown; pressed twice, it is sent once."""
        asked, self._asked, self.is_checking = self._asked, None, False
        if asked is None:
            return
        try:
            await request_time_off(signed_in.actor, asked)
        except ScheduleError as refused:
            self.errors = errors_of(refused) if isinstance(refused, InvalidInput) else Errors()
            self.problem = refused.message
        else:
            self.done = f"You asked for time off: {self.preview.when}. You are told here as soon as it is decided."
            self.form_key, self.in_hours = self.form_key + 1, False
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, OneTimeOff)
    async def ask_withdraw(self, _signed_in: SignedIn, data: OneTimeOff) -> None:
        """Ask whether the person means it."""
        shown = next((each for each in self.requests if each.id == data.time_off_id), None)
        was = (
            " It was approved; shifts you were taken off do not come back."
            if shown and shown.status != "waiting"
            else ""
        )
        self.withdrawing_text = f"{shown.when}, {shown.lasts}.{was}" if shown else ""
        self.withdrawing_id = data.time_off_id if shown else 0

    @guarded(Permission.VIEW_OWN)
    async def keep(self, _signed_in: SignedIn) -> None:
        """Leave the request as it is."""
        self.withdrawing_id = 0

    @guarded(Permission.RESPOND, OneTimeOff)
    async def withdraw(self, signed_in: SignedIn, data: OneTimeOff) -> None:
        """Take a request back."""
        self.withdrawing_id, self.done, self.problem = 0, "", ""
        try:
            await withdraw_time_off(signed_in.actor, data.time_off_id)
            self.done = "Your request was withdrawn."
        finally:
            await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            view = await my_time_off(session, signed_in.actor.employee_id, now=datetime.now(UTC))
        for name, value in {"today": view.today, "years": view.years, "requests": view.requests}.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
