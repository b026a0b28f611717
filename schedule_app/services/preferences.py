"""How people wish to be told, said by themselves; and what their site says of it, by who manages it."""

import json
from datetime import time
from typing import Final

from pydantic import field_validator
from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import at_commit, before_writing
from schedule_app.domain.delivery import CHOSEN, Channel, Choices, Matrix, Setting, is_on, setting_of
from schedule_app.domain.errors import Difference, InvalidInput, NotFound, StaleVersion
from schedule_app.domain.notices import Category
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import clock_label, is_known_zone
from schedule_app.queries.changes import last_change
from schedule_app.queries.preferences import Wishes, own_wishes, read_matrix
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.forms import Details, refused

CATEGORIES: Final = {
    Category.SCHEDULE: "Published weeks",
    Category.ASSIGNMENT: "Shifts",
    Category.APPROVAL: "Requests and approvals",
    Category.ANNOUNCEMENT: "Announcements",
    Category.SYSTEM: "About the program",
}
CHANNELS: Final = {Channel.EMAIL: "E-mail", Channel.PUSH: "Push", Channel.SMS: "SMS"}
SETTINGS: Final = {Setting.OFF: "off", Setting.ON: "on", Setting.LOCKED: "always on"}

_SAVE = text("""
    INSERT INTO notification_preferences
        (employee_id, channels, quiet_from, quiet_until, digest_at, time_zone, clock_24h)
    VALUES (:employee_id, CAST(:channels AS jsonb), :quiet_from, :quiet_until, :digest_at, :time_zone, :clock_24h)
    ON CONFLICT (employee_id) DO UPDATE
    SET channels = excluded.channels, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
        digest_at = excluded.digest_at, time_zone = excluded.time_zone, clock_24h = excluded.clock_24h
""")

_HOLD_SITE = text("SELECT id, version, time_zone, notification_defaults FROM sites WHERE id = :site_id FOR UPDATE")

_SAVE_DEFAULTS = text("""
    UPDATE sites SET notification_defaults = CAST(:defaults AS jsonb) WHERE id = :site_id
""")


class WishDetails(Details):
    """How somebody wishes to be told, whole.

    Attributes:
        channels: Whether they are told, by category and channel; what is not named stays as it is.
        quiet_from: From when they are left alone; None together with `quiet_until` for never.
        digest_at: When they get everything in one message; None for at once.
        time_zone: An IANA name; None for that of the site.
        clock_24h: Whether their clock goes to 24; None for as that of the site.
    """

    channels: dict[Category, dict[Channel, bool]]
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None
    time_zone: str | None = None
    clock_24h: bool | None = None

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        if value is not None and not is_known_zone(value):
            raise refused("Please choose a time zone from the list, such as Europe/Berlin.")
        return value


class DefaultDetails(Details):
    """What a site says of every channel, by category."""

    settings: dict[Category, dict[Channel, Setting]]


@retrying
async def save_wishes(actor: Actor, details: WishDetails, *, expected_version: int) -> None:
    """Say how the actor wishes to be told. Where they choose what their site says, its later changes hold for them.

    Args:
        actor: Who acts, for themselves.
        details: All of it, as it shall be.
        expected_version: As the actor saw it; 0 where they had none.

    Raises:
        NotFound: The actor does not work here any more.
        StaleVersion: It was changed since; says where what was entered differs from what is stored.
        InvalidInput: Quiet hours with one end, or that never end.
    """
    require(actor, Permission.VIEW_OWN)
    if (details.quiet_from is None) != (details.quiet_until is None):
        missing = "quiet_from" if details.quiet_from is None else "quiet_until"
        raise InvalidInput("Please give both times, or none.", missing)
    if details.quiet_from is not None and details.quiet_from == details.quiet_until:
        raise InvalidInput("Quiet hours end at another time than they begin.", "quiet_until")
    async with unit_of_work() as session:
        async with before_writing(session):
            await session.execute(LOCK_EMPLOYEES, {"ids": [actor.employee_id]})
            before = await own_wishes(session, actor.employee_id)
            if before.version != expected_version:
                raise StaleVersion(
                    "You changed this elsewhere in the meantime.", before.version, _differences(details, before)
                )
        channels = _otherwise(details.channels, before)
        values = {
            "quiet_from": details.quiet_from,
            "quiet_until": details.quiet_until,
            "digest_at": details.digest_at,
            "time_zone": details.time_zone,
            "clock_24h": details.clock_24h,
        }
        at_commit(session, _SAVE, {**values, "employee_id": actor.employee_id, "channels": json.dumps(channels)})
        after = {name: value.isoformat() if isinstance(value, time) else value for name, value in values.items()}
        await record(
            session,
            actor,
            "edit",
            "notification_preferences",
            actor.employee_id,
            site_id=actor.site_id,
            after={**after, "channels": channels},
        )


@retrying
async def save_site_defaults(actor: Actor, site_id: int, details: DefaultDetails, *, expected_version: int) -> None:
    """Say what holds at a site for whoever has not chosen, and what nobody can switch off.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor does not manage the site.
        StaleVersion: The site was changed since; says where what was entered differs from what is stored.
    """
    require(actor, Permission.MANAGE_SITE)
    async with unit_of_work() as session:
        async with before_writing(session):
            site = (await session.execute(_HOLD_SITE, {"site_id": site_id})).one_or_none()
            if site is None:
                raise NotFound
            require_on(actor, Permission.MANAGE_SITE, site_id)
            stored = read_matrix(site.notification_defaults)
            if site.version != expected_version:
                words = await last_change(session, "site", site_id, site.time_zone)
                raise StaleVersion(words, site.version, _default_differences(details.settings, stored))
        defaults = {
            category.value: {
                channel.value: details.settings.get(category, {})
                .get(channel, setting_of(stored, category, channel))
                .value
                for channel in CHOSEN
            }
            for category in Category
        }
        if defaults == site.notification_defaults:
            return
        at_commit(session, _SAVE_DEFAULTS, {"site_id": site_id, "defaults": json.dumps(defaults)})
        await record(
            session,
            actor,
            "edit",
            "site",
            site_id,
            site_id=site_id,
            before={"notification_defaults": site.notification_defaults},
            after={"notification_defaults": defaults},
        )


def _otherwise(wanted: Choices, before: Wishes) -> dict[str, dict[str, bool]]:
    """What is not as the site says. What cannot be chosen now, and so is not named, stays as it was chosen once."""
    chosen: dict[str, dict[str, bool]] = {}
    for category in Category:
        for channel in CHOSEN:
            setting = setting_of(before.site, category, channel)
            wish = wanted.get(category, {}).get(channel)
            if wish is None or setting == Setting.LOCKED:
                wish = before.channels.get(category, {}).get(channel)
            if wish is not None and (setting == Setting.LOCKED or wish != (setting == Setting.ON)):
                chosen.setdefault(category.value, {})[channel.value] = wish
    return chosen


def _differences(entered: WishDetails, stored: Wishes) -> list[Difference]:
    found = [
        Difference(f"{CATEGORIES[category]}, {CHANNELS[channel]}", _yes(wish), _yes(not wish))
        for category, wishes in entered.channels.items()
        for channel, wish in wishes.items()
        if wish != is_on(setting_of(stored.site, category, channel), stored.channels, category, channel)
    ]
    times = (
        ("Quiet from", entered.quiet_from, stored.quiet_from),
        ("Quiet until", entered.quiet_until, stored.quiet_until),
        ("Once a day at", entered.digest_at, stored.digest_at),
    )
    found += [
        Difference(label, _clock(one, stored), _clock(other, stored)) for label, one, other in times if one != other
    ]
    if (entered.time_zone or "") != stored.time_zone:
        zones = (entered.time_zone or stored.site_zone, stored.time_zone or stored.site_zone)
        found.append(Difference("Time zone", *zones))
    if entered.clock_24h != stored.own_clock_24h:
        found.append(Difference("Clock", _hours(entered.clock_24h, stored), _hours(stored.own_clock_24h, stored)))
    return found


def _default_differences(entered: Matrix, stored: Matrix) -> list[Difference]:
    return [
        Difference(f"{CATEGORIES[category]}, {CHANNELS[channel]}", SETTINGS[setting], SETTINGS[was])
        for category, settings in entered.items()
        for channel, setting in settings.items()
        if setting != (was := setting_of(stored, category, channel))
    ]


def _yes(is_told: bool) -> str:
    return "yes" if is_told else "no"


def _clock(at: time | None, wishes: Wishes) -> str:
    return "none" if at is None else clock_label(at, clock_24h=wishes.clock_24h)


def _hours(is_24h: bool | None, wishes: Wishes) -> str:
    return "24 hours" if (wishes.site_clock_24h if is_24h is None else is_24h) else "12 hours"


def entered_time(value: str, field: str) -> time | None:
    """A time of day as a form sends it; None where it was left empty.

    Raises:
        InvalidInput: There is no such time.
    """
    try:
        return time.fromisoformat(value) if value else None
    except ValueError:
        raise InvalidInput("There is no such time.", field) from None
