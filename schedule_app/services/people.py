"""The people of a site: who they are, what they can do and when. Leaving and coming back are in `services.leaving`."""

import json
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from schedule_app.domain.permissions import GIVES, Actor, Permission, Role, can, require
from schedule_app.models.employee import week_in_effect
from schedule_app.queries.changes import last_change
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.person_details import PersonDetails, details_of, differences, facts

_LEADERS: Final = (Role.ADMIN, Role.MANAGER)

_SITE = text("SELECT id FROM sites WHERE id = :site_id FOR KEY SHARE")

# Whoever else leads the site is locked too, so that of the last two not each can take the other's role away.
_LOCK = text("""
    SELECT id FROM employees
    WHERE id = :employee_id
       OR (is_active AND deleted_at IS NULL AND role IN ('admin', 'manager')
           AND (role = 'admin' OR site_id = (SELECT site_id FROM employees WHERE id = :employee_id)))
    ORDER BY id
    FOR NO KEY UPDATE
""")

_PERSON = text("""
    SELECT person.id, person.site_id, person.version, person.is_active, person.name, person.email, person.role,
           person.department_id, person.phone, person.qualifications, person.availability,
           person.later_availability, CAST(now() AT TIME ZONE sites.time_zone AS date) AS today,
           person.contracted_minutes, person.max_minutes, person.hourly_rate_cents, sites.time_zone, sites.clock_24h,
           (SELECT count(*) FROM employees AS other
            WHERE other.id <> person.id AND other.is_active AND other.deleted_at IS NULL
              AND other.role IN ('admin', 'manager') AND other.site_id = person.site_id) AS other_leaders,
           (SELECT count(*) FROM employees AS other
            WHERE other.id <> person.id AND other.is_active AND other.deleted_at IS NULL
              AND other.role = 'admin') AS other_admins,
           (SELECT json_object_agg(departments.id, departments.name) FROM departments
            WHERE departments.site_id = person.site_id) AS departments
    FROM employees AS person
    JOIN sites ON sites.id = person.site_id
    WHERE person.id = :employee_id AND person.deleted_at IS NULL
""")

_INSERT = text("""
    INSERT INTO employees
        (site_id, name, email, role, department_id, phone, qualifications, availability, contracted_minutes,
         max_minutes, hourly_rate_cents, created_by_id, updated_by_id)
    VALUES (:site_id, :name, :email, :role, :department_id, :phone, CAST(:qualifications AS jsonb),
            CAST(:availability AS jsonb), :contracted_minutes, :max_minutes, :hourly_rate_cents, :actor_id, :actor_id)
    RETURNING id
""")

_UPDATE = text("""
    UPDATE employees
    SET name = :name, email = :email, role = :role, department_id = :department_id, phone = :phone,
        qualifications = CAST(:qualifications AS jsonb), availability = CAST(:availability AS jsonb),
        later_availability = CAST(:later_availability AS jsonb), contracted_minutes = :contracted_minutes,
        max_minutes = :max_minutes, hourly_rate_cents = :hourly_rate_cents, updated_by_id = :actor_id
    WHERE id = :employee_id
""")


@retrying
async def create_person(actor: Actor, site_id: int, details: PersonDetails) -> int:
    """Add somebody to a site. They can sign in once they have been invited and have set a password.

    Args:
        actor: Who acts.
        site_id: Where.
        details: The person; an hourly rate is kept only from those who may see cost.

    Returns:
        The id of the person.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor does not manage people.
        InvalidInput: A role above the actor's own, a department of elsewhere, or an e-mail address that is taken.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    async with unit_of_work() as session:
        async with before_writing(session):
            if await session.scalar(_SITE, {"site_id": site_id}) is None:
                raise NotFound
            require_on(actor, Permission.MANAGE_PEOPLE, site_id)
            _require_giving(actor, details.role)
        if not can(actor, Permission.VIEW_COST, site_id=site_id):
            details = details.model_copy(update={"hourly_rate_cents": None})
        values = {**_columns(details), "site_id": site_id, "actor_id": actor.employee_id}
        employee_id = (await session.execute(_INSERT, values)).scalar_one()
        await record(session, actor, "create", "employee", employee_id, site_id=site_id, after=facts(details))
    return employee_id


@retrying
async def edit_person(actor: Actor, employee_id: int, details: PersonDetails, *, expected_version: int) -> None:
    """Change a person. Shifts they have stay theirs.

    Args:
        actor: Who acts.
        employee_id: The person.
        details: The person as they shall be, whole.
        expected_version: The version the actor saw.

    Raises:
        NotFound: No such person, or of another site.
        NotAllowed: The actor does not manage people, or not this one, or would change their own role.
        StaleVersion: It was changed since; says what is stored now, and where that differs.
        InvalidInput: A role above the actor's own, a department of elsewhere, or an e-mail address that is taken.
        Conflict: Nobody would be left to lead the site.
    """
    require(actor, Permission.MANAGE_PEOPLE)
    async with unit_of_work() as session:
        async with before_writing(session):
            person = await hold_person(session, actor, employee_id)
            before = details_of(person, person.today)
            has_cost = can(actor, Permission.VIEW_COST, site_id=person.site_id)
            if not has_cost:
                details = details.model_copy(update={"hourly_rate_cents": before.hourly_rate_cents})
            if person.version != expected_version:
                departments = {int(number): name for number, name in (person.departments or {}).items()}
                found = differences(details, before, departments, cost=has_cost, clock_24h=person.clock_24h)
                words = await last_change(session, "employee", employee_id, person.time_zone)
                raise StaleVersion(words, person.version, found)
            _require_role_change(actor, person, details.role)
        old, new = facts(before), facts(details)
        changed = [name for name in new if new[name] != old[name]]
        if not changed:
            return
        # The week that is saved takes the place of all that have begun; what they plan for later stays.
        _, later = week_in_effect(person.availability, person.later_availability, person.today)
        values = {**_columns(details), "later_availability": json.dumps(later)}
        await session.execute(_UPDATE, {**values, "employee_id": employee_id, "actor_id": actor.employee_id})
        await record(
            session,
            actor,
            "edit",
            "employee",
            employee_id,
            site_id=person.site_id,
            before={name: old[name] for name in changed},
            after={name: new[name] for name in changed},
        )


async def hold_person(session: AsyncSession, actor: Actor, employee_id: int) -> Row[Any]:
    """Lock a person, and whoever else leads their site, for a change; a step of the verbs about people.

    Raises:
        NotFound: No such person, or of another site.
        NotAllowed: The actor does not manage people, or not this one.
    """
    await session.execute(_LOCK, {"employee_id": employee_id})
    person = (await session.execute(_PERSON, {"employee_id": employee_id})).one_or_none()
    if person is None:
        raise NotFound
    require_on(actor, Permission.MANAGE_PEOPLE, person.site_id)
    if person.role not in GIVES[actor.role]:
        raise NotAllowed("Only admins change admins.")
    return person


def require_others_to_lead(person: Row[Any], role: Role | None) -> None:
    """Check that somebody is left to lead when a person takes on a role, or leaves (None).

    Raises:
        Conflict: They are the last admin, or the last manager or admin of their site.
    """
    if not person.is_active:
        return
    if person.role == Role.ADMIN and role != Role.ADMIN and not person.other_admins:
        raise Conflict(f"{person.name} is the last admin. Make somebody else an admin first.")
    if person.role in _LEADERS and role not in _LEADERS and not person.other_leaders:
        raise Conflict(f"{person.name} is the last manager of this site. Make somebody else a manager first.")


def _require_role_change(actor: Actor, person: Row[Any], role: Role) -> None:
    if role == person.role:
        return
    if person.id == actor.employee_id:
        raise NotAllowed("You cannot change your own role. Another manager can.")
    _require_giving(actor, role)
    require_others_to_lead(person, role)


def _require_giving(actor: Actor, role: Role) -> None:
    if role not in GIVES[actor.role]:
        raise InvalidInput("You cannot give a role above your own.", "role")


def _columns(details: PersonDetails) -> dict[str, Any]:
    plain = facts(details)
    return {**plain, **{name: json.dumps(plain[name]) for name in ("qualifications", "availability")}}
