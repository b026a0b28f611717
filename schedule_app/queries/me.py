"""One person's own shifts, in published weeks only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE, ASKED, TRANSITIONS, AssignmentStatus
from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import Interval, local_date, moment_label, span_label, week_start_of
from schedule_app.queries.labels import long_day, week_label

_HOME = text("""
    SELECT sites.time_zone, sites.week_starts_on
    FROM employees JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = :employee_id
""")

_OWN = text("""
    SELECT held.id, held.version, held.status, held.confirm_by, COALESCE(held.response_note, '') AS note, held.shift_id,
           held.starts_at, held.ends_at, shifts.local_date, shifts.time_zone, shifts.title, shifts.shift_type,
           sites.name AS place, sites.clock_24h, COALESCE(departments.name, '') AS department, schedules.week_start
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE held.employee_id = :employee_id AND held.in_force AND held.status <> 'cancelled'
      AND (schedules.week_start >= :this_week OR held.ends_at > :now)
    ORDER BY held.starts_at, held.id
""")

_COLLEAGUES = text("""
    SELECT held.shift_id, employees.name
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    WHERE held.shift_id = ANY(:shift_ids) AND held.employee_id <> :employee_id AND held.status = ANY(:active)
    ORDER BY lower(employees.name), employees.id
""")


@dataclass(frozen=True, slots=True)
class MyShift:
    """One of the person's shifts, in words, and what they can still say to it.

    Attributes:
        id: The assignment.
        starts_at: The instant, in ISO form.
        confirm_by: Until when an answer is due, in ISO form, or "".
        note: What the person wrote with their answer.
        colleagues: The names of the others on the shift.
        can_call_out: Whether they can still say that they cannot come.
    """

    id: int
    version: int
    day_label: str
    label: str
    starts_at: str
    title: str
    place: str
    department: str
    status: str
    confirm_by: str
    deadline_text: str
    can_confirm: bool
    can_decline: bool
    note: str
    colleagues: list[str]
    can_call_out: bool = False


@dataclass(frozen=True, slots=True)
class MyWeek:
    """A week with its shifts; `minutes` leaves declined ones out."""

    label: str
    minutes: int
    shifts: list[MyShift]


@dataclass(frozen=True, slots=True)
class MeView:
    """The shift that runs or comes next, those that wait for an answer, and all of this week and the coming ones."""

    next: MyShift | None
    waiting: list[MyShift]
    weeks: list[MyWeek]


async def my_week(session: AsyncSession, employee_id: int, *, now: datetime) -> MeView:
    """Read a person's own shifts of this week, the past days included, and of the coming weeks.

    Args:
        session: A session.
        employee_id: Whose shifts.
        now: The present instant; this week is the one it falls in at the person's own site.

    Raises:
        NotFound: No such employee.
    """
    home = (await session.execute(_HOME, {"employee_id": employee_id})).one_or_none()
    if home is None:
        raise NotFound
    this_week = week_start_of(local_date(now, home.time_zone), home.week_starts_on)
    rows = (await session.execute(_OWN, {"employee_id": employee_id, "this_week": this_week, "now": now})).all()
    colleagues = await _colleagues(session, employee_id, rows)
    shifts = {row.id: _shift(row, colleagues[row.shift_id], now) for row in rows}
    coming = (shifts[row.id] for row in rows if row.status in ACTIVE and row.ends_at > now)
    return MeView(
        next=next(coming, None),
        waiting=[shift for shift in shifts.values() if shift.can_confirm],
        weeks=_weeks(rows, shifts, this_week),
    )


async def _colleagues(session: AsyncSession, employee_id: int, rows: Iterable[Row[Any]]) -> dict[int, list[str]]:
    values = {
        "shift_ids": sorted({row.shift_id for row in rows}),
        "employee_id": employee_id,
        "active": sorted(ACTIVE),
    }
    names: defaultdict[int, list[str]] = defaultdict(list)
    for shift_id, name in await session.execute(_COLLEAGUES, values):
        names[shift_id].append(name)
    return names


def _shift(row: Row[Any], colleagues: list[str], now: datetime) -> MyShift:
    status = AssignmentStatus(row.status)
    deadline = min(row.confirm_by or row.starts_at, row.starts_at)
    can_confirm, can_decline = (
        now < deadline and status in ASKED and (status, answer) in TRANSITIONS
        for answer in (AssignmentStatus.CONFIRMED, AssignmentStatus.DECLINED)
    )
    return MyShift(
        id=row.id,
        version=row.version,
        day_label=long_day(row.local_date),
        label=span_label(Interval(row.starts_at, row.ends_at), row.time_zone, clock_24h=row.clock_24h),
        starts_at=row.starts_at.astimezone(UTC).isoformat(),
        title=row.title or row.shift_type.capitalize(),
        place=row.place,
        department=row.department,
        status=status.value,
        confirm_by=row.confirm_by.astimezone(UTC).isoformat() if row.confirm_by else "",
        deadline_text=_deadline_text(
            status, moment_label(deadline, row.time_zone, clock_24h=row.clock_24h), is_open=now < deadline
        ),
        can_confirm=can_confirm,
        can_decline=can_decline,
        can_call_out=(status, AssignmentStatus.DECLINED) in TRANSITIONS and now < row.ends_at,
        note=row.note,
        colleagues=colleagues,
    )


def _deadline_text(status: AssignmentStatus, deadline: str, *, is_open: bool) -> str:
    if status == AssignmentStatus.PENDING:
        return f"Please answer by {deadline}" if is_open else f"The time to answer ended on {deadline}"
    if status == AssignmentStatus.CONFIRMED and is_open:
        return f"You can still decline until {deadline}"
    return ""


def _weeks(rows: Sequence[Row[Any]], shifts: dict[int, MyShift], this_week: date) -> list[MyWeek]:
    names = {this_week: "This week, ", this_week + timedelta(days=7): "Next week, "}
    by_week: defaultdict[date, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_week[row.week_start].append(row)
    return [
        MyWeek(
            label=f"{names.get(week, '')}{week_label(week)}",
            minutes=sum(Interval(row.starts_at, row.ends_at).minutes for row in own if row.status in ACTIVE),
            shifts=[shifts[row.id] for row in own],
        )
        for week, own in sorted(by_week.items())
    ]
