"""What a site says of channels: what holds for whoever has not chosen, and what nobody can switch off."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import reflex as rx

from schedule_app.channels import states
from schedule_app.db.engine import read_session
from schedule_app.domain.delivery import CHOSEN, Matrix, setting_of
from schedule_app.domain.errors import Difference, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.notices import Category
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.preferences import site_defaults
from schedule_app.services.forms import checked
from schedule_app.services.preferences import CATEGORIES, CHANNELS, DefaultDetails, save_site_defaults
from schedule_app.settings import get_settings
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.people_state import AnySite
from schedule_app.ui.watch import watch

Level: TypeAlias = Literal["off", "on", "locked"]


class FilledDefaults(Payload):
    """The form, filled in: of each kind of message what holds, as "category_channel"."""

    schedule_email: Level
    schedule_push: Level
    schedule_sms: Level
    assignment_email: Level
    assignment_push: Level
    assignment_sms: Level
    approval_email: Level
    approval_push: Level
    approval_sms: Level
    announcement_email: Level
    announcement_push: Level
    announcement_sms: Level
    system_email: Level
    system_push: Level
    system_sms: Level


@dataclass(frozen=True, slots=True)
class Cell:
    """One choice of the table."""

    name: str
    label: str
    setting: str


@dataclass(frozen=True, slots=True)
class DefaultRow:
    """A kind of message and what holds for each channel."""

    category: str
    label: str
    cells: list[Cell]


class SiteMessagesState(rx.State):
    """The form.

    Attributes:
        off: Sentences about the channels that nobody is told over here.
    """

    is_ready: bool = False
    site_id: int = 0
    sites: list[tuple[str, str]] = []
    rows: list[DefaultRow] = []
    off: list[str] = []
    form_key: int = 0
    problem: str = ""
    differences: list[Difference] = []
    is_outdated: bool = False
    done: str = ""

    _version: int = 0

    @guarded(Permission.MANAGE_SITE)
    async def load(self, signed_in: SignedIn) -> None:
        """Open a site's settings."""
        self.site_id, self.done = 0, ""
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.MANAGE_SITE)
        watch(self, {topics.site(site.id)})
        self.site_id = site.id
        await self._open(signed_in)
        self.is_ready = True

    @guarded(Permission.MANAGE_SITE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something of the site has changed; what is being chosen stays, and it is said that there is news."""
        if not self.site_id:
            return
        async with read_session() as session:
            version, _ = await site_defaults(session, signed_in.actor, self.site_id)
        if version != self._version and not self.is_outdated:
            self.is_outdated = True

    @guarded(Permission.MANAGE_SITE, AnySite)
    async def choose(self, _signed_in: SignedIn, data: AnySite) -> rx.event.EventSpec:
        """Go to another site."""
        return rx.redirect(f"{routes.SITE_MESSAGES}?site={data.site_id}")

    @guarded(Permission.MANAGE_SITE)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Fill the form with what is stored now."""
        if self.site_id:
            self.done = ""
            await self._open(signed_in)

    @guarded(Permission.MANAGE_SITE, FilledDefaults)
    async def save(self, signed_in: SignedIn, data: FilledDefaults) -> None:
        """Save; what refuses is said in the form, and nothing chosen is lost."""
        if not self.site_id:
            raise NotFound
        self.problem, self.differences, self.done = "", [], ""
        chosen = data.model_dump()
        settings = {category: {channel: chosen[f"{category}_{channel}"] for channel in CHOSEN} for category in Category}
        details = checked(DefaultDetails, {"settings": settings})
        try:
            await save_site_defaults(signed_in.actor, self.site_id, details, expected_version=self._version)
        except StaleVersion as stale:
            self.problem, self.differences = stale.message, list(stale.differences)
            self._version, self.is_outdated = stale.version or self._version, False
            return
        except ScheduleError as refused:
            self.problem = refused.message
            return
        await self._open(signed_in)
        self.done = "Saved."

    async def _open(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            self._version, stored = await site_defaults(session, signed_in.actor, self.site_id)
        self.rows = _rows(stored)
        kept = states(get_settings())
        self.off = [f"{CHANNELS[each]} is off. {kept[each].words}" for each in CHOSEN if not kept[each].is_on]
        self.problem, self.differences, self.is_outdated = "", [], False
        # Fields keep what was chosen in them for as long as the form is the same one.
        self.form_key += 1


def _rows(stored: Matrix) -> list[DefaultRow]:
    return [
        DefaultRow(
            category.value,
            label,
            [
                Cell(f"{category}_{channel}", CHANNELS[channel], setting_of(stored, category, channel))
                for channel in CHOSEN
            ],
        )
        for category, label in CATEGORIES.items()
    ]
