"""Making a shift again on other days."""

import datetime as dt
from typing import Final, Literal

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.sites import get_site
from schedule_app.services.repeats import repeat_shift
from schedule_app.ui.board.report_state import ReportState
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded

WEEKDAYS: Final = {"workdays": frozenset(range(5)), "daily": frozenset(range(7))}


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Repeated(Payload):
    """On which days, and how long."""

    rhythm: Literal["weekly", "workdays", "daily"]
    until: dt.date


class RepeatState(rx.State):
    """The dialog that asks on which days."""

    is_open: bool = False
    until: str = ""
    problem: str = ""

    _shift_id: int = 0
    _version: int = 0
    _day: str = ""

    @guarded(Permission.EDIT_SHIFTS)
    async def begin(self, _signed_in: SignedIn) -> None:
        """Ask how to repeat the shift whose form is open."""
        form = await self.get_state(ShiftState)
        if not (form.is_open and form._target.shift_id):
            return
        self._shift_id, self._version = form._target.shift_id, form._target.version
        self._day = form.fields.local_date
        self.until = (dt.date.fromisoformat(self._day) + dt.timedelta(weeks=4)).isoformat()
        self.problem, form.is_open, self.is_open = "", False, True

    @guarded(Permission.EDIT_SHIFTS, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.EDIT_SHIFTS, Repeated)
    async def repeat(self, signed_in: SignedIn, data: Repeated) -> None:
        """Make the shifts, and show how many; what refuses is said in the dialog."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        own = {dt.date.fromisoformat(self._day).weekday()} if self._day else set()
        try:
            outcome = await repeat_shift(
                signed_in.actor,
                self._shift_id,
                WEEKDAYS.get(data.rhythm, own),
                data.until,
                expected_version=self._version,
            )
            async with read_session() as session:
                site = await get_site(session, signed_in.actor, board.week.site_id)
        except ScheduleError as refused:
            self.problem = refused.message
            return
        self.is_open = False
        report = await self.get_state(ReportState)
        report._show("Repeated", outcome, site.id, site.week_starts_on, data.until)
        await board._reread(signed_in.actor)
