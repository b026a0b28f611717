"""Who a link is for."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_FIND = text("""
    SELECT employees.id, employees.name, employees.email, sites.name AS site_name
    FROM invitations
    JOIN employees ON employees.id = invitations.employee_id
    JOIN sites ON sites.id = employees.site_id
    WHERE invitations.token_hash = :token_hash
      AND invitations.used_at IS NULL AND invitations.revoked_at IS NULL AND invitations.expires_at > now()
      AND employees.is_active AND employees.deleted_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class Invited:
    """A person who may set their password."""

    employee_id: int
    name: str
    email: str
    site_name: str


async def find_invited(session: AsyncSession, token_hash: bytes) -> Invited | None:
    """Find who a link is for.

    Returns:
        None when the link is unknown, used, revoked or expired, or the person has left.
    """
    row = (await session.execute(_FIND, {"token_hash": token_hash})).one_or_none()
    return Invited(*row) if row else None
