"""The versions of a week: how each came about, and two of them compared, in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.time import moment_label
from schedule_app.queries.comparisons import Compared, find_compared
from schedule_app.queries.differences import ComparisonView, comparison_view

_VERSIONS = text("""
    SELECT schedules.id, schedules.version, schedules.version_number, schedules.status,
           parent.version_number AS parent_number, sites.time_zone, sites.clock_24h,
           schedules.created_at, creator.name AS created_by,
           schedules.submitted_at, submitter.name AS submitted_by,
           schedules.approved_at, approver.name AS approved_by,
           schedules.published_at, publisher.name AS published_by, schedules.archived_at,
           (SELECT count(*) FROM shifts WHERE shifts.schedule_id = schedules.id) AS shifts,
           (SELECT count(DISTINCT held.employee_id) FROM schedule_assignments AS held
            WHERE held.schedule_id = schedules.id AND held.status NOT IN ('cancelled', 'declined', 'expired')) AS people
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    LEFT JOIN schedules AS parent ON parent.id = schedules.parent_id
    LEFT JOIN employees AS creator ON creator.id = schedules.created_by_id
    LEFT JOIN employees AS submitter ON submitter.id = schedules.submitted_by_id
    LEFT JOIN employees AS approver ON approver.id = schedules.approved_by_id
    LEFT JOIN employees AS publisher ON publisher.id = schedules.published_by_id
    WHERE schedules.site_id = :site_id AND schedules.week_start = :week_start
    ORDER BY schedules.version_number DESC
""")

# Who archived a version and who sent it back, the schedule itself does not tell.
_LOGGED = text("""
    SELECT audit_entries.entity_id, audit_entries.action, audit_entries.at, employees.name,
           COALESCE(audit_entries.reason, '') AS reason
    FROM audit_entries
    LEFT JOIN employees ON employees.id = audit_entries.actor_id
    WHERE audit_entries.entity_type = 'schedule' AND audit_entries.entity_id = ANY(:ids)
      AND audit_entries.action IN ('archive', 'reject')
    ORDER BY audit_entries.id
""")

_SITES = text("SELECT id, site_id FROM schedules WHERE id = ANY(:ids)")


@dataclass(frozen=True, slots=True)
class TrailStep:
    """Something that was done with a version: what, when, by whom ("" where nobody knows), and why."""

    step: str
    when: str
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class VersionItem:
    """A version of a week; `made_from` is the number of the version it began as a copy of, 0 for none."""

    id: int
    version: int
    number: int
    status: str
    made_from: int
    shifts: int
    people: int
    trail: list[TrailStep]


async def week_versions(session: AsyncSession, actor: Actor, site_id: int, week_start: date) -> list[VersionItem]:
    """All versions of a site's week, the newest first.

    Raises:
        NotFound: Not a site of the actor's.
        NotAllowed: The actor does not plan.
    """
    _require_planner(actor, site_id)
    rows = (await session.execute(_VERSIONS, {"site_id": site_id, "week_start": week_start})).all()
    logged: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for entry in await session.execute(_LOGGED, {"ids": [row.id for row in rows]}):
        logged[entry.entity_id].append(entry)
    return [
        VersionItem(
            id=row.id,
            version=row.version,
            number=row.version_number,
            status=row.status,
            made_from=row.parent_number or 0,
            shifts=row.shifts,
            people=row.people,
            trail=_trail(row, logged[row.id]),
        )
        for row in rows
    ]


async def compare_versions(session: AsyncSession, actor: Actor, one_id: int | None, other_id: int) -> ComparisonView:
    """Compare two versions of a week, in words; in five statements, however large it is.

    Args:
        session: A session.
        actor: Who looks; what the week costs is told only to those who may know.
        one_id: The version to compare with; None for an empty week.
        other_id: The version to look at.

    Raises:
        NotFound: No such version, or of a site that is not the actor's.
        NotAllowed: The actor does not plan.
        InvalidInput: They are not of the same site's same week.
    """
    return comparison_view(await find_visible_comparison(session, actor, one_id, other_id))


async def find_visible_comparison(session: AsyncSession, actor: Actor, one_id: int | None, other_id: int) -> Compared:
    """As `compare_versions`, not yet in words."""
    ids = [each for each in (one_id, other_id) if each is not None]
    sites = {row.id: row.site_id for row in await session.execute(_SITES, {"ids": ids})}
    for schedule_id in ids:
        _require_planner(actor, sites.get(schedule_id))
    with_cost = can(actor, Permission.VIEW_COST)
    return await find_compared(session, one_id, other_id, with_cost=with_cost)


def _require_planner(actor: Actor, site_id: int | None) -> None:
    if site_id is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
        raise NotFound
    require(actor, Permission.VIEW_DRAFT, site_id=site_id)


def _trail(row: Row[Any], logged: list[Row[Any]]) -> list[TrailStep]:
    archiver = next((entry.name for entry in logged if entry.action == "archive"), None)
    steps = [
        ("Made", row.created_at, row.created_by, ""),
        ("Submitted", row.submitted_at, row.submitted_by, ""),
        ("Approved", row.approved_at, row.approved_by, ""),
        ("Published", row.published_at, row.published_by, ""),
        ("Archived", row.archived_at, archiver, ""),
        *(("Sent back", entry.at, entry.name, entry.reason) for entry in logged if entry.action == "reject"),
    ]
    return [
        TrailStep(step, moment_label(at, row.time_zone, clock_24h=row.clock_24h), who or "", reason)
        for step, at, who, reason in sorted((each for each in steps if each[1] is not None), key=lambda each: each[1])
    ]
