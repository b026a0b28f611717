"""The shifts that run from one week into the first day of the next."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.day_clock import day_clock
from schedule_app.domain.time import week_start_of
from schedule_app.queries.board import BoardShift, Chip, board_shift
from schedule_app.queries.weeks import choose_version, get_site_of_week, list_versions

_SHIFTS = text("""
    SELECT shifts.id, shifts.local_date, shifts.starts_at, shifts.ends_at, shifts.time_zone, shifts.shift_type,
           shifts.title, shifts.required_staff, shifts.version, shifts.local_start, shifts.local_end,
           COALESCE(departments.name, '') AS department,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications
    FROM shifts
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE shifts.schedule_id = :schedule_id AND shifts.ends_at > :ends_after
    ORDER BY shifts.starts_at, shifts.ends_at, shifts.id
""")

_ASSIGNMENTS = text("""
    SELECT held.id, held.version, held.shift_id, held.employee_id, held.status
    FROM schedule_assignments AS held
    WHERE held.shift_id = ANY(:shift_ids) AND held.status = ANY(:active)
    ORDER BY held.starts_at, held.id
""")


class Night(TypedDict):
    """Shifts of the week before that are not over when the week begins, and by employee id who is on them.

    `week_start` is the week that they run into; their `at` is counted from its beginning, so below 0.
    """

    week_start: str
    shifts: list[BoardShift]
    chips: dict[str, list[Chip]]


async def night_before(session: AsyncSession, site_id: int, week_start: date, *, drafts: bool) -> Night:
    """Read the night before a week, as its coverage counts it: the published version, or a draft where none is.

    Args:
        session: A session.
        site_id: The site; whether the viewer may see it is the caller's business.
        week_start: Any date of the week.
        drafts: Whether the viewer may see unpublished versions.

    Raises:
        NotFound: No such site.
        InvalidInput: A date out of range.
    """
    site = await get_site_of_week(session, site_id)
    first_day = week_start_of(week_start, site.week_starts_on)
    before = first_day - timedelta(days=7)
    versions = (await list_versions(session, site_id, [before]))[before]
    schedule = choose_version(versions, drafts=drafts, version="published") or choose_version(
        versions, drafts=drafts, version="working"
    )
    if schedule is None:
        return {"week_start": first_day.isoformat(), "shifts": [], "chips": {}}
    starts = day_clock(first_day, site.zone)["starts"]
    values = {"schedule_id": schedule.id, "ends_after": datetime.fromtimestamp(starts * 60, UTC)}
    rows = (await session.execute(_SHIFTS, values)).all()
    who = {"shift_ids": [row.id for row in rows], "active": sorted(ACTIVE)}
    held = (await session.execute(_ASSIGNMENTS, who)).all()
    staffed = Counter(row.shift_id for row in held)
    shifts = [board_shift(row, staffed[row.id], starts, clock_24h=site.clock_24h) for row in rows]
    return {"week_start": first_day.isoformat(), "shifts": shifts, "chips": _chips(shifts, held)}


def _chips(shifts: Iterable[BoardShift], held: Iterable[Row[Any]]) -> dict[str, list[Chip]]:
    by_id = {shift["id"]: shift for shift in shifts}
    chips: dict[str, list[Chip]] = {}
    for row in held:
        shift = by_id[row.shift_id]
        chip: Chip = {
            "id": row.id,
            "v": row.version,
            "shift": row.shift_id,
            "label": shift["label"],
            "title": shift["title"],
            "kind": shift["kind"],
            "status": row.status,
            "warn": 0,
        }
        chips.setdefault(str(row.employee_id), []).append(chip)
    return chips
