"""Devices on which people are told things by push: switched on from the device itself, off from any of theirs."""

from typing import Final

from sqlalchemy import text

from schedule_app.channels.devices import Device, fault_of
from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.queries.account import device as named
from schedule_app.services.audit import record

MOST_DEVICES: Final = 10

_LOCK_OWN: Final = text("SELECT id FROM employees WHERE id = :employee_id FOR NO KEY UPDATE")

_OTHERS: Final = text("""
    SELECT count(*) FROM push_subscriptions WHERE employee_id = :employee_id AND endpoint <> :endpoint
""")

_USER_AGENT: Final = text("SELECT user_agent FROM auth_sessions WHERE id = :session_id AND employee_id = :employee_id")

# A browser shows messages to one person: whoever is signed in when it is switched on.
_REMOVE_ELSEWHERE: Final = text("DELETE FROM push_subscriptions WHERE endpoint = :endpoint")

_ADD: Final = text("""
    INSERT INTO push_subscriptions (employee_id, endpoint, p256dh, auth, device)
    VALUES (:employee_id, :endpoint, :p256dh, :auth, :device)
    RETURNING id
""")

_REMOVE: Final = text("""
    DELETE FROM push_subscriptions WHERE id = :subscription_id AND employee_id = :employee_id RETURNING id
""")

#: Whoever ends all of a person's sessions ends this too: a device that was lost is to tell nothing any more.
FORGET_DEVICES: Final = text("DELETE FROM push_subscriptions WHERE employee_id = :employee_id")


@retrying
async def switch_on_device(actor: Actor, device: Device) -> int:
    """Have the browser that the actor is using show their messages, and nobody else's.

    Returns:
        The id of the device.

    Raises:
        InvalidInput: What the browser told is not to be believed, or there are 10 devices already.
    """
    require(actor, Permission.VIEW_OWN)
    fault = fault_of(device)
    if fault:
        raise InvalidInput(fault, "endpoint")
    one = {"employee_id": actor.employee_id, "endpoint": device.endpoint}
    async with unit_of_work() as session:
        await session.execute(_LOCK_OWN, {"employee_id": actor.employee_id})
        if await session.scalar(_OTHERS, one) >= MOST_DEVICES:
            raise InvalidInput(f"You can have {MOST_DEVICES} devices. Please remove one first.", "endpoint")
        of_session = {"session_id": actor.session_id, "employee_id": actor.employee_id}
        name = named(await session.scalar(_USER_AGENT, of_session) or "")
        await session.execute(_REMOVE_ELSEWHERE, {"endpoint": device.endpoint})
        values = {**one, "p256dh": device.p256dh, "auth": device.auth, "device": name}
        subscription_id: int = (await session.execute(_ADD, values)).scalar_one()
        await record(session, actor, "switch_on_device", "employee", actor.employee_id, site_id=actor.site_id)
    return subscription_id


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
