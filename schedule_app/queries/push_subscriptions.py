"""A person's devices on which they are told things by push."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.time import moment_label
from schedule_app.queries.preferences import OWN_CLOCK

# A browser knows its own address by its fingerprint; the address itself stays here.
_DEVICES: Final = text(f"""
    SELECT held.id, held.device, held.created_at, held.last_used_at,
           encode(sha256(convert_to(held.endpoint, 'UTF8')), 'hex') AS fingerprint, sites.time_zone, {OWN_CLOCK}
    FROM push_subscriptions AS held
    JOIN employees ON employees.id = held.employee_id
    JOIN sites ON sites.id = employees.site_id
    WHERE held.employee_id = :employee_id
    ORDER BY held.id
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class DeviceItem:
    """A device.

    Attributes:
        name: What its browser says of itself.
        fingerprint: SHA-256 of the address of its push service, in hexadecimal.
        used_label: When it was told something last, to the day; "" as long as it was not.
    """

    id: int
    name: str
    fingerprint: str
    added_label: str
    used_label: str


async def list_devices(session: AsyncSession, employee_id: int) -> list[DeviceItem]:
    """A person's devices, the first one first."""
    return [
        DeviceItem(
            id=row.id,
            name=row.device,
            fingerprint=row.fingerprint,
            added_label=moment_label(row.created_at, row.time_zone, clock_24h=row.clock_24h),
            used_label=moment_label(row.last_used_at, row.time_zone, clock_24h=row.clock_24h)
            if row.last_used_at
            else "",
        )
        for row in await session.execute(_DEVICES, {"employee_id": employee_id})
    ]
