"""Two weeks or a month on the board's page: who works when, read small."""

from dataclasses import replace
from datetime import UTC, date, datetime

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.spans import SpanKind
from schedule_app.domain.time import local_date
from schedule_app.live.shared import shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.span import (
    STATUSES,
    SpanPattern,
    SpanRow,
    SpanShift,
    SpanView,
    SpanWeek,
    span_board,
)
from schedule_app.queries.weeks import BoardDay
from schedule_app.ui import routes
from schedule_app.ui.board.head import EDITABLE
from schedule_app.ui.board.patching import Base, patched, restaffed
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import guarded
from schedule_app.ui.watch import watch


class ShownWeek(SpanWeek):
    """A week, where its board is, and whether this person may put people on its shifts."""

    href: str
    can_assign: bool


class SpanState(rx.State):
    """The span. `rows` and `shifts` were last sent whole; `patch` and `staffed` differ since.

    A shift is sent as its id, its place among the patterns, how many people it needs and how many it has.
    """

    weeks: list[ShownWeek] = []
    days: list[BoardDay] = []
    patterns: list[SpanPattern] = []
    shifts: list[list[list[int]]] = []
    staffed: dict[str, int] = {}
    rows: list[SpanRow] = []
    patch: dict[str, SpanRow | None] = {}
    currency: str = ""
    can_open: bool = False
    has_two_versions: bool = False
    statuses: list[str] = STATUSES

    _base: Base[SpanRow, SpanShift] = Base()

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Read the span that the address names, if it names one; comes after the board's own load."""
        board = await self.get_state(BoardState)
        if not (board.span and board.is_found):
            watch(self, ())
            if self.days:
                self.weeks, self.days, self.patterns, self.shifts, self.rows = [], [], [], [], []
                self._base = Base()
            return
        watch(self, board._topics())
        await self._reread(signed_in.actor, board)

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about one of the weeks or the site has changed."""
        actor = signed_in.actor
        board = await self.get_state(BoardState)
        kind = board.span
        if not (kind and self.days):
            return
        site_id = board.week.site_id
        if not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
            raise NotFound
        sees = [can(actor, each, site_id=site_id) for each in (Permission.VIEW_DRAFT, Permission.VIEW_COST)]
        key = ("span", kind, site_id, board.week.start, board.version, *sees)
        revision = viewers.revision(board._topics())
        view = await shared_results.get(key, revision, lambda: self._read(actor, board, kind))
        await board._judge_again(actor, view.shifts)
        self._show(actor, board, view)

    async def _reread(self, actor: Actor, board: BoardState) -> None:
        if board.span:
            self._show(actor, board, await self._read(actor, board, board.span), whole=True)

    async def _read(self, actor: Actor, board: BoardState, kind: SpanKind) -> SpanView:
        week = board.week
        async with read_session() as session:
            return await span_board(
                session,
                week.site_id,
                kind,
                date.fromisoformat(week.start),
                drafts=can(actor, Permission.VIEW_DRAFT, site_id=week.site_id),
                cost=can(actor, Permission.VIEW_COST, site_id=week.site_id),
                version="published" if board.version == "published" else "working",
                today=local_date(datetime.now(UTC), week.zone),
            )

    def _show(self, actor: Actor, board: BoardState, view: SpanView, *, whole: bool = False) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        if board.week.site_name != view.site_name:
            board.week = replace(board.week, site_name=view.site_name)
        values = {
            "weeks": [_shown(actor, board, week) for week in view.weeks],
            "days": view.days,
            "patterns": view.patterns,
            "currency": view.currency,
            "can_open": can(actor, Permission.VIEW_DRAFT, site_id=board.week.site_id),
            "has_two_versions": any(week["has_other"] for week in view.weeks),
        }
        for name, value in values.items():
            if whole or getattr(self, name) != value:
                setattr(self, name, value)
        patch = None if whole else patched(self._base, view.rows)
        if patch is None:
            self._base = replace(self._base, rows=tuple(view.rows))
            self.rows, self.patch = view.rows, {}
        elif self.patch != patch:
            self.patch = patch
        staffed = None if whole else restaffed(self._base, view.shifts)
        if staffed is None:
            self._base = replace(self._base, shifts=tuple(tuple(day) for day in view.shifts))
            self.shifts, self.staffed = [[_packed(shift) for shift in day] for day in view.shifts], {}
        elif self.staffed != staffed:
            self.staffed = staffed


def _packed(shift: SpanShift) -> list[int]:
    """There may be thousands of them: the names of their fields would be the most of what is sent."""
    return [shift["id"], shift["of"], shift["needed"], shift["staffed"]]


def _shown(actor: Actor, board: BoardState, week: SpanWeek) -> ShownWeek:
    version = board.version if week["status"] and week["has_other"] else ""
    return {
        **week,
        "href": routes.schedule(board.week.site_id, date.fromisoformat(week["start"]), version=version),
        "can_assign": week["status"] in EDITABLE and can(actor, Permission.ASSIGN),
    }
