"""What the pages about rules read, once for all who look at the same site."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor
from schedule_app.domain.time import local_date
from schedule_app.live import topics
from schedule_app.live.shared import shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.breaches import FoundItem, list_breaches, weeks_now
from schedule_app.queries.planned import read_planned
from schedule_app.queries.rules import StoredRule, list_rules
from schedule_app.queries.sites import SiteInfo
from schedule_app.ui import routes


@dataclass(frozen=True, slots=True)
class Now:
    """The rules of a site, and what is broken in the current and the coming weeks."""

    rules: list[StoredRule]
    found: list[FoundItem]


def today_at(site: SiteInfo) -> date:
    """The date at the site."""
    return local_date(datetime.now(UTC), site.zone)


def topics_of(site: SiteInfo) -> set[str]:
    """What is broken now depends on the weeks looked at, and on those two weeks before and after."""
    first, last = weeks_now(today_at(site), site.week_starts_on)
    weeks = range(-2, (last - first).days // 7 + 3)
    return {topics.site(site.id), *(topics.week(site.id, first + timedelta(weeks=week)) for week in weeks)}


async def read_now(actor: Actor, site: SiteInfo, *, fresh: bool = False) -> Now:
    """Read and judge; equal for everybody who manages the rules of the site, which is the caller's to ask.

    Args:
        actor: Who asks.
        site: The site.
        fresh: A page is opened, and not yet told of changes that are on their way.
    """
    if fresh:
        viewers.outdate({topics.site(site.id)})
    first, last = weeks_now(today_at(site), site.week_starts_on)

    async def read() -> Now:
        async with read_session() as session:
            rules = await list_rules(session, actor, site.id)
            holding = [rule.facts for rule in rules if rule.is_active and rule.facts is not None]
            planned = await read_planned(session, site.id, first, last, holding)
            return Now(rules, await list_breaches(session, planned, rules))

    return await shared_results.get(("breaches", site.id, first), viewers.revision(topics_of(site)), read)


def shift_words(item: FoundItem) -> str:
    """The shifts that something found is about."""
    return (item.shift or "The whole week") + (f" and {item.more} more" if item.more else "")


def cell_href(site_id: int, item: FoundItem) -> str:
    """The way to the board's cell that something found is about, or to its week where it is about no single person."""
    week = date.fromisoformat(item.week_start)
    if not item.employee_id:
        return routes.schedule(site_id, week)
    column = (date.fromisoformat(item.day) - week).days + 1
    return f"{routes.schedule(site_id, week)}#cell-{item.employee_id}-{column}"
