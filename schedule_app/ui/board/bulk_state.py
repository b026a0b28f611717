"""What is done with everything selected on the board: what it touches is shown first, then it is done in one step."""

import datetime as dt
from dataclasses import replace
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NeedsOverride, NotAllowed, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.selection import selected_assignments, selected_shifts
from schedule_app.services.selection import (
    Target,
    assign_selected,
    copy_selected,
    delete_selected,
    move_selected,
    preview_assigning,
    preview_copying,
    preview_moving,
    unassign_selected,
)
from schedule_app.services.selection_holding import MOST_SELECTED
from schedule_app.ui.board.bulk_words import (
    EVERYBODY,
    Action,
    Asked,
    Foreseen,
    asked,
    day_choices,
    done_words,
    foreseen,
    people_choices,
)
from schedule_app.ui.board.fill_state import FillState
from schedule_app.ui.board.report_state import ReportState, foretold
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded

OF_SHIFTS = frozenset({"assign", "delete", "copy"})
STRUCTURAL = frozenset({"delete", "copy"})
Number = Annotated[int, Field(strict=True, gt=0, lt=2**63)]


class Begun(Payload):
    """What is to be done with what: assignments, or shifts where it is done to shifts; and where it was pasted."""

    action: Action
    ids: list[Number] = Field(max_length=MOST_SELECTED)
    employee_id: int | None = Field(default=None, gt=0, lt=2**63)
    day: dt.date | None = None
    keep: bool = False


class Chosen(Payload):
    """A choice of the dialog; the rest stays as it was. `employee_id` 0 stands for nobody in particular."""

    employee_id: int | None = Field(default=None, ge=0, lt=2**63)
    day: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", examples=["2026-11-23"])] | None = None
    mode: Literal["move", "copy"] | None = None


class Reason(Payload):
    """Why warnings do not matter; nothing where there are none."""

    reason: str = Field(default="", max_length=500)


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class BulkState(rx.State):
    """The dialog: what is asked, the choices, and what would come of them. `done` is numbered, to be told once."""

    is_open: bool = False
    asked: Asked = Asked()
    people: list[tuple[str, str]] = []
    days: list[tuple[str, str]] = []
    employee_id: str = EVERYBODY
    day: str = ""
    mode: str = "move"
    foreseen: Foreseen = Foreseen()
    problem: str = ""
    done: dict[str, str | int] = {}

    _versions: dict[int, int] = {}

    @guarded(Permission.ASSIGN, Begun)
    async def begin(self, signed_in: SignedIn, data: Begun) -> None:
        """Show what something would touch, and ask."""
        actor, board = signed_in.actor, await self.get_state(BoardState)
        self._versions = {}
        board._require_site(actor)
        if data.action == "fill":
            fill = await self.get_state(FillState)
            await fill._begin(actor, data.ids)
            return
        if data.action in STRUCTURAL and not can(actor, Permission.EDIT_SHIFTS, site_id=board.week.site_id):
            raise NotAllowed
        self._versions = dict.fromkeys(data.ids, 0)
        self.asked = Asked(action=data.action)
        await self._read(actor)
        self.people, self.days = people_choices(board, data.action), day_choices(board, data.action)
        self.employee_id, self.mode = str(data.employee_id or EVERYBODY), "copy" if data.keep else "move"
        self.day = data.day.isoformat() if data.day else ""
        self.problem = ""
        await self._foresee(actor)
        self.is_open = True

    @guarded(Permission.ASSIGN, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open and bool(self._versions)
        self._versions = self._versions if self.is_open else {}

    @guarded(Permission.ASSIGN, Chosen)
    async def choose(self, signed_in: SignedIn, data: Chosen) -> None:
        """Take over a choice, and say what would come of it."""
        if not self._versions:
            return
        if data.employee_id is not None:
            self.employee_id = str(data.employee_id)
        if data.day is not None:
            self.day = data.day
        if data.mode is not None:
            self.mode = data.mode
        self.problem = ""
        await self._foresee(signed_in.actor)

    @guarded(Permission.ASSIGN, Reason)
    async def go_ahead(self, signed_in: SignedIn, data: Reason) -> None:
        """Unassign, assign, move or copy what is selected; what refuses is said in the dialog."""
        if not self._versions or self.asked.action in STRUCTURAL:
            return
        actor, reason = signed_in.actor, data.reason or None
        try:
            match self.asked.action:
                case "unassign":
                    done = await unassign_selected(actor, self._versions)
                case "assign":
                    done = await assign_selected(actor, self._versions, self._employee(), override_reason=reason)
                case _:
                    done = await move_selected(actor, self._versions, self._target(), override_reason=reason)
        except ScheduleError as refused:
            await self._refuse(actor, refused)
            return
        report = await self.get_state(ReportState)
        board = await self.get_state(BoardState)
        words = done_words(self.asked, done.count, self.mode)
        report._tell(words, "Left as it was", done.refused, done.warned, board.week.site_id, board.week.start)
        await self._finish(actor, words)

    @guarded(Permission.EDIT_SHIFTS)
    async def delete_shifts(self, signed_in: SignedIn) -> None:
        """Delete the selected shifts."""
        if not self._versions or self.asked.action != "delete":
            return
        try:
            done = await delete_selected(signed_in.actor, self._versions)
        except ScheduleError as refused:
            await self._refuse(signed_in.actor, refused)
            return
        await self._finish(signed_in.actor, done_words(self.asked, done.count, self.mode))

    @guarded(Permission.EDIT_SHIFTS)
    async def copy_shifts(self, signed_in: SignedIn) -> None:
        """Copy the selected shifts to other days."""
        if not self._versions or self.asked.action != "copy":
            return
        try:
            outcome = await copy_selected(signed_in.actor, self._versions, self._day())
        except ScheduleError as refused:
            await self._refuse(signed_in.actor, refused)
            return
        await self._finish(signed_in.actor, done_words(self.asked, outcome.shifts, self.mode))

    async def _read(self, actor: Actor) -> None:
        """Read what is selected as it is now; what is confirmed is what is shown."""
        read = selected_shifts if self.asked.action in OF_SHIFTS else selected_assignments
        async with read_session() as session:
            selection = await read(session, actor, list(self._versions))
        if not selection.lines:
            self._versions, self.is_open = {}, False
            raise InvalidInput("What was selected is not there any more.")
        self._versions = {each.id: each.version for each in selection.lines}
        self.asked = asked(self.asked.action, selection)

    async def _foresee(self, actor: Actor) -> None:
        """Say what would come of the choices, as far as they are made."""
        self.foreseen = Foreseen()
        action, is_chosen = self.asked.action, self.employee_id != EVERYBODY
        try:
            if action == "copy" and self.day:
                text = foretold(await preview_copying(actor, self._versions, self._day()))
                self.foreseen = Foreseen(is_ready=True, text=text)
            elif action == "assign" and is_chosen:
                self.foreseen = foreseen(action, await preview_assigning(actor, self._versions, self._employee()))
            elif action == "move" and (is_chosen or self.day):
                self.foreseen = foreseen(self.mode, await preview_moving(actor, self._versions, self._target()))
            elif action in ("unassign", "delete"):
                self.foreseen = Foreseen(is_ready=True)
        except ScheduleError as refused:
            self.problem = refused.message

    async def _refuse(self, actor: Actor, refused: ScheduleError) -> None:
        """Say why not, and show how it is by now: the next try counts for that."""
        if isinstance(refused, (StaleVersion, NeedsOverride)):
            await self._read(actor)
            await self._foresee(actor)
        asks = isinstance(refused, NeedsOverride)
        self.problem = "Please say why it shall be done all the same." if asks else refused.message

    async def _finish(self, actor: Actor, words: str) -> None:
        self.is_open, self._versions, self.foreseen = False, {}, replace(self.foreseen, is_ready=False)
        self.done = {"nonce": int(self.done.get("nonce", 0)) + 1, "text": words}
        board = await self.get_state(BoardState)
        await board._reread(actor)

    def _employee(self) -> int:
        if self.employee_id == EVERYBODY:
            raise InvalidInput("Please choose a person.")
        return int(self.employee_id)

    def _day(self) -> dt.date:
        try:
            return dt.date.fromisoformat(self.day)
        except ValueError:
            raise InvalidInput("Please give the day to copy to.") from None

    def _target(self) -> Target:
        employee_id = None if self.employee_id == EVERYBODY else int(self.employee_id)
        return Target(employee_id, self._day() if self.day else None, keep=self.mode == "copy")
