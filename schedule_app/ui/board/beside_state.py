"""The coverage heatmap beside the board: of the same week and version, and of the department that is filtered by."""

from datetime import UTC, date, datetime
from typing import TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.time import local_date
from schedule_app.live.shared import shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.coverage import CoverageRow, CoverageView, week_coverage
from schedule_app.queries.departments import find_department
from schedule_app.queries.weeks import BoardDay
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.heat import busy_hours, coverage_topics
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import query_parameter


class Look(Payload):
    """Whether the heatmap is to be shown, and the name of the only department it counts; empty for all."""

    is_wanted: bool
    department: str = Field(max_length=100)


class Told(TypedDict):
    """What the browser was last shown: the board asks again when it wants something else."""

    is_on: bool
    week: str
    version: str
    department: str


NOTHING: Told = {"is_on": False, "week": "", "version": "", "department": ""}


class BesideState(rx.State):
    """The heatmap of the week on the board. Nothing is read while it is not asked for."""

    told: Told = NOTHING
    days: list[BoardDay] = []
    rows: list[CoverageRow] = []

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Show it at once where the address asks for it; comes after the board's own load."""
        board = await self.get_state(BoardState)
        if query_parameter(self, "beside") and board.is_found and not board.span:
            await self._open(signed_in.actor, board, query_parameter(self, "department").strip()[:100])
        elif self.told["is_on"]:
            self.told = NOTHING

    @guarded(Permission.VIEW_PUBLISHED, Look)
    async def look(self, signed_in: SignedIn, data: Look) -> None:
        """Show it, of one department or of all, or show it no longer."""
        if data.is_wanted:
            await self._open(signed_in.actor, await self.get_state(BoardState), data.department)
        else:
            watch(self, ())
            self.told = NOTHING

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The week has changed."""
        if self.told["is_on"]:
            board = await self.get_state(BoardState)
            await self._open(signed_in.actor, board, self.told["department"], is_push=True)

    async def _open(self, actor: Actor, board: BoardState, department: str, *, is_push: bool = False) -> None:
        week = board.week
        if not week.site_id or not can(actor, Permission.VIEW_PUBLISHED, site_id=week.site_id):
            raise NotFound
        start = date.fromisoformat(week.start)
        asked = coverage_topics(week.site_id, start)
        watch(self, asked)
        drafts = can(actor, Permission.VIEW_DRAFT, site_id=week.site_id)
        today = local_date(datetime.now(UTC), week.zone)

        async def read() -> CoverageView:
            async with read_session() as session:
                return await week_coverage(
                    session,
                    week.site_id,
                    start,
                    department_id=await find_department(session, week.site_id, department) if department else None,
                    drafts=drafts,
                    version="published" if board.version == "published" else "working",
                    today=today,
                )

        if is_push:
            key = ("beside", week.site_id, week.start, board.version, department, drafts, today)
            view = await shared_results.get(key, viewers.revision(asked), read)
        else:
            view = await read()
        busy = busy_hours(view.hours)
        told: Told = {"is_on": True, "week": week.start, "version": board.version, "department": view.department}
        rows = [row for row in view.hours if row.hour in busy]
        values = {"told": told, "days": view.days, "rows": rows}
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
