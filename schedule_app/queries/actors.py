"""Who a signed-in browser belongs to."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.permissions import Actor, Role
from schedule_app.models import AuthSession, Employee, Site
from schedule_app.settings import get_settings

_TOUCH_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A valid sign-in: who acts, and the little that every page shows of them."""

    actor: Actor
    name: str
    email: str
    site_name: str
    time_zone: str
    is_touch_due: bool


async def actor_of_session(session: AsyncSession, token_hash: bytes) -> SignedIn | None:
    """Find who a session token belongs to.

    Args:
        session: a database session.
        token_hash: SHA-256 of the token.

    Returns:
        None when the session is unknown, revoked, expired or idle for too long, or its owner may no longer sign in.
    """
    idle = timedelta(minutes=get_settings().session_idle_minutes)
    row = (
        await session.execute(
            select(
                AuthSession.id,
                Employee.id,
                Employee.role,
                Employee.site_id,
                Employee.department_id,
                Employee.name,
                Employee.email,
                Site.name,
                Site.time_zone,
                AuthSession.last_seen_at < func.now() - _TOUCH_EVERY,
            )
            .join(Employee, Employee.id == AuthSession.employee_id)
            .join(Site, Site.id == Employee.site_id)
            .where(
                AuthSession.token_hash == token_hash,
                AuthSession.revoked_at.is_(None),
                AuthSession.expires_at > func.now(),
                AuthSession.last_seen_at > func.now() - idle,
                Employee.is_active,
                Employee.deleted_at.is_(None),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    session_id, employee_id, role, site_id, department_id, *shown = row
    return SignedIn(Actor(employee_id, Role(role), site_id, department_id, session_id), *shown)
