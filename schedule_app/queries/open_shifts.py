"""The open shifts of a site that a person may take, with what each would mean for them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.oneself import for_oneself
from schedule_app.domain.permissions import Actor
from schedule_app.domain.rules.common import same_week, total_minutes
from schedule_app.domain.time import Interval, span_label
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.candidates import cost_of
from schedule_app.queries.facts import shift_facts
from schedule_app.queries.labels import hours_label, long_day, money_label
from schedule_app.queries.preferences import OWN_CLOCK

# What is open, and what the person waits for.
_OPEN = text(f"""
    SELECT sites.week_starts_on, sites.currency, {OWN_CLOCK}, sites.claims_need_approval, sites.name AS place,
           me.hourly_rate_cents, found.*
    FROM employees AS me
    JOIN sites ON sites.id = me.site_id
    JOIN LATERAL (
        SELECT shifts.id, shifts.schedule_id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.local_date,
               shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff,
               COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications, ARRAY[]::bigint[] AS beside,
               schedules.week_start, COALESCE(departments.name, '') AS department,
               own.status AS held_status, claim.id AS claim_id, offer.id IS NOT NULL AS is_asked,
               EXISTS (SELECT FROM call_outs AS out
                       WHERE out.shift_id = shifts.id AND out.employee_id = me.id) AS has_called_out,
               shifts.required_staff > (SELECT count(*) FROM schedule_assignments AS held
                                        WHERE held.shift_id = shifts.id AND held.status = ANY(:active)) AS is_open
        FROM shifts
        JOIN schedules ON schedules.id = shifts.schedule_id AND schedules.status = 'published'
        LEFT JOIN departments ON departments.id = shifts.department_id
        LEFT JOIN schedule_assignments AS own ON own.shift_id = shifts.id AND own.employee_id = me.id
        LEFT JOIN claims AS claim
            ON claim.shift_id = shifts.id AND claim.employee_id = me.id AND claim.status = 'waiting'
        LEFT JOIN shift_offers AS offer ON offer.shift_id = shifts.id AND offer.employee_id = me.id
        WHERE shifts.site_id = me.site_id AND shifts.starts_at > now()
          AND (own.id IS NULL OR own.status <> ALL(:active))
    ) AS found ON found.is_open OR found.claim_id IS NOT NULL
    WHERE me.id = :employee_id
    ORDER BY found.starts_at, found.id
""")  # noqa: S608 - constants

_WEEKS = text("""
    SELECT week_start FROM schedules
    WHERE site_id = :site_id AND status = 'published' AND week_end >= CAST(now() AS date) - 1
    ORDER BY week_start
""")


@dataclass(frozen=True, slots=True)
class OpenShift:
    """An open shift, in words.

    Attributes:
        id: The shift.
        starts_at: The instant, in ISO form.
        hours: How the person's week would change, as "32 h → 40 h that week".
        pay: What it would pay at the person's own rate; "" without one.
        warnings: What speaks against it; it has to be approved then.
        needs_approval: Whether a planner has to approve.
        claim_id: The person's request that waits for an answer; 0 when there is none.
    """

    id: int
    day_label: str
    label: str
    starts_at: str
    title: str
    place: str
    department: str
    hours: str
    pay: str
    warnings: list[str]
    needs_approval: bool
    claim_id: int


@dataclass(frozen=True, slots=True)
class OpenDay:
    """The open shifts of a day."""

    label: str
    shifts: list[OpenShift]


@dataclass(frozen=True, slots=True)
class OpenView:
    """What is open to a person.

    Attributes:
        asked: What was offered to them, soonest first.
        waiting: What they asked for, and nobody has decided yet.
        days: Everything else that they may take.
        hidden: How many that were offered to them are left out.
    """

    asked: list[OpenShift]
    waiting: list[OpenShift]
    days: list[OpenDay]
    hidden: int = 0


async def weeks_with_open_shifts(session: AsyncSession, site_id: int) -> list[date]:
    """The first days of the published weeks that are not over."""
    return list((await session.scalars(_WEEKS, {"site_id": site_id})).all())


async def open_shifts(session: AsyncSession, actor: Actor) -> OpenView:
    """Read what a person may take at their site, judged by the rules, in two statements however much there is.

    Shifts that a rule forbids them are left out, and so are those to which they said that they cannot come.
    """
    values = {"employee_id": actor.employee_id, "active": sorted(ACTIVE)}
    found = (await session.execute(_OPEN, values)).all()
    if not found:
        return OpenView([], [], [])
    starts = {row.week_start for row in found}
    crowd = await read_crowd(session, actor.site_id, found[0].week_starts_on, [actor.employee_id], starts)
    return await asyncio.to_thread(_view, found, crowd, actor.employee_id)


def _view(found: Sequence[Row[Any]], crowd: Crowd, employee_id: int) -> OpenView:
    asked: list[OpenShift] = []
    waiting: list[OpenShift] = []
    days: dict[date, list[OpenShift]] = {}
    hidden = 0
    for row in found:
        if row.has_called_out and row.held_status == AssignmentStatus.DECLINED:
            continue
        shift = _judged(row, crowd, employee_id)
        if shift is None:
            hidden += row.is_asked
        elif shift.claim_id:
            waiting.append(shift)
        elif row.is_asked:
            asked.append(shift)
        else:
            days.setdefault(row.local_date, []).append(shift)
    return OpenView(asked, waiting, [OpenDay(long_day(day), shifts) for day, shifts in days.items()], hidden)


def _judged(row: Row[Any], crowd: Crowd, employee_id: int) -> OpenShift | None:
    """The shift in words, or None where a rule forbids it; what was asked for is shown in any case."""
    person = crowd.people.get(employee_id)
    if person is None:
        return None
    worked = crowd.worked(employee_id, row.week_start, row.schedule_id)
    shift = crowd.meeting(shift_facts(row, row.id), row.schedule_id)
    violations = check_assignment(crowd.rules, person, worked, shift)
    if blocking(violations) and not row.claim_id:
        return None
    needs_approval = row.claims_need_approval or row.held_status == AssignmentStatus.CANCELLED
    pay = cost_of(row.hourly_rate_cents, shift.span.minutes)
    return OpenShift(
        id=row.id,
        day_label=long_day(row.local_date),
        label=span_label(Interval(row.starts_at, row.ends_at), row.time_zone, clock_24h=row.clock_24h),
        starts_at=row.starts_at.astimezone(UTC).isoformat(),
        title=row.title or row.shift_type.capitalize(),
        place=row.place,
        department=row.department,
        hours=hours_effect(worked, shift),
        pay="" if pay is None else money_label(pay, row.currency),
        warnings=[each.message for each in for_oneself(violations, crowd.rules, person.name)],
        needs_approval=bool(violations) or (needs_approval and not row.is_asked),
        claim_id=row.claim_id or 0,
    )


def hours_effect(worked: Sequence[ShiftFacts], shift: ShiftFacts) -> str:
    """How a shift would change the hours of its week, as "32 h → 40 h that week"."""
    after = total_minutes(same_week([each for each in worked if each.id != shift.id], shift))
    return f"{hours_label(after - shift.span.minutes)} → {hours_label(after)} that week"
