"""Published shifts of a person that they could not be given any more, because something about the person changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import check_assignment
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.facts import BESIDE, shift_facts

#: Types of what depends on the person alone: whether they are here and free, and what they are trained for. What rules
#: say of somebody's other shifts is asked when a shift is given, and "Broken now" tells of it.
CAUSES: Final = frozenset({"inactive", "qualification", "time_off", "availability"})

_AHEAD = text(f"""
    SELECT held.id AS assignment_id, held.employee_id, held.schedule_id, employees.name, schedules.week_start,
           shifts.id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.title, shifts.local_date,
           shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
           sites.week_starts_on, sites.clock_24h, {BESIDE}
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.employee_id = :employee_id AND held.in_force AND held.status = ANY(:active) AND held.starts_at > now()
    ORDER BY shifts.site_id, held.starts_at, held.id
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Judged:
    """A published shift that somebody has, and what speaks against it now.

    Attributes:
        row: The assignment, its shift and its person's name.
    """

    row: Row[Any]
    violations: tuple[Violation, ...]


async def judge_ahead(session: AsyncSession, employee_id: int) -> list[Judged]:
    """Judge all coming shifts that somebody has in published weeks, as if they were given now.

    Raises:
        InvalidInput: A rule or a person's data is stored in a form that cannot be understood.
    """
    ahead = (await session.execute(_AHEAD, {"employee_id": employee_id, "active": sorted(ACTIVE)})).all()
    judged: list[Judged] = []
    for site_id in dict.fromkeys(each.site_id for each in ahead):
        here = [each for each in ahead if each.site_id == site_id]
        weeks = {each.week_start for each in here}
        crowd = await read_crowd(session, site_id, here[0].week_starts_on, [employee_id], weeks)
        judged += await asyncio.to_thread(_judge, here, crowd)
    return judged


def _judge(ahead: Sequence[Row[Any]], crowd: Crowd) -> list[Judged]:
    return [Judged(each, tuple(_against(each, crowd))) for each in ahead]


def _against(held: Row[Any], crowd: Crowd) -> list[Violation]:
    person = crowd.people.get(held.employee_id)
    if person is None:
        message = f"{held.name} does not work at this site any more."
        return [Violation("inactive", None, "block", message, held.employee_id, held.id)]
    worked = crowd.worked(held.employee_id, held.week_start, held.schedule_id)
    found = check_assignment(crowd.rules, person, worked, shift_facts(held, held.id))
    return [each for each in found if each.rule_type in CAUSES]
