"""Copying days: what to copy where, what would come of it, and doing it."""

from datetime import date, timedelta
from typing import Annotated, Literal, TypeAlias

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, ScheduleError
from schedule_app.domain.permissions import Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.sites import get_site
from schedule_app.services.copies import DaysCopy, copy_days, preview_copy
from schedule_app.ui.board.report_state import ReportState, foretold
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded

#: A date as a browser's control has it, which is nothing while it is being typed.
MaybeDate: TypeAlias = Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", examples=["2026-11-23"])]
WEEK, OTHER = "week", "other"


class Changed(Payload):
    """What was just chosen; the rest stays as it was.

    Attributes:
        what: "week", "other", or one day of the week.
    """

    what: Annotated[str, Field(pattern=r"^(week|other|[0-9]{4}-[0-9]{2}-[0-9]{2})$", examples=["week"])] | None = None
    first: MaybeDate | None = None
    last: MaybeDate | None = None
    to: MaybeDate | None = None
    people: Literal["with", "without"] | None = None
    mode: Literal["add", "replace"] | None = None


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class CopyState(rx.State):
    """The dialog's choices, and what they would make."""

    is_open: bool = False
    choices: list[tuple[str, str]] = []
    what: str = WEEK
    first: str = ""
    last: str = ""
    to: str = ""
    people: str = "with"
    mode: str = "add"
    preview: str = ""
    problem: str = ""

    @guarded(Permission.EDIT_SHIFTS)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the dialog for the week on the board."""
        board = await self.get_state(BoardState)
        if not (board.head.status and can(signed_in.actor, Permission.EDIT_SHIFTS, site_id=board.week.site_id)):
            return
        days = [(day["date"], day["long"]) for day in board.days]
        self.choices = [(WEEK, f"The whole week, {board.week.label}"), *days, (OTHER, "Other days …")]
        self.people, self.mode = "with", "add"
        self._choose(WEEK, board)
        await self._foresee(signed_in)
        self.is_open = True

    @guarded(Permission.EDIT_SHIFTS, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.EDIT_SHIFTS, Changed)
    async def change(self, signed_in: SignedIn, data: Changed) -> None:
        """Take over a choice, and say what it would make."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        for name, value in data.model_dump(exclude_none=True, exclude={"what"}).items():
            setattr(self, name, value)
        if data.what is not None:
            self._choose(data.what, board)
        await self._foresee(signed_in)

    @guarded(Permission.EDIT_SHIFTS)
    async def copy_now(self, signed_in: SignedIn) -> None:
        """Copy, and show what came of it; what refuses is said in the dialog."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        self.problem = ""
        try:
            copy = self._copy(board)
            outcome = await copy_days(signed_in.actor, board.week.site_id, copy)
            async with read_session() as session:
                site = await get_site(session, signed_in.actor, board.week.site_id)
        except ScheduleError as refused:
            self.problem, self.preview = refused.message, ""
            return
        self.is_open = False
        report = await self.get_state(ReportState)
        report._show("Copied", outcome, site.id, site.week_starts_on, copy.to)
        await board._reread(signed_in.actor)

    def _choose(self, what: str, board: BoardState) -> None:
        """Set the days that a choice stands for, and the likely day to copy to."""
        self.what = what
        start = date.fromisoformat(board.week.start)
        if what == WEEK:
            self.first, self.last = start.isoformat(), (start + timedelta(days=6)).isoformat()
            self.to = (start + timedelta(days=7)).isoformat()
        elif what != OTHER:
            self.first = self.last = what
            self.to = (_day(what, "what", "day") + timedelta(days=1)).isoformat()

    def _copy(self, board: BoardState) -> DaysCopy:
        return DaysCopy(
            first=_day(self.first, "first", "first day"),
            last=_day(self.last, "last", "last day"),
            to=_day(self.to, "to", "day to copy to"),
            with_people=self.people == "with",
            replaces=self.mode == "replace",
            version="published" if board.version == "published" else "working",
        )

    async def _foresee(self, signed_in: SignedIn) -> None:
        board = await self.get_state(BoardState)
        self.preview = self.problem = ""
        try:
            self.preview = foretold(await preview_copy(signed_in.actor, board.week.site_id, self._copy(board)))
        except ScheduleError as refused:
            self.problem = refused.message


def _day(value: str, field: str, name: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInput(f"Please give the {name}.", field) from None
