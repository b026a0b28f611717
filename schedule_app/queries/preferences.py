"""How people wish to be told."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.delivery import Channel, Preferences
from schedule_app.domain.notices import Category

_ZONES: Final = text("""
    SELECT employees.id, sites.time_zone FROM employees JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = ANY(:ids)
""")


async def preferences_of(session: AsyncSession, employee_ids: Collection[int]) -> dict[int, Preferences]:
    """How each of these people wishes to be told: by e-mail, at once."""
    channels = dict.fromkeys(Category, frozenset({Channel.EMAIL}))
    found = await session.execute(_ZONES, {"ids": sorted(employee_ids)})
    return {row.id: Preferences(channels, zone=row.time_zone) for row in found}
