"""What the heatmap shows: a site's week, narrowed to a department or not, in one of its two versions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.time import local_date, minutes_label
from schedule_app.live.shared import shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.coverage import CoverageRow, CoverageView, week_coverage
from schedule_app.queries.sites import SiteInfo, get_site
from schedule_app.queries.weeks import BoardDay, WhichVersion
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.heat import busy_hours, coverage_topics
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import (
    ChosenDay,
    Place,
    is_plannable,
    query_parameter,
    rename_address,
    week_address,
)


class ChosenDepartment(Payload):
    """A department by its number; 0 stands for the whole site."""

    department_id: int = Field(ge=0, lt=2**63)


class ChosenVersion(Payload):
    """Which of a week's two versions to look at."""

    version: WhichVersion


@dataclass(frozen=True, slots=True)
class Look:
    """What of the week is looked at; `query` is the end of the page's address that says so."""

    department_id: int = 0
    version: WhichVersion = "working"
    query: str = ""


class CoverageState(rx.State):
    """The week as hours down and days across."""

    place: Place = Place()
    look: Look = Look()
    departments: list[tuple[str, str]] = []
    week_label: str = ""
    status: str = ""
    has_shifts: bool = False
    has_two_versions: bool = False
    days: list[BoardDay] = []
    rows: list[CoverageRow] = []
    short_text: str = ""
    shows_every_hour: bool = False
    hidden_hours: int = 0
    is_ready: bool = False
    is_found: bool = True

    _hours: list[CoverageRow] = []

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the week, department and version that the address names."""
        self.is_ready = True
        try:
            await self._open(signed_in.actor)
        except NotFound:
            # Not before: a load that is broken off would leave its doubt behind, and the next one would flash it.
            self.is_found = False
            raise
        self.is_found = True

    async def _open(self, actor: Actor) -> None:
        look = _look_of(query_parameter(self, "department"), query_parameter(self, "version"))
        address = await week_address(self, actor)
        self.place = address.place(routes.coverage)
        watch(self, topics_of(self.place))
        self._show(await self._read(actor, look), look)

    @guarded(Permission.VIEW_PUBLISHED, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Something about this week or site has changed."""
        actor, place, look = signed_in.actor, self.place, self.look
        if not place.site_id:
            return None
        # What is read is shared with others, so whether this person may see it is asked apart from it.
        self._require_site(actor)
        asked = (place.site_id, place.start, look.department_id, look.version)
        key = ("coverage", *asked, self._sees_drafts(actor), self._today())
        try:
            reading = await shared_results.get(key, viewers.revision(topics_of(place)), lambda: self._read(actor, look))
        except NotFound:
            if not look.department_id:
                raise
            # The department is gone; the site need not be.
            return await self._look_at(actor, replace(look, department_id=0))
        self._show(reading, look)
        return None

    @guarded(Permission.VIEW_PUBLISHED, ChosenDepartment)
    async def choose_department(self, signed_in: SignedIn, data: ChosenDepartment) -> rx.event.EventSpec:
        """Look at one department, or at all of them."""
        return await self._look_at(signed_in.actor, replace(self.look, department_id=data.department_id))

    @guarded(Permission.VIEW_DRAFT, ChosenVersion)
    async def choose_version(self, signed_in: SignedIn, data: ChosenVersion) -> rx.event.EventSpec:
        """Look at the version being worked on, or at the one in force."""
        return await self._look_at(signed_in.actor, replace(self.look, version=data.version))

    @guarded(Permission.VIEW_PUBLISHED)
    async def toggle_hours(self, _signed_in: SignedIn) -> None:
        """Show the hours in which nobody works too, or leave them out again."""
        self.shows_every_hour = not self.shows_every_hour
        self._show_hours(self._hours)

    @guarded(Permission.VIEW_PUBLISHED, ChosenDay)
    async def go_to(self, _signed_in: SignedIn, data: ChosenDay) -> rx.event.EventSpec | None:
        """Go to the week of a day. A date field also tells of years that are still being typed."""
        if not is_plannable(data.day):
            return None
        return rx.redirect(routes.coverage(self.place.site_id, data.day) + self.look.query)

    async def _look_at(self, actor: Actor, look: Look) -> rx.event.EventSpec:
        self._require_site(actor)
        look = replace(look, query=_query(look))
        self._show(await self._read(actor, look), look)
        return rename_address(routes.coverage(self.place.site_id, date.fromisoformat(self.place.start)) + look.query)

    async def _read(self, actor: Actor, look: Look) -> tuple[SiteInfo, CoverageView]:
        async with read_session() as session:
            site = await get_site(session, actor, self.place.site_id)
            view = await week_coverage(
                session,
                site.id,
                date.fromisoformat(self.place.start),
                department_id=look.department_id or None,
                drafts=self._sees_drafts(actor),
                version=look.version,
                today=self._today(),
            )
        return site, view

    def _show(self, reading: tuple[SiteInfo, CoverageView], look: Look) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        site, view = reading
        head = view.schedule
        short = view.total_short_minutes
        has_shifts = bool(busy_hours(view.hours))
        values = {
            "place": replace(self.place, site_name=site.name, zone=site.zone),
            "departments": [("0", "All departments"), *((str(number), name) for number, name in site.departments)],
            "look": look,
            "week_label": view.week_label,
            "status": head.status if head else "",
            "has_shifts": has_shifts,
            "has_two_versions": head is not None and None not in (head.working_id, head.published_id),
            "days": view.days,
            "short_text": f"{minutes_label(short)} of work not covered yet" if short else "Every shift has its people",
        }
        self._set(values)
        self._show_hours(view.hours)

    def _show_hours(self, hours: list[CoverageRow]) -> None:
        busy = busy_hours(hours)
        rows = [row for row in hours if self.shows_every_hour or row.hour in busy]
        self._set({"_hours": hours, "rows": rows, "hidden_hours": len(hours) - len(rows)})

    def _set(self, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _require_site(self, actor: Actor) -> None:
        if not self.place.site_id or not can(actor, Permission.VIEW_PUBLISHED, site_id=self.place.site_id):
            raise NotFound

    def _sees_drafts(self, actor: Actor) -> bool:
        return can(actor, Permission.VIEW_DRAFT, site_id=self.place.site_id)

    def _today(self) -> date:
        return local_date(datetime.now(UTC), self.place.zone)


def topics_of(place: Place) -> set[str]:
    """What the page depends on; nothing before it has been opened."""
    if not place.site_id:
        return set()
    return coverage_topics(place.site_id, date.fromisoformat(place.start))


def cell_words(page: CoverageState, day: date, hour: int) -> str:
    """A cell of the page in words, as "Monday 23 November, 07:00: 2 of 3 needed, 1 short"; "" for another week's."""
    column = next((index for index, shown in enumerate(page.days) if shown["date"] == day.isoformat()), None)
    return page._hours[hour].cells[column].text if column is not None else ""


def _look_of(department: str, version: str) -> Look:
    department, version = department or "0", version or "working"
    if not department.isdecimal() or len(department) > 18 or version not in ("working", "published"):
        raise NotFound("There is no such department or version of this week.")
    look = Look(department_id=int(department), version="published" if version == "published" else "working")
    return replace(look, query=_query(look))


def _query(look: Look) -> str:
    wanted = {"department": look.department_id, "version": "published" if look.version == "published" else ""}
    given = {name: value for name, value in wanted.items() if value}
    return f"?{urlencode(given)}" if given else ""
