"""The departments of a site."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import Conflict, InvalidInput, NotFound, StaleVersion
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.queries.changes import last_change
from schedule_app.queries.departments import Usage, usage_of
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.text import clean_name

_SITE = text("SELECT id FROM sites WHERE id = :site_id FOR KEY SHARE")

_INSERT = text("INSERT INTO departments (site_id, name) VALUES (:site_id, :name) RETURNING id")

_HOLD = text("""
    SELECT departments.id, departments.site_id, departments.name, departments.version, sites.time_zone
    FROM departments
    JOIN sites ON sites.id = departments.site_id
    WHERE departments.id = :department_id
    FOR UPDATE OF departments
""")

_RENAME = text("UPDATE departments SET name = :name WHERE id = :department_id")

_DELETE = text("DELETE FROM departments WHERE id = :department_id")

_LOCK_PEOPLE = text("""
    SELECT id FROM employees WHERE department_id = :department_id ORDER BY id FOR NO KEY UPDATE
""")

_LOCK_DRAFTS = text("""
    SELECT id FROM schedules
    WHERE status = 'draft' AND id IN (SELECT schedule_id FROM shifts WHERE department_id = :department_id)
    ORDER BY id
    FOR NO KEY UPDATE
""")

_MOVE_PEOPLE = text("""
    UPDATE employees SET department_id = :into_id, updated_by_id = :actor_id WHERE department_id = :department_id
    RETURNING id
""")

_MOVE_RULES = text("""
    UPDATE rules SET department_id = :into_id, updated_by_id = :actor_id WHERE department_id = :department_id
    RETURNING id
""")

_MOVE_SHIFTS = text("""
    UPDATE shifts SET department_id = :into_id, updated_by_id = :actor_id
    WHERE department_id = :department_id AND schedule_id = ANY(:drafts)
    RETURNING id
""")


@retrying
async def create_department(actor: Actor, site_id: int, name: str) -> int:
    """Add a department to a site.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor does not manage the site.
        InvalidInput: A name that cannot be accepted, or that the site has already.
    """
    require(actor, Permission.MANAGE_SITE)
    name = clean_name(name, "name")
    async with unit_of_work() as session:
        async with before_writing(session):
            if await session.scalar(_SITE, {"site_id": site_id}) is None:
                raise NotFound
            require_on(actor, Permission.MANAGE_SITE, site_id)
        department_id = (await session.execute(_INSERT, {"site_id": site_id, "name": name})).scalar_one()
        await record(session, actor, "create", "department", department_id, site_id=site_id, after={"name": name})
    return department_id


@retrying
async def rename_department(actor: Actor, department_id: int, name: str, *, expected_version: int) -> None:
    """Give a department another name; everything in it stays.

    Raises:
        NotFound: No such department, or of another site.
        NotAllowed: The actor does not manage the site.
        StaleVersion: It was changed since.
        InvalidInput: A name that cannot be accepted, or that the site has already.
    """
    require(actor, Permission.MANAGE_SITE)
    name = clean_name(name, "name")
    async with unit_of_work() as session:
        async with before_writing(session):
            department = await _hold(session, actor, department_id, expected_version)
        if name == department.name:
            return
        await session.execute(_RENAME, {"department_id": department_id, "name": name})
        change = {"before": {"name": department.name}, "after": {"name": name}}
        await record(session, actor, "edit", "department", department_id, site_id=department.site_id, **change)


@retrying
async def delete_department(actor: Actor, department_id: int, *, expected_version: int) -> None:
    """Remove a department that nothing belongs to.

    Raises:
        NotFound: No such department, or of another site.
        NotAllowed: The actor does not manage the site.
        StaleVersion: It was changed since.
        Conflict: People, shifts or rules belong to it; says how many.
    """
    require(actor, Permission.MANAGE_SITE)
    async with unit_of_work() as session:
        async with before_writing(session):
            department = await _hold(session, actor, department_id, expected_version)
            usage = await usage_of(session, department_id)
            if usage.is_used:
                raise Conflict(f"Still in {department.name}: {usage.in_words()}. Move them first.")
        await session.execute(_DELETE, {"department_id": department_id})
        before = {"name": department.name}
        await record(session, actor, "delete", "department", department_id, site_id=department.site_id, before=before)


@retrying
async def move_department(actor: Actor, department_id: int, into_id: int) -> Usage:
    """Move the people, the rules and the drafts' shifts of one department into another of the same site.

    The shifts of weeks that were published, or are being approved, stay what they were.

    Returns:
        What still belongs to the department.

    Raises:
        NotFound: One of the two is missing, or of another site.
        NotAllowed: The actor does not manage the site.
        InvalidInput: They are of two sites, or the same.
    """
    require(actor, Permission.MANAGE_SITE)
    if department_id == into_id:
        raise InvalidInput("Please choose another department.", "into_id")
    async with unit_of_work() as session:
        one = {"department_id": department_id}
        async with before_writing(session):
            await session.execute(_LOCK_PEOPLE, one)
            drafts = list((await session.scalars(_LOCK_DRAFTS, one)).all())
            held = {number: await _hold(session, actor, number) for number in sorted((department_id, into_id))}
            department, into = held[department_id], held[into_id]
            if department.site_id != into.site_id:
                raise InvalidInput("This department belongs to another site.", "into_id")
        values = {**one, "into_id": into_id, "actor_id": actor.employee_id}
        moved = {
            "employee_ids": list((await session.scalars(_MOVE_PEOPLE, values)).all()),
            "rule_ids": list((await session.scalars(_MOVE_RULES, values)).all()),
            "shift_ids": list((await session.scalars(_MOVE_SHIFTS, {**values, "drafts": drafts})).all()),
        }
        left = await usage_of(session, department_id)
        if any(moved.values()):
            await record(
                session,
                actor,
                "move",
                "department",
                department_id,
                site_id=department.site_id,
                before={"department_id": department_id, **moved},
                after={"department_id": into_id},
            )
    return left


async def _hold(
    session: AsyncSession, actor: Actor, department_id: int, expected_version: int | None = None
) -> Row[Any]:
    department = (await session.execute(_HOLD, {"department_id": department_id})).one_or_none()
    if department is None:
        raise NotFound
    require_on(actor, Permission.MANAGE_SITE, department.site_id)
    if expected_version not in (None, department.version):
        words = await last_change(session, "department", department_id, department.time_zone)
        raise StaleVersion(words, department.version)
    return department
