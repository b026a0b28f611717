"""A person's own shifts, and answering to them."""

from datetime import UTC, datetime
from typing import Literal

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.domain.time import is_known_zone
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.labels import hours_label
from schedule_app.queries.me import CalendarWeek, MyShift, MyWeek, my_week
from schedule_app.ui.clocks import tell_times_of
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.me.time_left import time_left
from schedule_app.ui.watch import watch


class OwnZone(Payload):
    """The zone by whose clocks the browser shows times."""

    zone: str = Field(min_length=1, max_length=64, examples=["Asia/Kathmandu"])


class Clocks(Payload):
    """Whose clocks times are told by: those of the place of work, or the browser's."""

    clocks: Literal["site", "own"]


class MeState(rx.State):
    """The next shift, those waiting for an answer, and the weeks.

    Attributes:
        waiting_ids: The numbers of those that wait, with commas between them.
        time_left: How long the person can still answer, by the number of the assignment.
        zone: The zone of the place of work.
        own_zone: The browser's, where it is another one; else "".
        clocks: Which of the two times are told by, "site" or "own".
    """

    is_ready: bool = False
    next_shift: MyShift | None = None
    waiting: list[MyShift] = []
    waiting_ids: str = ""
    weeks: list[MyWeek] = []
    time_left: dict[int, str] = {}
    calendar: list[CalendarWeek] = []
    week_hours: str = ""
    month_hours: str = ""
    month_label: str = ""
    asked_by_colleagues: int = 0
    asked_by_planners: int = 0
    zone: str = ""
    own_zone: str = ""
    clocks: str = "site"

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        # The page names places, departments and colleagues too; those are told under the site.
        watch(self, {topics.employee(signed_in.actor.employee_id), topics.site(signed_in.actor.site_id)})
        self.clocks = "site"
        await self._stamp(await self._read(signed_in))
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The person's shifts have changed."""
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, OwnZone)
    async def tell_zone(self, _signed_in: SignedIn, data: OwnZone) -> None:
        """Hear by which clocks the person lives, so that they may choose these."""
        self.own_zone = data.zone if is_known_zone(data.zone) and data.zone != self.zone else ""

    @guarded(Permission.VIEW_OWN, Clocks)
    async def show_clocks(self, signed_in: SignedIn, data: Clocks) -> None:
        """Tell times by other clocks."""
        self.clocks = data.clocks
        await tell_times_of(self, self.own_zone if data.clocks == "own" else "")
        await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> datetime:
        """Show the shifts as they are; returns when they were so."""
        now = datetime.now(UTC)
        zone = self.own_zone if self.clocks == "own" else ""
        async with read_session() as session:
            view = await my_week(session, signed_in.actor.employee_id, now=now, zone=zone)
        values = {
            "next_shift": view.next,
            "waiting": view.waiting,
            "waiting_ids": ",".join(str(shift.id) for shift in view.waiting),
            "weeks": view.weeks,
            "time_left": {shift.id: time_left(shift, now) for shift in view.waiting},
            "calendar": view.calendar,
            "week_hours": hours_label(view.week_minutes),
            "month_hours": hours_label(view.month_minutes),
            "month_label": view.month_label,
            "asked_by_colleagues": view.asked_by_colleagues,
            "asked_by_planners": view.asked_by_planners,
            "zone": view.zone,
        }
        changed = {name: value for name, value in values.items() if getattr(self, name) != value}
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            await self._stamp(now)
        return now

    async def _stamp(self, read_at: datetime) -> None:
        (await self.get_state(KeptState)).read_at = read_at.isoformat()

    def _shown(self, assignment_id: int) -> MyShift | None:
        return next((shift for week in self.weeks for shift in week.shifts if shift.id == assignment_id), None)

    def _words(self, assignment_id: int) -> str:
        shift = self._shown(assignment_id)
        return f"{shift.day_label}, {shift.label}" if shift else "this shift"


class KeptState(rx.State):
    """What a phone puts aside beside the shifts. Apart from them, as a push that changes nothing sends nothing.

    Attributes:
        read_at: When the shifts were last read, in ISO form, or "".
    """

    read_at: str = ""

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Another minute has passed: read the shifts, and say so where they are as they were, too."""
        me = await self.get_state(MeState)
        await me._stamp(await me._read(signed_in))
