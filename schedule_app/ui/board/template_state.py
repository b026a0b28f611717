"""Templates on the board: using one in the week shown, keeping the week or one of its shifts as one."""

from datetime import date, time
from typing import Literal, TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.shifts import shift_detail
from schedule_app.queries.sites import get_site
from schedule_app.queries.templates import TemplateItem, list_templates
from schedule_app.services.shift_details import ShiftDetails
from schedule_app.services.templates import (
    apply_template,
    create_shift_template,
    delete_template,
    preview_template,
    save_week,
)
from schedule_app.ui.board.report_state import ReportState, foretold
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded

THE_WEEK = 0


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class View(Payload):
    """Which side of the dialog is shown."""

    view: Literal["use", "save"]


class Chosen(Payload):
    """A template, by its number."""

    template_id: int = Field(gt=0, lt=2**63)


class DayTicked(Payload):
    """A day of the week that was ticked or not."""

    day: date
    is_on: bool


class Mode(Payload):
    """What becomes of the shifts that are there already."""

    mode: Literal["add", "replace"]


class Saved(Payload):
    """The form that keeps a template; shift 0 is the whole week."""

    name: str = Field(max_length=200)
    shift_id: int = Field(ge=0, lt=2**63)
    people: Literal["with", "without"]


class TickedDay(TypedDict):
    """A day of the week, and whether the template is used on it."""

    date: str
    label: str
    is_on: bool


class TemplateState(rx.State):
    """The dialog's choices, and what using the chosen template would make."""

    is_open: bool = False
    view: str = "use"
    choices: list[tuple[str, str]] = []
    template_id: str = ""
    scope: str = ""
    days: list[TickedDay] = []
    mode: str = "add"
    preview: str = ""
    problem: str = ""
    is_deleting: bool = False
    delete_text: str = ""
    sources: list[tuple[str, str]] = []

    _items: dict[str, TemplateItem] = {}

    @guarded(Permission.EDIT_SHIFTS)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the dialog for the week on the board."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        if not can(signed_in.actor, Permission.EDIT_SHIFTS, site_id=board.week.site_id):
            return
        self.days = [{"date": day["date"], "label": day["long"], "is_on": False} for day in board.days]
        shifts = [
            (str(shift["id"]), f"{day['label']} · {shift['title']} {shift['label']}")
            for day, column in zip(board.days, board.shifts, strict=True)
            for shift in column
        ]
        self.sources = [(str(THE_WEEK), f"The whole week, {board.week.label}"), *shifts] if shifts else []
        self.mode, self.is_deleting = "add", False
        await self._list(signed_in, board)
        self.view = "use" if self.choices else "save"
        self.is_open = True

    @guarded(Permission.EDIT_SHIFTS, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.EDIT_SHIFTS, View)
    async def look_at(self, _signed_in: SignedIn, data: View) -> None:
        """Turn to the other side of the dialog."""
        self.view, self.problem, self.is_deleting = data.view, "", False

    @guarded(Permission.EDIT_SHIFTS, Chosen)
    async def choose(self, signed_in: SignedIn, data: Chosen) -> None:
        """Take another template, and say what it would make."""
        self._choose(str(data.template_id))
        await self._foresee(signed_in)

    @guarded(Permission.EDIT_SHIFTS, DayTicked)
    async def tick(self, signed_in: SignedIn, data: DayTicked) -> None:
        """Use the template on a day, or not."""
        ticked = data.day.isoformat()
        self.days = [{**day, "is_on": data.is_on if day["date"] == ticked else day["is_on"]} for day in self.days]
        await self._foresee(signed_in)

    @guarded(Permission.EDIT_SHIFTS, Mode)
    async def change_mode(self, signed_in: SignedIn, data: Mode) -> None:
        """Keep what is there, or remove it."""
        self.mode = data.mode
        await self._foresee(signed_in)

    @guarded(Permission.EDIT_SHIFTS)
    async def use(self, signed_in: SignedIn) -> None:
        """Make the template's shifts, and show what came of it; what refuses is said in the dialog."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        days = self._chosen_days(board)
        try:
            outcome = await apply_template(
                signed_in.actor, int(self.template_id or 0), days, replaces=self.mode == "replace"
            )
            async with read_session() as session:
                site = await get_site(session, signed_in.actor, board.week.site_id)
        except ScheduleError as refused:
            self.problem, self.preview = refused.message, ""
            return
        self.is_open = False
        report = await self.get_state(ReportState)
        report._show("Made from the template", outcome, site.id, site.week_starts_on, days[0])
        await board._reread(signed_in.actor)

    @guarded(Permission.EDIT_SHIFTS, Saved)
    async def save(self, signed_in: SignedIn, data: Saved) -> None:
        """Keep the week, or one of its shifts, as a template."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        self.problem = ""
        try:
            template_id = await self._save(signed_in, board, data)
        except ScheduleError as refused:
            self.problem = refused.message
            return
        self.view = "use"
        await self._list(signed_in, board, str(template_id))

    @guarded(Permission.EDIT_SHIFTS)
    async def ask_remove(self, _signed_in: SignedIn) -> None:
        """Ask whether to remove the chosen template."""
        item = self._items.get(self.template_id)
        if item is not None:
            self.delete_text = f"{item.name} goes; what was made with it stays."
            self.is_deleting = True

    @guarded(Permission.EDIT_SHIFTS)
    async def keep(self, _signed_in: SignedIn) -> None:
        """Do not remove the template."""
        self.is_deleting = False

    @guarded(Permission.EDIT_SHIFTS)
    async def remove(self, signed_in: SignedIn) -> None:
        """Remove the chosen template; what was made with it stays."""
        self.is_deleting = False
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        item = self._items.get(self.template_id)
        if item is None:
            return
        try:
            await delete_template(signed_in.actor, item.id, expected_version=item.version)
        except ScheduleError as refused:
            self.problem = refused.message
            return
        await self._list(signed_in, board)

    async def _save(self, signed_in: SignedIn, board: BoardState, data: Saved) -> int:
        if str(data.shift_id) not in dict(self.sources):
            raise NotFound
        actor, site_id = signed_in.actor, board.week.site_id
        if data.shift_id == THE_WEEK:
            return await save_week(
                actor,
                site_id,
                date.fromisoformat(board.week.start),
                data.name,
                with_people=data.people == "with",
                version="published" if board.version == "published" else "working",
            )
        async with read_session() as session:
            shift = await shift_detail(session, actor, data.shift_id)
        details = ShiftDetails(
            local_date=date.fromisoformat(shift.local_date),
            local_start=time.fromisoformat(shift.local_start),
            local_end=time.fromisoformat(shift.local_end),
            title=shift.title or None,
            shift_type=shift.shift_type,
            department_id=shift.department_id,
            required_staff=shift.required_staff,
            priority=shift.priority,
            qualifications=shift.qualifications,
            notes=shift.notes or None,
        )
        return await create_shift_template(actor, shift.site_id, data.name, details)

    async def _list(self, signed_in: SignedIn, board: BoardState, chosen: str = "") -> None:
        async with read_session() as session:
            items = await list_templates(session, signed_in.actor, board.week.site_id)
        self._items = {str(item.id): item for item in items}
        self.choices = [(str(item.id), f"{item.scope.capitalize()} · {item.name} · {item.contents}") for item in items]
        self._choose(chosen or next(iter(self._items), ""))
        await self._foresee(signed_in)

    def _choose(self, template_id: str) -> None:
        self.template_id = template_id
        item = self._items.get(template_id)
        self.scope = item.scope if item else ""

    def _chosen_days(self, board: BoardState) -> list[date]:
        if self.scope == "week":
            return [date.fromisoformat(board.week.start)]
        return [date.fromisoformat(day["date"]) for day in self.days if day["is_on"]]

    async def _foresee(self, signed_in: SignedIn) -> None:
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        self.preview = self.problem = ""
        days = self._chosen_days(board)
        if not (days and self.template_id):
            return
        try:
            outcome = await preview_template(
                signed_in.actor, int(self.template_id), days, replaces=self.mode == "replace"
            )
        except ScheduleError as refused:
            self.problem = refused.message
        else:
            self.preview = foretold(outcome)
