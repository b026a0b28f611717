"""Who a signed-in browser belongs to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.permissions import Actor, Role
from schedule_app.settings import get_settings

_TOUCH_EVERY: Final = timedelta(minutes=1)

_FIND = text("""
    SELECT auth_sessions.token_hash, auth_sessions.id AS session_id, employees.id AS employee_id, employees.role,
           employees.site_id, employees.department_id, employees.name, employees.email, sites.name AS site_name,
           sites.time_zone, auth_sessions.last_seen_at < now() - :touch_every AS is_touch_due
    FROM auth_sessions
    JOIN employees ON employees.id = auth_sessions.employee_id
    JOIN sites ON sites.id = employees.site_id
    WHERE auth_sessions.token_hash = ANY(CAST(:token_hashes AS bytea[]))
      AND auth_sessions.revoked_at IS NULL
      AND auth_sessions.expires_at > now()
      AND auth_sessions.last_seen_at > now() - :idle
      AND employees.is_active AND employees.deleted_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid sign-in: who acts, and the little that every page shows of them.

    `is_touch_due` tells that the session's last sign of life is old enough to be noted anew.
    """

    actor: Actor
    name: str
    email: str
    site_name: str
    time_zone: str
    is_touch_due: bool


async def actors_of_sessions(session: AsyncSession, token_hashes: Collection[bytes]) -> dict[bytes, SignedIn]:
    """Find who session tokens belong to.

    Args:
        session: A database session.
        token_hashes: SHA-256 of each token.

    Returns:
        By the hash; none for a session which is unknown, revoked, expired or idle for too long, or whose owner may no
        longer sign in.
    """
    values = {
        "token_hashes": list(token_hashes),
        "idle": timedelta(minutes=get_settings().session_idle_minutes),
        "touch_every": _TOUCH_EVERY,
    }
    return {bytes(row.token_hash): _signed_in(row) for row in await session.execute(_FIND, values)}


def _signed_in(row: Row[Any]) -> SignedIn:
    actor = Actor(row.employee_id, Role(row.role), row.site_id, row.department_id, row.session_id)
    return SignedIn(actor, row.name, row.email, row.site_name, row.time_zone, row.is_touch_due)
