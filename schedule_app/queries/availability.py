"""When somebody can work, and which of their shifts another answer to that would touch."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.facts import EmployeeFacts, ShiftFacts
from schedule_app.domain.rules.availability import times_against
from schedule_app.domain.time import Interval
from schedule_app.queries.preferences import OWN_CLOCK

_OWN = text(f"""
    SELECT employees.id, employees.name, employees.department_id, employees.version, employees.availability,
           employees.later_availability, employees.availability_exceptions, sites.id AS site_id, sites.time_zone,
           {OWN_CLOCK}, sites.week_starts_on, CAST(now() AT TIME ZONE sites.time_zone AS date) AS today
    FROM employees JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = :employee_id AND employees.is_active AND employees.deleted_at IS NULL
""")  # noqa: S608 - constants

_AHEAD = text("""
    SELECT shifts.id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.local_date, shifts.starts_at,
           shifts.ends_at, shifts.title, shifts.shift_type, schedules.week_start, held.in_force
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE held.employee_id = :employee_id AND held.starts_at > now()
      AND held.status IN ('assigned', 'pending', 'confirmed') AND schedules.status <> 'archived'
    ORDER BY shifts.starts_at, held.in_force DESC, held.id
""")


async def own_availability(session: AsyncSession, employee_id: int) -> Row[Any]:
    """What is kept of when somebody can work, with their site and its date.

    Raises:
        NotFound: They do not work here any more.
    """
    row = (await session.execute(_OWN, {"employee_id": employee_id})).one_or_none()
    if row is None:
        raise NotFound
    return row


async def list_newly_outside(
    session: AsyncSession, employee_id: int, before: EmployeeFacts, after: EmployeeFacts
) -> list[Row[Any]]:
    """Shifts that lie ahead of somebody and which they could work before a change, and could not after it.

    A shift of a published week that is worked on anew comes once, as published.

    Args:
        session: A session.
        employee_id: Who.
        before: When they can work now.
        after: When they could.
    """
    found: dict[tuple[Any, ...], Row[Any]] = {}
    for row in await session.execute(_AHEAD, {"employee_id": employee_id}):
        shift = _shift(row)
        if times_against(after, shift)[0] and not times_against(before, shift)[0]:
            found.setdefault((row.starts_at, row.ends_at, row.title), row)
    return list(found.values())


def _shift(row: Row[Any]) -> ShiftFacts:
    return ShiftFacts(
        id=row.id,
        site_id=row.site_id,
        department_id=row.department_id,
        zone=row.time_zone,
        local_date=row.local_date,
        span=Interval(row.starts_at, row.ends_at),
        shift_type=row.shift_type,
        required_qualifications=(),
        required_staff=1,
    )
