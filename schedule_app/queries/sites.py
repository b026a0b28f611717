"""Sites, as far as the actor may know of them."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, Role, can

_SITES = text("""
    SELECT id, name, time_zone, week_starts_on FROM sites
    WHERE :every OR id = :own_id
    ORDER BY lower(name), id
""")

_SITE = text("""
    SELECT sites.id, sites.name, sites.time_zone, sites.week_starts_on, sites.clock_24h, sites.four_eyes,
           COALESCE((
               SELECT json_agg(json_build_array(departments.id, departments.name)
                               ORDER BY lower(departments.name), departments.id)
               FROM departments WHERE departments.site_id = sites.id
           ), '[]') AS departments
    FROM sites
    WHERE sites.id = :site_id
""")


_SETTINGS = text("""
    SELECT sites.id, sites.version, sites.name, sites.time_zone, sites.week_starts_on, sites.clock_24h,
           sites.currency, sites.four_eyes, sites.confirm_within_minutes, sites.claims_need_approval,
           sites.offer_waves, sites.offer_wave_minutes, sites.swap_cutoff_minutes, sites.swaps_need_approval,
           (SELECT count(DISTINCT week_start) FROM schedules WHERE schedules.site_id = sites.id) AS weeks
    FROM sites
    WHERE sites.id = :site_id
""")


@dataclass(frozen=True, slots=True)
class SiteOption:
    """A site to choose."""

    id: int
    name: str
    zone: str
    week_starts_on: int


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """A site with its customs and its departments, as (id, name)."""

    id: int
    name: str
    zone: str
    week_starts_on: int
    clock_24h: bool
    four_eyes: bool
    departments: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """A site as its form shows it; `weeks` is how many have a schedule."""

    id: int
    version: int
    name: str
    time_zone: str
    week_starts_on: int
    clock_24h: bool
    currency: str
    four_eyes: bool
    confirm_within_minutes: int
    claims_need_approval: bool
    offer_waves: int
    offer_wave_minutes: int
    swap_cutoff_minutes: int
    swaps_need_approval: bool
    weeks: int


async def list_sites(session: AsyncSession, actor: Actor) -> list[SiteOption]:
    """The sites the actor may look at, by name: all of them for admins, the own one for everybody else."""
    values = {"every": actor.role == Role.ADMIN, "own_id": actor.site_id}
    return [SiteOption(*row) for row in await session.execute(_SITES, values)]


async def get_site(session: AsyncSession, actor: Actor, site_id: int) -> SiteInfo:
    """One site.

    Raises:
        NotFound: Missing, or not the actor's.
    """
    row = (await session.execute(_SITE, {"site_id": site_id})).one_or_none()
    if row is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=row.id):
        raise NotFound
    *columns, departments = row
    return SiteInfo(*columns, departments=[(department_id, name) for department_id, name in departments])


async def get_site_settings(session: AsyncSession, actor: Actor, site_id: int) -> SiteSettings:
    """One site, whole.

    Raises:
        NotFound: Missing, or not one the actor manages.
    """
    row = (await session.execute(_SETTINGS, {"site_id": site_id})).one_or_none()
    if row is None or not can(actor, Permission.MANAGE_SITE, site_id=row.id):
        raise NotFound
    return SiteSettings(*row)
