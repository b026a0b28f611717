"""Cutting a shift in two."""

from datetime import date, time

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.domain.time import clock_span_label
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.sites import get_site
from schedule_app.services.splitting import split_shift
from schedule_app.ui.board.report_state import ReportState
from schedule_app.ui.board.shift_form import WallTime
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class At(Payload):
    """The time at which the second half begins."""

    at: WallTime


class SplitState(rx.State):
    """The dialog that asks when."""

    is_open: bool = False
    text: str = ""
    problem: str = ""

    _shift_id: int = 0
    _version: int = 0

    @guarded(Permission.EDIT_SHIFTS)
    async def begin(self, _signed_in: SignedIn) -> None:
        """Ask when to cut the shift whose form is open."""
        form = await self.get_state(ShiftState)
        if not (form.is_open and form._target.shift_id):
            return
        self._shift_id, self._version = form._target.shift_id, form._target.version
        board = await self.get_state(BoardState)
        start, end = (time.fromisoformat(each) for each in (form.fields.local_start, form.fields.local_end))
        times = clock_span_label(start, end, int(end <= start), clock_24h=board.week.clock_24h)
        self.text = f"{times}, as it was saved. Whom the rules allow stays on both parts."
        self.problem, form.is_open, self.is_open = "", False, True

    @guarded(Permission.EDIT_SHIFTS, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.EDIT_SHIFTS, At)
    async def split(self, signed_in: SignedIn, data: At) -> None:
        """Cut it, and show who could not stay on both parts; what refuses is said in the dialog."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        try:
            outcome = await split_shift(
                signed_in.actor, self._shift_id, time.fromisoformat(data.at), expected_version=self._version
            )
            async with read_session() as session:
                site = await get_site(session, signed_in.actor, board.week.site_id)
        except ScheduleError as refused:
            self.problem = refused.message
            return
        self.is_open = False
        if outcome.left_open or outcome.warned:
            report = await self.get_state(ReportState)
            start = date.fromisoformat(board.week.start)
            report._show("Split, the second part", outcome, site.id, site.week_starts_on, start)
        await board._reread(signed_in.actor)
