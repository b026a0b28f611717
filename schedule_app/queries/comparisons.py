"""Two versions of a week as the database holds them, read for comparing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.comparison import (
    Comparison,
    Figures,
    Held,
    Terms,
    VersionShift,
    WeekVersion,
    compare,
    digest,
    figures,
)
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.time import Interval

_HEADS = text("""
    SELECT schedules.id, schedules.site_id, schedules.week_start, schedules.version_number, schedules.status,
           sites.time_zone, sites.clock_24h, sites.currency
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = ANY(:ids)
""")

_SHIFTS = text("""
    SELECT shifts.schedule_id, shifts.lineage_id, shifts.local_date, shifts.starts_at, shifts.ends_at,
           shifts.time_zone, COALESCE(shifts.title, '') AS title, shifts.shift_type,
           COALESCE(departments.name, '') AS department, shifts.required_staff, shifts.priority,
           COALESCE(shifts.notes, '') AS notes,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications
    FROM shifts
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE shifts.schedule_id = ANY(:ids)
""")

_HELD = text("""
    SELECT held.id, held.schedule_id, shifts.lineage_id, held.employee_id, held.status, held.created_at,
           held.updated_at, held.responded_at, COALESCE(changer.name, '') AS changed_by
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    LEFT JOIN employees AS changer ON changer.id = held.updated_by_id
    WHERE held.schedule_id = ANY(:ids)
""")

_PEOPLE = text("""
    SELECT id, name, contracted_minutes, CASE WHEN :with_cost THEN hourly_rate_cents END AS hourly_rate_cents
    FROM employees
    WHERE id = ANY(:ids)
""")

_IN_WORK = ("draft", "pending", "approved")
# Whoever was taken off, or did not answer in time, has nothing to do with the shift any more.
_GONE = ("cancelled", "expired")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions."""

    id: int
    site_id: int
    week_start: date
    number: int
    status: str
    zone: str
    clock_24h: bool
    currency: str


@dataclass(frozen=True, slots=True)
class TakenOff:
    """When somebody was taken off a shift, and by whom; "" where nobody knows."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions and what differs.

    Attributes:
        one: What is compared with; None for nothing at all.
        other: What is looked at.
        names: Of everybody on either.
        assignments: The ids of the other version's assignments.
        come_back: People the other version would put back on shifts of the published one that they were taken off
            after the other version had been made.
        keep_declined: People who said no to a shift of the published week, which the other version leaves as it is: no
            it stays.
        ask_again: Those who said no, and were put on the shift of the other version after that.
    """

    one: Side | None
    other: Side
    before: WeekVersion
    after: WeekVersion
    differences: Comparison
    digest: str
    names: Mapping[int, str]
    assignments: Mapping[Held, int]
    figures_before: Figures
    figures_after: Figures
    come_back: Mapping[Held, TakenOff]
    keep_declined: frozenset[Held]
    ask_again: frozenset[Held]


async def find_compared(session: AsyncSession, one_id: int | None, other_id: int, *, with_cost: bool) -> Compared:
    """Read and compare two versions, in four statements. Whether the viewer may see them is the caller's business.

    Args:
        session: A session.
        one_id: The version to compare with; None for an empty week.
        other_id: The version to look at; the same as `one_id` is allowed.
        with_cost: Whether to read what people earn.

    Raises:
        NotFound: No such version.
        InvalidInput: They are not of the same site's same week.
    """
    ids = sorted({other_id, *([] if one_id is None else [one_id])})
    sides = {row.id: Side(*row) for row in await session.execute(_HEADS, {"ids": ids})}
    if len(sides) != len(ids):
        raise NotFound
    if len({(side.site_id, side.week_start) for side in sides.values()}) > 1:
        raise InvalidInput("Only two versions of the same week can be compared.")
    shifts = (await session.execute(_SHIFTS, {"ids": ids})).all()
    held = (await session.execute(_HELD, {"ids": ids})).all()
    everybody = sorted({row.employee_id for row in held})
    people = (await session.execute(_PEOPLE, {"ids": everybody, "with_cost": with_cost})).all()

    before = WeekVersion() if one_id is None else _version(one_id, shifts, held)
    after = _version(other_id, shifts, held)
    on_either = {each.employee_id for each in before.held | after.held}
    terms = {row.id: Terms(row.contracted_minutes, row.hourly_rate_cents) for row in people if row.id in on_either}
    differences = compare(before, after)
    one, other = sides.get(one_id or 0), sides[other_id]
    replaces = one is not None and one.status == "published" and other.status in _IN_WORK
    same = _unchanged(before.declined & after.held, before, after) if replaces else frozenset[Held]()
    ask_again = _put_on_since(other.id, same, held)
    return Compared(
        one=one,
        other=other,
        before=before,
        after=after,
        differences=differences,
        digest=digest(before, after),
        names={row.id: row.name for row in people},
        assignments={_held(row): row.id for row in held if row.schedule_id == other_id},
        figures_before=figures(before, terms, with_cost=with_cost),
        figures_after=figures(after, terms, with_cost=with_cost),
        come_back=_come_back(one.id, other.id, held) if one and replaces else {},
        keep_declined=same - ask_again,
        ask_again=ask_again,
    )


async def find_versions(session: AsyncSession, ids: Collection[int]) -> dict[int, WeekVersion]:
    """Versions by id, in two statements. Whether the viewer may see them is the caller's business."""
    wanted = {"ids": sorted(ids)}
    shifts = (await session.execute(_SHIFTS, wanted)).all()
    held = (await session.execute(_HELD, wanted)).all()
    return {schedule_id: _version(schedule_id, shifts, held) for schedule_id in ids}


async def find_terms(session: AsyncSession, people: Iterable[int], *, with_cost: bool) -> dict[int, Terms]:
    """What of people the figures of a version depend on, by their id."""
    rows = await session.execute(_PEOPLE, {"ids": sorted(people), "with_cost": with_cost})
    return {row.id: Terms(row.contracted_minutes, row.hourly_rate_cents) for row in rows}


def _version(schedule_id: int, shifts: Iterable[Row[Any]], held: Iterable[Row[Any]]) -> WeekVersion:
    own = [row for row in held if row.schedule_id == schedule_id and row.status not in _GONE]
    return WeekVersion(
        {str(row.lineage_id): _shift(row) for row in shifts if row.schedule_id == schedule_id},
        frozenset(_held(row) for row in own),
        frozenset(_held(row) for row in own if row.status == "declined"),
    )


def _shift(row: Row[Any]) -> VersionShift:
    return VersionShift(
        lineage_id=str(row.lineage_id),
        local_date=row.local_date,
        span=Interval(row.starts_at, row.ends_at),
        zone=row.time_zone,
        title=row.title,
        kind=row.shift_type,
        department=row.department,
        required_staff=row.required_staff,
        qualifications=tuple(row.qualifications),
        priority=row.priority,
        notes=row.notes,
    )


def _held(row: Row[Any]) -> Held:
    return Held(str(row.lineage_id), row.employee_id)


def _come_back(one_id: int, other_id: int, held: Iterable[Row[Any]]) -> dict[Held, TakenOff]:
    """Whoever was put on the other version only after they had been taken off is there on purpose."""
    planned = {_held(row): row.created_at for row in held if row.schedule_id == other_id and row.status != "cancelled"}
    return {
        _held(row): TakenOff(row.updated_at, row.changed_by)
        for row in held
        if row.schedule_id == one_id
        and row.status == "cancelled"
        and _held(row) in planned
        and planned[_held(row)] < row.updated_at
    }


def _put_on_since(other_id: int, declined: frozenset[Held], held: Sequence[Row[Any]]) -> frozenset[Held]:
    planned = {_held(row): row.created_at for row in held if row.schedule_id == other_id}
    return frozenset(
        _held(row)
        for row in held
        if row.schedule_id != other_id
        and _held(row) in declined
        and row.responded_at is not None
        and row.responded_at < planned[_held(row)]
    )


def _unchanged(held: Iterable[Held], before: WeekVersion, after: WeekVersion) -> frozenset[Held]:
    return frozenset(each for each in held if before.shifts[each.lineage_id].span == after.shifts[each.lineage_id].span)
