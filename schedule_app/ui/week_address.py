"""Reading a site and a week out of a page's address."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import week_start_of
from schedule_app.queries.sites import SiteInfo, get_site

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 1, 1)
ONE_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WeekAddress:
    """A week of a site that the actor may look at."""

    site: SiteInfo
    week_start: date


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
