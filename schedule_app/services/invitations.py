"""Links with which people set their own password: at first, and when they have lost it. Nobody types another's."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import IllegalTransition, InvalidInput, NotFound
from schedule_app.domain.permissions import Actor, Permission, Role, require
from schedule_app.queries.invitations import find_invited
from schedule_app.services.audit import record
from schedule_app.services.passwords import check_new_password, hash_password
from schedule_app.services.people import hold_person
from schedule_app.services.sign_in import NewSession, hash_token, note_attempt, note_success, open_session

LIFETIME: Final = timedelta(days=7)
NO_LONGER_GOOD: Final = "This link is not good, or not any more. Please ask your manager for a new one."

_REVOKE = text("""
    UPDATE invitations SET revoked_at = now()
    WHERE employee_id = :employee_id AND used_at IS NULL AND revoked_at IS NULL
    RETURNING id
""")

_INSERT = text("""
    INSERT INTO invitations (employee_id, token_hash, created_by_id, expires_at)
    VALUES (:employee_id, :token_hash, :actor_id, now() + :lifetime)
    RETURNING id, expires_at
""")

_LOCK_INVITED = text("""
    SELECT id, role, site_id, department_id FROM employees
    WHERE id = :employee_id AND is_active AND deleted_at IS NULL
    FOR NO KEY UPDATE
""")

# One of two who use the same link at once finds nothing.
_USE = text("""
    UPDATE invitations SET used_at = now()
    WHERE token_hash = :token_hash AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
    RETURNING id
""")

_SET_PASSWORD = text("UPDATE employees SET password_hash = :password_hash WHERE id = :employee_id")

_END_SESSIONS = text("""
    UPDATE auth_sessions SET revoked_at = now()
    WHERE (employee_id = :employee_id OR token_hash = :replaces) AND revoked_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """A link's secret part, told once, and until when it is good."""

    token: str
    expires_at: datetime


@retrying
async def invite(actor: Actor, employee_id: int) -> NewInvitation:
    """Make a link for somebody to set their password with; one made before is no longer good.

    The password they have, if any, serves until the link is used.

    Raises:
        NotFound: No such person, or of another site.
        NotAllowed: The actor does not manage people, or not this one.
        IllegalTransition: The person is not active.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    token = secrets.token_urlsafe(32)
    async with unit_of_work() as session:
        async with before_writing(session):
            person = await hold_person(session, actor, employee_id)
            if not person.is_active:
                raise IllegalTransition(f"{person.name} is not active and cannot sign in.")
        values = {"employee_id": employee_id, "actor_id": actor.employee_id}
        await session.execute(_REVOKE, values)
        made = (await session.execute(_INSERT, {**values, "token_hash": hash_token(token), "lifetime": LIFETIME})).one()
        await record(session, actor, "invite", "employee", employee_id, site_id=person.site_id)
    return NewInvitation(token, made.expires_at)


@retrying
async def revoke_invitation(actor: Actor, employee_id: int) -> None:
    """Make a person's open link worthless.

    Raises:
        NotFound: No such person, or of another site, or there is no open link.
        NotAllowed: The actor does not manage people, or not this one.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    async with unit_of_work() as session:
        person = await hold_person(session, actor, employee_id)
        if not (await session.execute(_REVOKE, {"employee_id": employee_id})).all():
            raise NotFound("There is no open link any more.")
        await record(session, actor, "revoke_invitation", "employee", employee_id, site_id=person.site_id)


async def accept_invitation(
    token: str, password: str, again: str, *, ip: str, user_agent: str, replaces: str | None = None
) -> NewSession:
    """Set one's password with a link, and sign in. Every other session of the person ends.

    Args:
        token: The link's secret part.
        password: As typed.
        again: As typed the second time.
        ip: The client's address.
        user_agent: Shown in the person's list of sessions.
        replaces: Token of the session this browser had before, whoever's it was; it ends.

    Raises:
        NotFound: The link is unknown, used, revoked or expired, or the person has left: the same words for all.
        InvalidInput: The password does not do; the link stays good.
        Throttled: Too many failures of late.
    """
    token_hash = hash_token(token)
    attempt_id = await note_attempt(f"invitation {token_hash.hex()}", ip)
    async with read_session() as session:
        invited = await find_invited(session, token_hash)
    if invited is None:
        raise NotFound(NO_LONGER_GOOD)
    check_new_password(password, invited.email)
    if password != again:
        raise InvalidInput("The two passwords are not the same.", "again")
    hashed = await hash_password(password)
    async with unit_of_work() as session:
        one = {"employee_id": invited.employee_id}
        person = (await session.execute(_LOCK_INVITED, one)).one_or_none()
        used = (await session.execute(_USE, {"token_hash": token_hash})).one_or_none() if person else None
        if person is None or used is None:
            raise NotFound(NO_LONGER_GOOD)
        actor = Actor(person.id, Role(person.role), person.site_id, person.department_id)
        await note_success(session, attempt_id)
        await session.execute(_SET_PASSWORD, {**one, "password_hash": hashed})
        await session.execute(_END_SESSIONS, {**one, "replaces": hash_token(replaces) if replaces else None})
        opened = await open_session(session, actor, ip=ip, user_agent=user_agent)
        await record(session, actor, "set_password", "employee", person.id, site_id=person.site_id)
    return opened
