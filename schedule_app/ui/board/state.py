"""What the board shows, who could take a shift, and the steps of the week's life."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Final, TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.db.trips import committed
from schedule_app.domain.day_clock import DayClock
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.time import local_date
from schedule_app.live import topics
from schedule_app.live.shared import NewestResults, shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.board import BoardDay, BoardRow, BoardShift, BoardView, week_board
from schedule_app.queries.candidates import Candidate, candidates
from schedule_app.queries.span import SpanShift
from schedule_app.services.schedules import (
    approve_schedule,
    create_schedule,
    discard_draft,
    reject_schedule,
    revise_schedule,
    submit_schedule,
)
from schedule_app.ui import routes
from schedule_app.ui.board.head import Head, head_of
from schedule_app.ui.board.patching import Base, patched, restaffed
from schedule_app.ui.board.week import Span, Week, span_named, week_at
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import is_plannable, name_in_address, query_parameter, week_address

#: More people than any screen shows at once.
MOST_ASKED: Final = 200
ASK_A_MANAGER: Final = "A manager may assign it all the same, with a reason."


class OneShift(Payload):
    """A shift, by its number."""

    shift_id: int = Field(gt=0, lt=2**63)


class Verdict(TypedDict):
    """Whether a person can take a shift, and what it would cost, for those who may know."""

    level: str
    text: str
    cents: int | None


class Asked(OneShift):
    """A shift, the assignment that would be taken away for it, and of whom to tell; None for everybody."""

    assignment_id: int | None = Field(default=None, gt=0, lt=2**63)
    people: list[Annotated[int, Field(strict=True, gt=0, lt=2**63)]] | None = Field(default=None, max_length=MOST_ASKED)


class Judged(TypedDict):
    """What the verdicts are about: `shift_id` 0 for nothing, `assignment_id` 0 when nothing is taken away for it.

    Minutes are of the shift and of the one taken away; cents of the latter, None for those who may not know them.
    `copy_of` is who would keep that one, and how it is then with this one. `is_part` when only some people were asked
    about.
    """

    shift_id: int
    assignment_id: int
    minutes: int
    moved_minutes: int
    moved_cents: int | None
    currency: str
    copy_of: int
    copy: Verdict | None
    is_part: bool


class Reason(Payload):
    """Words that go with a step."""

    reason: str = Field(min_length=3, max_length=500)


class Seen(Payload):
    """The comparison that was looked at."""

    digest: str = Field(pattern=r"^[0-9a-f]{8,64}$")


class Day(Payload):
    """A day to go to."""

    day: date


#: What tabs hold of a board and what is read of it anew are the same objects as far as nothing has changed.
_boards: Final = NewestResults[BoardView]()

NOTHING: Final[Judged] = {
    "shift_id": 0,
    "assignment_id": 0,
    "minutes": 0,
    "moved_minutes": 0,
    "moved_cents": None,
    "currency": "",
    "copy_of": 0,
    "copy": None,
    "is_part": False,
}


class BoardState(rx.State):
    """The week as a grid. `rows` and `shifts` were last sent whole; `patch` and `staffed` differ since.

    Where the address names a `span` of weeks instead, another state reads them, and this one knows the place alone.
    """

    week: Week = Week()
    span: Span = ""
    head: Head = Head()
    version: str = "working"
    days: list[BoardDay] = []
    clock: list[DayClock] = []
    shifts: list[list[BoardShift]] = []
    staffed: dict[str, int] = {}
    rows: list[BoardRow] = []
    patch: dict[str, BoardRow | None] = {}
    verdicts: dict[str, Verdict] = {}
    judged: Judged = NOTHING
    is_ready: bool = False
    is_found: bool = True

    _base: Base = Base()

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the week that the address names."""
        self.is_ready = True
        try:
            await self._open(signed_in.actor)
        except NotFound:
            # Not before: a load that is broken off would leave its doubt behind, and the next one would flash it.
            self.is_found = False
            raise
        self.is_found = True

    async def _open(self, actor: Actor) -> None:
        address = await week_address(self, actor)
        wants_published = query_parameter(self, "version") == "published"
        self.version = "published" if wants_published or not _sees_drafts(actor, address.site.id) else "working"
        self.span = span_named(query_parameter(self, "view"))
        self.week = week_at(actor, address, self.span, self.version)
        self._forget_pick()
        if self.span:
            watch(self, ())
            self.head, self.rows, self.shifts, self._base = Head(), [], [], Base()
            return
        watch(self, self._topics())
        view = await self._read(actor)
        if view.schedule is None and self.version == "published" and _sees_drafts(actor, address.site.id):
            # Who comes from a week that has both may come to one that was never published.
            self.version = "working"
            view = await self._read(actor)
        self._show(actor, view, whole=True)

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about this week or site has changed."""
        if not self.week.site_id or self.span:
            return
        self._require_site(signed_in.actor)
        await self._show_newest(signed_in.actor)

    @guarded(Permission.ASSIGN, Asked)
    async def pick(self, signed_in: SignedIn, data: Asked) -> None:
        """A shift was picked up: say of people whether they can take it, and if not, why."""
        await self._judge(signed_in.actor, data.shift_id, data.assignment_id or 0, data.people)

    @guarded(Permission.ASSIGN)
    async def unpick(self, _signed_in: SignedIn) -> None:
        """The shift was put back."""
        self._forget_pick()

    @guarded(Permission.CREATE_SCHEDULE)
    async def create(self, signed_in: SignedIn) -> None:
        """Begin this week with an empty draft."""
        self._require_site(signed_in.actor)
        await create_schedule(signed_in.actor, self.week.site_id, date.fromisoformat(self.week.start))
        await self._reread(signed_in.actor)

    @guarded(Permission.CREATE_SCHEDULE)
    async def create_from_last(self, signed_in: SignedIn) -> None:
        """Begin this week with the shifts of the last planned one."""
        self._require_site(signed_in.actor)
        start = date.fromisoformat(self.week.start)
        await create_schedule(signed_in.actor, self.week.site_id, start, copy_shifts_from=self.week.copy_from or None)
        await self._reread(signed_in.actor)

    @guarded(Permission.CREATE_SCHEDULE)
    async def revise(self, signed_in: SignedIn) -> rx.event.EventSpec:
        """Begin a new draft of the published week."""
        await revise_schedule(signed_in.actor, self.head.schedule_id)
        self.version = "working"
        await self._reread(signed_in.actor)
        return self._name_version()

    @guarded(Permission.SUBMIT)
    async def submit(self, signed_in: SignedIn) -> None:
        """Ask for approval."""
        await submit_schedule(signed_in.actor, self.head.schedule_id, expected_version=self.head.version)
        await self._reread(signed_in.actor)

    @guarded(Permission.APPROVE, Seen)
    async def approve(self, signed_in: SignedIn, data: Seen) -> None:
        """Approve the submitted week, as it was shown."""
        await approve_schedule(
            signed_in.actor, self.head.schedule_id, expected_version=self.head.version, seen=data.digest
        )
        await self._reread(signed_in.actor)

    @guarded(Permission.APPROVE, Reason)
    async def reject(self, signed_in: SignedIn, data: Reason) -> None:
        """Send the week back to draft, saying why."""
        await reject_schedule(
            signed_in.actor, self.head.schedule_id, expected_version=self.head.version, reason=data.reason
        )
        await self._reread(signed_in.actor)

    @guarded(Permission.CREATE_SCHEDULE)
    async def discard(self, signed_in: SignedIn) -> None:
        """Throw the draft away."""
        await discard_draft(signed_in.actor, self.head.schedule_id, expected_version=self.head.version)
        await self._reread(signed_in.actor)

    @guarded(Permission.VIEW_PUBLISHED, Day)
    async def go_to(self, signed_in: SignedIn, data: Day) -> rx.event.EventSpec | None:
        """Go to the week of a day; a year still being typed is no day to go to."""
        self._require_site(signed_in.actor)
        if not is_plannable(data.day):
            return None
        kept = self.version if self.span and _sees_drafts(signed_in.actor, self.week.site_id) else ""
        return rx.redirect(routes.schedule(self.week.site_id, data.day, self.span, version=kept))

    def _name_version(self) -> rx.event.EventSpec:
        """The address says which version is looked at, for a page that is loaded anew."""
        return name_in_address(version="published" if self.version == "published" else "", compare="")

    def _topics(self) -> set[str]:
        weeks = {topics.week(self.week.site_id, date.fromisoformat(start)) for start in self.week.starts}
        return weeks | {topics.site(self.week.site_id), topics.time_off(self.week.site_id)}

    def _require_site(self, actor: Actor) -> None:
        """A page must have been opened, and its site still be one of the actor's."""
        if not self.week.site_id or not can(actor, Permission.VIEW_PUBLISHED, site_id=self.week.site_id):
            raise NotFound

    async def _reread(self, actor: Actor) -> None:
        """After a change of the actor's own, which no reading of before may take off the board again.

        What is read now is what the others will be shown, when the database tells of the change.
        """
        self._require_site(actor)
        viewers.outdate_by(self._topics(), committed.get())
        if not self.span:
            await self._show_newest(actor)

    async def _show_newest(self, actor: Actor) -> None:
        sees = _sees_drafts(actor, self.week.site_id), _sees_cost(actor, self.week.site_id)
        key = ("board", self.week.site_id, self.week.start, self.version, *sees)
        view = await shared_results.get(key, viewers.revision(self._topics()), lambda: self._read(actor))
        await self._judge_again(actor, view.shifts)
        self._show(actor, view)

    async def _read(self, actor: Actor) -> BoardView:
        # Before anything is waited for: the tab may go on to another week meanwhile.
        week, version = self.week, self.version
        drafts, cost = _sees_drafts(actor, week.site_id), _sees_cost(actor, week.site_id)

        async def read(before: BoardView | None) -> BoardView:
            async with read_session() as session:
                return await week_board(
                    session,
                    week.site_id,
                    date.fromisoformat(week.start),
                    drafts=drafts,
                    cost=cost,
                    version="published" if version == "published" else "working",
                    today=local_date(datetime.now(UTC), week.zone),
                    before=before,
                )

        return await _boards.renew((week.site_id, week.start, version, drafts, cost), read)

    def _show(self, actor: Actor, view: BoardView, *, whole: bool = False) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        week = replace(
            self.week,
            site_name=view.site_name,
            zone=view.zone,
            clock_24h=view.clock_24h,
            label=view.week_label,
            currency=view.currency,
            copy_from=view.previous_schedule_id or 0,
            can_create=can(actor, Permission.CREATE_SCHEDULE, site_id=self.week.site_id),
        )
        values = {
            "week": week,
            "head": head_of(actor, self.week.site_id, view.schedule),
            "days": view.days,
            "clock": view.clock,
        }
        for name, value in values.items():
            if whole or getattr(self, name) != value:
                setattr(self, name, value)
        patch = None if whole else patched(self._base, view.rows)
        if patch is None:
            self._base = replace(self._base, rows=tuple(view.rows))
            self.rows = view.rows
            self.patch = {}
        elif self.patch != patch:
            self.patch = patch
        staffed = None if whole else restaffed(self._base, view.shifts)
        if staffed is None:
            self._base = replace(self._base, shifts=tuple(tuple(day) for day in view.shifts))
            self.shifts = view.shifts
            self.staffed = {}
        elif self.staffed != staffed:
            self.staffed = staffed

    async def _judge(self, actor: Actor, shift_id: int, assignment_id: int, people: Collection[int] | None) -> None:
        async with read_session() as session:
            found = await candidates(session, actor, shift_id, moving=assignment_id or None, among=people)
        verdicts = {str(person.employee_id): _verdict(person) for person in found.people}
        judged: Judged = {
            "shift_id": shift_id,
            "assignment_id": assignment_id,
            "minutes": found.minutes,
            "moved_minutes": found.moved_minutes,
            "moved_cents": found.moved_cost_cents,
            "currency": found.currency,
            "copy_of": found.copying.employee_id if found.copying else 0,
            "copy": _verdict(found.copying) if found.copying else None,
            "is_part": people is not None,
        }
        if (self.judged, self.verdicts) != (judged, verdicts):
            self.judged, self.verdicts = judged, verdicts

    async def _judge_again(self, actor: Actor, shifts: Sequence[Sequence[BoardShift | SpanShift]]) -> None:
        """Whatever has changed may decide anew who can take the picked shift; one without a place is put back."""
        shift_id, assignment_id = self.judged["shift_id"], self.judged["assignment_id"]
        is_there = any(
            shift["id"] == shift_id and (assignment_id or shift["staffed"] < shift["needed"])
            for day in shifts
            for shift in day
        )
        if is_there and can(actor, Permission.ASSIGN):
            with suppress(NotFound):
                people = {int(each) for each in self.verdicts} if self.judged["is_part"] else None
                await self._judge(actor, shift_id, assignment_id, people)
        else:
            self._forget_pick()

    def _forget_pick(self) -> None:
        if self.judged["shift_id"]:
            self.verdicts, self.judged = {}, NOTHING


def _verdict(person: Candidate) -> Verdict:
    return {"level": person.level, "text": " ".join(person.messages), "cents": person.cost_cents}


def _sees_drafts(actor: Actor, site_id: int) -> bool:
    return can(actor, Permission.VIEW_DRAFT, site_id=site_id)


def _sees_cost(actor: Actor, site_id: int) -> bool:
    return can(actor, Permission.VIEW_COST, site_id=site_id)
