"""How people wish to be told, and what their site says of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.delivery import Channel, Choices, Matrix, Preferences, Setting, channels_of
from schedule_app.domain.errors import NotFound
from schedule_app.domain.notices import Category
from schedule_app.domain.permissions import Actor, Permission, can

#: How the clock goes of whoever reads: `:employee_id`, in a statement that has their site as `sites`.
OWN_CLOCK: Final = """
    COALESCE((SELECT clock_24h FROM notification_preferences WHERE employee_id = :employee_id), sites.clock_24h)
    AS clock_24h
"""

_WISHES: Final = text("""
    SELECT employees.id, COALESCE(wishes.time_zone, sites.time_zone) AS zone, sites.notification_defaults AS defaults,
           COALESCE(wishes.channels, '{}') AS channels, wishes.quiet_from, wishes.quiet_until, wishes.digest_at,
           COALESCE(wishes.version, 0) AS version, wishes.time_zone AS own_zone, sites.time_zone AS site_zone,
           COALESCE(wishes.clock_24h, sites.clock_24h) AS clock_24h, wishes.clock_24h AS own_clock_24h,
           sites.clock_24h AS site_clock_24h
    FROM employees
    JOIN sites ON sites.id = employees.site_id
    LEFT JOIN notification_preferences AS wishes ON wishes.employee_id = employees.id
    WHERE employees.id = ANY(:ids)
""")

_DEFAULTS: Final = text("SELECT id, version, notification_defaults FROM sites WHERE id = :site_id")


@dataclass(frozen=True, slots=True)
class Wishes:
    """One person's wishes, as their form shows them.

    Attributes:
        version: 0 while they have none.
        site: What their site says.
        channels: What they chose otherwise.
        time_zone: Theirs, or "" where it is the site's.
        clock_24h: How their clock goes, as they said or as the site's does; `own_clock_24h` is None for the latter.
    """

    version: int
    site: Matrix
    channels: Choices
    quiet_from: time | None
    quiet_until: time | None
    digest_at: time | None
    time_zone: str
    site_zone: str
    clock_24h: bool
    own_clock_24h: bool | None
    site_clock_24h: bool


async def preferences_of(session: AsyncSession, employee_ids: Collection[int]) -> dict[int, Preferences]:
    """How each of these people wishes to be told, in one statement."""
    found = await session.execute(_WISHES, {"ids": sorted(employee_ids)})
    return {
        row.id: Preferences(
            channels_of(read_matrix(row.defaults), read_choices(row.channels)),
            quiet=None if row.quiet_from is None else (row.quiet_from, row.quiet_until),
            digest_at=row.digest_at,
            zone=row.zone,
            clock_24h=row.clock_24h,
        )
        for row in found
    }


async def own_wishes(session: AsyncSession, employee_id: int) -> Wishes:
    """One person's wishes.

    Raises:
        NotFound: There is no such person.
    """
    row = (await session.execute(_WISHES, {"ids": [employee_id]})).one_or_none()
    if row is None:
        raise NotFound
    return Wishes(
        row.version,
        read_matrix(row.defaults),
        read_choices(row.channels),
        row.quiet_from,
        row.quiet_until,
        row.digest_at,
        row.own_zone or "",
        row.site_zone,
        row.clock_24h,
        row.own_clock_24h,
        row.site_clock_24h,
    )


async def site_defaults(session: AsyncSession, actor: Actor, site_id: int) -> tuple[int, Matrix]:
    """The version of a site, and what it says of channels.

    Raises:
        NotFound: Missing, or not one the actor manages.
    """
    row = (await session.execute(_DEFAULTS, {"site_id": site_id})).one_or_none()
    if row is None or not can(actor, Permission.MANAGE_SITE, site_id=row.id):
        raise NotFound
    return row.version, read_matrix(row.notification_defaults)


def read_matrix(stored: Mapping[str, Mapping[str, Any]]) -> Matrix:
    """Read `Site.notification_defaults`."""
    return {
        Category(category): {Channel(channel): Setting(value) for channel, value in values.items()}
        for category, values in stored.items()
    }


def read_choices(stored: Mapping[str, Mapping[str, Any]]) -> Choices:
    """Read `NotificationPreference.channels`."""
    return {
        Category(category): {Channel(channel): value for channel, value in values.items()}
        for category, values in stored.items()
    }
