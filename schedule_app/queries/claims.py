"""Requests for open shifts that wait for a planner, with what each would do."""

import asyncio
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, check_assignment, warnings
from schedule_app.domain.permissions import Actor, Permission, Role, can
from schedule_app.domain.time import Interval, moment_label, shift_label
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.facts import shift_facts
from schedule_app.queries.open_shifts import hours_effect

_WAITING = text("""
    SELECT claims.id AS claim_id, claims.created_at, claims.employee_id, employees.name AS employee_name,
           shifts.id, shifts.schedule_id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.local_date,
           shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications, ARRAY[]::bigint[] AS beside,
           schedules.week_start, sites.week_starts_on, sites.clock_24h, sites.name AS place,
           COALESCE(departments.name, '') AS department,
           (SELECT count(*) FROM schedule_assignments AS held
            WHERE held.shift_id = shifts.id AND held.status = ANY(:active)) AS staffed
    FROM claims
    JOIN employees ON employees.id = claims.employee_id
    JOIN shifts ON shifts.id = claims.shift_id
    JOIN schedules ON schedules.id = shifts.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE claims.status = 'waiting' AND (:every OR claims.site_id = :site_id)
    ORDER BY shifts.site_id, shifts.starts_at, shifts.id, claims.created_at, claims.id
""")


@dataclass(frozen=True, slots=True)
class WaitingClaim:
    """A request, in words.

    Attributes:
        id: The request.
        places: How many people the shift has and needs.
        hours: How the person's week would change.
        problems: What forbids it; then it can only be rejected.
        warnings: What speaks against it; a reason is needed then.
        can_approve: Whether the reader may approve it as things stand.
    """

    id: int
    employee_name: str
    shift: str
    where: str
    places: str
    hours: str
    asked_label: str
    problems: list[str]
    warnings: list[str]
    can_approve: bool


@dataclass(frozen=True, slots=True)
class ClaimsView:
    """What waits, soonest shift first, and of which sites and weeks, as (site, first day)."""

    claims: list[WaitingClaim]
    weeks: list[tuple[int, str]]


async def waiting_claims(session: AsyncSession, actor: Actor) -> ClaimsView:
    """Read the requests that the actor may decide, in one statement and one more for each site they are of."""
    values = {"active": sorted(ACTIVE), "every": actor.role == Role.ADMIN, "site_id": actor.site_id}
    rows = [
        row
        for row in await session.execute(_WAITING, values)
        if can(actor, Permission.ASSIGN, site_id=row.site_id, department_id=row.department_id)
    ]
    claims: list[WaitingClaim] = []
    for site_id, group in groupby(rows, key=lambda row: row.site_id):
        own = list(group)
        people, weeks = {row.employee_id for row in own}, {row.week_start for row in own}
        crowd = await read_crowd(session, site_id, own[0].week_starts_on, people, weeks)
        may_override = can(actor, Permission.OVERRIDE_WARNING, site_id=site_id)
        claims += await asyncio.to_thread(lambda own=own, crowd=crowd, may=may_override: _told(own, crowd, may))
    return ClaimsView(claims, sorted({(row.site_id, row.week_start.isoformat()) for row in rows}))


def _told(rows: list[Row[Any]], crowd: Crowd, may_override: bool) -> list[WaitingClaim]:
    return [_claim(row, crowd, may_override) for row in rows]


def _claim(row: Row[Any], crowd: Crowd, may_override: bool) -> WaitingClaim:
    person = crowd.people.get(row.employee_id)
    shift = crowd.meeting(shift_facts(row, row.id), row.schedule_id)
    worked = crowd.worked(row.employee_id, row.week_start, row.schedule_id) if person else []
    found = check_assignment(crowd.rules, person, worked, shift) if person else ()
    problems = [each.message for each in blocking(found)]
    if person is None:
        problems.append(f"{row.employee_name} does not work at this site any more.")
    if row.staffed >= row.required_staff:
        problems.append("The last place was filled in the meantime.")
    warned = [each.message for each in warnings(found)]
    return WaitingClaim(
        id=row.claim_id,
        employee_name=row.employee_name,
        shift=shift_label(
            Interval(row.starts_at, row.ends_at),
            row.time_zone,
            row.title or row.shift_type.capitalize(),
            clock_24h=row.clock_24h,
        ),
        where=" · ".join(filter(None, (row.place, row.department))),
        places=f"{row.staffed} of {row.required_staff} {'person' if row.required_staff == 1 else 'people'}",
        hours=hours_effect(worked, shift),
        asked_label=moment_label(row.created_at, row.time_zone, clock_24h=row.clock_24h),
        problems=problems,
        warnings=warned,
        can_approve=not problems and (may_override or not warned),
    )
