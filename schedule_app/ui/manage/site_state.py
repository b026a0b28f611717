"""The site's own settings, or those of a new site."""

from dataclasses import dataclass
from typing import Final

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Difference, InvalidInput, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.sites import SiteSettings, get_site_settings
from schedule_app.services.forms import checked
from schedule_app.services.sites import SiteDetails, create_site, edit_site, zone_names
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.frame import chosen_site
from schedule_app.ui.manage.people_state import AnySite
from schedule_app.ui.watch import watch

_TO_FIRST_ERROR: Final = "setTimeout(() => document.querySelector('#site-form [aria-invalid=true]')?.focus(), 60)"


class Filled(Payload):
    """The form, filled in. What its values may be, the service says, so that it is said next to the field."""

    name: str = ""
    time_zone: str = ""
    week_starts_on: int = Field(default=0, ge=0, lt=2**31)
    clock: str = "24"
    currency: str = ""
    four_eyes: str = ""
    confirm_hours: str = Field(default="", max_length=10)
    claims_need_approval: str = ""
    offer_waves: str = Field(default="0", max_length=10)
    offer_wave_minutes: str = Field(default="15", max_length=10)
    swap_hours: str = Field(default="2", max_length=10)
    swaps_need_approval: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """What the form shows when it opens; from then on its values are the browser's."""

    name: str = ""
    time_zone: str = "Europe/Berlin"
    week_starts_on: str = "0"
    clock: str = "24"
    currency: str = "EUR"
    four_eyes: bool = False
    confirm_hours: str = "48"
    claims_need_approval: bool = False
    offer_waves: str = "0"
    offer_wave_minutes: str = "15"
    swap_hours: str = "2"
    swaps_need_approval: bool = True


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong, by field."""

    name: str = ""
    time_zone: str = ""
    week_starts_on: str = ""
    clock: str = ""
    currency: str = ""
    confirm_hours: str = ""
    offer_waves: str = ""
    offer_wave_minutes: str = ""
    swap_hours: str = ""


class SiteState(rx.State):
    """The form's first values, and what the server says of what was entered."""

    is_ready: bool = False
    is_new: bool = False
    can_create: bool = False
    site_id: int = 0
    sites: list[tuple[str, str]] = []
    zones: list[str] = []
    fields: Fields = Fields()
    weeks: int = 0
    form_key: int = 0
    errors: Errors = Errors()
    problem: str = ""
    differences: list[Difference] = []
    is_saved: bool = False
    is_outdated: bool = False

    _version: int = 0

    @guarded(Permission.MANAGE_SITE)
    async def load(self, signed_in: SignedIn) -> None:
        """Open a site's settings."""
        self.site_id, self.is_new = 0, False
        site, self.sites = await chosen_site(self, signed_in.actor, Permission.MANAGE_SITE)
        watch(self, {topics.site(site.id)})
        self.site_id, self.can_create = site.id, can(signed_in.actor, Permission.CREATE_SITE)
        if not self.zones:
            self.zones = zone_names()
        await self._open(signed_in)
        self.is_ready = True

    @guarded(Permission.MANAGE_SITE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something of the site has changed; what is being typed stays, and it is said that there is news."""
        if not self.site_id or self.is_new:
            return
        async with read_session() as session:
            site = await get_site_settings(session, signed_in.actor, self.site_id)
        if site.version != self._version and not self.is_outdated:
            self.is_outdated = True

    @guarded(Permission.MANAGE_SITE, AnySite)
    async def choose(self, _signed_in: SignedIn, data: AnySite) -> rx.event.EventSpec:
        """Go to another site."""
        return rx.redirect(f"{routes.SITE}?site={data.site_id}")

    @guarded(Permission.CREATE_SITE)
    async def begin(self, _signed_in: SignedIn) -> None:
        """Turn the form into that of a new site."""
        self._fill(Fields())
        self.is_new, self.weeks = True, 0

    @guarded(Permission.MANAGE_SITE)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Fill the form with what is stored now."""
        if self.site_id:
            await self._open(signed_in)

    @guarded(Permission.MANAGE_SITE, Filled)
    async def save(self, signed_in: SignedIn, data: Filled) -> rx.event.EventSpec | None:
        """Save; what refuses is said in the form and nothing entered is lost."""
        if not self.site_id:
            raise NotFound
        self.errors, self.problem, self.differences, self.is_saved = Errors(), "", [], False
        try:
            details = _entered(data)
            if self.is_new:
                made = await create_site(signed_in.actor, details)
                return rx.redirect(f"{routes.SITE}?site={made}")
            await edit_site(signed_in.actor, self.site_id, details, expected_version=self._version)
        except StaleVersion as stale:
            self.problem, self.differences = stale.message, list(stale.differences)
            self._version, self.is_outdated = stale.version or self._version, False
            return None
        except InvalidInput as refused:
            known = {
                "clock_24h": "clock",
                "confirm_within_minutes": "confirm_hours",
                "swap_cutoff_minutes": "swap_hours",
            }
            problems = {known.get(name, name): words for name, words in refused.problems.items()}
            self.errors = Errors(**{name: words for name, words in problems.items() if hasattr(Errors, name)})
            self.problem = refused.message if self.errors == Errors() else ""
            return rx.call_script(_TO_FIRST_ERROR)
        except ScheduleError as refused:
            self.problem = refused.message
            return None
        await self._open(signed_in)
        self.is_saved = True
        return None

    async def _open(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            site = await get_site_settings(session, signed_in.actor, self.site_id)
        self._fill(_shown(site))
        self.is_new, self.weeks, self._version = False, site.weeks, site.version

    def _fill(self, fields: Fields) -> None:
        self.fields = fields
        self.errors, self.problem, self.differences = Errors(), "", []
        self.is_saved, self.is_outdated = False, False
        # Fields keep what was typed into them for as long as the form is the same one.
        self.form_key += 1


def _shown(site: SiteSettings) -> Fields:
    return Fields(
        name=site.name,
        time_zone=site.time_zone,
        week_starts_on=str(site.week_starts_on),
        clock="24" if site.clock_24h else "12",
        currency=site.currency,
        four_eyes=site.four_eyes,
        claims_need_approval=site.claims_need_approval,
        offer_waves=str(site.offer_waves),
        offer_wave_minutes=str(site.offer_wave_minutes),
        confirm_hours=_hours(site.confirm_within_minutes),
        swap_hours=_hours(site.swap_cutoff_minutes),
        swaps_need_approval=site.swaps_need_approval,
    )


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


def _entered(data: Filled) -> SiteDetails:
    minutes = _minutes(data.confirm_hours, "confirm_hours", "such as 48")
    if minutes not in range(1, 43201):
        raise InvalidInput("Please enter between 1 minute and 720 hours.", "confirm_hours")
    swap_minutes = _minutes(data.swap_hours, "swap_hours", "such as 2")
    if swap_minutes not in range(20161):
        raise InvalidInput("Please enter between 0 and 336 hours.", "swap_hours")
    return checked(
        SiteDetails,
        {
            "name": data.name,
            "time_zone": data.time_zone,
            "week_starts_on": data.week_starts_on,
            "clock_24h": data.clock != "12",
            "currency": data.currency,
            "four_eyes": data.four_eyes == "on",
            "confirm_within_minutes": minutes,
            "claims_need_approval": data.claims_need_approval == "on",
            "offer_waves": _whole(data.offer_waves, "offer_waves", range(51)),
            "offer_wave_minutes": _whole(data.offer_wave_minutes, "offer_wave_minutes", range(1, 1441)),
            "swap_cutoff_minutes": swap_minutes,
            "swaps_need_approval": data.swaps_need_approval == "on",
        },
    )


def _whole(entered: str, field: str, possible: range) -> int:
    try:
        number = int(entered)
    except ValueError:
        number = -1
    if number not in possible:
        raise InvalidInput(f"Please enter a number from {possible[0]} to {possible[-1]}.", field)
    return number


def _minutes(hours: str, field: str, example: str) -> int:
    try:
        return round(float(hours.replace(",", ".")) * 60)
    except (ValueError, OverflowError):
        raise InvalidInput(f"Please enter hours as a number, {example}.", field) from None
