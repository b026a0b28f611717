"""Devices on which people are told things by push: switched on from the device itself, off from any of theirs."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.channels.devices import Device, fault_of
from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.errors import InvalidInput, NotFound, NotSignedIn
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.queries.account import device as named
from schedule_app.services.audit import record

MOST_DEVICES: Final = 10

_LOCK_OWN: Final = text("SELECT id FROM employees WHERE id = :employee_id FOR NO KEY UPDATE")

_OTHERS: Final = text("""
    SELECT count(*) FROM push_subscriptions
    WHERE employee_id = :employee_id AND endpoint <> :endpoint AND endpoint <> :former
""")

# Held until the end, so that a session which ends meanwhile finds the device and takes it along.
_HOLD_SESSION: Final = text("""
    SELECT user_agent FROM auth_sessions
    WHERE id = :session_id AND employee_id = :employee_id AND revoked_at IS NULL
    FOR SHARE
""")

# A browser shows messages to one person: whoever is signed in when it is switched on.
_REMOVE_FORMER: Final = text("""
    DELETE FROM push_subscriptions
    WHERE endpoint = :endpoint OR endpoint = :former AND employee_id = :employee_id
""")

_ADD: Final = text("""
    INSERT INTO push_subscriptions (employee_id, session_id, endpoint, p256dh, auth, device)
    VALUES (:employee_id, :session_id, :endpoint, :p256dh, :auth, :device)
    RETURNING id
""")

_REMOVE_OF_OTHERS: Final = text("""
    DELETE FROM push_subscriptions WHERE endpoint = :endpoint AND employee_id <> :employee_id
""")

_KEEP: Final = text("""
    UPDATE push_subscriptions SET session_id = :session_id
    WHERE endpoint = :endpoint AND employee_id = :employee_id
    RETURNING id
""")

_REMOVE: Final = text("""
    DELETE FROM push_subscriptions WHERE id = :subscription_id AND employee_id = :employee_id RETURNING id
""")


@retrying
async def switch_on_device(actor: Actor, device: Device, *, former: str = "") -> int:
    """Have the browser that the actor is using show their messages, and nobody else's.

    It does so until their session there is ended or, where it has run out, tidied away.

    Args:
        actor: Who acts, in a session of theirs.
        device: The browser.
        former: By which endpoint it was known before; "" where it was not.

    Returns:
        The id of the device.

    Raises:
        InvalidInput: What the browser told is not to be believed, or there are 10 devices already.
        NotSignedIn: The session has ended.
    """
    require(actor, Permission.VIEW_OWN)
    fault = fault_of(device)
    if fault:
        raise InvalidInput(fault, "endpoint")
    one = {"employee_id": actor.employee_id, "endpoint": device.endpoint, "former": former}
    async with unit_of_work() as session:
        await session.execute(_LOCK_OWN, {"employee_id": actor.employee_id})
        if await session.scalar(_OTHERS, one) >= MOST_DEVICES:
            raise InvalidInput(f"You can have {MOST_DEVICES} devices. Please remove one first.", "endpoint")
        user_agent = await _hold_session(session, actor)
        await session.execute(_REMOVE_FORMER, one)
        values = {**one, "session_id": actor.session_id, "p256dh": device.p256dh, "auth": device.auth}
        subscription_id: int = (await session.execute(_ADD, {**values, "device": named(user_agent)})).scalar_one()
        await record(session, actor, "switch_on_device", "employee", actor.employee_id, site_id=actor.site_id)
    return subscription_id


@retrying
async def keep_device(actor: Actor, endpoint: str) -> bool:
    """Note that the actor is using a browser that was switched on once. Nobody else is told anything there any more.

    Returns:
        Whether it is one of the actor's devices; if so, until their present session ends.

    Raises:
        NotSignedIn: The session has ended.
    """
    require(actor, Permission.VIEW_OWN)
    one = {"employee_id": actor.employee_id, "session_id": actor.session_id, "endpoint": endpoint}
    async with unit_of_work() as session:
        await _hold_session(session, actor)
        await session.execute(_REMOVE_OF_OTHERS, one)
        return (await session.execute(_KEEP, one)).one_or_none() is not None


@retrying
async def switch_off_device(actor: Actor, subscription_id: int) -> None:
    """Show nothing on one of the actor's devices any more.

    Raises:
        NotFound: It is somebody else's, or was removed already.
    """
    require(actor, Permission.VIEW_OWN)
    async with unit_of_work() as session:
        one = {"subscription_id": subscription_id, "employee_id": actor.employee_id}
        if not (await session.execute(_REMOVE, one)).all():
            raise NotFound("This device is not there any more.")
        await record(session, actor, "switch_off_device", "employee", actor.employee_id, site_id=actor.site_id)


async def _hold_session(session: AsyncSession, actor: Actor) -> str:
    """What the browser of the actor's session says of itself."""
    values = {"session_id": actor.session_id, "employee_id": actor.employee_id}
    held = (await session.execute(_HOLD_SESSION, values)).one_or_none()
    if held is None:
        raise NotSignedIn
    return held.user_agent
