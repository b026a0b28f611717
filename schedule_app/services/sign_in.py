"""Signing in and out, and the list of places where a person is signed in."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session, unit_of_work
from schedule_app.domain.errors import NotFound, NotSignedIn, Throttled
from schedule_app.domain.permissions import Actor, Role
from schedule_app.services.audit import record
from schedule_app.services.passwords import MAX_PASSWORD_BYTES, hash_password, needs_rehash, verify_password
from schedule_app.settings import get_settings

#: Failed attempts allowed within the window: by one name, from one address, and in all (the limits PyPI started from).
FAILURES_PER_PERSON: Final = 10
FAILURES_PER_ADDRESS: Final = 10
FAILURES_IN_ALL: Final = 1000
WINDOW: Final = timedelta(minutes=5)

_FIND_PERSON = text("""
    SELECT id, role, site_id, department_id, password_hash
    FROM employees
    WHERE email = :email AND is_active AND deleted_at IS NULL
""")
# Counted as failed before the password is looked at, so that guesses made in parallel are all counted.
_NOTE_ATTEMPT = text("""
    INSERT INTO login_attempts (email_hash, ip, succeeded) VALUES (:email_hash, :ip, false) RETURNING id
""")
_COUNT_FAILURES = text("""
    SELECT count(*) FILTER (WHERE email_hash = :email_hash) AS by_person,
           count(*) FILTER (WHERE ip = :ip) AS by_address,
           count(*) AS in_all
    FROM login_attempts
    WHERE at > now() - :window AND NOT succeeded
""")
_NOTE_SUCCESS = text("UPDATE login_attempts SET succeeded = true WHERE id = :attempt_id")
_REHASH = text("UPDATE employees SET password_hash = :password_hash WHERE id = :employee_id")
_OPEN = text("""
    INSERT INTO auth_sessions (employee_id, token_hash, expires_at, user_agent, ip)
    VALUES (:employee_id, :token_hash, now() + :lifetime, :user_agent, :ip)
    RETURNING id
""")
_TAKE_DEVICES_OVER = text("""
    UPDATE push_subscriptions SET session_id = (SELECT id FROM auth_sessions WHERE token_hash = :opened)
    WHERE session_id = (SELECT id FROM auth_sessions WHERE token_hash = :former) AND employee_id = :employee_id
""")
_END_BY_TOKEN = text("""
    UPDATE auth_sessions SET revoked_at = now() WHERE token_hash = :token_hash AND revoked_at IS NULL
""")
_END_ALL = text("""
    UPDATE auth_sessions SET revoked_at = now() WHERE employee_id = :employee_id AND revoked_at IS NULL RETURNING id
""")
_END_OWN = text("""
    UPDATE auth_sessions SET revoked_at = now()
    WHERE id = :session_id AND employee_id = :employee_id AND revoked_at IS NULL
    RETURNING id
""")
_TOUCH = text("UPDATE auth_sessions SET last_seen_at = now() WHERE id = :session_id")


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser is given once and the database never holds."""

    token: str
    employee_id: int


def hash_token(token: str) -> bytes:
    """What is stored of a session token. It is random enough to need no salt."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


async def sign_in(email: str, password: str, *, ip: str, user_agent: str, replaces: str | None = None) -> NewSession:
    """Check a password and open a session.

    Args:
        email: As typed.
        password: As typed.
        ip: The client's address.
        user_agent: Shown in the person's list of sessions.
        replaces: Token of the session this browser had before; it ends. What the browser is told by push goes on, if
            it was the same person's.

    Raises:
        NotSignedIn: Wrong password, unknown or disabled person: the same words and the same work for all.
        Throttled: Too many failures of late.
    """
    email = email.encode(errors="replace").decode().strip().lower()[:320].replace("\0", "")
    attempt_id = await note_attempt(email, ip)
    person = await _checked(email, password)
    rehashed = await hash_password(password) if needs_rehash(person.password_hash) else None
    actor = Actor(person.id, Role(person.role), person.site_id, person.department_id)
    async with unit_of_work() as session:
        await note_success(session, attempt_id)
        if rehashed:
            await session.execute(_REHASH, {"password_hash": rehashed, "employee_id": person.id})
        opened = await open_session(session, actor, ip=ip, user_agent=user_agent)
        if replaces:
            former = hash_token(replaces)
            whose = {"employee_id": person.id, "opened": hash_token(opened.token), "former": former}
            await session.execute(_TAKE_DEVICES_OVER, whose)
            await session.execute(_END_BY_TOKEN, {"token_hash": former})
    return opened


async def open_session(session: AsyncSession, actor: Actor, *, ip: str, user_agent: str) -> NewSession:
    """Open a session for somebody who has shown who they are; a step of other verbs."""
    token = secrets.token_urlsafe(32)
    values = {
        "employee_id": actor.employee_id,
        "token_hash": hash_token(token),
        "lifetime": timedelta(days=get_settings().session_absolute_days),
        "user_agent": "".join(char for char in user_agent if char.isprintable())[:400],
        "ip": ip[:64],
    }
    session_id = (await session.execute(_OPEN, values)).scalar_one()
    await record(session, actor, "sign_in", "auth_session", session_id, site_id=actor.site_id)
    return NewSession(token, actor.employee_id)


async def sign_out(token: str) -> None:
    """End the session of this token; an unknown one is no error."""
    async with unit_of_work() as session:
        await session.execute(_END_BY_TOKEN, {"token_hash": hash_token(token)})


async def sign_out_everywhere(actor: Actor) -> int:
    """End every session of the actor, this one too; with each ends what its device is told by push.

    Returns:
        How many were ended.
    """
    async with unit_of_work() as session:
        ended = (await session.execute(_END_ALL, {"employee_id": actor.employee_id})).all()
        after = {"ended": len(ended)}
        await record(
            session, actor, "sign_out_everywhere", "employee", actor.employee_id, site_id=actor.site_id, after=after
        )
    return len(ended)


async def revoke_session(actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions.

    Raises:
        NotFound: When it is not theirs, or already over.
    """
    async with unit_of_work() as session:
        values = {"session_id": session_id, "employee_id": actor.employee_id}
        if (await session.execute(_END_OWN, values)).one_or_none() is None:
            raise NotFound("That session has already ended.")
        await record(session, actor, "revoke_session", "auth_session", session_id, site_id=actor.site_id)


async def touch_session(actor: Actor) -> None:
    """Note that the person behind this session is active."""
    async with unit_of_work() as session:
        await session.execute(_TOUCH, {"session_id": actor.session_id})


async def _checked(email: str, password: str) -> Row[Any]:
    async with read_session() as session:
        person = (await session.execute(_FIND_PERSON, {"email": email})).one_or_none()
    is_sane = len(password.encode("utf-8", "surrogatepass")) <= MAX_PASSWORD_BYTES
    # Whatever is wrong, one hash is computed, so that the time it takes tells nothing.
    stored = person.password_hash if person and is_sane else None
    matches = await verify_password(password[:MAX_PASSWORD_BYTES], stored)
    if person is None or not matches:
        raise NotSignedIn("The e-mail address or the password is not right.")
    return person


async def note_success(session: AsyncSession, attempt_id: int) -> None:
    """Note that an attempt succeeded; a step of other verbs."""
    await session.execute(_NOTE_SUCCESS, {"attempt_id": attempt_id})


async def note_attempt(email: str, ip: str) -> int:
    """Note an attempt to show who one is, as failed until it has succeeded.

    Args:
        email: Who, or whatever else guesses are counted by.
        ip: The client's address.

    Returns:
        The number of the attempt.

    Raises:
        Throttled: Too many failures of late.
    """
    values = {"email_hash": hashlib.sha256(email.encode()).digest(), "ip": ip[:64]}
    async with unit_of_work() as session:
        attempt_id: int = (await session.execute(_NOTE_ATTEMPT, values)).scalar_one()
    # Counted when the note is committed, for of two that are not neither sees the other.
    async with read_session() as session:
        failures = (await session.execute(_COUNT_FAILURES, {**values, "window": WINDOW})).one()
    if (
        failures.by_person > FAILURES_PER_PERSON
        or failures.by_address > FAILURES_PER_ADDRESS
        or failures.in_all > FAILURES_IN_ALL
    ):
        raise Throttled(int(WINDOW.total_seconds()))
    return attempt_id
