"""What every view of a site's week begins with: the site, its versions of the week, its days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias, TypedDict

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import week_days
from schedule_app.queries.labels import long_day, short_day

WhichVersion: TypeAlias = Literal["working", "published"]

_SITE = text("""
    SELECT sites.id, sites.name, sites.time_zone, sites.week_starts_on, sites.currency, sites.clock_24h,
           departments.name AS department
    FROM sites
    LEFT JOIN departments ON departments.site_id = sites.id AND departments.id = :department_id
    WHERE sites.id = :site_id
""")

_VERSIONS = text("""
    SELECT schedules.id, schedules.week_start, schedules.version, schedules.version_number, schedules.status,
           schedules.parent_id, schedules.submitted_by_id, COALESCE(schedules.rejected_reason, '') AS rejected_reason,
           COALESCE(submitter.name, '') AS submitted_by, COALESCE(approver.name, '') AS approved_by,
           COALESCE(publisher.name, '') AS published_by
    FROM schedules
    LEFT JOIN employees AS submitter ON submitter.id = schedules.submitted_by_id
    LEFT JOIN employees AS approver ON approver.id = schedules.approved_by_id
    LEFT JOIN employees AS publisher ON publisher.id = schedules.published_by_id
    WHERE schedules.site_id = :site_id AND schedules.week_start = ANY(:weeks) AND schedules.status <> 'archived'
    ORDER BY schedules.id
""")


class BoardDay(TypedDict):
    """A day's heading and totals; a shift's surplus does not make up for another's shortage."""

    date: str
    label: str
    long: str
    today: bool
    weekend: bool
    needed: int
    staffed: int


@dataclass(frozen=True, slots=True)
class ScheduleHead:
    """A schedule version: where it stands and who moved it there.

    Attributes:
        working_id: The week's version in work, when there is one.
        published_id: The week's version in force, when there is one.
    """

    id: int
    version: int
    version_number: int
    status: str
    parent_id: int | None
    submitted_by: str
    approved_by: str
    published_by: str
    submitted_by_id: int | None
    rejected_reason: str
    working_id: int | None
    published_id: int | None


@dataclass(frozen=True, slots=True)
class Site:
    """The site of a week, and the name of the department asked about."""

    id: int
    name: str
    zone: str
    week_starts_on: int
    currency: str
    clock_24h: bool
    department: str | None


async def get_site_of_week(session: AsyncSession, site_id: int, department_id: int | None = None) -> Site:
    """The site, and the department when one is given.

    Raises:
        NotFound: No such site, or no such department there.
    """
    row = (await session.execute(_SITE, {"site_id": site_id, "department_id": department_id})).one_or_none()
    if row is None or (department_id is not None and row.department is None):
        raise NotFound
    return Site(*row)


async def list_versions(session: AsyncSession, site_id: int, weeks: Iterable[date]) -> dict[date, list[Row[Any]]]:
    """The living versions of some weeks: at most one in work and one published each."""
    by_week: dict[date, list[Row[Any]]] = {week: [] for week in weeks}
    for row in await session.execute(_VERSIONS, {"site_id": site_id, "weeks": list(by_week)}):
        by_week[row.week_start].append(row)
    return by_week


def choose_version(versions: Iterable[Row[Any]], *, drafts: bool, version: WhichVersion) -> ScheduleHead | None:
    """The version to look at.

    Args:
        versions: The living versions of one week.
        drafts: Whether the viewer may see anything but the published one, or know of it.
        version: "working" means the version in work, or the published one where none is.
    """
    published = next((each for each in versions if each.status == "published"), None)
    working = next((each for each in versions if each.status != "published"), None) if drafts else None
    chosen = working or published if version == "working" else published
    if chosen is None:
        return None
    return ScheduleHead(
        id=chosen.id,
        version=chosen.version,
        version_number=chosen.version_number,
        status=chosen.status,
        parent_id=chosen.parent_id,
        submitted_by=chosen.submitted_by,
        approved_by=chosen.approved_by,
        published_by=chosen.published_by,
        submitted_by_id=chosen.submitted_by_id,
        rejected_reason=chosen.rejected_reason if drafts else "",
        working_id=working.id if working else None,
        published_id=published.id if published else None,
    )


def headings(week_start: date, today: date, totals: Iterable[tuple[date, int, int]]) -> list[BoardDay]:
    """The seven days.

    Args:
        week_start: The first of them.
        today: The date at the site.
        totals: Of each shift its local date, how many it needs and how many it has.
    """
    days: dict[date, BoardDay] = {
        day: {
            "date": day.isoformat(),
            "label": short_day(day),
            "long": long_day(day),
            "today": day == today,
            "weekend": day.weekday() >= 5,
            "needed": 0,
            "staffed": 0,
        }
        for day in week_days(week_start)
    }
    for day, needed, staffed in totals:
        days[day]["needed"] += needed
        days[day]["staffed"] += min(needed, staffed)
    return list(days.values())
