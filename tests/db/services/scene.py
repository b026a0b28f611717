"""A small site with one of each role, and short ways to fill its week."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import engine
from schedule_app.domain.permissions import Actor, Role
from schedule_app.domain.time import week_start_of
from schedule_app.models import AuthSession, Department, Employee, Schedule, ScheduleAssignment, Shift, Site
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_department,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)

# A week that has not begun, so that there is time to answer, whenever the tests run.
WEEK = week_start_of(datetime.now(UTC).date()) + timedelta(days=28)


@dataclass(slots=True)
class Scene:
    """A site with a department, its people, and a manager of another site."""

    site: Site
    department: Department
    admin: Employee
    manager: Employee
    second_manager: Employee
    supervisor: Employee
    bob: Employee
    carol: Employee
    stranger: Employee

    def actor(self, role: str) -> Actor:
        """The person of a role, or "stranger": a manager of another site."""
        return actor_of({"employee": self.bob}.get(role) or getattr(self, role))


def actor_of(employee: Employee) -> Actor:
    """The employee, acting."""
    return Actor(employee.id, Role(employee.role), employee.site_id, employee.department_id)


async def seated(employee: Employee) -> Actor:
    """The employee, acting in a new session of theirs."""
    actor = actor_of(employee)
    async with writing() as session:
        opened = AuthSession(
            employee_id=employee.id,
            token_hash=secrets.token_bytes(32),
            expires_at=datetime.now(UTC) + timedelta(days=14),
        )
        session.add(opened)
        await session.flush()
    return replace(actor, session_id=opened.id)


@asynccontextmanager
async def writing() -> AsyncIterator[AsyncSession]:
    """A session whose rows are committed at the end, so that services see them."""
    async with AsyncSession(engine(), expire_on_commit=False) as session:
        yield session
        await session.commit()


async def make_scene(**site_columns: Any) -> Scene:
    """Write the people of a site."""
    async with writing() as session:
        site = await build_site(session, **site_columns)
        department = await build_department(session, site)
        elsewhere = await build_site(session)
        return Scene(
            site=site,
            department=department,
            admin=await build_employee(session, elsewhere, role="admin", name="Ada Admin"),
            manager=await build_employee(session, site, role="manager", name="John Manager"),
            second_manager=await build_employee(session, site, role="manager", name="Joan Manager"),
            supervisor=await build_employee(session, site, role="supervisor", name="Alice Supervisor"),
            bob=await build_employee(session, site, name="Bob Worker"),
            carol=await build_employee(session, site, name="Carol Worker"),
            stranger=await build_employee(session, elsewhere, role="manager", name="Sam Stranger"),
        )


async def make_week(
    scene: Scene,
    *shifts: dict[str, Any],
    held: dict[int, list[Employee]] | None = None,
    status: str = "draft",
    week_start: date = WEEK,
    submitter: Employee | None = None,
    site: Site | None = None,
) -> tuple[Schedule, list[Shift]]:
    """Write a week.

    Args:
        scene: Where.
        shifts: The columns of each shift, as `build_shift` takes them; one ordinary shift when there are none.
        held: Index of a shift to the people on it. In a published week they are pending, with two days to answer.
        status: How far the week is.
        week_start: Its first day.
        submitter: Who took it there; the first manager when missing.
        site: Instead of the scene's own.
    """
    async with writing() as session:
        schedule = await build_schedule(session, site or scene.site, week_start=week_start)
        rows = [await build_shift(session, schedule, **columns) for columns in shifts or ({},)]
        assignments = [
            await build_assignment(session, rows[index], employee)
            for index, people in (held or {}).items()
            for employee in people
        ]
        by = submitter or scene.manager
        is_out = status in ("published", "archived")
        if status != "draft":
            await advance_schedule(session, schedule, "published" if is_out else status, by=by)
        for assignment in assignments if is_out else ():
            await session.refresh(assignment)
            assignment.status = "pending"
            assignment.confirm_by = datetime.now(UTC) + timedelta(days=2)
        await session.flush()
        if status == "archived":
            await advance_schedule(session, schedule, "archived", by=by)
        return schedule, rows


def night(day: int = 0) -> dict[str, Any]:
    """A night shift."""
    return {"day": day, "start": time(22), "end": time(6)}


async def fetch(model: type[Any], row_id: int) -> Any:
    """A row as it is in the database now; None when it is gone."""
    async with AsyncSession(engine()) as session:
        return await session.get(model, row_id)


async def rows(statement: str, **values: Any) -> list[Any]:
    """The rows of some SQL."""
    async with AsyncSession(engine()) as session:
        return list((await session.execute(text(statement), values)).all())


async def execute(statement: str, **values: Any) -> None:
    """Change something behind the services' back, as somebody at a SQL prompt would."""
    async with writing() as session:
        await session.execute(text(statement), values)


async def assignment_on(shift: Shift, employee: Employee) -> ScheduleAssignment:
    """The employee's assignment to the shift."""
    [[row_id]] = await rows(
        "SELECT id FROM schedule_assignments WHERE shift_id = :shift AND employee_id = :employee",
        shift=shift.id,
        employee=employee.id,
    )
    return await fetch(ScheduleAssignment, row_id)


async def told(employee: Employee) -> list[str]:
    """The types of what somebody was told, oldest first."""
    found = await rows("SELECT type FROM notifications WHERE recipient_id = :id ORDER BY id", id=employee.id)
    return [kind for [kind] in found]


async def audited(entity_type: str, entity_id: int) -> list[Any]:
    """The audit entries of a thing, oldest first."""
    return await rows(
        "SELECT action, actor_id, before, after, reason, site_id FROM audit_entries"
        " WHERE entity_type = :type AND entity_id = :id ORDER BY id",
        type=entity_type,
        id=entity_id,
    )


async def until_somebody_waits() -> None:
    """Return as soon as a transaction waits for a lock."""
    waiting = (
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
    )
    deadline = asyncio.get_running_loop().time() + 20
    while not await rows(waiting):
        assert asyncio.get_running_loop().time() < deadline, "Nobody waits for a lock."
        await asyncio.sleep(0.01)
