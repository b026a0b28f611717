"""Somebody leaves, with what becomes of their shifts, or comes back."""

from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import Record, before_writing
from schedule_app.domain.errors import Conflict, IllegalTransition, NotAllowed, StaleVersion
from schedule_app.domain.notices import NamedShift, PersonLeft
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.queries.changes import last_change
from schedule_app.queries.labels import week_label
from schedule_app.queries.leaving import Leaving, leaving_of, list_coming
from schedule_app.queries.recipients import list_approvers
from schedule_app.services.assigning import hold_assignments, record_taking, take
from schedule_app.services.audit import record
from schedule_app.services.notifications import notify
from schedule_app.services.people import hold_person, require_others_to_lead

PEOPLE_PATH = "/manage/people"

_SET_ACTIVE = text("UPDATE employees SET is_active = :is_active, updated_by_id = :actor_id WHERE id = :employee_id")

_END_SESSIONS = text("""
    UPDATE auth_sessions SET revoked_at = now() WHERE employee_id = :employee_id AND revoked_at IS NULL
""")

_END_INVITATIONS = text("""
    UPDATE invitations SET revoked_at = now()
    WHERE employee_id = :employee_id AND used_at IS NULL AND revoked_at IS NULL
""")


@retrying
async def deactivate_person(actor: Actor, employee_id: int, *, expected_version: int) -> Leaving:
    """Let somebody leave: they are signed out everywhere and lose every shift that has not begun.

    They are taken off drafts; in published weeks their shifts are cancelled, and they and the managers are told.

    Args:
        actor: Who acts.
        employee_id: The person.
        expected_version: The version the actor saw.

    Returns:
        What became of their shifts.

    Raises:
        NotFound: No such person, or of another site.
        NotAllowed: The actor does not manage people, or not this one, or would deactivate themselves.
        StaleVersion: The person was changed since.
        IllegalTransition: They have left already, or have shifts in a week that is being approved.
        Conflict: Nobody would be left to lead the site.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    async with unit_of_work() as session:
        async with before_writing(session):
            person = await hold_person(session, actor, employee_id)
            if person.id == actor.employee_id:
                raise NotAllowed("You cannot deactivate yourself. Another manager can.")
            if person.version != expected_version:
                words = await last_change(session, "employee", employee_id, person.time_zone)
                raise StaleVersion(words, person.version)
            if not person.is_active:
                raise IllegalTransition(f"{person.name} is not active any more.")
            require_others_to_lead(person, None)
            coming = await list_coming(session, employee_id)
            for each in coming:
                if each.schedule_status in (ScheduleStatus.PENDING, ScheduleStatus.APPROVED):
                    raise IllegalTransition(
                        f"{person.name} has shifts in the week {week_label(each.week_start)}, which is being approved."
                        " Publish it, or take it back to draft, first."
                    )
            held = await hold_assignments(session, actor, {each.id: None for each in coming})
        outcome = leaving_of(held, clock_24h=person.clock_24h)
        for each in held:
            await take(session, actor, each)
            await record_taking(session, actor, each)
        values = {"employee_id": employee_id, "actor_id": actor.employee_id}
        await session.execute(_SET_ACTIVE, {**values, "is_active": False})
        await session.execute(_END_SESSIONS, values)
        await session.execute(_END_INVITATIONS, values)
        if outcome.published:
            managers = [each for each in await list_approvers(session, person.site_id) if each != actor.employee_id]
            open_now = [each for each in held if each.schedule_status == ScheduleStatus.PUBLISHED]
            left = PersonLeft(person.name, tuple(_named(each) for each in open_now[:5]), len(open_now))
            await notify(session, managers, left, related=("employee", employee_id), action_url=PEOPLE_PATH)
        after = {"is_active": False, "taken_off": len(outcome.drafts), "cancelled": len(outcome.published)}
        await record(
            session,
            actor,
            "deactivate",
            "employee",
            employee_id,
            site_id=person.site_id,
            before={"is_active": True},
            after=after,
        )
    return outcome


def _named(held: Record) -> NamedShift:
    return NamedShift.of(Interval(held.starts_at, held.ends_at), held.time_zone, held.title)


@retrying
async def reactivate_person(actor: Actor, employee_id: int, *, expected_version: int) -> None:
    """Let somebody come back: they can be given shifts, and sign in with the password they had.

    Raises:
        NotFound: No such person, or of another site.
        NotAllowed: The actor does not manage people, or not this one.
        StaleVersion: The person was changed since.
        Conflict: They are active.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    async with unit_of_work() as session:
        async with before_writing(session):
            person = await hold_person(session, actor, employee_id)
            if person.version != expected_version:
                words = await last_change(session, "employee", employee_id, person.time_zone)
                raise StaleVersion(words, person.version)
            if person.is_active:
                raise Conflict(f"{person.name} is active already.")
        values = {"employee_id": employee_id, "actor_id": actor.employee_id, "is_active": True}
        await session.execute(_SET_ACTIVE, values)
        await record(
            session,
            actor,
            "reactivate",
            "employee",
            employee_id,
            site_id=person.site_id,
            before={"is_active": False},
            after={"is_active": True},
        )
