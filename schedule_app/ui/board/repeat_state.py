"""Making a shift again on other days: which, what would come of it, and doing it."""

import datetime as dt
from typing import Annotated, Literal, TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.domain.repetition import Repetition
from schedule_app.domain.time import week_start_of
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.labels import WEEKDAYS, long_day
from schedule_app.queries.sites import get_site
from schedule_app.services.repeats import Repeated, preview_repeat, repeat_shift
from schedule_app.ui.board.copy_state import MaybeDate
from schedule_app.ui.board.report_state import ReportState
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded

#: A number as a browser's control has it, which is nothing while it is being typed.
MaybeNumber = Annotated[str, Field(pattern=r"^[0-9]{0,4}$", examples=["2"])]


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Ticked(Payload):
    """A weekday, and whether the shift is repeated on it."""

    weekday: int = Field(ge=0, le=6)
    is_on: bool


class Changed(Payload):
    """What was just chosen; the rest stays as it was."""

    every: MaybeNumber | None = None
    ends: Literal["until", "times"] | None = None
    until: MaybeDate | None = None
    times: MaybeNumber | None = None


class Weekday(TypedDict):
    """A weekday to tick."""

    number: int
    name: str
    is_on: bool


class RepeatState(rx.State):
    """The dialog's choices, and what they would make."""

    is_open: bool = False
    weekdays: list[Weekday] = []
    every: str = "1"
    ends: str = "until"
    until: str = ""
    times: str = "4"
    preview: str = ""
    problem: str = ""

    _shift_id: int = 0
    _version: int = 0
    _week_starts_on: int = 0

    @guarded(Permission.EDIT_SHIFTS)
    async def begin(self, signed_in: SignedIn) -> None:
        """Ask how to repeat the shift whose form is open."""
        form = await self.get_state(ShiftState)
        if not (form.is_open and form._target.shift_id):
            return
        board = await self.get_state(BoardState)
        async with read_session() as session:
            site = await get_site(session, signed_in.actor, board.week.site_id)
        self._shift_id, self._version = form._target.shift_id, form._target.version
        self._week_starts_on = site.week_starts_on
        day = dt.date.fromisoformat(form.fields.local_date)
        order = [(site.week_starts_on + offset) % 7 for offset in range(7)]
        self.weekdays = [{"number": each, "name": WEEKDAYS[each], "is_on": each == day.weekday()} for each in order]
        self.every, self.ends, self.times = "1", "until", "4"
        self.until = (day + dt.timedelta(weeks=4)).isoformat()
        await self._foresee(signed_in)
        form.is_open, self.is_open = False, True

    @guarded(Permission.EDIT_SHIFTS, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.EDIT_SHIFTS, Ticked)
    async def tick(self, signed_in: SignedIn, data: Ticked) -> None:
        """Choose a weekday, or leave it out again."""
        self.weekdays = [
            {**each, "is_on": data.is_on if each["number"] == data.weekday else each["is_on"]} for each in self.weekdays
        ]
        await self._foresee(signed_in)

    @guarded(Permission.EDIT_SHIFTS, Changed)
    async def change(self, signed_in: SignedIn, data: Changed) -> None:
        """Take over a choice, and say what it would make."""
        for name, value in data.model_dump(exclude_none=True).items():
            setattr(self, name, value)
        await self._foresee(signed_in)

    @guarded(Permission.EDIT_SHIFTS)
    async def repeat(self, signed_in: SignedIn) -> None:
        """Make the shifts, and show how many; what refuses is said in the dialog."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        self.problem = ""
        try:
            made = await repeat_shift(signed_in.actor, self._shift_id, self._rule(), expected_version=self._version)
            async with read_session() as session:
                site = await get_site(session, signed_in.actor, board.week.site_id)
        except ScheduleError as refused:
            self.problem, self.preview = refused.message, ""
            return
        self.is_open = False
        report = await self.get_state(ReportState)
        report._show("Repeated", made.outcome, site.id, site.week_starts_on, made.days[-1])
        await board._reread(signed_in.actor)

    def _rule(self) -> Repetition:
        is_until = self.ends == "until"
        return Repetition(
            weekdays=frozenset(each["number"] for each in self.weekdays if each["is_on"]),
            every=_number(self.every, "every", "number of weeks"),
            until=_day(self.until) if is_until else None,
            times=None if is_until else _number(self.times, "times", "number of times"),
        )

    async def _foresee(self, signed_in: SignedIn) -> None:
        self.preview = self.problem = ""
        try:
            found = await preview_repeat(signed_in.actor, self._shift_id, self._rule())
            self.preview = _said(found, self._week_starts_on)
        except ScheduleError as refused:
            self.problem = refused.message


def _said(repeated: Repeated, week_starts_on: int) -> str:
    """As "14 shifts in 5 weeks, the last on Monday 28 December. Nobody is on them yet."."""
    days, begun = repeated.days, len(repeated.outcome.new_weeks)
    weeks = len({week_start_of(day, week_starts_on) for day in days})
    said = f"{_count(len(days), 'shift')} in {_count(weeks, 'week')}, the last on {long_day(days[-1])}."
    return f"{said} A draft would be begun for {_count(begun, 'week')}." if begun else said


def _count(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _number(value: str, field: str, name: str) -> int:
    if not value:
        raise InvalidInput(f"Please give the {name}.", field)
    return int(value)


def _day(value: str) -> dt.date:
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise InvalidInput("Please give the last day.", "until") from None
