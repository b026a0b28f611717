"""Requests for time off as those see them who decide: with the coverage that each decision would leave."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, Role, can, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval, moment_label, shift_label
from schedule_app.domain.time_off import TimeOffKind, TimeOffStatus, time_off_label
from schedule_app.queries.labels import long_day, week_label
from schedule_app.queries.time_offs import KIND_LABELS, length_label

_MOST_SHOWN: Final = 100
_MOST_NAMED: Final = 12

_TO_DECIDE = text("""
    SELECT asked.id, asked.version, asked.employee_id, employees.name, employees.site_id, employees.department_id,
           COALESCE(departments.name, '') AS department, asked.kind, asked.whole_days, asked.starts_at, asked.ends_at,
           asked.time_zone, COALESCE(asked.note, '') AS note, asked.status, asked.created_at, sites.clock_24h,
           sites.name AS site_name
    FROM time_off_requests AS asked
    JOIN employees ON employees.id = asked.employee_id
    JOIN sites ON sites.id = employees.site_id
    LEFT JOIN departments ON departments.id = employees.department_id
    WHERE (asked.status = 'waiting' OR (asked.status = 'approved' AND asked.ends_at > :now))
      AND employees.is_active AND employees.deleted_at IS NULL
      AND (:everywhere OR employees.site_id = :site_id)
      AND (CAST(:department_id AS bigint) IS NULL OR employees.department_id = :department_id)
    ORDER BY asked.status = 'approved', asked.starts_at, asked.id
    LIMIT :most
""")

# In force, or in the version in work where the week has none in force.
_SHIFTS_TOUCHED = text("""
    SELECT asked.id AS request_id, shifts.id, shifts.schedule_id, shifts.local_date, shifts.starts_at, shifts.ends_at,
           shifts.time_zone, shifts.title, shifts.shift_type, shifts.required_staff, shifts.department_id,
           shifts.site_id, schedules.status AS schedule_status, schedules.week_start,
           shifts.starts_at > :now AS lies_ahead,
           (SELECT count(*) FROM schedule_assignments AS there
            WHERE there.shift_id = shifts.id AND there.status = ANY(:active)) AS staffed
    FROM time_off_requests AS asked
    JOIN schedule_assignments AS held
        ON held.employee_id = asked.employee_id AND held.starts_at < asked.ends_at AND held.ends_at > asked.starts_at
        AND held.status IN ('assigned', 'pending', 'confirmed')
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id AND schedules.status <> 'archived'
    WHERE asked.id = ANY(:request_ids)
    ORDER BY shifts.starts_at, schedules.in_force DESC, shifts.id
""")

_DAYS = text("""
    SELECT shifts.schedule_id, shifts.local_date, sum(shifts.required_staff) AS needed,
           sum(least(shifts.required_staff, (
               SELECT count(*) FROM schedule_assignments AS there
               WHERE there.shift_id = shifts.id AND there.status = ANY(:active)))) AS filled
    FROM shifts
    WHERE shifts.schedule_id = ANY(:schedule_ids) AND shifts.local_date = ANY(:days)
    GROUP BY shifts.schedule_id, shifts.local_date
""")

_OFF_THEN = text("""
    SELECT asked.id AS request_id, others.name, other.starts_at, other.ends_at, other.time_zone, other.status,
           others.department_id, others.site_id
    FROM time_off_requests AS asked
    JOIN employees ON employees.id = asked.employee_id
    JOIN employees AS others
        ON others.site_id = employees.site_id AND others.id <> employees.id
        AND others.is_active AND others.deleted_at IS NULL
    JOIN time_off_requests AS other
        ON other.employee_id = others.id AND other.status IN ('waiting', 'approved')
        AND other.starts_at < asked.ends_at AND other.ends_at > asked.starts_at
    WHERE asked.id = ANY(:request_ids)
    ORDER BY other.starts_at, lower(others.name), other.id
""")

_STANDING = text("""
    SELECT asked.status, employees.site_id, employees.department_id, employees.name
    FROM time_off_requests AS asked JOIN employees ON employees.id = asked.employee_id
    WHERE asked.id = :request_id
""")


@dataclass(frozen=True, slots=True)
class Places:
    """How many places of a shift or a day are filled, and how many would be."""

    label: str
    needed: int
    now: int
    then: int
    is_short: bool


@dataclass(frozen=True, slots=True)
class TimeOffToDecide:
    """A request as those see it who decide.

    Attributes:
        place: The person's department, and the site where the viewer decides for several.
        shifts: What of published weeks the person would be taken off.
        drafts: The same of drafts; a week that is published and worked on anew is in both.
        days: The days of `shifts` and `drafts`, all shifts of the site together.
        begun: Shifts that have begun and stay theirs, in words.
        away: Who else is off then, in words; the first few.
        hindrance: Why it cannot be approved as things stand, or "".
    """

    id: int
    version: int
    name: str
    place: str
    kind: str
    when: str
    lasts: str
    note: str
    asked: str
    shifts: list[Places] = field(default_factory=list)
    drafts: list[Places] = field(default_factory=list)
    days: list[Places] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class TimeOffDecisions:
    """What waits for a decision, by time, and what is approved and not over yet.

    Attributes:
        people: Who waits.
        weeks: The weeks whose coverage is told, each with its site.
    """

    waiting: list[TimeOffToDecide]
    coming: list[TimeOffToDecide]
    people: frozenset[int]
    weeks: frozenset[tuple[int, date]]


async def time_off_decisions(session: AsyncSession, actor: Actor, *, now: datetime) -> TimeOffDecisions:
    """Read what the actor decides over, with what each request would leave; in four statements however many there are.

    Raises:
        NotAllowed: The actor decides over nobody's time off.
    """
    require(actor, Permission.DECIDE_TIME_OFF)
    values = {
        "now": now,
        "everywhere": actor.role == Role.ADMIN,
        "site_id": actor.site_id,
        "department_id": actor.department_id if actor.role == Role.SUPERVISOR else None,
        "most": _MOST_SHOWN,
    }
    asked = (await session.execute(_TO_DECIDE, values)).all()
    ids = {"request_ids": [row.id for row in asked if row.status == TimeOffStatus.WAITING]}
    touched = (await session.execute(_SHIFTS_TOUCHED, {**ids, "now": now, "active": sorted(ACTIVE)})).all()
    ahead = [row for row in touched if row.lies_ahead]
    days = {
        "schedule_ids": sorted({row.schedule_id for row in ahead}),
        "days": sorted({row.local_date for row in ahead}),
        "active": sorted(ACTIVE),
    }
    totals = {(row.schedule_id, row.local_date): row for row in await session.execute(_DAYS, days)}
    away = defaultdict[int, list[Row[Any]]](list)
    for row in await session.execute(_OFF_THEN, ids):
        if can(actor, Permission.DECIDE_TIME_OFF, site_id=row.site_id, department_id=row.department_id):
            away[row.request_id].append(row)
    by_request = defaultdict[int, list[Row[Any]]](list)
    for row in touched:
        by_request[row.request_id].append(row)
    shown = [(row, _to_decide(actor, row, by_request[row.id], totals, away[row.id], now)) for row in asked]
    return TimeOffDecisions(
        waiting=[each for row, each in shown if row.status == TimeOffStatus.WAITING],
        coming=[each for row, each in shown if row.status == TimeOffStatus.APPROVED],
        people=frozenset(row.employee_id for row in asked if row.status == TimeOffStatus.WAITING),
        weeks=frozenset((row.site_id, row.week_start) for row in touched),
    )


async def standing_of(session: AsyncSession, actor: Actor, request_id: int) -> str:
    """What became of a request that a message leads to, in words; "" while it waits.

    Raises:
        NotFound: No such request, or none that the actor decides over.
    """
    row = (await session.execute(_STANDING, {"request_id": request_id})).one_or_none()
    if row is None or not can(actor, Permission.DECIDE_TIME_OFF, site_id=row.site_id, department_id=row.department_id):
        raise NotFound
    return "" if row.status == TimeOffStatus.WAITING else f"The time off of {row.name} is {row.status} already."


def _span(row: Row[Any]) -> Interval:
    return Interval(row.starts_at, row.ends_at)


def _label(row: Row[Any], clock_24h: bool) -> str:
    return shift_label(_span(row), row.time_zone, row.title or row.shift_type.capitalize(), clock_24h=clock_24h)


def _to_decide(
    actor: Actor,
    row: Row[Any],
    touched: Sequence[Row[Any]],
    totals: dict[tuple[int, date], Row[Any]],
    away: Sequence[Row[Any]],
    now: datetime,
) -> TimeOffToDecide:
    clock_24h = row.clock_24h
    ahead = [each for each in touched if each.lies_ahead]
    published = [each for each in ahead if each.schedule_status == ScheduleStatus.PUBLISHED]
    others = [
        f"{each.name}, {time_off_label(_span(each), each.time_zone, clock_24h=clock_24h)} ({each.status})"
        for each in away
    ]
    more = len(others) - _MOST_NAMED
    return TimeOffToDecide(
        id=row.id,
        version=row.version,
        name=row.name,
        place=" · ".join(filter(None, [row.site_name if actor.role == Role.ADMIN else "", row.department])),
        kind=KIND_LABELS[TimeOffKind(row.kind)],
        when=time_off_label(_span(row), row.time_zone, clock_24h=clock_24h),
        lasts=length_label(_span(row), row.time_zone, whole_days=row.whole_days),
        note=row.note,
        asked=f"Asked {moment_label(row.created_at, row.time_zone, clock_24h=clock_24h)}",
        shifts=[_places(each, clock_24h) for each in published],
        drafts=[_places(each, clock_24h) for each in ahead if each not in published],
        days=_day_places(published, [each for each in ahead if each not in published], totals),
        begun=[_label(each, clock_24h) for each in touched if not each.lies_ahead and each.ends_at > now],
        away=[*others[:_MOST_NAMED], *([f"and {more} more"] if more > 0 else [])],
        hindrance=_hindrance(actor, row, ahead),
    )


def _places(shift: Row[Any], clock_24h: bool) -> Places:
    label, needed = _label(shift, clock_24h), shift.required_staff
    return Places(label, needed, shift.staffed, shift.staffed - 1, shift.staffed - 1 < needed)


def _day_places(
    published: Sequence[Row[Any]], drafts: Sequence[Row[Any]], totals: dict[tuple[int, date], Row[Any]]
) -> list[Places]:
    """A day counts in the version in force, and in the one in work where its week has none in force."""
    weeks = {(each.site_id, each.week_start) for each in published}
    lost = defaultdict[tuple[int, date], list[Row[Any]]](list)
    for each in (*published, *(each for each in drafts if (each.site_id, each.week_start) not in weeks)):
        lost[each.schedule_id, each.local_date].append(each)
    found = []
    for (schedule_id, day), shifts in sorted(lost.items(), key=lambda each: each[0][1]):
        total = totals[schedule_id, day]
        then = total.filled - sum(each.staffed <= each.required_staff for each in shifts)
        found.append(Places(long_day(day), total.needed, total.filled, then, then < total.needed))
    return found


def _hindrance(actor: Actor, row: Row[Any], ahead: Sequence[Row[Any]]) -> str:
    for each in ahead:
        if each.schedule_status in (ScheduleStatus.PENDING, ScheduleStatus.APPROVED):
            week = week_label(each.week_start)
            return f"The week {week} is being approved. Publish it, or take it back to draft, before you approve this."
        if not can(actor, Permission.ASSIGN, site_id=each.site_id, department_id=each.department_id):
            return f"{row.name} has shifts of another department then. A manager has to decide."
    if row.employee_id == actor.employee_id and actor.role == Role.SUPERVISOR:
        return "Somebody else decides over your own time off."
    return ""
