"""Days copied to other days: their shifts, and if wanted the people on them, into drafts."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import EARLIEST_DAY, LATEST_DAY
from schedule_app.services.bulk import carry_out
from schedule_app.services.bulk_plan import Outcome, Wanted, draw_up, find_site
from schedule_app.services.shift_details import details_of

MOST_DAYS: Final = 62

# Of each week the version in work, or the one in force where there is none; or always the one in force.
_SOURCE = text("""
    SELECT shifts.local_date, shifts.local_start, shifts.local_end, shifts.title, shifts.shift_type,
           shifts.department_id, shifts.required_staff, shifts.priority,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications, shifts.notes,
           ARRAY(
               SELECT held.employee_id FROM schedule_assignments AS held
               WHERE held.shift_id = shifts.id AND held.status = ANY(:active)
               ORDER BY held.id
           ) AS employee_ids
    FROM shifts
    JOIN schedules ON schedules.id = shifts.schedule_id
    WHERE shifts.site_id = :site_id AND shifts.local_date BETWEEN :first AND :last
      AND CASE schedules.status
              WHEN 'archived' THEN false
              WHEN 'published' THEN :published OR NOT EXISTS (
                  SELECT FROM schedules AS newer
                  WHERE newer.site_id = schedules.site_id AND newer.week_start = schedules.week_start
                    AND newer.status IN ('draft', 'pending', 'approved'))
              ELSE NOT :published
          END
    ORDER BY shifts.starts_at, shifts.id
""")


@dataclass(frozen=True, slots=True)
class DaysCopy:
    """Days to be copied.

    Attributes:
        first: The first day to copy.
        last: The last day to copy, at most 61 days later.
        to: The day on which the copy of the first day goes.
        with_people: Whether the people on the shifts are copied too.
        replaces: Whether the shifts that are on the days copied to are removed before.
        version: Of weeks with two versions, the one in work or the one in force.
    """

    first: date
    last: date
    to: date
    with_people: bool = False
    replaces: bool = False
    version: Literal["working", "published"] = "working"

    @property
    def target(self) -> tuple[date, date]:
        """The first and the last day copied to."""
        return self.to, self.to + (self.last - self.first)


async def preview_copy(actor: Actor, site_id: int, copy: DaysCopy) -> Outcome:
    """Say what copying would make, as things stand. Errors as `copy_days`."""
    require(actor, Permission.EDIT_SHIFTS)
    _check(copy)
    async with read_session() as session:
        site = await find_site(session, actor, site_id)
        wanted = await read_days(session, site, copy)
        return (await draw_up(session, site, wanted, copy.target if copy.replaces else None)).outcome


@retrying
async def copy_days(actor: Actor, site_id: int, copy: DaysCopy) -> Outcome:
    """Copy the shifts of some days to other days, in one step.

    Wall times stay, and the instants are those of the new days. Everybody copied is judged by the rules: whom one
    blocks is left off and named, warnings are kept and named. Weeks copied to that have no version get a draft.

    Args:
        actor: Who acts.
        site_id: The site.
        copy: What to copy where.

    Raises:
        NotFound: No such site, or not the actor's; or there is nothing to copy.
        NotAllowed: The actor may not edit shifts here.
        InvalidInput: More than 62 days, days that overlap those copied to, dates out of range, or too many shifts.
        IllegalTransition: A week copied to is in approval.
        Conflict: A week copied to is published and has no draft.
    """
    require(actor, Permission.EDIT_SHIFTS)
    _check(copy)
    async with unit_of_work() as session:
        site = await find_site(session, actor, site_id)
        wanted = await read_days(session, site, copy)
        told = {"from": copy.first.isoformat(), "until": copy.last.isoformat(), "to": copy.to.isoformat()}
        replacing = copy.target if copy.replaces else None
        return await carry_out(session, actor, site, wanted, replacing=replacing, action="copy", told=told)


def _check(copy: DaysCopy) -> None:
    if copy.last < copy.first:
        raise InvalidInput("The last day comes before the first.", "last")
    if (copy.last - copy.first).days >= MOST_DAYS:
        raise InvalidInput(f"At most {MOST_DAYS} days can be copied in one step.", "last")
    if not EARLIEST_DAY + timedelta(days=7) <= copy.to <= LATEST_DAY - timedelta(days=MOST_DAYS + 7):
        raise InvalidInput(f"Dates must lie between {EARLIEST_DAY.year} and {LATEST_DAY.year}.", "to")
    if copy.to <= copy.last and copy.first <= copy.target[1]:
        raise InvalidInput("The days to copy and the days they go to overlap.", "to")


async def read_days(session: AsyncSession, site: Row[Any], copy: DaysCopy) -> list[Wanted]:
    """The shifts of some days as they go to others.

    Raises:
        NotFound: There are none.
    """
    values = {
        "site_id": site.id,
        "first": copy.first,
        "last": copy.last,
        "active": sorted(ACTIVE),
        "published": copy.version == "published",
    }
    later = copy.to - copy.first
    wanted = [
        Wanted(
            replace(details_of(shift), local_date=shift.local_date + later),
            tuple(shift.employee_ids) if copy.with_people else (),
        )
        for shift in await session.execute(_SOURCE, values)
    ]
    if not wanted:
        raise NotFound("There are no shifts on these days to copy.")
    return wanted
