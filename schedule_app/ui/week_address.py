"""Reading a site and a week out of a page's address."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import local_date, week_start_of
from schedule_app.queries.labels import week_label
from schedule_app.queries.sites import SiteInfo, get_site
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)
ONE_WEEK = timedelta(days=7)


class ChosenDay(Payload):
    """A day to go to."""

    day: date


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is, and where its arrows lead."""

    site_id: int = 0
    site_name: str = ""
    zone: str = ""
    start: str = ""
    label: str = ""
    previous_href: str = ""
    next_href: str = ""
    today_href: str = ""
    board_href: str = ""


@dataclass(frozen=True, slots=True)
class WeekAddress:
    """A week of a site that the actor may look at."""

    site: SiteInfo
    week_start: date

    def place(self, page_of: Callable[[int, date], str]) -> Place:
        """Where a page of this week is; `page_of` gives the page's address for a site and a week."""
        site, start = self.site, self.week_start
        today = week_start_of(local_date(datetime.now(UTC), site.zone), site.week_starts_on)
        return Place(
            site_id=site.id,
            site_name=site.name,
            zone=site.zone,
            start=start.isoformat(),
            label=week_label(start),
            previous_href=page_of(site.id, start - ONE_WEEK),
            next_href=page_of(site.id, start + ONE_WEEK),
            today_href=page_of(site.id, today),
            board_href=routes.schedule(site.id, start),
        )


async def week_address(state: rx.State, actor: Actor) -> WeekAddress:
    """Find the site and week that the page's address names; any day stands for its week.

    Raises:
        NotFound: when the address names no site of the actor's, or no date.
    """
    try:
        _page, site, week = state.router.url.path.strip("/").split("/")
        site_id, day = int(site), date.fromisoformat(week)
    except ValueError:
        raise NotFound("There is no such week.") from None
    if not (0 < site_id < 2**63 and is_plannable(day)):
        raise NotFound("There is no such week.")
    async with read_session() as session:
        site = await get_site(session, actor, site_id)
    return WeekAddress(site, week_start_of(day, site.week_starts_on))


def is_plannable(day: date) -> bool:
    """Whether a day lies in the years that people plan in."""
    return _EARLIEST <= day <= _LATEST


def rename_address(address: str) -> rx.event.EventSpec:
    """Have the browser show another address for what it shows; going there would take the focus away."""
    return rx.call_script(f"history.replaceState(history.state, '', {json.dumps(address)})")


def name_in_address(**parameters: str) -> rx.event.EventSpec:
    """Have the browser's address say these parameters; empty ones leave it, and all others stay."""
    return rx.call_script(
        "(() => { const address = new URL(location.href);"
        f" for (const [name, value] of Object.entries({json.dumps(parameters)}))"
        " value ? address.searchParams.set(name, value) : address.searchParams.delete(name);"
        " history.replaceState(history.state, '', address); })()"
    )


def query_parameter(state: rx.State, name: str) -> str:
    """A parameter after the question mark of the page's address; empty when it is not there."""
    return state.router.url.query_parameters.get(name, "")


def number_in_address(state: rx.State, name: str) -> int:
    """As `query_parameter`, of the number of a thing; 0 when there is none."""
    named = query_parameter(state, name)
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 19 else 0
