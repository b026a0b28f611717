"""What the palette asks the server for: people and weeks by a few typed words, and what this person may do."""

from datetime import UTC, date, datetime, timedelta
from typing import Final, TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.finding import find_weeks
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.time import local_date, week_start_of
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.finding import find_people
from schedule_app.queries.labels import week_label
from schedule_app.queries.sites import SiteInfo, get_site
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.week_address import is_plannable

_MOST_PEOPLE: Final = 8
_NEAR: Final = {-1: "Last week", 0: "This week", 1: "Next week"}


class Words(Payload):
    """What was typed."""

    text: str = Field(max_length=100)


class PersonEntry(TypedDict):
    """A person in the palette."""

    id: int
    name: str
    where: str
    href: str


class WeekEntry(TypedDict):
    """A week in the palette."""

    label: str
    where: str
    href: str


class PaletteState(rx.State):
    """The answer to what was typed last."""

    may: list[str] = []
    asked: str = ""
    people: list[PersonEntry] = []
    weeks: list[WeekEntry] = []

    @guarded(Permission.VIEW_PUBLISHED, Words)
    async def search(self, signed_in: SignedIn, data: Words) -> None:
        """Find people and weeks of the site that is looked at."""
        actor = signed_in.actor
        site_id, day = _named_in(self.router.url.path)
        async with read_session() as session:
            try:
                site = await get_site(session, actor, site_id or actor.site_id)
            except NotFound:
                site = await get_site(session, actor, actor.site_id)
            people = await find_people(session, site.id, data.text, limit=_MOST_PEOPLE)
        today = local_date(datetime.now(UTC), site.zone)
        board = routes.schedule(site.id, week_start_of(day or today, site.week_starts_on))
        manages = self.router.url.path.startswith("/manage") and can(actor, Permission.MANAGE_PEOPLE, site_id=site.id)
        weeks = [week for week in find_weeks(data.text, today, site.week_starts_on) if is_plannable(week)]
        self.people = [
            {**person, "href": f"{routes.PEOPLE}/{person['id']}" if manages else f"{board}?person={person['id']}"}
            for person in people
        ]
        self.weeks = [_entry(site, week, today) for week in weeks]
        self.asked = data.text

    def _know(self, actor: Actor) -> None:
        """Keep what this person may do at all; set only when it differs."""
        may = [permission.value for permission in Permission if can(actor, permission)]
        if may != self.may:
            self.may = may


def _entry(site: SiteInfo, week: date, today: date) -> WeekEntry:
    away = (week - week_start_of(today, site.week_starts_on)).days // 7
    number = (week + timedelta(days=3)).isocalendar().week
    where = _NEAR.get(away, f"Week {number}")
    return {"label": week_label(week), "where": where, "href": routes.schedule(site.id, week)}


def _named_in(path: str) -> tuple[int | None, date | None]:
    """The site and day that a page's address names, if it names any; whether they may be seen is not asked."""
    match path.strip("/").split("/"):
        case [_page, site, day] if site.isdecimal() and int(site) < 2**63:
            try:
                named = date.fromisoformat(day)
            except ValueError:
                named = None
            return int(site), named if named and is_plannable(named) else None
    return None, None
