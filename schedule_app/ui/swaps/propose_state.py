"""Asking colleagues to take one of one's own shifts, or to swap it."""

from typing import Literal

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.swap_choices import SwapChoices, offerable, swap_choices
from schedule_app.services.swap_requests import offer_shift, propose_swap
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class OneOfMine(Payload):
    """One of the person's shifts, by the number of its assignment."""

    assignment_id: int = Field(gt=0, lt=2**63)


class Way(Payload):
    """Whether to give the shift away or to swap it."""

    way: Literal["offer", "swap"]


class Audience(Payload):
    """Whether everybody who may take it is asked, or colleagues by name."""

    to_all: bool


class OneColleague(Payload):
    """A colleague, by number, and whether to ask them."""

    employee_id: int = Field(gt=0, lt=2**63)
    is_asked: bool


class OneOfTheirs(Payload):
    """A colleague's shift, by the number of its assignment."""

    other_assignment_id: int = Field(gt=0, lt=2**63)


class Word(Payload):
    """A word to whoever is asked."""

    note: str = Field(default="", max_length=500)


class ProposeState(rx.State):
    """Which of the person's shifts can change hands, and the dialog in which they say how.

    Attributes:
        offers: Those shifts, by assignment; in words what they have been asked already.
        view: The shift that the dialog is about, and what could become of it.
        named: Who is asked by name.
        wanted_id: What is asked for in exchange.
        problem: Why it was refused.
        done: What was asked last, in words.
    """

    offers: dict[str, str] = {}
    view: SwapChoices = SwapChoices()
    is_open: bool = False
    way: str = "offer"
    to_all: bool = True
    named: list[int] = []
    wanted_id: int = 0
    problem: str = ""
    done: str = ""

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """A page with the person's shifts opens."""
        watch(
            self, {topics.employee(signed_in.actor.employee_id), topics.site(signed_in.actor.site_id)}, is_beside=True
        )
        self.is_open, self.done = False, ""
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The person's shifts have changed, or what is asked about them."""
        await self._read(signed_in)

    @guarded(Permission.RESPOND, OneOfMine)
    async def open(self, signed_in: SignedIn, data: OneOfMine) -> None:
        """Ask what shall become of a shift."""
        async with read_session() as session:
            view = await swap_choices(session, signed_in.actor.employee_id, data.assignment_id)
        self.view, self.way, self.to_all, self.named, self.wanted_id = view, "offer", True, [], 0
        self.problem = self.done = ""
        self.is_open = True

    @guarded(Permission.RESPOND, Way)
    async def choose_way(self, _signed_in: SignedIn, data: Way) -> None:
        """Give it away, or swap it."""
        self.way, self.problem = data.way, ""

    @guarded(Permission.RESPOND, Audience)
    async def choose_audience(self, _signed_in: SignedIn, data: Audience) -> None:
        """Ask everybody, or some by name."""
        self.to_all, self.problem = data.to_all, ""

    @guarded(Permission.RESPOND, OneColleague)
    async def name_one(self, _signed_in: SignedIn, data: OneColleague) -> None:
        """Ask somebody, or not after all."""
        others = [each for each in self.named if each != data.employee_id]
        is_able = any(each.id == data.employee_id for each in self.view.colleagues)
        self.named = [*others, data.employee_id] if data.is_asked and is_able else others

    @guarded(Permission.RESPOND, OneOfTheirs)
    async def want(self, _signed_in: SignedIn, data: OneOfTheirs) -> None:
        """Choose what to ask for in exchange."""
        if any(each.id == data.other_assignment_id for day in self.view.days for each in day.shifts):
            self.wanted_id = data.other_assignment_id

    @guarded(Permission.RESPOND, Word)
    async def send(self, signed_in: SignedIn, data: Word) -> None:
        """Ask. A refusal is told in the dialog, which stays open."""
        if not self.view.assignment_id:
            raise NotFound
        actor, view = signed_in.actor, self.view
        if self.way == "swap" and not self.wanted_id:
            self.problem = "Please choose the shift you would like to have instead."
            return
        if self.way == "offer" and not self.to_all and not self.named:
            self.problem = "Please choose whom to ask."
            return
        shift = f"{view.shift.day}, {view.shift.times}"
        try:
            if self.way == "swap":
                await propose_swap(actor, view.assignment_id, self.wanted_id, note=data.note)
                self.done = f"Your colleague has been asked to swap {shift}."
            else:
                await offer_shift(actor, view.assignment_id, to=None if self.to_all else self.named, note=data.note)
                self.done = f"{shift} is offered. It stays yours until it is settled."
        except ScheduleError as refused:
            self.problem = refused.message
            return
        self.is_open = False
        await self._read(signed_in)

    @guarded(Permission.RESPOND)
    async def close(self, _signed_in: SignedIn) -> None:
        """Leave the shift as it is."""
        self.is_open = False

    async def _read(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            found = await offerable(session, signed_in.actor.employee_id)
        offers = {str(assignment_id): words for assignment_id, words in found.items()}
        if self.offers != offers:
            self.offers = offers
