"""The week as a grid: people down, days across."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.cost import cost_cents
from schedule_app.domain.day_clock import DayClock, day_clock
from schedule_app.domain.time import Interval, span_label, week_days, week_start_of
from schedule_app.queries.labels import initials, week_label
from schedule_app.queries.weeks import (
    BoardDay,
    ScheduleHead,
    Site,
    WhichVersion,
    choose_version,
    get_site_of_week,
    headings,
    list_versions,
)

_PREVIOUS = text("""
    SELECT schedules.id FROM schedules
    WHERE schedules.site_id = :site_id AND schedules.week_start < :week_start
      AND EXISTS (SELECT 1 FROM shifts WHERE shifts.schedule_id = schedules.id)
    ORDER BY schedules.week_start DESC, schedules.in_force DESC, schedules.version_number DESC
    LIMIT 1
""")

_SHIFTS = text("""
    SELECT shifts.id, shifts.local_date, shifts.starts_at, shifts.ends_at, shifts.time_zone, shifts.shift_type,
           shifts.title, shifts.required_staff, shifts.version, shifts.local_start, shifts.local_end,
           COALESCE(departments.name, '') AS department,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications
    FROM shifts
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE shifts.schedule_id = ANY(:schedules)
    ORDER BY shifts.starts_at, shifts.ends_at, shifts.id
""")

_ASSIGNMENTS = text("""
    SELECT held.id, held.version, held.shift_id, held.employee_id, held.status,
           COALESCE(broken.warnings, 0), held.objection IS NOT NULL AS is_objected
    FROM schedule_assignments AS held
    LEFT JOIN (
        SELECT assignment_id, count(*) AS warnings FROM rule_violations
        WHERE schedule_id = ANY(:schedules)
        GROUP BY assignment_id
    ) AS broken ON broken.assignment_id = held.id
    WHERE held.schedule_id = ANY(:schedules) AND held.status = ANY(:shown)
    ORDER BY held.starts_at, held.ends_at, held.id
""")

_PEOPLE = text("""
    SELECT employees.id, employees.name, employees.role, COALESCE(departments.name, ''), employees.contracted_minutes,
           CASE WHEN :drafts AND employees.qualifications <> '[]' THEN ARRAY(
               SELECT DISTINCT held ->> 'name' FROM jsonb_array_elements(employees.qualifications) AS held
               WHERE COALESCE((held ->> 'expires_on')::date, :first_day) >= :first_day ORDER BY 1
           ) ELSE '{}' END AS qualifications,
           CASE WHEN :cost THEN employees.hourly_rate_cents END AS hourly_rate_cents,
           CASE WHEN :drafts THEN ARRAY(
               SELECT jsonb_build_array(first_on - :first_day, last_on - :first_day, whole_days, starts_at, ends_at,
                                        time_zone)
               FROM time_off_requests AS asked
               WHERE asked.employee_id = employees.id AND asked.status = 'approved'
                 AND asked.first_on < :first_day + 7 AND asked.last_on >= :first_day
               ORDER BY asked.starts_at
           ) ELSE '{}' END AS off
    FROM employees
    LEFT JOIN departments ON departments.id = employees.department_id
    WHERE (employees.site_id = :site_id AND employees.is_active AND employees.deleted_at IS NULL)
       OR employees.id = ANY(:assigned)
""")


class Chip(TypedDict):
    """An assignment in a cell; `v` is its version, `warn` how many warnings it was made against.

    `objects` is there for planners where the person has something against it.
    """

    id: int
    v: int
    shift: int
    label: str
    title: str
    kind: str
    status: str
    warn: int
    objects: NotRequired[bool]


class BoardRow(TypedDict):
    """A person's week; `target` is their contracted minutes, `qualifications` those good on the week's first day.

    Both are for planners, as is `off`: by day, on which they are off, in words; it is there if they are on any.
    `cents` is what each day costs, None where there is no rate or the viewer may not know.
    """

    id: int
    name: str
    initials: str
    role: str
    department: str
    qualifications: list[str]
    minutes: int
    target: int | None
    cents: list[int] | None
    cells: list[list[Chip]]
    off: NotRequired[dict[str, str]]


class BoardShift(TypedDict):
    """A shift and how far it is staffed; `v` is its version, `start` and `end` are wall times as "07:00".

    It begins `at` minutes after its day did, and lasts `minutes`: both really pass, whatever the clock does.
    """

    id: int
    v: int
    start: str
    end: str
    at: int
    minutes: int
    label: str
    title: str
    kind: str
    needed: int
    staffed: int
    department: str
    qualifications: list[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What some schedules hold, as rows.

    Attributes:
        shifts: In the order they begin.
        held: Who is on them; (id, version, shift, employee, status, warnings, whether they object) each.
        people: By name; (id, name, role, department, contracted minutes, qualifications, rate, time off) each.
        staffed: By shift, how many people count for it.
    """

    shifts: Sequence[Any]
    held: Sequence[tuple[Any, ...]]
    people: Sequence[tuple[Any, ...]]
    staffed: Counter[int]


@dataclass(frozen=True, slots=True)
class BoardView:
    """A week's board.

    Attributes:
        week_start: The first day, as an ISO date.
        schedule: The version shown; None when there is none to be seen.
        shifts: Per day, its shifts in the order they begin.
        rows: Everyone active at the site and everyone on a shift, by name.
        clock: How the clock runs through each of the days.
        currency: Of the costs; empty when the viewer may not know them.
        previous_schedule_id: A schedule of the latest earlier week with shifts, to copy them from.
        plan: What the shifts and the rows were made of.
    """

    site_id: int
    site_name: str
    zone: str
    clock_24h: bool
    week_start: str
    week_label: str
    schedule: ScheduleHead | None
    days: list[BoardDay]
    clock: list[DayClock]
    shifts: list[list[BoardShift]]
    rows: list[BoardRow]
    currency: str
    previous_schedule_id: int | None
    plan: Plan = field(repr=False, compare=False)


async def week_board(
    session: AsyncSession,
    site_id: int,
    week_start: date,
    *,
    drafts: bool,
    cost: bool,
    version: WhichVersion,
    today: date,
    before: BoardView | None = None,
) -> BoardView:
    """Read a week's board. It depends on the viewer only through `drafts` and `cost`: equal viewers may share it.

    Args:
        session: A session.
        site_id: The site; whether the viewer may see it is the caller's business.
        week_start: Any date of the week.
        drafts: Whether the viewer plans. The others are shown the published version, without what only planners should
            know: contracted hours, qualifications, warnings, shifts that were declined or not answered in time.
        cost: Whether the viewer may know what the work costs.
        version: Which version planners look at.
        today: The date at the site.
        before: The same board, read earlier: rows and shifts that have not changed since are taken over from it, the
            very objects.

    Raises:
        NotFound: No such site.
        InvalidInput: A date out of range.
    """
    site = await get_site_of_week(session, site_id)
    first_day = week_start_of(week_start, site.week_starts_on)
    versions = await list_versions(session, site_id, [first_day])
    schedule = choose_version(versions[first_day], drafts=drafts, version=version)
    previous = None
    if drafts:
        previous = await session.scalar(_PREVIOUS, {"site_id": site_id, "week_start": first_day})
    plan = await read_plan(session, site_id, [schedule.id] if schedule else [], first_day, drafts=drafts, cost=cost)
    shifts, staffed = plan.shifts, plan.staffed
    known = before if before and _says_alike(before, site, first_day, shifts) else None
    clock = [day_clock(day, site.zone) for day in week_days(first_day)]
    return BoardView(
        site_id=site_id,
        site_name=site.name,
        zone=site.zone,
        clock_24h=site.clock_24h,
        week_start=first_day.isoformat(),
        week_label=week_label(first_day),
        schedule=schedule,
        days=headings(first_day, today, ((row.local_date, row.required_staff, staffed[row.id]) for row in shifts)),
        clock=clock,
        shifts=_by_day(first_day, plan, clock, known, clock_24h=site.clock_24h),
        rows=_rows(first_day, plan, known, drafts=drafts, clock_24h=site.clock_24h),
        currency=site.currency if cost else "",
        previous_schedule_id=previous,
        plan=plan,
    )


def board_shift(row: Row[Any], staffed: int, day_starts: int, *, clock_24h: bool) -> BoardShift:
    """A shift as it was read, of a day that starts so many minutes after 1970."""
    span = Interval(row.starts_at, row.ends_at)
    return {
        "id": row.id,
        "v": row.version,
        "start": f"{row.local_start:%H:%M}",
        "end": f"{row.local_end:%H:%M}",
        "at": int(span.starts_at.timestamp()) // 60 - day_starts,
        "minutes": span.minutes,
        "label": span_label(span, row.time_zone, clock_24h=clock_24h),
        "title": row.title or row.shift_type.capitalize(),
        "kind": row.shift_type,
        "needed": row.required_staff,
        "staffed": staffed,
        "department": row.department,
        "qualifications": row.qualifications,
    }


def _by_day(
    first_day: date, plan: Plan, clock: Sequence[DayClock], known: BoardView | None, *, clock_24h: bool
) -> list[list[BoardShift]]:
    if known:
        return [[_restaffed(shift, plan.staffed[shift["id"]]) for shift in day] for day in known.shifts]
    days: list[list[BoardShift]] = [[] for _ in range(7)]
    for row in plan.shifts:
        day = (row.local_date - first_day).days
        days[day].append(board_shift(row, plan.staffed[row.id], clock[day]["starts"], clock_24h=clock_24h))
    return days


def _restaffed(shift: BoardShift, staffed: int) -> BoardShift:
    return shift if shift["staffed"] == staffed else {**shift, "staffed": staffed}


async def read_plan(
    session: AsyncSession, site_id: int, schedules: Sequence[int], first_day: date, *, drafts: bool, cost: bool
) -> Plan:
    """Read what some schedules of a site hold, in three statements, or in one when there are none.

    Args:
        session: A session.
        site_id: The site; everybody active there is among the people.
        schedules: The schedules' ids.
        first_day: The day on which people's qualifications count.
        drafts: As for `week_board`.
        cost: As for `week_board`.
    """
    shifts: Sequence[Any] = []
    held: list[tuple[Any, ...]] = []
    if schedules:
        shown = sorted({*ACTIVE, "declined", "expired"} if drafts else ACTIVE)
        shifts = (await session.execute(_SHIFTS, {"schedules": schedules})).all()
        # Plain tuples: SQLAlchemy's take ten times as long to compare.
        held = [*map(tuple, await session.execute(_ASSIGNMENTS, {"schedules": schedules, "shown": shown}))]
    assigned = sorted({row[3] for row in held})
    people_at = {"site_id": site_id, "assigned": assigned, "drafts": drafts, "cost": cost, "first_day": first_day}
    people = [*map(tuple, await session.execute(_PEOPLE, people_at))]
    return Plan(
        shifts=shifts,
        held=held,
        people=sorted(people, key=lambda row: (row[1].casefold(), row[0])),
        staffed=Counter(row[2] for row in held if row[4] in ACTIVE),
    )


def _says_alike(before: BoardView, site: Site, first_day: date, shifts: Sequence[Any]) -> bool:
    """Whether what is said of the shifts, on them and in people's cells, is what was said before."""
    was = before.zone, before.clock_24h, before.week_start
    return was == (site.zone, site.clock_24h, first_day.isoformat()) and before.plan.shifts == shifts


def _unchanged(plan: Plan, known: BoardView) -> dict[int, BoardRow]:
    """The rows of those of whom, and of whose shifts, everything is as it was."""
    people = {person[0]: person for person in known.plan.people}
    changed = {row[3] for row in set(plan.held).symmetric_difference(known.plan.held)}
    changed |= {person[0] for person in plan.people if people.get(person[0]) != person}
    return {row["id"]: row for row in known.rows if row["id"] not in changed}


def _rows(first_day: date, plan: Plan, known: BoardView | None, *, drafts: bool, clock_24h: bool) -> list[BoardRow]:
    kept = _unchanged(plan, known) if known else {}
    rows: dict[int, BoardRow] = {}
    rates: dict[int, int | None] = {}
    worked: Counter[tuple[int, int]] = Counter()
    for person in plan.people:
        employee_id, name, role, department, contracted, qualifications, rate, off = person
        if employee_id in kept:
            rows[employee_id] = kept[employee_id]
            continue
        rates[employee_id] = rate
        rows[employee_id] = {
            "id": employee_id,
            "name": name,
            "initials": initials(name),
            "role": role,
            "department": department,
            "qualifications": qualifications,
            "minutes": 0,
            "target": contracted if drafts else None,
            "cents": None,
            "cells": [[] for _ in range(7)],
        }
        if off:
            rows[employee_id]["off"] = _off(off, clock_24h=clock_24h)
    held = [row for row in plan.held if row[3] not in kept]
    # Many people share a shift, so what a chip says of it is made once.
    said: dict[int, tuple[int, int, str, str, str]] = {}
    worked_on = {row[2] for row in held}
    for row in plan.shifts:
        if row.id not in worked_on:
            continue
        span = Interval(row.starts_at, row.ends_at)
        title = row.title or row.shift_type.capitalize()
        day = (row.local_date - first_day).days
        label = span_label(span, row.time_zone, clock_24h=clock_24h)
        said[row.id] = day, span.minutes, label, title, row.shift_type
    for assignment_id, version, shift_id, employee_id, status, warnings, is_objected in held:
        day, minutes, label, title, kind = said[shift_id]
        row = rows[employee_id]
        chip: Chip = {
            "id": assignment_id,
            "v": version,
            "shift": shift_id,
            "label": label,
            "title": title,
            "kind": kind,
            "status": status,
            "warn": warnings if drafts else 0,
        }
        if drafts and is_objected:
            chip["objects"] = True
        row["cells"][day].append(chip)
        if status in ACTIVE:
            row["minutes"] += minutes
            worked[employee_id, day] += minutes
    for employee_id, rate in rates.items():
        if rate is not None:
            rows[employee_id]["cents"] = [cost_cents(worked[employee_id, day], rate) for day in range(7)]
    return list(rows.values())


def _off(requests: Sequence[Sequence[Any]], *, clock_24h: bool) -> dict[str, str]:
    """When somebody is off, by the days of the week on which they are, counted from 0."""
    words: dict[str, list[str]] = {}
    for first, last, whole_days, starts_at, ends_at, zone in requests:
        span = Interval(datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at))
        label = "Off" if whole_days else f"Off {span_label(span, zone, clock_24h=clock_24h)}"
        for day in range(max(0, first), min(6, last) + 1):
            words.setdefault(str(day), []).append(label)
    return {day: ", ".join(dict.fromkeys(labels)) for day, labels in words.items()}
