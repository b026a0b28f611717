"""A site with its people and a coming week, written the way the product writes it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text

from schedule_app.db.engine import read_session, unit_of_work
from schedule_app.domain.permissions import Actor, Role
from schedule_app.domain.time import week_start_of
from schedule_app.models import AuthSession, Employee, Schedule, Site, SolveRun
from schedule_app.services.assignments import assign_employee
from schedule_app.services.schedules import approve_schedule, create_schedule, publish_schedule, submit_schedule
from schedule_app.services.sign_in import hash_token
from tests.support.builders import build_employee, build_shift, build_site

MORNING, LATE = (time(7), time(15)), (time(14), time(22))
# Days that no shift of a test can have begun on yet.
NEXT_WEEK = week_start_of(datetime.now(UTC).date()) + timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can act, and open a browser."""

    id: int
    name: str
    email: str
    actor: Actor


@dataclass(slots=True)
class World:
    """A site of its own for one test."""

    site_id: int
    manager: Person
    supervisor: Person
    staff: list[Person]
    admin: Person | None = None
    week: date = NEXT_WEEK
    shifts: list[int] = field(default_factory=list)

    @property
    def board(self) -> str:
        """Path of the week's board."""
        return f"/schedule/{self.site_id}/{self.week}"

    @property
    def coverage(self) -> str:
        """Path of the week's heatmap."""
        return f"/coverage/{self.site_id}/{self.week}"


async def build_world(staff: Sequence[str] = ("Ann Archer", "Ben Brook"), **site: Any) -> World:
    """A site with a manager, a supervisor and staff, and no schedule."""
    async with unit_of_work() as session:
        row = await build_site(session, **site)
        manager = await build_employee(session, row, name="Mona Manager", role="manager")
        supervisor = await build_employee(session, row, name="Sam Supervisor", role="supervisor")
        people = [await build_employee(session, row, name=name) for name in staff]
        return World(row.id, _person(manager), _person(supervisor), [_person(each) for each in people])


async def add_admin(world: World) -> Person:
    """Somebody who looks after the program."""
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        row = await build_employee(session, site, name="Ada Admin", role="admin")
        world.admin = _person(row)
        return world.admin


async def build_draft(world: World, shifts: Sequence[Mapping[str, Any]] = ({},)) -> int:
    """A draft of the world's week with these shifts, as `add_shifts` writes them; returns the schedule."""
    schedule_id = await create_schedule(world.manager.actor, world.site_id, world.week)
    await add_shifts(world, schedule_id, shifts)
    return schedule_id


async def add_shifts(world: World, schedule_id: int, shifts: Sequence[Mapping[str, Any]]) -> None:
    """Write shifts, Monday 07:00 to 15:00 unless they say otherwise, into a draft and `world.shifts`."""
    async with unit_of_work() as session:
        schedule = await session.get_one(Schedule, schedule_id)
        for columns in shifts:
            defaults = {"start": MORNING[0], "end": MORNING[1], "title": "Morning", "required_staff": 1}
            shift = await build_shift(session, schedule, **{**defaults, **columns})
            world.shifts.append(shift.id or 0)


async def publish(world: World, schedule_id: int) -> None:
    """Take a draft all the way."""
    actor = world.manager.actor
    for step in (submit_schedule, approve_schedule, publish_schedule):
        await step(actor, schedule_id, expected_version=await version_of(schedule_id))


async def assign(world: World, shift: int, person: Person) -> int:
    """Give a shift, by its place in the world, to somebody; returns the assignment."""
    return (await assign_employee(world.manager.actor, world.shifts[shift], person.id)).assignment_id


async def propose(world: World, schedule_id: int, plan: Sequence[tuple[int, int]]) -> None:
    """A plan of [shift, employee], as a search would have left it behind."""
    result = {"score": 10, "bound": 10, "places": len(plan), "missing": 0, "status": "optimal"}
    async with unit_of_work() as session:
        session.add(
            SolveRun(
                site_id=world.site_id,
                schedule_id=schedule_id,
                requested_by_id=world.manager.id,
                status="proposed",
                problem={"seconds": 10},
                problem_hash="",
                plan=[list(each) for each in plan],
                result=result,
            )
        )


async def version_of(schedule_id: int) -> int:
    """The schedule's present version."""
    return await fetch("SELECT version FROM schedules WHERE id = :id", id=schedule_id)


async def execute(statement: str, **values: Any) -> None:
    """Change the database behind the services' back, as somebody at a SQL prompt does."""
    async with unit_of_work() as session:
        await session.execute(text(statement), values)


async def fetch(statement: str, **values: Any) -> Any:
    """The one value that a query finds."""
    async with read_session() as session:
        return (await session.execute(text(statement), values)).scalar_one()


async def open_session(person: Person) -> str:
    """Sign somebody in without the form; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    async with unit_of_work() as session:
        session.add(
            AuthSession(
                employee_id=person.id,
                token_hash=hash_token(token),
                expires_at=datetime.now(UTC) + timedelta(days=1),
                user_agent="Test",
                ip="127.0.0.1",
            )
        )
    return token


def _person(row: Employee) -> Person:
    assert row.id is not None
    return Person(row.id, row.name, row.email, Actor(row.id, Role(row.role), row.site_id, row.department_id))
