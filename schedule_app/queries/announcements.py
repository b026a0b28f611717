"""Announcements: whom one reaches, those of a site, and who has seen them."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.announcement import Audience
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.time import Interval, moment_label, shift_label
from schedule_app.queries.deliveries import DELIVERIES, HAS_FAILED, IS_SEEN, DeliveryLine, delivery_lines

PAGE_SIZE: Final = 20
#: More than anybody reads through; those who have not seen it come first.
MOST_PEOPLE: Final = 500

_PLACE = text("""
    SELECT sites.id AS site_id, sites.name AS site_name, sites.clock_24h,
           departments.id AS department_id, departments.name AS department_name,
           shifts.id AS shift_id, shifts.starts_at, shifts.ends_at, shifts.time_zone, shifts.title
    FROM sites
    LEFT JOIN shifts ON shifts.id = CAST(:shift_id AS bigint) AND shifts.site_id = sites.id
        AND EXISTS (SELECT FROM schedules WHERE schedules.id = shifts.schedule_id AND schedules.status = 'published')
    LEFT JOIN departments ON departments.site_id = sites.id
        AND departments.id = COALESCE(CAST(:department_id AS bigint), shifts.department_id)
    WHERE sites.id = :site_id
""")

_PEOPLE = text("""
    SELECT employees.id FROM employees
    WHERE employees.site_id = :site_id AND employees.is_active AND employees.deleted_at IS NULL
      AND employees.id <> :author_id
      AND (CAST(:audience AS text) <> 'department' OR employees.department_id = CAST(:department_id AS bigint))
      AND (CAST(:audience AS text) <> 'shift' OR EXISTS (
          SELECT FROM schedule_assignments AS held
          WHERE held.shift_id = CAST(:shift_id AS bigint) AND held.employee_id = employees.id
            AND held.in_force AND held.status = ANY(:active)))
    ORDER BY employees.id
""")

_LISTED = f"""
    SELECT made.id, made.site_id, made.audience, made.department_id, made.subject, made.body, made.priority, made.told,
           made.created_at, made.withdrawn_at, made.author_id, author.name AS author_name,
           remover.name AS withdrawn_by, departments.name AS department_name, sites.name AS site_name,
           sites.time_zone, sites.clock_24h, shifts.starts_at, shifts.ends_at, shifts.time_zone AS shift_zone,
           shifts.title, read.kept, read.seen, read.failed
    FROM announcements AS made
    JOIN sites ON sites.id = made.site_id
    JOIN employees AS author ON author.id = made.author_id
    LEFT JOIN employees AS remover ON remover.id = made.withdrawn_by_id
    LEFT JOIN departments ON departments.id = made.department_id
    LEFT JOIN shifts ON shifts.id = made.shift_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS kept, count(*) FILTER (WHERE {IS_SEEN}) AS seen,
               count(*) FILTER (WHERE {HAS_FAILED}) AS failed
        FROM notifications AS told WHERE told.related_type = 'announcement' AND told.related_id = made.id
    ) AS read
"""  # noqa: S608 - constants

_OF_SITE = text(f"""
    {_LISTED}
    WHERE made.site_id = :site_id AND (CAST(:before_id AS bigint) IS NULL OR made.id < :before_id)
      AND (:every OR made.author_id = :actor_id OR made.department_id = CAST(:department_id AS bigint))
    ORDER BY made.id DESC
    LIMIT :limit
""")
_ONE = text(f"{_LISTED} WHERE made.id = :announcement_id")

_TOLD = text(f"""
    SELECT employees.id, employees.name, {IS_SEEN} AS is_seen, {HAS_FAILED} AS has_failed, {DELIVERIES} AS deliveries
    FROM notifications AS told
    JOIN employees ON employees.id = told.recipient_id
    WHERE told.related_type = 'announcement' AND told.related_id = :announcement_id
    ORDER BY has_failed DESC, is_seen, lower(employees.name), employees.id
    LIMIT {MOST_PEOPLE}
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom somebody writes.

    Attributes:
        department_id: For a department.
        shift_id: For the people of a shift, which has to be published.
    """

    audience: Audience
    site_id: int
    department_id: int | None = None
    shift_id: int | None = None


@dataclass(frozen=True, slots=True)
class AnnouncementItem:
    """An announcement as the page of planners lists it, all in words.

    Attributes:
        seen: How many have seen it, of the `kept` notifications; those are kept for a while only.
        failed: How many it did not reach on a channel of theirs.
        withdrawn: Who took it back and when; "" while it stands.
        can_withdraw: Whether this planner may take it back.
    """

    id: int
    subject: str
    body: str
    priority: str
    whom: str
    by: str
    told: int
    kept: int
    seen: int
    failed: int
    withdrawn: str
    can_withdraw: bool


@dataclass(frozen=True, slots=True)
class PersonTold:
    """Somebody who was told, and how it fared on each channel."""

    id: int
    name: str
    is_seen: bool
    has_failed: bool
    lines: list[DeliveryLine]


async def find_place(session: AsyncSession, actor: Actor, addressed: Addressed) -> Row[Any]:
    """Find the site, and the department or shift, that somebody writes to.

    Raises:
        NotFound: It is not there, not the actor's, or a shift that is not published.
        NotAllowed: The actor may not write to all of them.
    """
    require(actor, Permission.ANNOUNCE)
    values = {
        "site_id": addressed.site_id,
        "department_id": addressed.department_id if addressed.audience == Audience.DEPARTMENT else None,
        "shift_id": addressed.shift_id if addressed.audience == Audience.SHIFT else None,
    }
    place = (await session.execute(_PLACE, values)).one_or_none()
    if place is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=place.site_id):
        raise NotFound
    is_missing = {
        Audience.SITE: False,
        Audience.DEPARTMENT: place.department_id is None,
        Audience.SHIFT: place.shift_id is None,
    }
    if is_missing[addressed.audience]:
        raise NotFound
    require(actor, Permission.ANNOUNCE, site_id=place.site_id, department_id=place.department_id)
    return place


async def shift_words(session: AsyncSession, actor: Actor, addressed: Addressed) -> str:
    """Who the people of a shift are, in words. Errors as `find_place`."""
    place = await find_place(session, actor, addressed)
    span = Interval(place.starts_at, place.ends_at)
    return f"Those who work {shift_label(span, place.time_zone, place.title, clock_24h=place.clock_24h)}"


async def list_addressed(session: AsyncSession, actor: Actor, addressed: Addressed) -> list[int]:
    """Everybody an announcement of the actor's would be told to, the actor left out; scope is not asked here."""
    values = {
        "audience": addressed.audience.value,
        "site_id": addressed.site_id,
        "department_id": addressed.department_id,
        "shift_id": addressed.shift_id,
        "author_id": actor.employee_id,
        "active": sorted(ACTIVE),
    }
    return list((await session.scalars(_PEOPLE, values)).all())


async def reach(session: AsyncSession, actor: Actor, addressed: Addressed) -> int:
    """How many people an announcement would be told to. Errors as `find_place`."""
    await find_place(session, actor, addressed)
    return len(await list_addressed(session, actor, addressed))


async def list_announcements(
    session: AsyncSession, actor: Actor, site_id: int, *, limit: int = PAGE_SIZE
) -> list[AnnouncementItem]:
    """What was announced at a site, newest first: all of it, or the own and those of the own department.

    Raises:
        NotFound: A site that is not there, or not the actor's.
        NotAllowed: The actor announces nothing.
    """
    require(actor, Permission.ANNOUNCE)
    if not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
        raise NotFound
    values = {
        "site_id": site_id,
        "before_id": None,
        "every": can(actor, Permission.ANNOUNCE, site_id=site_id),
        "actor_id": actor.employee_id,
        "department_id": actor.department_id,
        "limit": limit,
    }
    return [_item(actor, row) for row in await session.execute(_OF_SITE, values)]


async def get_announcement(
    session: AsyncSession, actor: Actor, announcement_id: int
) -> tuple[AnnouncementItem, list[PersonTold]]:
    """One announcement, and who has seen it: those whom it did not reach first, then those who have not.

    Raises:
        NotFound: It is not there, or none that the actor may see.
    """
    require(actor, Permission.ANNOUNCE)
    row = (await session.execute(_ONE, {"announcement_id": announcement_id})).one_or_none()
    if row is None or not _may_see(actor, row):
        raise NotFound
    reasons = can(actor, Permission.MANAGE_PEOPLE, site_id=row.site_id)
    people = [
        PersonTold(
            each.id,
            each.name,
            each.is_seen,
            each.has_failed,
            delivery_lines(each.deliveries, row.time_zone, clock_24h=row.clock_24h, reasons=reasons),
        )
        for each in await session.execute(_TOLD, {"announcement_id": announcement_id})
    ]
    return _item(actor, row), people


def _may_see(actor: Actor, row: Row[Any]) -> bool:
    is_here = can(actor, Permission.ANNOUNCE, site_id=row.site_id, department_id=row.department_id)
    return is_here or (row.author_id == actor.employee_id and row.site_id == actor.site_id)


def _item(actor: Actor, row: Row[Any]) -> AnnouncementItem:
    def when(at: Any) -> str:  # noqa: ANN401 - a column
        return moment_label(at, row.time_zone, clock_24h=row.clock_24h)

    return AnnouncementItem(
        id=row.id,
        subject=row.subject,
        body=row.body,
        priority=row.priority,
        whom=_whom(row),
        by=f"{row.author_name}, {when(row.created_at)}",
        told=row.told,
        kept=row.kept,
        seen=row.seen,
        failed=row.failed,
        withdrawn=f"Taken back by {row.withdrawn_by}, {when(row.withdrawn_at)}" if row.withdrawn_at else "",
        can_withdraw=row.withdrawn_at is None and _may_see(actor, row),
    )


def _whom(row: Row[Any]) -> str:
    match row.audience:
        case Audience.SITE:
            return f"Everybody at {row.site_name}"
        case Audience.DEPARTMENT:
            return f"Everybody in {row.department_name}" if row.department_name else "A department that is no more"
    if row.starts_at is None:
        return "Those of a shift that is no more"
    span = Interval(row.starts_at, row.ends_at)
    return f"Those who work {shift_label(span, row.shift_zone, row.title, clock_24h=row.clock_24h)}"
