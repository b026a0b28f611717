"""Signing in and out, and the list of places where a person is signed in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Update, func, insert, select, update

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.errors import NotFound, NotSignedIn, Throttled
from schedule_app.domain.permissions import Actor, Role
from schedule_app.models import AuthSession, Employee, LoginAttempt
from schedule_app.services.audit import record
from schedule_app.services.passwords import MAX_PASSWORD_BYTES, hash_password, needs_rehash, verify_password
from schedule_app.settings import get_settings

#: Failed attempts allowed within the window: by one name, from one address, and in all (the limits PyPI started from).
FAILURES_PER_PERSON: Final = 10
FAILURES_PER_ADDRESS: Final = 10
FAILURES_IN_ALL: Final = 1000
WINDOW: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser is given once and the database never holds."""

    token: str
    employee_id: int


def hash_token(token: str) -> bytes:
    """What is stored of a session token. It is random enough to need no salt."""
    return hashlib.sha256(token.encode()).digest()


async def sign_in(email: str, password: str, *, ip: str, user_agent: str, replaces: str | None = None) -> NewSession:
    """Check a password and open a session.

    Args:
        email: as typed.
        password: as typed.
        ip: the client's address.
        user_agent: shown in the person's list of sessions.
        replaces: token of the session this browser had before; it ends.

    Raises:
        NotSignedIn: wrong password, unknown or disabled person: the same words and the same work for all.
        Throttled: too many failures of late.
    """
    email = email.strip().lower()[:320]
    attempt_id = await _note_attempt(email, ip)
    async with unit_of_work() as session:
        found = (
            await session.execute(
                select(
                    Employee.id, Employee.role, Employee.site_id, Employee.department_id, Employee.password_hash
                ).where(Employee.email == email, Employee.is_active, Employee.deleted_at.is_(None))
            )
        ).one_or_none()
    stored = found.password_hash if found else None
    usable = password if len(password.encode("utf-8", "surrogatepass")) <= MAX_PASSWORD_BYTES else ""
    matches = await verify_password(usable, stored)
    if found is None or stored is None or not matches:
        raise NotSignedIn("The e-mail address or the password is not right.")
    actor = Actor(found.id, Role(found.role), found.site_id, found.department_id)
    rehashed = await hash_password(password) if needs_rehash(stored) else None
    token = secrets.token_urlsafe(32)
    async with unit_of_work() as session:
        await session.execute(update(LoginAttempt).where(LoginAttempt.id == attempt_id).values(succeeded=True))
        if rehashed:
            await session.execute(
                update(Employee).where(Employee.id == actor.employee_id).values(password_hash=rehashed)
            )
        if replaces:
            await session.execute(_revoking().where(AuthSession.token_hash == hash_token(replaces)))
        new_id = await session.scalar(
            insert(AuthSession)
            .values(
                employee_id=actor.employee_id,
                token_hash=hash_token(token),
                expires_at=func.now() + timedelta(days=get_settings().session_absolute_days),
                user_agent=user_agent[:400],
                ip=ip,
            )
            .returning(AuthSession.id)
        )
        await record(session, actor, "sign_in", "auth_session", new_id, site_id=actor.site_id)
    return NewSession(token, actor.employee_id)


async def sign_out(token: str) -> None:
    """End the session of this token; an unknown one is no error."""
    async with unit_of_work() as session:
        await session.execute(_revoking().where(AuthSession.token_hash == hash_token(token)))


async def sign_out_everywhere(actor: Actor) -> int:
    """End every session of the actor, this one too.

    Returns:
        How many were ended.
    """
    async with unit_of_work() as session:
        ended = await session.execute(
            _revoking().where(AuthSession.employee_id == actor.employee_id).returning(AuthSession.id)
        )
        ids = ended.scalars().all()
        await record(
            session,
            actor,
            "sign_out_everywhere",
            "employee",
            actor.employee_id,
            site_id=actor.site_id,
            after={"ended": len(ids)},
        )
    return len(ids)


async def revoke_session(actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotFound: when it is not theirs, or already over.
    """
    async with unit_of_work() as session:
        ended = await session.scalar(
            _revoking()
            .where(AuthSession.id == session_id, AuthSession.employee_id == actor.employee_id)
            .returning(AuthSession.id)
        )
        if ended is None:
            raise NotFound("That session has already ended.")
        await record(session, actor, "revoke_session", "auth_session", session_id, site_id=actor.site_id)


async def touch_session(actor: Actor) -> None:
    """Note that the person behind this session is active."""
    async with unit_of_work() as session:
        await session.execute(
            update(AuthSession).where(AuthSession.id == actor.session_id).values(last_seen_at=func.now())
        )


def _revoking() -> Update:
    return update(AuthSession).where(AuthSession.revoked_at.is_(None)).values(revoked_at=func.now())


async def _note_attempt(email: str, ip: str) -> int:
    """Count the attempt as failed before looking at the password, so that parallel guesses are all counted."""
    email_hash = hashlib.sha256(email.encode()).digest()
    async with unit_of_work() as session:
        attempt_id = await session.scalar(
            insert(LoginAttempt).values(email_hash=email_hash, ip=ip, succeeded=False).returning(LoginAttempt.id)
        )
        by_person, by_address, in_all = (
            await session.execute(
                select(
                    func.count().filter(LoginAttempt.email_hash == email_hash),
                    func.count().filter(LoginAttempt.ip == ip),
                    func.count(),
                ).where(LoginAttempt.at > func.now() - WINDOW, ~LoginAttempt.succeeded)
            )
        ).one()
    if by_person > FAILURES_PER_PERSON or by_address > FAILURES_PER_ADDRESS or in_all > FAILURES_IN_ALL:
        raise Throttled(int(WINDOW.total_seconds()))
    return attempt_id
