"""A person's own shifts as events of a calendar, and the link at which calendar programs read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import moment_label
from schedule_app.queries.preferences import OWN_CLOCK

#: Calendar programs that come seldom still learn of what is off.
KEPT: Final = timedelta(days=30)
#: More changes to one shift within one version of a week than anybody makes.
_PER_VERSION: Final = 10_000

_FEED = text("""
    SELECT feeds.id, feeds.employee_id, sites.name AS site
    FROM calendar_feeds AS feeds
    JOIN employees ON employees.id = feeds.employee_id
    JOIN sites ON sites.id = employees.site_id
    WHERE feeds.token_hash = :token_hash AND feeds.revoked_at IS NULL
      AND employees.is_active AND employees.deleted_at IS NULL
""")

_OPEN = text(f"""
    SELECT feeds.created_at, feeds.last_read_at, sites.time_zone, {OWN_CLOCK}
    FROM calendar_feeds AS feeds
    JOIN employees ON employees.id = feeds.employee_id
    JOIN sites ON sites.id = employees.site_id
    WHERE feeds.employee_id = :employee_id AND feeds.revoked_at IS NULL
""")  # noqa: S608 - constants

# Of each shift the newest published version in which the person has or had it, and the version that holds now.
# What was removed has no row any more; its changes count on in the one that took its place.
_SHIFTS = text(f"""
    SELECT newest.*, current.version_number AS current_number, current.published_at AS current_since
    FROM (
        SELECT DISTINCT ON (shifts.lineage_id)
               held.id, employee_id, COALESCE(held.status, 'cancelled') AS status, schedules.in_force, held.confirm_by,
               COALESCE(held.version, 0) + COALESCE(removed.versions, 0) + shifts.version AS changes,
               COALESCE(held.updated_at, removed.removed_at) AS updated_at, shifts.lineage_id, shifts.starts_at,
               shifts.ends_at, shifts.time_zone, COALESCE(shifts.title, initcap(shifts.shift_type)) AS title,
               sites.name AS site, {OWN_CLOCK}, COALESCE(departments.name, '') AS department,
               schedules.site_id, schedules.week_start, schedules.published_at
        FROM (SELECT * FROM schedule_assignments WHERE employee_id = :employee_id AND ends_at > now() - :kept) AS held
        FULL JOIN (SELECT * FROM removed_assignments WHERE employee_id = :employee_id) AS removed
            USING (shift_id, employee_id)
        JOIN shifts ON shifts.id = shift_id
        JOIN schedules ON schedules.id = shifts.schedule_id
        JOIN sites ON sites.id = shifts.site_id
        LEFT JOIN departments ON departments.id = shifts.department_id
        WHERE schedules.status IN ('published', 'archived') AND shifts.ends_at > now() - :kept
        ORDER BY shifts.lineage_id, schedules.version_number DESC
    ) AS newest
    JOIN schedules AS current ON current.site_id = newest.site_id AND current.week_start = newest.week_start
        AND current.status = 'published'
    WHERE CAST(:assignment_id AS bigint) IS NULL OR newest.id = :assignment_id
    ORDER BY newest.starts_at, newest.id
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Event:
    """A shift in a calendar.

    Attributes:
        uid: The same for this person and shift in every version of the week.
        sequence: Rises with every change.
        changed_at: When it was changed last.
        status: "CONFIRMED", "TENTATIVE" as long as no answer was given, or "CANCELLED".
        about: What there is to know besides, in words.
    """

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    place: str
    status: str
    about: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What a link leads to."""

    id: int
    name: str
    events: list[Event]


@dataclass(frozen=True, slots=True)
class FeedView:
    """A person's open link in words; both empty where there is none."""

    made_label: str = ""
    read_label: str = ""


async def read_feed(session: AsyncSession, token_hash: bytes) -> Feed:
    """What a calendar program is given for a token.

    Raises:
        NotFound: The link is unknown or ended, or the person has left: the same for all.
    """
    feed = (await session.execute(_FEED, {"token_hash": token_hash})).one_or_none()
    if feed is None:
        raise NotFound
    rows = await _shifts(session, feed.employee_id, None)
    return Feed(feed.id, f"Shifts, {feed.site}", [event for row in rows if (event := _event(row))])


async def shift_event(session: AsyncSession, employee_id: int, assignment_id: int) -> Event:
    """One of a person's own shifts, in published weeks only.

    Raises:
        NotFound: No such shift, or not theirs, or no longer.
    """
    for row in await _shifts(session, employee_id, assignment_id):
        event = _event(row)
        if event and event.status != "CANCELLED":
            return event
    raise NotFound


async def feed_view(session: AsyncSession, employee_id: int) -> FeedView:
    """A person's open link, as they are told of it."""
    row = (await session.execute(_OPEN, {"employee_id": employee_id})).one_or_none()
    if row is None:
        return FeedView()
    made, read = (
        moment_label(at, row.time_zone, clock_24h=row.clock_24h) if at else "not yet"
        for at in (row.created_at, row.last_read_at)
    )
    return FeedView(made, read)


async def _shifts(session: AsyncSession, employee_id: int, assignment_id: int | None) -> Sequence[Row[Any]]:
    values = {"employee_id": employee_id, "assignment_id": assignment_id, "kept": KEPT}
    return (await session.execute(_SHIFTS, values)).all()


def _event(row: Row[Any]) -> Event | None:
    """The event; None for one that has been off for so long that every calendar has heard."""
    is_on = row.in_force and row.status in ACTIVE
    if row.in_force or row.status not in ACTIVE:
        changed_at = max(row.updated_at, row.published_at)
    else:
        changed_at = row.current_since
    if not is_on and changed_at < datetime.now(changed_at.tzinfo) - KEPT:
        return None
    within = min(row.changes, _PER_VERSION - 1) if row.in_force else 0
    return Event(
        uid=f"shift-{row.lineage_id}-{row.employee_id}@schedule-app",
        sequence=row.current_number * _PER_VERSION + within,
        changed_at=changed_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.time_zone,
        title=row.title if is_on else f"Cancelled: {row.title}",
        place=", ".join(filter(None, (row.site, row.department))),
        status=_status(row) if is_on else "CANCELLED",
        about=_about(row) if is_on else "",
    )


def _status(row: Row[Any]) -> str:
    return "TENTATIVE" if row.status == AssignmentStatus.PENDING else "CONFIRMED"


def _about(row: Row[Any]) -> str:
    if row.status == AssignmentStatus.PENDING and row.confirm_by:
        return f"Please answer by {moment_label(row.confirm_by, row.time_zone, clock_24h=row.clock_24h)}."
    return "Confirmed." if row.status == AssignmentStatus.CONFIRMED else ""
