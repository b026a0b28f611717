"""What the insight page shows: some weeks of a site in figures."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NotAllowed, NotFound
from schedule_app.domain.insight import weeks_between
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.time import local_date, week_start_of
from schedule_app.live import topics
from schedule_app.live.shared import shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.insight import InsightView, insight
from schedule_app.queries.insight_tables import Part
from schedule_app.queries.sites import SiteInfo, get_site
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.insight.cards import Card, cards_of
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import query_parameter, rename_address

#: This week and the ones before it, unless the address says otherwise.
_USUAL_WEEKS = 4


class ChosenWindow(Payload):
    """From which day to which; whole weeks are shown."""

    first: date
    last: date


class WithDrafts(Payload):
    """Whether weeks in work are shown as they are planned now."""

    drafts: bool


class ChosenPart(Payload):
    """One part of the page."""

    part: Part


@dataclass(frozen=True, slots=True)
class Window:
    """Where the page is, and what of it is looked at; `query` is the end of the page's address that says so."""

    site_id: int = 0
    site_name: str = ""
    week_starts_on: int = 0
    first: str = ""
    last: str = ""
    drafts: bool = False
    query: str = ""


class InsightState(rx.State):
    """Some weeks in figures."""

    window: Window = Window()
    cards: list[Card] = []
    has_plan: bool = False
    problem: str = ""
    is_ready: bool = False
    is_found: bool = True

    _opened: frozenset[Part] = frozenset()

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the weeks that the address names."""
        self.is_ready = True
        try:
            await self._open(signed_in.actor)
        except (NotFound, NotAllowed):
            # Not before: a load that is broken off would leave its doubt behind, and the next one would flash it.
            self.is_found = False
            raise
        self.is_found = True

    async def _open(self, actor: Actor) -> None:
        site = await _site(self, actor)
        this_week = week_start_of(local_date(datetime.now(UTC), site.zone), site.week_starts_on)
        self._opened = frozenset()
        first = this_week - timedelta(weeks=_USUAL_WEEKS - 1)
        usual = _window(site, first, this_week + timedelta(days=6), drafts=query_parameter(self, "drafts") == "1")
        try:
            window = replace(usual, **_named_days(self))
            self._weeks(window)
        except InvalidInput as refused:
            # What the address asks for cannot be shown; the form says why, and begins with what is usual.
            self._set({"window": usual, "cards": [], "has_plan": False, "problem": refused.message})
            return
        window = _named(window)
        watch(self, self._topics(window))
        self._show(await self._read(actor, window), window)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about these weeks or this site has changed."""
        if self.window.site_id and not self.problem:
            self._show(await self._read_shared(signed_in.actor), self.window)

    @guarded(Permission.VIEW_DRAFT, ChosenWindow)
    async def choose(self, signed_in: SignedIn, data: ChosenWindow) -> rx.event.EventSpec | None:
        """Look at other weeks."""
        window = replace(self.window, first=data.first.isoformat(), last=data.last.isoformat())
        try:
            return await self._look_at(signed_in.actor, window)
        except InvalidInput as refused:
            self.problem = refused.message
        return None

    @guarded(Permission.VIEW_DRAFT, WithDrafts)
    async def look_at(self, signed_in: SignedIn, data: WithDrafts) -> rx.event.EventSpec:
        """Count weeks in work as they are planned now, or only what is published."""
        return await self._look_at(signed_in.actor, replace(self.window, drafts=data.drafts))

    @guarded(Permission.VIEW_DRAFT, ChosenPart)
    async def toggle(self, signed_in: SignedIn, data: ChosenPart) -> None:
        """Show the numbers behind a part, or put them away again."""
        self._require_site(signed_in.actor)
        if data.part == "cost":
            require(signed_in.actor, Permission.VIEW_COST, site_id=self.window.site_id)
        chosen: frozenset[Part] = frozenset({data.part})
        self._opened = self._opened ^ chosen
        self._show(await self._read_shared(signed_in.actor), self.window)

    async def _look_at(self, actor: Actor, window: Window) -> rx.event.EventSpec:
        self._require_site(actor)
        self._weeks(window)
        window = _named(window)
        watch(self, self._topics(window))
        self._show(await self._read(actor, window), window)
        return rename_address(routes.insight(window.site_id) + window.query)

    async def _read(self, actor: Actor, window: Window) -> InsightView:
        async with read_session() as session:
            return await insight(session, actor, window.site_id, self._weeks(window), drafts=window.drafts)

    async def _read_shared(self, actor: Actor) -> InsightView:
        """As others with the same rights read it; whether this person may see it is asked apart from it."""
        self._require_site(actor)
        window = self.window
        sees_cost = can(actor, Permission.VIEW_COST, site_id=window.site_id)
        key = ("insight", window.site_id, window.first, window.last, window.drafts, sees_cost)
        revision = viewers.revision(self._topics(window))
        return await shared_results.get(key, revision, lambda: self._read(actor, window))

    def _show(self, view: InsightView, window: Window) -> None:
        cards = cards_of(view, self._opened)
        window = replace(window, site_name=view.site_name)
        self._set({"window": window, "cards": cards, "has_plan": bool(view.planned), "problem": ""})

    def _set(self, values: Mapping[str, object]) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _weeks(self, window: Window) -> tuple[date, ...]:
        first, last = date.fromisoformat(window.first), date.fromisoformat(window.last)
        return weeks_between(first, last, window.week_starts_on)

    def _topics(self, window: Window) -> set[str]:
        weeks = {topics.week(window.site_id, week) for week in self._weeks(window)}
        return {topics.site(window.site_id), *weeks}

    def _require_site(self, actor: Actor) -> None:
        """A page must have been opened, and its site still be one of the actor's to plan."""
        if not self.window.site_id or not can(actor, Permission.VIEW_PUBLISHED, site_id=self.window.site_id):
            raise NotFound
        require(actor, Permission.VIEW_DRAFT, site_id=self.window.site_id)


async def _site(state: rx.State, actor: Actor) -> SiteInfo:
    try:
        _page, number = state.router.url.path.strip("/").split("/")
        site_id = int(number)
    except ValueError:
        raise NotFound from None
    if not 0 < site_id < 2**63:
        raise NotFound
    async with read_session() as session:
        site = await get_site(session, actor, site_id)
    require(actor, Permission.VIEW_DRAFT, site_id=site.id)
    return site


def _named_days(state: rx.State) -> dict[str, str]:
    """The days that the address names, as fields of a window."""
    named = {field: query_parameter(state, name) for field, name in (("first", "from"), ("last", "to"))}
    try:
        return {field: date.fromisoformat(day).isoformat() for field, day in named.items() if day}
    except ValueError:
        raise InvalidInput("The address names a day that there is not.") from None


def _window(site: SiteInfo, first: date, last: date, *, drafts: bool) -> Window:
    return _named(Window(site.id, site.name, site.week_starts_on, first.isoformat(), last.isoformat(), drafts))


def _named(window: Window) -> Window:
    query = {"from": window.first, "to": window.last} | ({"drafts": "1"} if window.drafts else {})
    return replace(window, query=f"?{urlencode(query)}")
