"""The people of a site, narrowed down."""

from datetime import UTC, datetime
from typing import Final

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.domain.time import local_date
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.people import PeopleFilter, PersonItem, Standing, list_people
from schedule_app.queries.sites import get_site
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.watch import watch

_AT_ONCE: Final = 100
_MOST_SHOWN: Final = 2000


class Narrowed(Payload):
    """Which people to show."""

    words: str = Field(default="", max_length=200)
    department_id: int = Field(default=0, ge=0, lt=2**63)
    role: str = Field(default="", max_length=20)
    standing: Standing = "active"


class AnySite(Payload):
    """A site to go to."""

    site_id: int = Field(gt=0, lt=2**63)


class PeopleState(rx.State):
    """The list and what it is narrowed down to."""

    is_ready: bool = False
    site_id: int = 0
    site_name: str = ""
    sites: list[tuple[str, str]] = []
    departments: list[tuple[str, str]] = []
    wanted: PeopleFilter = PeopleFilter()
    items: list[PersonItem] = []
    total: int = 0
    shown: int = _AT_ONCE

    @guarded(Permission.MANAGE_PEOPLE)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the list of a site."""
        before, self.site_id = self.site_id, 0
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.MANAGE_PEOPLE)
        watch(self, {topics.site(site.id)})
        if site.id != before:
            self.wanted, self.shown = PeopleFilter(), _AT_ONCE
        self.site_id = site.id
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.MANAGE_PEOPLE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody or something of the site has changed."""
        if self.site_id:
            await self._read(signed_in)

    @guarded(Permission.MANAGE_PEOPLE, Narrowed)
    async def narrow(self, signed_in: SignedIn, data: Narrowed) -> None:
        """Show these people only."""
        self.wanted, self.shown = PeopleFilter(**data.model_dump()), _AT_ONCE
        if self.site_id:
            await self._read(signed_in)

    @guarded(Permission.MANAGE_PEOPLE)
    async def show_more(self, signed_in: SignedIn) -> None:
        """Show the next hundred too."""
        self.shown = min(self.shown + _AT_ONCE, _MOST_SHOWN)
        if self.site_id:
            await self._read(signed_in)

    @guarded(Permission.MANAGE_PEOPLE, AnySite)
    async def choose(self, _signed_in: SignedIn, data: AnySite) -> rx.event.EventSpec:
        """Go to another site's people."""
        return rx.redirect(f"{routes.PEOPLE}?site={data.site_id}")

    async def _read(self, signed_in: SignedIn) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        async with read_session() as session:
            site = await get_site(session, signed_in.actor, self.site_id)
            today = local_date(datetime.now(UTC), site.zone)
            items, total = await list_people(session, site.id, self.wanted, today=today, at_most=self.shown)
        departments = [("0", "Every department"), *((str(number), name) for number, name in site.departments)]
        values = {"items": items, "total": total, "departments": departments, "site_name": site.name}
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
