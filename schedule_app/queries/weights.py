"""The weights of a site."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.weights import weights_of

_WEIGHTS = text("SELECT version, weights FROM sites WHERE id = :site_id")


_IN_USE = text("""
    SELECT sites.weights, ARRAY(
        SELECT DISTINCT rules.rule_type FROM rules WHERE rules.site_id = sites.id AND rules.is_active) AS types
    FROM sites WHERE sites.id = :site_id
""")


@dataclass(frozen=True, slots=True)
class SiteWeights:
    """What each type of rule weighs at a site; `version` is the site's."""

    version: int
    weights: dict[str, int]


async def get_weights(session: AsyncSession, actor: Actor, site_id: int) -> SiteWeights:
    """The weights of a site.

    Raises:
        NotFound: Missing, or not the actor's.
        NotAllowed: The actor does not manage rules.
    """
    row = (await session.execute(_WEIGHTS, {"site_id": site_id})).one_or_none()
    if row is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
        raise NotFound
    require(actor, Permission.MANAGE_RULES, site_id=site_id)
    return SiteWeights(row.version, weights_of(row.weights))


async def weights_in_use(session: AsyncSession, site_id: int) -> dict[str, int]:
    """What the types of rule weigh that a site has rules of. Whether the viewer may see it is the caller's business.

    Raises:
        NotFound: No such site.
    """
    row = (await session.execute(_IN_USE, {"site_id": site_id})).one_or_none()
    if row is None:
        raise NotFound
    return {name: weight for name, weight in weights_of(row.weights).items() if name in row.types}
