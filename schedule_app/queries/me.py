"""One person's own shifts, in published weeks only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE, ASKED, TRANSITIONS, AssignmentStatus
from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import (
    Interval,
    clock_label,
    local,
    local_date,
    moment_label,
    span_label,
    week_days,
    week_start_of,
)
from schedule_app.queries.labels import MONTHS, long_day, week_label
from schedule_app.queries.preferences import OWN_CLOCK

#: The small calendar shows this week and the ones after it: as many as have shifts, within these bounds.
LEAST_WEEKS: Final = 4
MOST_WEEKS: Final = 8

_HOME = text("""
    SELECT sites.time_zone, sites.week_starts_on,
           (SELECT COALESCE(sum(EXTRACT(epoch FROM held.ends_at - held.starts_at)), 0)::bigint / 60
            FROM schedule_assignments AS held
            JOIN shifts ON shifts.id = held.shift_id
            WHERE held.employee_id = employees.id AND held.in_force AND held.status = ANY(:active)
              AND date_trunc('month', shifts.local_date)
                  = date_trunc('month', :now AT TIME ZONE sites.time_zone)) AS month_minutes,
           (SELECT count(*)
            FROM swap_invitees
            JOIN swap_requests ON swap_requests.id = swap_invitees.request_id
            WHERE swap_invitees.employee_id = employees.id AND swap_invitees.answer = 'none'
              AND swap_requests.status = 'open') AS asked_by_colleagues,
           (SELECT count(*)
            FROM shift_offers
            JOIN shifts ON shifts.id = shift_offers.shift_id
            JOIN schedules ON schedules.id = shifts.schedule_id
            WHERE shift_offers.employee_id = employees.id AND schedules.in_force AND shifts.starts_at > :now
              AND shifts.required_staff > (
                  SELECT count(*) FROM schedule_assignments AS held
                  WHERE held.shift_id = shifts.id AND held.status = ANY(:active))
              AND NOT EXISTS (
                  SELECT FROM schedule_assignments AS held
                  WHERE held.shift_id = shifts.id AND held.employee_id = employees.id
                    AND (held.status = ANY(:active) OR held.status = 'declined' AND EXISTS (
                        SELECT FROM call_outs
                        WHERE call_outs.shift_id = shifts.id AND call_outs.employee_id = employees.id)))
           ) AS asked_by_planners
    FROM employees JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = :employee_id
""")

_OWN = text(f"""
    SELECT held.id, held.version, held.status, held.confirm_by, COALESCE(held.response_note, '') AS note, held.shift_id,
           held.starts_at, held.ends_at, shifts.local_date, shifts.time_zone, shifts.title, shifts.shift_type,
           sites.name AS place, {OWN_CLOCK}, COALESCE(departments.name, '') AS department, schedules.week_start
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE held.employee_id = :employee_id AND held.in_force AND held.status <> 'cancelled'
      AND (schedules.week_start >= :this_week OR held.ends_at > :now)
    ORDER BY held.starts_at, held.id
""")  # noqa: S608 - constants

_ONE = text(f"""
    SELECT held.status, held.confirm_by, held.starts_at, held.ends_at, shifts.time_zone, {OWN_CLOCK}
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id AND held.in_force
      AND held.status <> 'cancelled'
""")  # noqa: S608 - constants

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
        label: The times, as the clocks show them where they are read for.
        begins: The time it begins, for the small calendar.
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
    begins: str
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
class OwnShift:
    """One of the person's shifts in a sentence: "Monday 23 November, 07:00–15:00", and until when to answer, or ""."""

    words: str
    deadline_text: str


@dataclass(frozen=True, slots=True)
class MyWeek:
    """A week with its shifts; `minutes` leaves declined ones out."""

    label: str
    minutes: int
    shifts: list[MyShift]


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the small calendar and the shifts that begin on it, declined ones left out; `times` names them all."""

    number: int
    label: str
    is_today: bool
    is_past: bool
    shifts: list[MyShift]
    times: str


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    """Seven days of the small calendar."""

    label: str
    days: list[CalendarDay]


@dataclass(frozen=True, slots=True)
class MeView:
    """The shift that runs or comes next, those that wait for an answer, and all of this week and the coming ones.

    Attributes:
        zone: That of the shifts to come; where there are none, that of the person's site.
        week_minutes: What this week has of them; of `month_minutes` the same for the month.
        month_label: Which month that is.
        calendar: This week and the coming ones, day by day.
        asked_by_colleagues: How many offers and swaps of colleagues wait for an answer.
        asked_by_planners: How many open shifts the person was asked to take.
    """

    zone: str
    next: MyShift | None
    waiting: list[MyShift]
    weeks: list[MyWeek]
    week_minutes: int
    month_minutes: int
    month_label: str
    calendar: list[CalendarWeek]
    asked_by_colleagues: int
    asked_by_planners: int


async def my_week(session: AsyncSession, employee_id: int, *, now: datetime, zone: str = "") -> MeView:
    """Read a person's own shifts of this week, the past days included, and of the coming weeks.

    Args:
        session: A session.
        employee_id: Whose shifts.
        now: The present instant; this week is the one it falls in at the person's own site.
        zone: By whose clocks days and times are told; "" for those of the place each shift is at. Weeks and sums stay
            the site's.

    Raises:
        NotFound: No such employee.
    """
    values = {"employee_id": employee_id, "now": now, "active": sorted(ACTIVE)}
    home = (await session.execute(_HOME, values)).one_or_none()
    if home is None:
        raise NotFound
    today = local_date(now, home.time_zone)
    this_week = week_start_of(today, home.week_starts_on)
    rows = (await session.execute(_OWN, {"employee_id": employee_id, "this_week": this_week, "now": now})).all()
    colleagues = await _colleagues(session, employee_id, rows)
    shifts = {row.id: _shift(row, colleagues[row.shift_id], now, zone or row.time_zone) for row in rows}
    coming = (shifts[row.id] for row in rows if row.status in ACTIVE and row.ends_at > now)
    weeks = _weeks(rows, shifts, this_week)
    return MeView(
        zone=next((row.time_zone for row in rows if row.ends_at > now), home.time_zone),
        next=next(coming, None),
        waiting=[shift for shift in shifts.values() if shift.can_confirm],
        weeks=weeks,
        week_minutes=sum(_minutes(row) for row in rows if row.week_start == this_week and row.status in ACTIVE),
        month_minutes=home.month_minutes,
        month_label=MONTHS[today.month - 1],
        calendar=_calendar(rows, shifts, home.week_starts_on, local_date(now, zone or home.time_zone), zone),
        asked_by_colleagues=home.asked_by_colleagues,
        asked_by_planners=home.asked_by_planners,
    )


async def own_shift(
    session: AsyncSession, employee_id: int, assignment_id: int, *, now: datetime, zone: str = ""
) -> OwnShift:
    """Find one of a person's own shifts of published weeks; times are told as by `my_week`.

    Raises:
        NotFound: No such assignment, or somebody else's.
    """
    values = {"assignment_id": assignment_id, "employee_id": employee_id}
    row = (await session.execute(_ONE, values)).one_or_none()
    if row is None:
        raise NotFound
    zone = zone or row.time_zone
    label = span_label(Interval(row.starts_at, row.ends_at), zone, clock_24h=row.clock_24h)
    return OwnShift(f"{long_day(local_date(row.starts_at, zone))}, {label}", _deadline_of(row, zone, now))


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


def _shift(row: Row[Any], colleagues: list[str], now: datetime, zone: str) -> MyShift:
    status = AssignmentStatus(row.status)
    deadline = _deadline(row)
    can_confirm, can_decline = (
        now < deadline and status in ASKED and (status, answer) in TRANSITIONS
        for answer in (AssignmentStatus.CONFIRMED, AssignmentStatus.DECLINED)
    )
    return MyShift(
        id=row.id,
        version=row.version,
        day_label=long_day(local_date(row.starts_at, zone)),
        label=span_label(Interval(row.starts_at, row.ends_at), zone, clock_24h=row.clock_24h),
        begins=clock_label(local(row.starts_at, zone), clock_24h=row.clock_24h),
        starts_at=row.starts_at.astimezone(UTC).isoformat(),
        title=row.title or row.shift_type.capitalize(),
        place=row.place,
        department=row.department,
        status=status.value,
        confirm_by=row.confirm_by.astimezone(UTC).isoformat() if row.confirm_by else "",
        deadline_text=_deadline_of(row, zone, now),
        can_confirm=can_confirm,
        can_decline=can_decline,
        can_call_out=(status, AssignmentStatus.DECLINED) in TRANSITIONS and now < row.ends_at,
        note=row.note,
        colleagues=colleagues,
    )


def _deadline(row: Row[Any]) -> datetime:
    return min(row.confirm_by or row.starts_at, row.starts_at)


def _deadline_of(row: Row[Any], zone: str, now: datetime) -> str:
    words, is_open = moment_label(_deadline(row), zone, clock_24h=row.clock_24h), now < _deadline(row)
    if row.status == AssignmentStatus.PENDING:
        return f"Please answer by {words}" if is_open else f"The time to answer ended on {words}"
    if row.status == AssignmentStatus.EXPIRED:
        return f"There was no answer by {words}"
    if row.status == AssignmentStatus.CONFIRMED and is_open:
        return f"You can still decline until {words}"
    return ""


def _weeks(rows: Sequence[Row[Any]], shifts: dict[int, MyShift], this_week: date) -> list[MyWeek]:
    names = {this_week: "This week, ", this_week + timedelta(days=7): "Next week, "}
    by_week: defaultdict[date, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_week[row.week_start].append(row)
    return [
        MyWeek(
            label=f"{names.get(week, '')}{week_label(week)}",
            minutes=sum(_minutes(row) for row in own if row.status in ACTIVE),
            shifts=[shifts[row.id] for row in own],
        )
        for week, own in sorted(by_week.items())
    ]


def _calendar(
    rows: Sequence[Row[Any]], shifts: dict[int, MyShift], week_starts_on: int, today: date, zone: str
) -> list[CalendarWeek]:
    by_day: defaultdict[date, list[MyShift]] = defaultdict(list)
    for row in rows:
        if row.status in ACTIVE:
            by_day[local_date(row.starts_at, zone or row.time_zone)].append(shifts[row.id])
    # By other clocks a shift of this week may begin in the one before.
    first = week_start_of(min([today, *by_day]), week_starts_on)
    count = min(max((max([today, *by_day]) - first).days // 7 + 1, LEAST_WEEKS), MOST_WEEKS)
    starts = [first + timedelta(weeks=number) for number in range(count)]
    return [
        CalendarWeek(
            week_label(start),
            [_calendar_day(day, today, by_day[day]) for day in week_days(start)],
        )
        for start in starts
    ]


def _calendar_day(day: date, today: date, shifts: list[MyShift]) -> CalendarDay:
    times = ", ".join(shift.label for shift in shifts)
    return CalendarDay(day.day, long_day(day), day == today, day < today, shifts, times)


def _minutes(row: Row[Any]) -> int:
    return Interval(row.starts_at, row.ends_at).minutes
