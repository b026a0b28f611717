"""The form of a shift: a new one, one to change, or another one like it."""

from dataclasses import dataclass, replace

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Difference, InvalidInput, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.shifts import ShiftDetail, shift_detail
from schedule_app.queries.sites import get_site
from schedule_app.services.shifts import create_shift, delete_shift, edit_shift
from schedule_app.ui.board.shift_form import NO_DEPARTMENT, Errors, Fields, Filled, Times, entered, shown, timing
from schedule_app.ui.board.state import BoardState, OneShift
from schedule_app.ui.guard import Payload, guarded


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What saving writes to; `shift_id` 0 means a shift yet to be made."""

    schedule_id: int = 0
    shift_id: int = 0
    version: int = 0
    priority: int = 5


class ShiftState(rx.State):
    """The form's first values, its choices, and what the server says of what was entered."""

    is_open: bool = False
    is_new: bool = True
    is_copy: bool = False
    is_deleting: bool = False
    fields: Fields = Fields()
    form_key: int = 0
    days: list[tuple[str, str]] = []
    departments: list[tuple[str, str]] = []
    timing: str = ""
    errors: Errors = Errors()
    problem: str = ""
    differences: list[Difference] = []
    delete_text: str = ""

    _target: Target = Target()
    _times: Times = Times()

    @guarded(Permission.EDIT_SHIFTS)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the form for a new shift in the draft on the board."""
        board = await self.get_state(BoardState)
        if board.head.can_edit_shifts:
            await self._open(signed_in, board, Fields(local_date=board.week.start), Target(board.head.schedule_id))

    @guarded(Permission.EDIT_SHIFTS, OneShift)
    async def open(self, signed_in: SignedIn, data: OneShift) -> None:
        """Open the form for a shift of the draft on the board."""
        await self._open_stored(signed_in, data.shift_id)

    @guarded(Permission.EDIT_SHIFTS)
    async def take_stored(self, signed_in: SignedIn) -> None:
        """Drop what was entered: fill the form with what is stored now."""
        await self._open_stored(signed_in, self._target.shift_id)

    @guarded(Permission.EDIT_SHIFTS, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.EDIT_SHIFTS, Times)
    async def measure(self, _signed_in: SignedIn, data: Times) -> None:
        """Say how long the shift truly is, as its day and times are being changed."""
        board = await self.get_state(BoardState)
        self._times = self._times.model_copy(update=data.model_dump(exclude_unset=True))
        self.timing = timing(self._times, board.week.zone)

    @guarded(Permission.EDIT_SHIFTS, Filled)
    async def save(self, signed_in: SignedIn, data: Filled) -> None:
        """Save; what refuses is said in the form and nothing entered is lost.

        Refused because somebody was first, the next save is one against their version, which shows beside this one.
        """
        self.errors, self.problem, self.differences = Errors(), "", []
        target = self._target
        details = entered(data, data.local_date, target.priority)
        try:
            if target.shift_id:
                await edit_shift(signed_in.actor, target.shift_id, details, expected_version=target.version)
            else:
                await create_shift(signed_in.actor, target.schedule_id, details)
        except StaleVersion as stale:
            self.problem, self.differences = stale.message, list(stale.differences)
            self._target = replace(target, version=stale.version or target.version)
        except ScheduleError as refused:
            self._refuse(refused)
        else:
            await self._finish(signed_in)

    @guarded(Permission.EDIT_SHIFTS)
    async def duplicate(self, _signed_in: SignedIn) -> None:
        """Turn the form, with all that is entered in it, into that of a new shift."""
        self._target = replace(self._target, shift_id=0, version=0)
        self.is_new = self.is_copy = True
        self.errors, self.problem = Errors(), ""

    @guarded(Permission.EDIT_SHIFTS)
    async def ask_delete(self, signed_in: SignedIn) -> None:
        """Ask whether to delete the shift, saying who would be taken off it."""
        shift = await _find(signed_in, self._target.shift_id)
        self.delete_text = f"{_named(shift.people)} would be taken off it." if shift.people else "Nobody is on it."
        self.is_deleting, self.problem = True, ""

    @guarded(Permission.EDIT_SHIFTS)
    async def keep(self, _signed_in: SignedIn) -> None:
        """Go back to the form, from the question whether to delete or from the comparison of both versions."""
        self.is_deleting, self.problem, self.differences = False, "", []

    @guarded(Permission.EDIT_SHIFTS)
    async def delete(self, signed_in: SignedIn) -> None:
        """Delete the shift and take everybody off it."""
        self.is_deleting = False
        try:
            await delete_shift(signed_in.actor, self._target.shift_id, expected_version=self._target.version)
        except ScheduleError as refused:
            self._refuse(refused)
        else:
            await self._finish(signed_in)

    async def _open_stored(self, signed_in: SignedIn, shift_id: int) -> None:
        board = await self.get_state(BoardState)
        shift = await _find(signed_in, shift_id)
        if shift.schedule_id != board.head.schedule_id:
            raise NotFound
        if board.head.can_edit_shifts:
            target = Target(shift.schedule_id, shift.id, shift.version, shift.priority)
            await self._open(signed_in, board, shown(shift), target)

    async def _open(self, signed_in: SignedIn, board: BoardState, fields: Fields, target: Target) -> None:
        async with read_session() as session:
            site = await get_site(session, signed_in.actor, board.week.site_id)
        self.departments = [NO_DEPARTMENT, *((str(number), name) for number, name in site.departments)]
        self.days = [(day["date"], day["long"]) for day in board.days]
        self.fields, self._target = fields, target
        self.is_new, self.is_copy, self.is_deleting = not target.shift_id, False, False
        self.errors, self.problem, self.differences = Errors(), "", []
        # Fields keep what was typed into them for as long as the form is the same one.
        self.form_key += 1
        self._times = Times.model_validate({name: getattr(fields, name) for name in Times.model_fields})
        self.timing = timing(self._times, site.zone)
        self.is_open = True

    async def _finish(self, signed_in: SignedIn) -> None:
        self.is_open = False
        board = await self.get_state(BoardState)
        await board._reread(signed_in.actor)

    def _refuse(self, refused: ScheduleError) -> None:
        field = refused.field if isinstance(refused, InvalidInput) else None
        if field in Errors.__dataclass_fields__:
            self.errors = replace(Errors(), **{field: refused.message})
        else:
            self.problem = refused.message


async def _find(signed_in: SignedIn, shift_id: int) -> ShiftDetail:
    async with read_session() as session:
        return await shift_detail(session, signed_in.actor, shift_id)


def _named(people: tuple[str, ...]) -> str:
    *most, last = people
    return f"{', '.join(most)} and {last}" if most else last
