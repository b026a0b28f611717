"""Writes the sample week, as a manager would: a draft, its shifts, people on them, approval, publication, answers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.domain.errors import Conflict
from schedule_app.domain.permissions import Actor, Role
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import local_date, week_start_of
from schedule_app.models import Schedule
from schedule_app.queries.labels import week_label
from schedule_app.seed import sample_week
from schedule_app.seed.rows import HOLDS_DATA, add_departments, holds_data
from schedule_app.seed.sample_week import ALICE, JOHN, LOGINS, Held
from schedule_app.services.assignments import assign_employee, confirm_assignment, decline_assignment
from schedule_app.services.audit import record
from schedule_app.services.passwords import hash_password
from schedule_app.services.schedules import (
    approve_schedule,
    create_schedule,
    discard_draft,
    publish_schedule,
    reject_schedule,
    submit_schedule,
)

__all__ = ["LOGINS", "seed_if_empty", "seed_sample"]

# Answers take a moment to give; a shift about to start is left alone.
_GRACE: Final = timedelta(minutes=10)

_STATE = text("""
    SELECT employees.id IS NOT NULL AS is_there,
           EXISTS (
               SELECT FROM schedules WHERE schedules.site_id = employees.site_id AND schedules.published_at IS NOT NULL
           ) AS is_published
    FROM (SELECT) AS one LEFT JOIN employees ON employees.email = :email
""")

_PEOPLE = text("SELECT email, id, role, site_id, department_id FROM employees WHERE email = ANY(:emails)")
_DEPARTMENTS = text("SELECT name, id FROM departments WHERE site_id = :site_id")
_IN_WORK = text("SELECT id, status FROM schedules WHERE site_id = :site_id AND week_start = :week_start")
_VERSION = text("SELECT version FROM schedules WHERE id = :schedule_id")

_ASKED = text("""
    SELECT held.id, held.employee_id, employees.role, held.starts_at
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    WHERE held.schedule_id = :schedule_id AND held.status = 'pending'
    ORDER BY held.starts_at, held.employee_id
""")

# What has begun was agreed before there was a program to ask.
_ASK = text("""
    UPDATE schedule_assignments SET status = 'pending', confirm_by = starts_at
    WHERE schedule_id = :schedule_id AND status = 'assigned' AND starts_at <= :until
""")
_AGREE = text("""
    UPDATE schedule_assignments SET status = 'confirmed', responded_at = now()
    WHERE schedule_id = :schedule_id AND status = 'pending' AND starts_at <= :until
""")


@dataclass(frozen=True, slots=True)
class _Clinic:
    site_id: int
    departments: Mapping[str, int]
    people: Mapping[str, Actor]


async def seed_if_empty() -> bool:
    """Write the sample week into an empty database, or finish one that was cut short.

    Returns:
        Whether anything was written.
    """
    try:
        async with read_session() as session:
            if await holds_data(session):
                state = await _state(session)
                if not state.is_there or state.is_published:
                    return False
        await write_sample(datetime.now(UTC))
        return True
    finally:
        await dispose()


async def seed_sample(*, over_existing: bool) -> str:
    """Write the sample week; one that was cut short is finished.

    Args:
        over_existing: Add the sample's site beside what the database holds. Nothing that is there is changed, and the
            sample is never written twice.

    Returns:
        A line that says what was written.

    Raises:
        Conflict: The database holds data and that was not allowed, or holds the sample already.
    """
    try:
        async with read_session() as session:
            state = await _state(session)
            if not state.is_there and not over_existing and await holds_data(session):
                raise Conflict(HOLDS_DATA)
            if state.is_published:
                raise Conflict("The database already holds the sample.")
        return await write_sample(datetime.now(UTC))
    finally:
        await dispose()


async def write_sample(now: datetime) -> str:
    """Write the sample for the week of `now`; shifts begun by then are confirmed, some of the others answered.

    Returns:
        A line that says what was written.
    """
    week_start = week_start_of(local_date(now, sample_week.ZONE))
    async with read_session() as session:
        is_there = (await _state(session)).is_there
    if not is_there:
        await _write_clinic(week_start)
    async with read_session() as session:
        clinic = await _read_clinic(session)
    await _discard_leftovers(clinic, week_start)
    schedule_id = await create_schedule(clinic.people[JOHN], clinic.site_id, week_start)
    shift_ids = await _write_shifts(clinic, schedule_id)
    await _assign(clinic, shift_ids)
    await _publish(clinic, schedule_id)
    await _answer(clinic, schedule_id, now + _GRACE)
    return f"{len(clinic.people)} people and {len(shift_ids)} shifts, {week_label(week_start)} published"


async def _state(session: AsyncSession) -> Row[Any]:
    return (await session.execute(_STATE, {"email": JOHN})).one()


async def _write_clinic(week_start: date) -> None:
    hashes = await asyncio.gather(*(hash_password(login.password) for login in LOGINS))
    passwords = {login.email: hashed for login, hashed in zip(LOGINS, hashes, strict=True)}
    async with unit_of_work() as session:
        site = sample_week.site_row()
        session.add(site)
        await session.flush()
        departments = await add_departments(session, site, sample_week.DEPARTMENTS)
        people = sample_week.people_rows(site.id, departments, passwords, week_start)
        session.add_all(people)
        await session.flush()
        session.add_all(sample_week.rule_rows(site.id, departments, {each.email: each.id for each in people}))
        await session.flush()
        await record(session, None, "seed", "site", site.id, site_id=site.id, after={"people": len(people)})


async def _read_clinic(session: AsyncSession) -> _Clinic:
    people = {
        email: Actor(employee_id, Role(role), site_id, department_id)
        for email, employee_id, role, site_id, department_id in await session.execute(
            _PEOPLE, {"emails": [login.email for login in LOGINS]}
        )
    }
    site_id = people[JOHN].site_id
    departments = await session.execute(_DEPARTMENTS, {"site_id": site_id})
    return _Clinic(site_id, {each.name: each.id for each in departments}, people)


async def _discard_leftovers(clinic: _Clinic, week_start: date) -> None:
    """Throw away the week of a seeding that was cut short."""
    manager = clinic.people[JOHN]
    async with read_session() as session:
        values = {"site_id": clinic.site_id, "week_start": week_start}
        left = (await session.execute(_IN_WORK, values)).one_or_none()
    if left is None:
        return
    if left.status != ScheduleStatus.DRAFT:
        version = await _version(left.id)
        await reject_schedule(manager, left.id, expected_version=version, reason="The sample was not finished.")
    await discard_draft(manager, left.id, expected_version=await _version(left.id))


async def _write_shifts(clinic: _Clinic, schedule_id: int) -> dict[tuple[int, str], int]:
    """The ids of the new shifts by day, counted from the week's first, and title."""
    async with unit_of_work() as session:
        schedule = await session.get_one(Schedule, schedule_id)
        shifts = sample_week.shift_rows(schedule, clinic.departments)
        session.add_all(shifts)
        await session.flush()
        return {((each.local_date - schedule.week_start).days, each.title or ""): each.id for each in shifts}


async def _assign(clinic: _Clinic, shift_ids: Mapping[tuple[int, str], int]) -> None:
    for place in sample_week.places():
        await assign_employee(
            clinic.people[JOHN],
            shift_ids[place.day, place.title],
            clinic.people[place.email].employee_id,
            override_reason=place.override_reason,
        )


async def _publish(clinic: _Clinic, schedule_id: int) -> None:
    await submit_schedule(clinic.people[ALICE], schedule_id, expected_version=await _version(schedule_id))
    await approve_schedule(clinic.people[JOHN], schedule_id, expected_version=await _version(schedule_id))
    await publish_schedule(clinic.people[JOHN], schedule_id, expected_version=await _version(schedule_id))


async def _answer(clinic: _Clinic, schedule_id: int, until: datetime) -> None:
    """Settle the shifts that start until then, and let people answer for some of those ahead."""
    async with unit_of_work() as session:
        for statement in (_ASK, _AGREE):
            await session.execute(statement, {"schedule_id": schedule_id, "until": until})
        asked = await session.execute(_ASKED, {"schedule_id": schedule_id})
        answers = sample_week.choose_answers([Held(*row) for row in asked])
    actors = {actor.employee_id: actor for actor in clinic.people.values()}
    for held in answers.confirmed:
        await confirm_assignment(actors[held.employee_id], held.assignment_id)
    for held in answers.declined:
        note = sample_week.DECLINED_BECAUSE
        await decline_assignment(actors[held.employee_id], held.assignment_id, note=note)


async def _version(schedule_id: int) -> int:
    async with read_session() as session:
        return (await session.execute(_VERSION, {"schedule_id": schedule_id})).scalar_one()
