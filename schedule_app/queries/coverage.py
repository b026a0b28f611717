"""The coverage heatmap: hours down, days across, people there against people needed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.coverage import CoverageCell, ShiftLoad, coverage_grid, hours_of, level, short_and_over_minutes
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time import Interval, clock_label, resolve_wall, span_label, week_days, week_start_of
from schedule_app.queries.labels import long_day, week_label
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

_MIDNIGHT = time.min
Sign: TypeAlias = Literal["+", "−", ""]

_SHIFTS = text("""
    SELECT shifts.id, shifts.schedule_id, shifts.local_date, shifts.starts_at, shifts.ends_at, shifts.time_zone,
           shifts.title, shifts.shift_type, shifts.required_staff, COALESCE(departments.name, '') AS department,
           (SELECT count(*) FROM schedule_assignments AS held
            WHERE held.shift_id = shifts.id AND held.status = ANY(:active)) AS staffed
    FROM shifts
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE shifts.schedule_id = ANY(:schedule_ids)
      AND shifts.starts_at < :ends_at AND shifts.ends_at > :starts_at
      AND (CAST(:department_id AS bigint) IS NULL OR shifts.department_id = :department_id)
    ORDER BY shifts.starts_at, shifts.ends_at, shifts.id
""")

_PEOPLE = text("""
    SELECT held.shift_id, employees.name
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    WHERE held.shift_id = ANY(:shift_ids) AND held.status = ANY(:active)
    ORDER BY lower(employees.name), employees.id
""")


@dataclass(frozen=True, slots=True)
class CoverageCellView:
    """One hour of one day: number, colour step, sign, and all of it in words."""

    net: int
    needed: int
    staffed: int
    level: int
    sign: Sign
    exists: bool
    text: str


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One hour of the seven days."""

    hour: int
    label: str
    cells: list[CoverageCellView]


@dataclass(frozen=True, slots=True)
class CoverageView:
    """A week's heatmap.

    Attributes:
        department: The name of the department it is narrowed to, or "".
        total_short_minutes: Person-minutes of the week's shifts that nobody has yet.
    """

    site_id: int
    site_name: str
    zone: str
    week_start: str
    week_label: str
    department: str
    schedule: ScheduleHead | None
    days: list[BoardDay]
    hours: list[CoverageRow]
    total_short_minutes: int


@dataclass(frozen=True, slots=True)
class CellShift:
    """A shift behind a cell, and who is on it."""

    shift_id: int
    title: str
    label: str
    department: str
    needed: int
    staffed: int
    people: list[str]


async def week_coverage(
    session: AsyncSession,
    site_id: int,
    week_start: date,
    *,
    department_id: int | None,
    drafts: bool,
    version: WhichVersion,
    today: date,
) -> CoverageView:
    """Read a week's heatmap. Night shifts of the week before count in the hours they reach into.

    Args:
        session: A session.
        site_id: The site; whether the viewer may see it is the caller's business.
        week_start: Any date of the week.
        department_id: Only the shifts of this department.
        drafts: Whether the viewer may see unpublished versions.
        version: Which version they look at.
        today: The date at the site.

    Raises:
        NotFound: No such site, or no such department there.
        InvalidInput: A date out of range.
    """
    site = await get_site_of_week(session, site_id, department_id)
    first_day = week_start_of(week_start, site.week_starts_on)
    days = week_days(first_day)
    span = _instants(days[0], days[-1], site.zone)
    schedule, shifts = await _shifts(session, site, first_day, span, department_id, drafts=drafts, version=version)
    grid = coverage_grid(map(_load, shifts), days, site.zone)
    own = [row for row in shifts if schedule is not None and row.schedule_id == schedule.id]
    return CoverageView(
        site_id=site_id,
        site_name=site.name,
        zone=site.zone,
        week_start=first_day.isoformat(),
        week_label=week_label(first_day),
        department=site.department or "",
        schedule=schedule,
        days=headings(first_day, today, ((row.local_date, row.required_staff, row.staffed) for row in own)),
        hours=[
            CoverageRow(hour, label, [_cell(cell, day, label) for day, cell in zip(days, cells, strict=True)])
            for hour, cells in enumerate(grid.cells)
            if (label := clock_label(time(hour), clock_24h=site.clock_24h))
        ],
        total_short_minutes=short_and_over_minutes(_load(row) for row in own)[0],
    )


async def coverage_cell(
    session: AsyncSession,
    site_id: int,
    week_start: date,
    day: date,
    hour: int,
    *,
    department_id: int | None,
    drafts: bool,
    version: WhichVersion,
) -> list[CellShift]:
    """The shifts behind one cell of the heatmap, in order of their start; arguments as `week_coverage`.

    Raises:
        NotFound: No such site, or no such department there.
        InvalidInput: An hour that no clock shows, or a day outside the week.
    """
    site = await get_site_of_week(session, site_id, department_id)
    first_day = week_start_of(week_start, site.week_starts_on)
    if not 0 <= hour < 24:
        raise InvalidInput("An hour is a number from 0 to 23.", "hour")
    if day not in week_days(first_day):
        raise InvalidInput("This day is not in the week.", "day")
    spans = hours_of(day, site.zone)[hour]
    if not spans:
        return []
    around = _instants(day, day, site.zone)
    _, shifts = await _shifts(session, site, first_day, around, department_id, drafts=drafts, version=version)
    behind = [row for row in shifts if any(Interval(row.starts_at, row.ends_at).overlaps(span) for span in spans)]
    names: defaultdict[int, list[str]] = defaultdict(list)
    values = {"shift_ids": [row.id for row in behind], "active": sorted(ACTIVE)}
    for shift_id, name in await session.execute(_PEOPLE, values):
        names[shift_id].append(name)
    return [
        CellShift(
            shift_id=row.id,
            title=row.title or row.shift_type.capitalize(),
            label=span_label(Interval(row.starts_at, row.ends_at), row.time_zone, clock_24h=site.clock_24h),
            department=row.department,
            needed=row.required_staff,
            staffed=row.staffed,
            people=names[row.id],
        )
        for row in behind
    ]


def _instants(first: date, last: date, zone: str) -> Interval:
    midnight = resolve_wall(first, _MIDNIGHT, zone).at
    return Interval(midnight, resolve_wall(last + timedelta(days=1), _MIDNIGHT, zone, second=True).at)


async def _shifts(
    session: AsyncSession,
    site: Site,
    first_day: date,
    span: Interval,
    department_id: int | None,
    *,
    drafts: bool,
    version: WhichVersion,
) -> tuple[ScheduleHead | None, Sequence[Row[Any]]]:
    """The week's version, and its shifts and those of the week before that touch the span."""
    week_before = first_day - timedelta(days=7)
    versions = await list_versions(session, site.id, [first_day, week_before])
    schedule = choose_version(versions[first_day], drafts=drafts, version=version)
    # What is in force there is the truth; a draft is only asked where nothing is.
    before = choose_version(versions[week_before], drafts=drafts, version="published") or choose_version(
        versions[week_before], drafts=drafts, version="working"
    )
    values = {
        "schedule_ids": [each.id for each in (schedule, before) if each is not None],
        "active": sorted(ACTIVE),
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "department_id": department_id,
    }
    return schedule, (await session.execute(_SHIFTS, values)).all()


def _load(row: Row[Any]) -> ShiftLoad:
    return ShiftLoad(Interval(row.starts_at, row.ends_at), row.required_staff, row.staffed)


def _cell(cell: CoverageCell, day: date, hour: str) -> CoverageCellView:
    sign: Sign = "+" if cell.net > 0 else "−" if cell.net < 0 else ""
    words = f"{long_day(day)}, {hour}: {_words(cell)}"
    return CoverageCellView(cell.net, cell.needed, cell.staffed, level(cell.net), sign, cell.exists, words)


def _words(cell: CoverageCell) -> str:
    if not cell.exists:
        return "the clock skips this hour"
    if not cell.needed and not cell.staffed:
        return "nobody needed"
    difference = f"{-cell.net} short" if cell.net < 0 else f"{cell.net} over" if cell.net > 0 else "met"
    twice = "; the clock shows this hour twice" if cell.repeated else ""
    return f"{cell.staffed} of {cell.needed} needed, {difference}{twice}"
