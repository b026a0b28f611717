"""What stands in the way of people's getting each other's shifts, and what that does to their hours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from schedule_app.domain.check import check_assignment
from schedule_app.domain.time import Interval, local_date, span_label
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd
from schedule_app.queries.facts import BESIDE, shift_facts
from schedule_app.queries.labels import hours_label, long_day, week_label

#: Of a shift, all that this module wants to know; the statement joins `shifts`, `schedules`, `sites`, `departments`.
SHIFT_COLUMNS: Final = f"""
    shifts.id AS shift_id, shifts.schedule_id, shifts.site_id, shifts.department_id, shifts.time_zone,
    shifts.local_date, shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff,
    COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
    COALESCE(departments.name, '') AS department, sites.name AS place, sites.week_starts_on, sites.clock_24h,
    schedules.week_start, {BESIDE}
"""


@dataclass(frozen=True, slots=True)
class ShiftWords:
    """A shift as colleagues may know it; all words are ready for display, `starts_at` is in ISO form."""

    day: str = ""
    times: str = ""
    title: str = ""
    place: str = ""
    department: str = ""
    starts_at: str = ""


def shift_words(row: Row[Any], zone: str = "") -> ShiftWords:
    """Put a shift into words, by the clocks of a zone or, for "", of the place."""
    zone = zone or row.time_zone
    return ShiftWords(
        day=long_day(local_date(row.starts_at, zone)),
        times=span_label(span_of(row), zone, clock_24h=row.clock_24h),
        title=row.title or row.shift_type.capitalize(),
        place=row.place,
        department=row.department,
        starts_at=row.starts_at.isoformat(),
    )


def span_of(row: Row[Any]) -> Interval:
    """When a shift is."""
    return Interval(row.starts_at, row.ends_at)


def in_the_way(
    crowd: Crowd, employee_id: int, gets: Row[Any], gives: Row[Any] | None, leaver_id: int
) -> Sequence[Violation]:
    """All that stands in the way of somebody's getting a shift.

    Args:
        crowd: They, and what they work.
        employee_id: Who.
        gets: The shift, with `SHIFT_COLUMNS`.
        gives: What they would be taken off for it.
        leaver_id: Who would be taken off the shift.
    """
    person = crowd.people.get(employee_id)
    if person is None:
        name = crowd.names.get(employee_id, "Somebody")
        words = f"{name} does not work at this site any more."
        return [Violation("inactive", None, "block", words, employee_id, gets.shift_id)]
    worked = crowd.worked(employee_id, gets.week_start, gets.schedule_id)
    if any(shift.id == gets.shift_id for shift in worked):
        words = f"{person.name} already has this shift."
        return [Violation("overlap", None, "block", words, employee_id, gets.shift_id)]
    rest = worked if gives is None else [shift for shift in worked if shift.id != gives.shift_id]
    shift = shift_facts(gets, gets.shift_id)
    # Whoever goes to an overlapping shift is still there.
    if gives is None or not span_of(gives).overlaps(span_of(gets)):
        shift = shift.left_by(leaver_id, span_of(gets))
    return check_assignment(crowd.rules, person, rest, shift)


def hours_of(crowd: Crowd, employee_id: int, gets: Row[Any] | None, gives: Row[Any] | None) -> list[str]:
    """The hours of each week that would change, before and after, against the contract."""
    person = crowd.people.get(employee_id)
    contract = person.contracted_minutes if person else None
    changes: dict[int, tuple[Any, int]] = {}
    for row, sign in ((gives, -1), (gets, 1)):
        if row is not None:
            week, change = changes.get(row.schedule_id, (row.week_start, 0))
            changes[row.schedule_id] = week, change + sign * span_of(row).minutes
    lines = []
    for schedule_id, (week, change) in sorted(changes.items(), key=lambda each: each[1][0]):
        taken = crowd.taken.get(employee_id, ())
        before = sum(each.shift.span.minutes for each in taken if each.schedule_id == schedule_id)
        of = f" of {hours_label(contract)}" if contract else ""
        lines.append(f"{week_label(week)}: {hours_label(before)} → {hours_label(before + change)}{of}")
    return lines


def weeks_of(rows: Collection[Row[Any]]) -> set[Any]:
    """The weeks of some shifts."""
    return {row.week_start for row in rows}
