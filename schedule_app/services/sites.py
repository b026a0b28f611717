"""Sites and the customs of their weeks."""

import zoneinfo
from typing import Annotated, Any, Final

from pydantic import Field, field_validator
from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import Conflict, Difference, InvalidInput, NotFound, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import is_known_zone, minutes_label
from schedule_app.queries.changes import last_change
from schedule_app.queries.labels import WEEKDAYS
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.forms import Details, refused
from schedule_app.services.text import clean_name

_ISO_4217: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
#: The currencies in circulation.
CURRENCIES: Final = tuple(_ISO_4217.split())

_INSERT = text("""
    INSERT INTO sites (name, time_zone, week_starts_on, clock_24h, currency, four_eyes, confirm_within_minutes,
                       claims_need_approval, offer_waves, offer_wave_minutes, swap_cutoff_minutes, swaps_need_approval)
    VALUES (:name, :time_zone, :week_starts_on, :clock_24h, :currency, :four_eyes, :confirm_within_minutes,
            :claims_need_approval, :offer_waves, :offer_wave_minutes, :swap_cutoff_minutes, :swaps_need_approval)
    RETURNING id
""")

_HOLD = text("""
    SELECT id, version, name, time_zone, week_starts_on, clock_24h, currency, four_eyes, confirm_within_minutes,
           claims_need_approval, offer_waves, offer_wave_minutes, swap_cutoff_minutes, swaps_need_approval
    FROM sites
    WHERE id = :site_id
    FOR UPDATE
""")

_COUNT_WEEKS = text("SELECT count(DISTINCT week_start) FROM schedules WHERE site_id = :site_id")

_UPDATE = text("""
    UPDATE sites
    SET name = :name, time_zone = :time_zone, week_starts_on = :week_starts_on, clock_24h = :clock_24h,
        currency = :currency, four_eyes = :four_eyes, confirm_within_minutes = :confirm_within_minutes,
        claims_need_approval = :claims_need_approval, offer_waves = :offer_waves,
        offer_wave_minutes = :offer_wave_minutes,
        swap_cutoff_minutes = :swap_cutoff_minutes, swaps_need_approval = :swaps_need_approval
    WHERE id = :site_id
""")

LABELS: Final = {
    "name": "Name",
    "time_zone": "Time zone",
    "week_starts_on": "The week starts on",
    "clock_24h": "Clock",
    "currency": "Currency",
    "four_eyes": "Four eyes",
    "confirm_within_minutes": "Time to answer",
    "claims_need_approval": "Claims need approval",
    "offer_waves": "People asked at a time",
    "offer_wave_minutes": "Minutes until the next are asked",
    "swap_cutoff_minutes": "Latest change of hands before a shift",
    "swaps_need_approval": "Offers and swaps need approval",
}


class SiteDetails(Details):
    """A site, whole.

    Attributes:
        time_zone: An IANA name.
        week_starts_on: 0 for Monday to 6 for Sunday.
        currency: ISO 4217.
        four_eyes: Whether who submits a week may not approve it.
        confirm_within_minutes: How long people have to answer after a week is published, at most 30 days.
        claims_need_approval: Whether a planner decides who gets an open shift, or whoever comes first has it.
        offer_waves: How many people are asked at a time to take the shift of somebody who cannot come; 0 for none.
        offer_wave_minutes: After how long the next ones are asked, at most a day.
        swap_cutoff_minutes: How long before its start a shift can change hands at the latest, at most 14 days.
        swaps_need_approval: Whether a planner has to agree when colleagues have.
    """

    name: str
    time_zone: str
    week_starts_on: Annotated[int, Field(ge=0, le=6)] = 0
    clock_24h: bool = True
    currency: str = "EUR"
    four_eyes: bool = False
    confirm_within_minutes: Annotated[int, Field(ge=1, le=43200)] = 2880
    claims_need_approval: bool = False
    offer_waves: Annotated[int, Field(ge=0, le=50)] = 0
    offer_wave_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    swap_cutoff_minutes: Annotated[int, Field(ge=0, le=20160)] = 120
    swaps_need_approval: bool = True

    @field_validator("name")
    @classmethod
    def _name(cls, value: str) -> str:
        try:
            return clean_name(value, "name")
        except InvalidInput as error:
            raise refused(error.message) from error

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        zone = value.strip()
        if not is_known_zone(zone):
            raise refused("Please choose a time zone from the list, such as Europe/Berlin.")
        return zone

    @field_validator("currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        currency = value.strip().upper()
        if currency not in CURRENCIES:
            raise refused("Please enter the three letters of a currency, such as EUR.")
        return currency


def zone_names() -> list[str]:
    """Time zones to choose from: those named after places."""
    return sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))


@retrying
async def create_site(actor: Actor, details: SiteDetails) -> int:
    """Open a site, with no people yet.

    Raises:
        NotAllowed: The actor is no admin.
    """
    require(actor, Permission.CREATE_SITE)
    async with unit_of_work() as session:
        site_id = (await session.execute(_INSERT, details.model_dump())).scalar_one()
        await record(session, actor, "create", "site", site_id, site_id=site_id, after=details.model_dump())
    return site_id


@retrying
async def edit_site(actor: Actor, site_id: int, details: SiteDetails, *, expected_version: int) -> None:
    """Change a site. Shifts that exist keep their instants and the zone they were made in; new ones take the new.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor does not manage the site.
        StaleVersion: It was changed since; says what is stored now, and where that differs.
        Conflict: The week would start on another day, and there are weeks that start on this one.
    """
    require(actor, Permission.MANAGE_SITE)
    async with unit_of_work() as session:
        async with before_writing(session):
            site = (await session.execute(_HOLD, {"site_id": site_id})).one_or_none()
            if site is None:
                raise NotFound
            require_on(actor, Permission.MANAGE_SITE, site_id)
            old, new = {name: getattr(site, name) for name in LABELS}, details.model_dump()
            changed = [name for name in new if new[name] != old[name]]
            if site.version != expected_version:
                words = await last_change(session, "site", site_id, site.time_zone)
                raise StaleVersion(words, site.version, [_difference(name, new, old) for name in changed])
            weeks = await session.scalar(_COUNT_WEEKS, {"site_id": site_id})
            if "week_starts_on" in changed and weeks:
                there = "There is 1 week that starts" if weeks == 1 else f"There are {weeks} weeks that start"
                raise Conflict(
                    f"{there} on {WEEKDAYS[site.week_starts_on]}. The first day can change only while a site has"
                    " no weeks, because shifts would fall between two weeks, or into both."
                )
        if not changed:
            return
        await session.execute(_UPDATE, {**new, "site_id": site_id})
        await record(
            session,
            actor,
            "edit",
            "site",
            site_id,
            site_id=site_id,
            before={name: old[name] for name in changed},
            after={name: new[name] for name in changed},
        )


def _difference(name: str, entered: dict[str, Any], stored: dict[str, Any]) -> Difference:
    return Difference(LABELS[name], _said(name, entered[name]), _said(name, stored[name]))


def _said(name: str, value: Any) -> str:  # noqa: ANN401 - a column of any type
    match name:
        case "week_starts_on":
            return WEEKDAYS[value]
        case "clock_24h":
            return "24 hours" if value else "12 hours, AM and PM"
        case "four_eyes" | "claims_need_approval" | "swaps_need_approval":
            return "yes" if value else "no"
        case "confirm_within_minutes" | "swap_cutoff_minutes":
            return minutes_label(value)
    return str(value)
