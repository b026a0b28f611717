"""What is selected on a board: assignments and shifts by their numbers, as they are now."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import Record, fetch_together
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.time import Interval, shift_label
from schedule_app.queries.labels import days_label

_ACTIVE: Final = sorted(ACTIVE)

_SHIFT = """
    shifts.site_id, shifts.department_id, COALESCE(departments.name, '') AS department, shifts.local_date,
    shifts.local_start, shifts.local_end, shifts.time_zone, shifts.starts_at, shifts.ends_at, shifts.shift_type,
    shifts.title, shifts.required_staff, shifts.priority, shifts.notes,
    COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
    shifts.schedule_id, schedules.status AS schedule_status, schedules.week_start, schedules.parent_id,
    sites.week_starts_on, sites.clock_24h, sites.confirm_within_minutes
"""
_AROUND = """
    JOIN schedules ON schedules.id = shifts.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
"""

SELECTED_ASSIGNMENTS: Final = f"""
    SELECT held.id, held.version, held.employee_id, held.shift_id, held.status, employees.name,
           ARRAY[held.employee_id] AS employee_ids, {_SHIFT}
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    JOIN shifts ON shifts.id = held.shift_id
    {_AROUND}
    WHERE held.id = ANY(:ids)
    ORDER BY shifts.starts_at, shifts.ends_at, held.id
"""  # noqa: S608 - constants

SELECTED_SHIFTS: Final = f"""
    SELECT shifts.id, shifts.version, shifts.lineage_id, '' AS status, '' AS name, ARRAY(
               SELECT held.employee_id FROM schedule_assignments AS held
               WHERE held.shift_id = shifts.id AND held.status = ANY(:active)
               ORDER BY held.employee_id
           ) AS employee_ids, {_SHIFT}
    FROM shifts
    {_AROUND}
    WHERE shifts.id = ANY(:ids)
    ORDER BY shifts.starts_at, shifts.ends_at, shifts.id
"""  # noqa: S608 - constants

_READ_ASSIGNMENTS = text(SELECTED_ASSIGNMENTS)
_READ_SHIFTS = text(SELECTED_SHIFTS)

_PLACES = text("""
    SELECT shifts.id, shifts.department_id, shifts.local_date, shifts.local_start, shifts.local_end, shifts.time_zone,
           shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff, sites.clock_24h,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
           (SELECT count(*) FROM schedule_assignments AS held
            WHERE held.shift_id = shifts.id AND held.status = ANY(:active)) AS staffed,
           COALESCE((
               SELECT json_object_agg(held.employee_id, held.status) FROM schedule_assignments AS held
               WHERE held.shift_id = shifts.id AND held.employee_id = ANY(:employee_ids)
           ), '{}') AS held
    FROM shifts
    JOIN sites ON sites.id = shifts.site_id
    WHERE shifts.schedule_id = :schedule_id
    ORDER BY shifts.starts_at, shifts.ends_at, shifts.id
""")


@dataclass(frozen=True, slots=True)
class SelectedLine:
    """One thing that is selected, in words; a shift has no `name` and no `status`, and `people` are those on it."""

    id: int
    version: int
    label: str
    name: str
    status: str
    people: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected and still there, of what the actor may see.

    Attributes:
        scope: "12 shifts, Kitchen, 3–9 Jun".
        lines: In the order in which the shifts begin.
        first: The first day of any of it; None when there is nothing.
        is_published: Whether people are told of what becomes of it.
    """

    scope: str
    lines: tuple[SelectedLine, ...]
    first: date | None
    is_published: bool


async def selected_assignments(session: AsyncSession, actor: Actor, ids: Collection[int]) -> Selection:
    """The assignments of a selection; those that are gone, or of sites whose plans the actor may not see, are not."""
    [found] = await fetch_together(session, (_READ_ASSIGNMENTS, {"ids": list(ids)}))
    return _selection(actor, found)


async def selected_shifts(session: AsyncSession, actor: Actor, ids: Collection[int]) -> Selection:
    """The shifts of a selection, likewise."""
    [found] = await fetch_together(session, (_READ_SHIFTS, {"ids": list(ids), "active": _ACTIVE}))
    return _selection(actor, found)


async def read_places(session: AsyncSession, schedule_id: int, employee_ids: Iterable[int]) -> list[Record]:
    """Every shift of a version, how far it is staffed, and what some people have to do with it (`held`, by id)."""
    values = {"schedule_id": schedule_id, "employee_ids": sorted(employee_ids), "active": _ACTIVE}
    [found] = await fetch_together(session, (_PLACES, values))
    return found


def label_of(row: Record) -> str:
    """A selected shift in a sentence, as "Mon 23 Nov, 07:00–15:00 (Early)"."""
    return shift_label(Interval(row.starts_at, row.ends_at), row.time_zone, row.title, clock_24h=row.clock_24h)


def scope_of(count: int, departments: Iterable[str], days: Iterable[date]) -> str:
    """How far something reaches: "12 shifts, Kitchen, 3–9 Jun"; a department is named where it is the only one."""
    known = set(departments)
    parts = [f"{count} {'shift' if count == 1 else 'shifts'}"]
    if len(known) == 1:
        parts += [name for name in known if name]
    ordered = sorted(days)
    return ", ".join([*parts, *([days_label(ordered[0], ordered[-1])] if ordered else [])])


def _selection(actor: Actor, found: Sequence[Record]) -> Selection:
    seen = [each for each in found if can(actor, Permission.VIEW_DRAFT, site_id=each.site_id)]
    lines = tuple(
        SelectedLine(each.id, each.version, label_of(each), each.name, each.status, len(each.employee_ids))
        for each in seen
    )
    return Selection(
        scope=scope_of(len(seen), [each.department for each in seen], [each.local_date for each in seen]),
        lines=lines,
        first=min((each.local_date for each in seen), default=None),
        is_published=any(each.schedule_status == "published" for each in seen),
    )
