"""The rules of a site, by kind, with what breaks them now."""

from collections import Counter
from dataclasses import dataclass

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.rules.wording import TITLES
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.rules import StoredRule
from schedule_app.queries.sites import get_site
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.rules.reading import read_now, topics_of
from schedule_app.ui.watch import watch


class OneSite(Payload):
    """A site to go to."""

    site_id: int = Field(gt=0, lt=2**63)


@dataclass(frozen=True, slots=True)
class RuleItem:
    """A rule in the list; `now` is how much breaks it in the current and the coming weeks."""

    id: int
    name: str
    sentence: str
    is_active: bool
    is_broken: bool
    now: int
    href: str
    now_href: str


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The rules of a kind."""

    rule_type: str
    title: str
    new_href: str
    rules: list[RuleItem]


class RulesState(rx.State):
    """The list."""

    is_ready: bool = False
    site_id: int = 0
    site_name: str = ""
    sites: list[tuple[str, str]] = []
    groups: list[RuleGroup] = []
    total: int = 0
    found: int = 0

    @guarded(Permission.MANAGE_RULES)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the list of a site."""
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.MANAGE_RULES)
        watch(self, topics_of(site))
        self.site_id = site.id
        await self._read(signed_in.actor, fresh=True)
        self.is_ready = True

    @guarded(Permission.MANAGE_RULES, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """A rule, or something that it looks at, has changed."""
        if self.site_id:
            await self._read(signed_in.actor)

    @guarded(Permission.MANAGE_RULES, OneSite)
    async def choose(self, _signed_in: SignedIn, data: OneSite) -> rx.event.EventSpec:
        """Go to another site's rules."""
        return rx.redirect(f"{routes.RULES}?site={data.site_id}")

    async def _read(self, actor: Actor, *, fresh: bool = False) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        async with read_session() as session:
            site = await get_site(session, actor, self.site_id)
        require(actor, Permission.MANAGE_RULES, site_id=site.id)
        now = await read_now(actor, site, fresh=fresh)
        counts = Counter(item.rule_id for item in now.found)
        values = {
            "site_name": site.name,
            "groups": [_group(kind, site.id, now.rules, counts) for kind in TITLES],
            "total": len(now.rules),
            "found": len(now.found),
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _group(kind: str, site_id: int, rules: list[StoredRule], counts: Counter[int]) -> RuleGroup:
    items = [
        RuleItem(
            id=rule.id,
            name=rule.name,
            sentence=rule.sentence,
            is_active=rule.is_active,
            is_broken=rule.facts is None,
            now=counts[rule.id],
            href=f"{routes.RULES}/{rule.id}",
            now_href=f"{routes.VIOLATIONS}?site={site_id}&rule={rule.id}",
        )
        for rule in rules
        if rule.rule_type == kind
    ]
    return RuleGroup(kind, TITLES[kind], f"{routes.RULES}/{kind}?site={site_id}", items)
