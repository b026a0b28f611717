"""Requests for time off: a person's own with what they add up to, and those a planner decides over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
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
from schedule_app.queries.preferences import OWN_CLOCK

KIND_LABELS: Final = {
    TimeOffKind.VACATION: "Vacation",
    TimeOffKind.SICK: "Sick",
    TimeOffKind.UNPAID: "Unpaid",
    TimeOffKind.OTHER: "Other",
}
_MOST_SHOWN: Final = 100
_MOST_NAMED: Final = 12

_HOME = text(f"""
    SELECT sites.time_zone, {OWN_CLOCK}
    FROM employees JOIN sites ON sites.id = employees.site_id
    WHERE employees.id = :employee_id
""")  # noqa: S608 - constants

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
