"""Assigning, moving and copying by form: a shift, a person, and if need be a reason."""

import datetime as dt
from typing import TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NeedsOverride, ScheduleError
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.assignments import assignment_detail
from schedule_app.queries.board import BoardShift
from schedule_app.queries.candidates import Candidate, candidates
from schedule_app.services.assignments import assign_employee
from schedule_app.services.moves import move_assignment
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.board.patching import with_staffing
from schedule_app.ui.board.state import ASK_A_MANAGER, BoardState
from schedule_app.ui.guard import Payload, guarded

#: More people than anybody reads through; the board itself shows them all.
_MOST_PEOPLE = 100
_MARKS = {"ok": "✓", "warn": "!", "block": "✕"}


class Wanted(Payload):
    """Where the form was opened: on a shift, on a person's day, or from the toolbar."""

    shift_id: int | None = Field(default=None, gt=0, lt=2**63)
    employee_id: int | None = Field(default=None, gt=0, lt=2**63)
    date: dt.date | None = None


class Moved(Payload):
    """The assignment to be moved."""

    assignment_id: int = Field(gt=0, lt=2**63)


class ChosenShift(Payload):
    """The shift chosen in the form."""

    shift_id: int = Field(gt=0, lt=2**63)


class Filled(ChosenShift):
    """The form, filled in."""

    employee_id: int = Field(gt=0, lt=2**63)
    reason: str = Field(default="", max_length=500)
    keep: str = Field(default="", max_length=10)


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Option(TypedDict):
    """A person as a choice of the form."""

    id: int
    text: str
    level: str
    why: list[str]


class AssignState(rx.State):
    """The form's choices and what was wrong with the last try."""

    is_open: bool = False
    shifts: list[tuple[str, str]] = []
    shift_id: str = ""
    people: list[Option] = []
    employee_id: str = ""
    is_cut: bool = False
    error: str = ""
    asks_reason: bool = False
    moving: str = ""

    _moving: tuple[int, int] | None = None

    @guarded(Permission.ASSIGN, Wanted)
    async def open_form(self, signed_in: SignedIn, data: Wanted) -> None:
        """Open the form with what is known already."""
        board = await self.get_state(BoardState)
        if not board.head.can_assign:
            return
        self.shifts = _choices(board, data.date)
        known = {value for value, _ in self.shifts}
        wanted = str(data.shift_id or "")
        self.shift_id = wanted if wanted in known else next((value for value, _ in self.shifts), "")
        self.employee_id = str(data.employee_id or "")
        self._moving, self.moving = None, ""
        await self._judge(signed_in)
        self.is_open = True

    @guarded(Permission.ASSIGN, Moved)
    async def open_move(self, signed_in: SignedIn, data: Moved) -> None:
        """Open the form to move or copy an assignment; at first on the shift it is of."""
        board = await self.get_state(BoardState)
        if not board.head.can_assign:
            return
        async with read_session() as session:
            detail = await assignment_detail(session, signed_in.actor, data.assignment_id)
        self.shifts, self.shift_id, self.employee_id = _choices(board, None), str(detail.shift_id), ""
        self._moving = detail.id, detail.version
        self.moving = f"{detail.employee_name} has {detail.title} {detail.label} on {detail.day_label}."
        await self._judge(signed_in)
        self.is_open = True

    @guarded(Permission.ASSIGN, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.ASSIGN, ChosenShift)
    async def choose_shift(self, signed_in: SignedIn, data: ChosenShift) -> None:
        """Say who can take this shift."""
        self.shift_id = str(data.shift_id)
        await self._judge(signed_in)

    @guarded(Permission.ASSIGN)
    async def cover(self, _signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Go on to who can cover the chosen shift; a choice that the browser is not yet shown again counts too."""
        self.is_open = False
        return CoverState.open({"shift_id": int(self.shift_id)}) if self.shift_id else None

    @guarded(Permission.ASSIGN, Filled)
    async def submit(self, signed_in: SignedIn, data: Filled) -> None:
        """Assign; what refuses is said in the form and nothing entered is lost."""
        actor = signed_in.actor
        board = await self.get_state(BoardState)
        self.employee_id = str(data.employee_id)
        try:
            await self._assign(actor, data)
        except NeedsOverride as warned:
            self.asks_reason = can(actor, Permission.OVERRIDE_WARNING, site_id=board.week.site_id)
            self.error = warned.message if self.asks_reason else f"{warned.message} {ASK_A_MANAGER}"
            return
        except ScheduleError as refused:
            self.error = refused.message
            return
        self.is_open = False
        await board._reread(actor)

    async def _assign(self, actor: Actor, data: Filled) -> None:
        reason = data.reason or None
        if self._moving is None:
            await assign_employee(actor, data.shift_id, data.employee_id, override_reason=reason)
            return
        assignment_id, version = self._moving
        await move_assignment(
            actor,
            assignment_id,
            to_employee_id=data.employee_id,
            to_shift_id=data.shift_id,
            expected_version=version,
            override_reason=reason,
            keep=bool(data.keep),
        )

    async def _judge(self, signed_in: SignedIn) -> None:
        """List who can take the chosen shift, or say why that cannot be told."""
        found: list[Candidate] = []
        self.error, self.asks_reason = "", False
        if self.shift_id:
            try:
                async with read_session() as session:
                    moving = self._moving[0] if self._moving else None
                    found = (await candidates(session, signed_in.actor, int(self.shift_id), moving=moving)).people
            except ScheduleError as refused:
                self.error = refused.message
        order = {"ok": 0, "warn": 1, "block": 2}
        found = sorted(found, key=lambda person: (order[person.level], person.minutes_this_week, person.name))
        self.is_cut = len(found) > _MOST_PEOPLE
        self.people = [_option(person) for person in found[:_MOST_PEOPLE]]


def _option(person: Candidate) -> Option:
    hours = f"{person.minutes_this_week / 60:g} h"
    return {
        "id": person.employee_id,
        "text": f"{_MARKS[person.level]} {person.name} · {hours}",
        "level": person.level,
        "why": list(person.messages) or ["Can take this shift."],
    }


def _choices(board: BoardState, day: dt.date | None) -> list[tuple[str, str]]:
    """The shifts of the week, or of one day; those that still need people first."""
    columns = [
        (shown["label"], shifts)
        for shown, shifts in zip(board.days, with_staffing(board.shifts, board.staffed), strict=True)
        if day is None or shown["date"] == day.isoformat()
    ]
    shifts = [(shift["staffed"] >= shift["needed"], _choice(label, shift)) for label, day in columns for shift in day]
    return [choice for is_full in (False, True) for full, choice in shifts if full is is_full]


def _choice(day: str, shift: BoardShift) -> tuple[str, str]:
    return str(shift["id"]), f"{day} · {shift['title']} {shift['label']} · {shift['staffed']} of {shift['needed']}"
