"""Requests for time off: a person's own with what they add up to, and those a planner decides over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, Role, can, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval, local_date, minutes_label, moment_label, shift_label
from schedule_app.domain.time_off import (
    STANDING,
    TimeOffKind,
    TimeOffStatus,
    check_reach,
    days_off,
    minutes_off,
    time_off_label,
    time_off_span,
)
from schedule_app.queries.labels import long_day, week_label

KIND_LABELS: Final = {
    TimeOffKind.VACATION: "Vacation",
    TimeOffKind.SICK: "Sick",
    TimeOffKind.UNPAID: "Unpaid",
    TimeOffKind.OTHER: "Other",
}
_MOST_SHOWN: Final = 100
_MOST_NAMED: Final = 12

_HOME = text("""
    SELECT sites.time_zone, sites.clock_24h
    FROM employees JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = :employee_id
""")

_OWN = text("""
    SELECT asked.id, asked.version, asked.kind, asked.whole_days, asked.starts_at, asked.ends_at, asked.time_zone,
           COALESCE(asked.note, '') AS note, asked.status, COALESCE(asked.decision_note, '') AS decision_note,
           COALESCE(deciders.name, '') AS decided_by, asked.decided_at,
           asked.updated_by_id IS DISTINCT FROM asked.employee_id AS is_of_others
    FROM time_off_requests AS asked
    LEFT JOIN employees AS deciders ON deciders.id = asked.decided_by_id
    WHERE asked.employee_id = :employee_id AND asked.ends_at > :since
    ORDER BY asked.starts_at DESC, asked.id DESC
""")

# What is over is over: who has worked a shift keeps it.
_TOUCHED = text("""
    SELECT held.id, held.status, shifts.site_id, shifts.department_id, shifts.starts_at, shifts.ends_at,
           shifts.time_zone, shifts.title, shifts.shift_type, schedules.status AS schedule_status,
           schedules.week_start, shifts.starts_at > now() AS lies_ahead
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE held.employee_id = :employee_id AND held.starts_at < :ends_at AND held.ends_at > :starts_at
      AND held.status IN ('assigned', 'pending', 'confirmed') AND schedules.status <> 'archived'
    ORDER BY shifts.starts_at, held.id
""")

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
    ORDER BY asked.starts_at, asked.id
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
class MyTimeOff:
    """One of a person's own requests.

    Attributes:
        lasts: "3 days", "4 h".
        decided: Who decided and when, or "".
        can_withdraw: Whether it can still be taken back.
    """

    id: int
    kind: str
    when: str
    lasts: str
    status: str
    note: str
    decision_note: str
    decided: str
    can_withdraw: bool


@dataclass(frozen=True, slots=True)
class TimeOffPreview:
    """What asking for time off would mean, in words.

    Attributes:
        touched: The person's published shifts that it touches, each with what would become of it.
    """

    when: str = ""
    lasts: str = ""
    touched: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Balance:
    """What of one kind falls in a year."""

    kind: str
    approved: str
    waiting: str


@dataclass(frozen=True, slots=True)
class YearOff:
    """A calendar year, with each kind of which there is any."""

    year: int
    rows: list[Balance]


@dataclass(frozen=True, slots=True)
class MyTimeOffView:
    """A person's page: the present year and later ones, and the requests that reach into them."""

    today: str
    years: list[YearOff]
    requests: list[MyTimeOff]


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


async def list_touched(session: AsyncSession, employee_id: int, span: Interval) -> Sequence[Row[Any]]:
    """The shifts that somebody has at a time, in drafts and published weeks alike, in the order they begin."""
    values = {"employee_id": employee_id, "starts_at": span.starts_at, "ends_at": span.ends_at}
    return (await session.execute(_TOUCHED, values)).all()


async def preview_time_off(
    session: AsyncSession,
    employee_id: int,
    wanted: tuple[date, date, time | None, time | None],
    *,
    now: datetime,
) -> TimeOffPreview:
    """What asking for time off would mean.

    Args:
        session: A session.
        employee_id: Who asks.
        wanted: First and last day, from when and until when, as `time_off_span` takes them.
        now: The present instant.

    Raises:
        NotFound: No such employee.
        InvalidInput: It cannot be asked for.
    """
    home = await _home(session, employee_id)
    first_on, last_on, start, end = wanted
    check_reach(first_on, local_date(now, home.time_zone))
    span = time_off_span(first_on, last_on, start, end, home.time_zone)
    touched = []
    for each in await list_touched(session, employee_id, span):
        if each.schedule_status == ScheduleStatus.PUBLISHED:
            becomes = "you would be taken off it; it stays yours until then." if each.lies_ahead else "it stays yours."
            touched.append(f"{_label(each, home.clock_24h)}: {becomes}")
    return TimeOffPreview(
        when=time_off_label(span, home.time_zone, clock_24h=home.clock_24h),
        lasts=length_label(span, home.time_zone, whole_days=start is None),
        touched=touched,
    )


async def my_time_off(session: AsyncSession, employee_id: int, *, now: datetime) -> MyTimeOffView:
    """Read a person's own time off of this year and after, in two statements.

    Raises:
        NotFound: No such employee.
    """
    home = await _home(session, employee_id)
    today = local_date(now, home.time_zone)
    since = datetime(today.year, 1, 1, tzinfo=now.tzinfo)
    rows = (await session.execute(_OWN, {"employee_id": employee_id, "since": since})).all()
    return MyTimeOffView(
        today=today.isoformat(),
        years=_years(rows, today.year),
        requests=[_own(row, now, home.clock_24h) for row in rows],
    )


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


def length_label(span: Interval, zone: str, *, whole_days: bool) -> str:
    """How long somebody is off: "1 day", "3 days", "4 h 30 min"."""
    if not whole_days:
        return minutes_label(span.minutes)
    return _days(sum(days_off([span], zone, year) for year in range(span.starts_at.year - 1, span.ends_at.year + 2)))


async def _home(session: AsyncSession, employee_id: int) -> Row[Any]:
    home = (await session.execute(_HOME, {"employee_id": employee_id})).one_or_none()
    if home is None:
        raise NotFound
    return home


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _span(row: Row[Any]) -> Interval:
    return Interval(row.starts_at, row.ends_at)


def _label(row: Row[Any], clock_24h: bool) -> str:
    return shift_label(_span(row), row.time_zone, row.title or row.shift_type.capitalize(), clock_24h=clock_24h)


def _own(row: Row[Any], now: datetime, clock_24h: bool) -> MyTimeOff:
    status = TimeOffStatus(row.status)
    is_back = status == TimeOffStatus.WITHDRAWN and row.is_of_others
    decided = ""
    if row.decided_by and (status in (TimeOffStatus.APPROVED, TimeOffStatus.REJECTED) or is_back):
        done = "Taken back" if is_back else status.value.capitalize()
        decided = f"{done} by {row.decided_by}, {moment_label(row.decided_at, row.time_zone, clock_24h=clock_24h)}"
    return MyTimeOff(
        id=row.id,
        kind=KIND_LABELS[TimeOffKind(row.kind)],
        when=time_off_label(_span(row), row.time_zone, clock_24h=clock_24h),
        lasts=length_label(_span(row), row.time_zone, whole_days=row.whole_days),
        status=status.value,
        note=row.note,
        decision_note=row.decision_note,
        decided=decided,
        can_withdraw=status == TimeOffStatus.WAITING or (status == TimeOffStatus.APPROVED and now < row.starts_at),
    )


def _years(rows: Sequence[Row[Any]], this_year: int) -> list[YearOff]:
    standing = [row for row in rows if row.status in STANDING]
    last = max([this_year, *(local_date(row.ends_at, row.time_zone).year for row in standing)])
    years = [YearOff(year, _balances(standing, year)) for year in range(this_year, last + 1)]
    return [each for each in years if each.rows or each.year == this_year]


def _balances(rows: Iterable[Row[Any]], year: int) -> list[Balance]:
    by_kind = defaultdict[str, list[Row[Any]]](list)
    for row in rows:
        by_kind[row.kind].append(row)
    found = []
    for kind in TimeOffKind:
        approved, waiting = (
            _amount([row for row in by_kind[kind] if row.status == status], year)
            for status in (TimeOffStatus.APPROVED, TimeOffStatus.WAITING)
        )
        if approved or waiting:
            found.append(Balance(KIND_LABELS[kind], approved or "none", waiting or "none"))
    return found


def _amount(rows: Sequence[Row[Any]], year: int) -> str:
    days = sum(days_off([_span(row)], row.time_zone, year) for row in rows if row.whole_days)
    minutes = sum(minutes_off([_span(row)], row.time_zone, year) for row in rows if not row.whole_days)
    return " ".join(filter(None, [_days(days) if days else "", minutes_label(minutes) if minutes else ""]))


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
