"""Writes a larger site, the same for the same size and week: the first week published, the following ones drafts."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from random import Random
from typing import Any, Final

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.domain.errors import Conflict, InvalidInput, NotFound
from schedule_app.domain.facts import EmployeeFacts, ShiftFacts
from schedule_app.domain.rules.preference import PreferenceLimits
from schedule_app.domain.rules.qualification import QualificationLimits
from schedule_app.domain.rules.restriction import RestrictionLimits, Succession
from schedule_app.domain.time import Interval, local_date, resolve_wall, week_start_of
from schedule_app.models import Employee, Rule, Schedule, ScheduleAssignment, Shift, Site
from schedule_app.queries.facts import find_judging
from schedule_app.queries.labels import week_label
from schedule_app.seed.rows import HOLDS_DATA, Login, add_departments, common_rules, holds_data, rule_row
from schedule_app.seed.scale_demand import Demand, Work
from schedule_app.seed.scale_filling import Candidate, fill
from schedule_app.seed.scale_people import (
    MANAGER_EMAIL,
    TEAM_LEAD,
    Member,
    department_names,
    draw_members,
    manager_row,
)
from schedule_app.services.audit import record
from schedule_app.services.passwords import hash_password

# The manager, and one of the many who share a password: supervisor1@, supervisor2@, … employee1@, employee2@, …
LOGINS: Final = (
    Login(MANAGER_EMAIL, "manager123", "manager"),
    Login("supervisor1@scale.example", "employee123", "supervisor"),
    Login("employee1@scale.example", "employee123", "employee"),
)

_ZONE: Final = "Europe/Berlin"
_PEOPLE: Final = (5, 2000)
_DAYS: Final = (1, 56)
# People may answer until their shift starts: so long before it, no week is published.
_CONFIRM_WITHIN: Final = timedelta(days=30)
# How people answered the published week, in percent.
_ANSWERS: Final = {AssignmentStatus.CONFIRMED: 62, AssignmentStatus.PENDING: 35, AssignmentStatus.DECLINED: 3}

_IS_THERE = text("SELECT EXISTS (SELECT FROM employees WHERE email = :email)")

_STEPS = (
    text(
        "UPDATE schedules SET status = 'pending', submitted_by_id = :supervisor_id, submitted_at = :submitted_at"
        " WHERE id = :schedule_id"
    ),
    text(
        "UPDATE schedules SET status = 'approved', approved_by_id = :manager_id, approved_at = :published_at"
        " WHERE id = :schedule_id"
    ),
    text(
        "UPDATE schedules SET status = 'published', published_by_id = :manager_id, published_at = :published_at"
        " WHERE id = :schedule_id"
    ),
)


def parse_size(size: str) -> tuple[int, int]:
    """Read a size such as "100x7".

    Returns:
        People and days.

    Raises:
        InvalidInput: Not of that form, or out of bounds.
    """
    match = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", size.strip().lower())
    if match is None:
        raise InvalidInput(f"A size is given as people x days, for example 100x7, not as {size!r}.", "scale")
    people, days = int(match[1]), int(match[2])
    for name, value, (low, high) in (("people", people, _PEOPLE), ("days", days, _DAYS)):
        if not low <= value <= high:
            raise InvalidInput(f"The number of {name} must be from {low} to {high}, not {value}.", "scale")
    return people, days


async def seed_scale(people: int, days: int, *, over_existing: bool) -> str:
    """Write a site with so many people, the manager included, and shifts from the start of this week on.

    Args:
        people: 5 to 2000.
        days: 1 to 56; each week begun gets a schedule.
        over_existing: Add the site beside what the database holds. Nothing that is there is changed, and only one such
            site can be there.

    Returns:
        A line that says what was written, with the logins.

    Raises:
        Conflict: The database holds data and that was not allowed, or holds such a site already.
    """
    try:
        async with read_session() as session:
            if not over_existing and await holds_data(session):
                raise Conflict(HOLDS_DATA)
            if await session.scalar(_IS_THERE, {"email": MANAGER_EMAIL}):
                raise Conflict("The database already holds a site made up like this.")
        return await write_scale(people, days, local_date(datetime.now(UTC), _ZONE))
    finally:
        await dispose()


async def write_scale(people: int, days: int, today: date) -> str:
    """Write the site with shifts from the week of `today` on, all or nothing.

    Returns:
        A line that says what was written, with the logins.
    """
    random = Random(f"{people}x{days}")  # noqa: S311 (made-up data, the same in every run)
    week_start = week_start_of(today)
    hashes = await asyncio.gather(*(hash_password(each.password) for each in LOGINS[:2]))
    async with unit_of_work() as session:
        site = await _add_site(session, people)
        departments = await add_departments(session, site, department_names(people))
        manager = manager_row(site.id, hashes[0])
        members = draw_members(random, people - 1, site.id, departments, hashes[1], week_start)
        session.add_all([manager, *(each.row for each in members)])
        await session.flush()
        weeks = [week_start + timedelta(weeks=week) for week in range(ceil(days / 7))]
        schedules = [_schedule(site.id, manager.id, week) for week in weeks]
        session.add_all([*_rules(random, site.id, members), *schedules])
        await session.flush()
        work = await _add_work(session, Demand(random, departments, [each.row for each in members]), schedules, days)
        given = await _fill(session, random, work, members)
        published_at = await _publish(session, schedules[0], manager, members[0].row)
        filled = await _assign(session, random, given, schedules, published_at)
        after = {"people": people, "days": days}
        await record(session, None, "seed", "site", site.id, site_id=site.id, after=after)
    places = sum(each.row.required_staff for each in work)
    logins = ", ".join(f"{each.email} with {each.password}" for each in LOGINS)
    return (
        f"{people} people in {len(departments)} departments, {len(work)} shifts from {week_label(week_start)} on, "
        f"{filled} of {places} places filled; sign in as {logins}"
    )


async def _add_site(session: AsyncSession, people: int) -> Site:
    site = Site(
        name=f"Havelland Logistics Centre ({people} people)",
        time_zone=_ZONE,
        confirm_within_minutes=_CONFIRM_WITHIN // timedelta(minutes=1),
    )
    session.add(site)
    await session.flush()
    return site


def _rules(random: Random, site_id: int, members: Sequence[Member]) -> list[Rule]:
    """What holds for all, and what a few people wish."""
    rules = [
        *common_rules(site_id),
        rule_row(
            site_id,
            "Team leads are trained for it",
            "qualification",
            QualificationLimits(all_of=(TEAM_LEAD,), shift_types=("management",)),
            priority=10,
        ),
        rule_row(
            site_id,
            "Twelve hours between two specialised shifts",
            "restriction",
            RestrictionLimits(forbidden_successions=(Succession("specialized", "specialized", 720),)),
            priority=7,
        ),
    ]
    for member in random.sample(members, len(members) // 20):
        weekday = random.randrange(7)
        rules.append(
            rule_row(
                site_id,
                f"A wish of {member.row.name}",
                "preference",
                PreferenceLimits(unwanted_weekdays=(weekday,)),
                employee_id=member.row.id,
                priority=3,
                strict=False,
            )
        )
    return rules


def _schedule(site_id: int, manager_id: int, week_start: date) -> Schedule:
    return Schedule(
        site_id=site_id, week_start=week_start, week_end=week_start + timedelta(days=6), created_by_id=manager_id
    )


async def _add_work(session: AsyncSession, demand: Demand, schedules: Sequence[Schedule], days: int) -> list[Work]:
    work: list[Work] = []
    for day in range(days):
        schedule = schedules[day // 7]
        work += demand.shifts_on(schedule.week_start + timedelta(days=day % 7), schedule, _ZONE)
    session.add_all(each.row for each in work)
    await session.flush()
    return work


async def _fill(
    session: AsyncSession, random: Random, work: Sequence[Work], members: Sequence[Member]
) -> list[tuple[ShiftFacts, EmployeeFacts]]:
    """Give the shifts to people; both people and rules are read as for anybody who is assigned."""
    judging = await find_judging(session, work[0].row.id, [each.row.id for each in members])
    if judging is None:
        raise NotFound
    facts = {person.facts.id: person.facts for person in judging.people}
    candidates = [Candidate(facts[each.row.id], each.kinds) for each in members]
    random.shuffle(candidates)
    shifts = [(_shift_facts(each.row), each.kind) for each in work]
    return list(fill(random, shifts, candidates, judging.rules))


def _shift_facts(row: Shift) -> ShiftFacts:
    return ShiftFacts(
        id=row.id,
        site_id=row.site_id,
        department_id=row.department_id,
        zone=row.time_zone,
        local_date=row.local_date,
        span=Interval(row.starts_at, row.ends_at),
        shift_type=row.shift_type,
        required_qualifications=tuple(row.requirements.get("qualifications", ())),
        required_staff=row.required_staff,
    )


async def _publish(session: AsyncSession, schedule: Schedule, manager: Employee, supervisor: Employee) -> datetime:
    """Take the first week through its steps, on the Thursday and Friday before it."""
    published_at = resolve_wall(schedule.week_start - timedelta(days=3), time(15), _ZONE).at
    values = {
        "schedule_id": schedule.id,
        "manager_id": manager.id,
        "supervisor_id": supervisor.id,
        "submitted_at": published_at - timedelta(days=1),
        "published_at": published_at,
    }
    for step in _STEPS:
        await session.execute(step, values)
    return published_at


async def _assign(
    session: AsyncSession,
    random: Random,
    given: Sequence[tuple[ShiftFacts, EmployeeFacts]],
    schedules: Sequence[Schedule],
    published_at: datetime,
) -> int:
    """Write the assignments, those of the first week with their answers; how many places they fill."""
    by_week = {schedule.week_start: schedule for schedule in schedules}
    rows: list[dict[str, Any]] = []
    for shift, employee in given:
        schedule = by_week[shift.week_start]
        row: dict[str, Any] = {
            "schedule_id": schedule.id,
            "shift_id": shift.id,
            "employee_id": employee.id,
            "starts_at": shift.span.starts_at,
            "ends_at": shift.span.ends_at,
            "created_by_id": schedule.created_by_id,
            "in_force": False,
            "status": AssignmentStatus.ASSIGNED.value,
            "confirm_by": None,
            "responded_at": None,
        }
        if schedule is schedules[0]:
            row |= _asked(random, shift, published_at)
        rows.append(row)
    await session.execute(insert(ScheduleAssignment).returning(col(ScheduleAssignment.id)), rows)
    return sum(row["status"] in ACTIVE for row in rows)


def _asked(random: Random, shift: ShiftFacts, published_at: datetime) -> dict[str, Any]:
    """What publishing adds to an assignment, and the answer given over the weekend before the week, if any."""
    status = random.choices(list(_ANSWERS), list(_ANSWERS.values()))[0]
    minutes = random.randrange(10, 48 * 60)
    return {
        "in_force": True,
        "status": status.value,
        "confirm_by": min(published_at + _CONFIRM_WITHIN, shift.span.starts_at),
        "responded_at": None if status == AssignmentStatus.PENDING else published_at + timedelta(minutes=minutes),
    }
