"""What planning a schedule's shifts depends on: its shifts, the people, their other work, the rules, what stands."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.optimizer.problem import Told
from schedule_app.queries.bulk_facts import read_crowd

_SCHEDULE = text("""
    SELECT schedules.id, schedules.site_id, schedules.week_start, schedules.status, sites.time_zone,
           sites.week_starts_on, sites.weights,
           ARRAY(SELECT employees.id FROM employees
                 WHERE employees.site_id = sites.id AND employees.is_active AND employees.deleted_at IS NULL
                 ORDER BY employees.id) AS employee_ids
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = :schedule_id
""")

_SHIFTS = text("""
    SELECT id, department_id, local_date, starts_at, ends_at, shift_type, title, required_staff, priority,
           COALESCE(requirements -> 'qualifications', '[]') AS qualifications
    FROM shifts WHERE schedule_id = :schedule_id
    ORDER BY starts_at, id
""")

# Whoever has the same shift in the version in force was told of it, or has said no to it there. An answer is one for
# the hours it was given for; none in time is a no.
_HELD = text("""
    WITH told AS (
        SELECT shifts.id AS shift_id, told.employee_id, told.status,
               COALESCE(told.responded_at, told.confirm_by) AS answered_at,
               (same.starts_at, same.ends_at) = (shifts.starts_at, shifts.ends_at) AS is_same_time
        FROM schedules AS published
        JOIN shifts AS same ON same.schedule_id = published.id
        JOIN shifts ON shifts.lineage_id = same.lineage_id AND shifts.schedule_id = :schedule_id
        JOIN schedule_assignments AS told ON told.shift_id = same.id
        WHERE published.site_id = :site_id AND published.week_start = :week_start AND published.status = 'published'
    )
    SELECT held.shift_id, held.employee_id, held.status, held.pinned,
           COALESCE((
               SELECT CASE WHEN told.status = 'confirmed' AND told.is_same_time THEN 'confirmed' ELSE 'published' END
               FROM told
               WHERE told.shift_id = held.shift_id AND told.employee_id = held.employee_id
                 AND told.status = ANY(:active)), 'draft') AS told,
           EXISTS (
               SELECT FROM told
               WHERE told.shift_id = held.shift_id AND told.employee_id = held.employee_id
                 AND told.status IN ('declined', 'expired') AND told.is_same_time
                 AND told.answered_at >= held.created_at) AS has_declined
    FROM schedule_assignments AS held
    WHERE held.schedule_id = :schedule_id
    UNION ALL
    SELECT told.shift_id, told.employee_id, told.status, false, 'published', true
    FROM told
    WHERE told.status IN ('declined', 'expired') AND told.is_same_time AND NOT EXISTS (
        SELECT FROM schedule_assignments AS held
        WHERE held.shift_id = told.shift_id AND held.employee_id = told.employee_id)
    ORDER BY 1, 2
""")

_TOLD = text("""
    SELECT told.employee_id, bool_or(told.status = 'confirmed') AS has_confirmed
    FROM schedules AS published
    JOIN schedule_assignments AS told ON told.schedule_id = published.id AND told.status = ANY(:active)
    WHERE published.site_id = :site_id AND published.week_start = :week_start AND published.status = 'published'
    GROUP BY told.employee_id
""")


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift to be staffed.

    Attributes:
        priority: 1 to 10, 10 the most important.
    """

    facts: ShiftFacts
    title: str
    priority: int


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody who has a shift, or had it and said no.

    Attributes:
        is_active: Whether it still is theirs.
        told: Whether the version in force has it too, and they have said yes there.
        has_declined: Whether they have said no in the version in force since they were put on it in this one, or
            nothing in time.
    """

    shift_id: int
    employee_id: int
    is_active: bool
    is_pinned: bool
    told: Told
    has_declined: bool


@dataclass(frozen=True, slots=True)
class Planning:
    """A schedule and all that planning it depends on.

    Attributes:
        elsewhere: By employee, what they work outside of this schedule and around its week.
        weights: What the site has tuned of the weights of its rules, by type.
        told: By employee the firmest of what the version in force tells them; whoever it tells nothing is left out.
    """

    schedule_id: int
    site_id: int
    week_start: date
    status: ScheduleStatus
    shifts: tuple[PlannedShift, ...]
    people: tuple[EmployeeFacts, ...]
    elsewhere: dict[int, tuple[ShiftFacts, ...]]
    rules: tuple[RuleFacts[Any], ...]
    held: tuple[Holding, ...]
    weights: dict[str, int]
    told: dict[int, Told]


async def read_planning(session: AsyncSession, schedule_id: int) -> Planning:
    """Read it, in five statements whatever the size of the site.

    Raises:
        NotFound: No such schedule.
        InvalidInput: A rule or a person's data is stored in a form that cannot be understood.
    """
    schedule = (await session.execute(_SCHEDULE, {"schedule_id": schedule_id})).one_or_none()
    if schedule is None:
        raise NotFound
    shifts = tuple(
        PlannedShift(_facts(schedule, row), row.title or row.shift_type.capitalize(), row.priority)
        for row in await session.execute(_SHIFTS, {"schedule_id": schedule_id})
    )
    of_this_week = {
        "schedule_id": schedule_id,
        "site_id": schedule.site_id,
        "week_start": schedule.week_start,
        "active": sorted(ACTIVE),
    }
    held = tuple(
        Holding(row.shift_id, row.employee_id, row.status in ACTIVE, row.pinned, Told(row.told), row.has_declined)
        for row in await session.execute(_HELD, of_this_week)
    )
    told = {
        row.employee_id: Told.CONFIRMED if row.has_confirmed else Told.PUBLISHED
        for row in await session.execute(
            _TOLD,
            {"site_id": schedule.site_id, "week_start": schedule.week_start, "active": sorted(ACTIVE)},
        )
    }
    crowd = await read_crowd(
        session, schedule.site_id, schedule.week_starts_on, schedule.employee_ids, [schedule.week_start]
    )
    own = {shift.facts.id for shift in shifts}
    elsewhere = {
        employee_id: tuple(
            shift for shift in crowd.worked(employee_id, schedule.week_start, schedule.id) if shift.id not in own
        )
        for employee_id in schedule.employee_ids
    }
    return Planning(
        schedule_id=schedule.id,
        site_id=schedule.site_id,
        week_start=schedule.week_start,
        status=ScheduleStatus(schedule.status),
        shifts=shifts,
        people=tuple(crowd.people[employee_id] for employee_id in schedule.employee_ids),
        elsewhere=elsewhere,
        rules=tuple(sorted(crowd.rules, key=lambda rule: rule.id)),
        held=held,
        weights=schedule.weights,
        told=told,
    )


def _facts(schedule: Row[Any], row: Row[Any]) -> ShiftFacts:
    return ShiftFacts(
        id=row.id,
        site_id=schedule.site_id,
        department_id=row.department_id,
        zone=schedule.time_zone,
        local_date=row.local_date,
        span=Interval(row.starts_at, row.ends_at),
        shift_type=row.shift_type,
        required_qualifications=tuple(row.qualifications),
        required_staff=row.required_staff,
        week_starts_on=schedule.week_starts_on,
    )
