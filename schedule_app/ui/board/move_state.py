"""What is done on the board by hand: placing, moving, copying, taking off, and giving a shift other times."""

import datetime as dt
from dataclasses import asdict
from typing import Final, TypeAlias, TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NeedsOverride, NotFound, ScheduleError
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.shifts import shift_detail
from schedule_app.services.assignments import assign_employee, unassign_employee
from schedule_app.services.moves import move_assignment
from schedule_app.services.shifts import ShiftDetails, edit_shift
from schedule_app.ui.board.state import ASK_A_MANAGER, BoardState
from schedule_app.ui.guard import Payload, guarded, show_alert

_WALL_TIME: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_GONE: Final = "That is not there any more: somebody moved it or took it away, or you may not see it."


class Gesture(Payload):
    """Something done by hand; `key` is the browser's number for it, and comes back with the answer."""

    key: int = Field(default=0, ge=0, lt=2**31)


class Place(Gesture):
    """A person for a shift."""

    shift_id: int = Field(gt=0, lt=2**63)
    employee_id: int = Field(gt=0, lt=2**63)


class OneAssignment(Gesture):
    """An assignment as the person saw it."""

    assignment_id: int = Field(gt=0, lt=2**63)
    version: int = Field(ge=1, lt=2**31)


class Move(OneAssignment):
    """Where an assignment goes; `keep` leaves it where it is, too."""

    shift_id: int = Field(gt=0, lt=2**63)
    employee_id: int = Field(gt=0, lt=2**63)
    keep: bool = False


class Resize(Gesture):
    """A shift as the person saw it, and its new wall times."""

    shift_id: int = Field(gt=0, lt=2**63)
    version: int = Field(ge=1, lt=2**31)
    start: str = Field(pattern=_WALL_TIME, examples=["09:00"])
    end: str = Field(pattern=_WALL_TIME, examples=["17:15"])


class Reason(Payload):
    """Why a warning does not matter."""

    reason: str = Field(min_length=3, max_length=500)


class Answer(TypedDict):
    """What became of a gesture; none is answered twice, and all before it are answered too."""

    key: int
    is_done: bool


WithReason: TypeAlias = Place | Move


class MoveState(rx.State):
    """The last answer, and the gesture that waits for a reason."""

    answer: Answer = {"key": 0, "is_done": False}
    override_text: str = ""

    _waiting: WithReason | None = None

    @guarded(Permission.ASSIGN, Place)
    async def place(self, signed_in: SignedIn, data: Place) -> None:
        """Give a shift to a person; a warning asks for a reason first."""
        await self._carry_out(signed_in.actor, data)

    @guarded(Permission.ASSIGN, Move)
    async def move(self, signed_in: SignedIn, data: Move) -> None:
        """Move or copy an assignment; a warning asks for a reason first."""
        await self._carry_out(signed_in.actor, data)

    @guarded(Permission.OVERRIDE_WARNING, Reason)
    async def go_ahead(self, signed_in: SignedIn, data: Reason) -> None:
        """Do it in spite of a warning, with the reason given."""
        wanted = self._waiting
        if wanted is None or not self.override_text:
            return
        await _do(signed_in.actor, wanted, data.reason)
        self._waiting, self.override_text = None, ""
        await self._reread(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Leave everything as it is."""
        self._waiting, self.override_text = None, ""

    @guarded(Permission.ASSIGN, OneAssignment)
    async def unassign(self, signed_in: SignedIn, data: OneAssignment) -> None:
        """Take a person off a shift."""
        try:
            await unassign_employee(signed_in.actor, data.assignment_id, expected_version=data.version)
        except ScheduleError as refused:
            await self._refuse(signed_in.actor, data, refused)
        else:
            await self._finish(signed_in.actor, data)

    @guarded(Permission.EDIT_SHIFTS, Resize)
    async def resize(self, signed_in: SignedIn, data: Resize) -> None:
        """Give a shift of a draft other times."""
        try:
            async with read_session() as session:
                shift = await shift_detail(session, signed_in.actor, data.shift_id)
            known = {name: value for name, value in asdict(shift).items() if name in ShiftDetails.__dataclass_fields__}
            times = {
                "local_date": dt.date.fromisoformat(shift.local_date),
                "local_start": dt.time.fromisoformat(data.start),
                "local_end": dt.time.fromisoformat(data.end),
            }
            details = ShiftDetails(**{**known, **times})
            await edit_shift(signed_in.actor, data.shift_id, details, expected_version=data.version)
        except ScheduleError as refused:
            await self._refuse(signed_in.actor, data, refused)
        else:
            await self._finish(signed_in.actor, data)

    async def _carry_out(self, actor: Actor, gesture: WithReason) -> None:
        board = await self.get_state(BoardState)
        try:
            await _do(actor, gesture, None)
        except NeedsOverride as warned:
            self.answer = {"key": gesture.key, "is_done": False}
            if can(actor, Permission.OVERRIDE_WARNING, site_id=board.week.site_id):
                self._waiting, self.override_text = gesture, warned.message
            else:
                await show_alert(self, f"{warned.message} {ASK_A_MANAGER}")
        except ScheduleError as refused:
            await self._refuse(actor, gesture, refused)
        else:
            await self._finish(actor, gesture)

    async def _finish(self, actor: Actor, gesture: Gesture) -> None:
        self.answer = {"key": gesture.key, "is_done": True}
        await self._reread(actor)

    async def _refuse(self, actor: Actor, gesture: Gesture, refused: ScheduleError) -> None:
        self.answer = {"key": gesture.key, "is_done": False}
        await show_alert(self, _GONE if isinstance(refused, NotFound) else refused.message)
        board = await self.get_state(BoardState)
        if board.week.site_id:
            await board._reread(actor)

    async def _reread(self, actor: Actor) -> None:
        board = await self.get_state(BoardState)
        await board._reread(actor)


async def _do(actor: Actor, gesture: WithReason, reason: str | None) -> None:
    match gesture:
        case Place():
            await assign_employee(actor, gesture.shift_id, gesture.employee_id, override_reason=reason)
        case Move():
            await move_assignment(
                actor,
                gesture.assignment_id,
                to_employee_id=gesture.employee_id,
                to_shift_id=gesture.shift_id,
                expected_version=gesture.version,
                override_reason=reason,
                keep=gesture.keep,
            )
