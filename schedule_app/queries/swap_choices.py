"""What can become of one's own coming shifts: to whom one could be given, and for what it could be swapped."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking
from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import moment_label
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.preferences import OWN_CLOCK
from schedule_app.queries.swap_judging import SHIFT_COLUMNS, ShiftWords, in_the_way, shift_words, span_of, weeks_of

#: How far from the shift those may be that it is swapped for.
_DAYS_APART: Final = 14
#: More than anybody reads through.
_MOST_SHOWN: Final = 200

#: Sentences of the rules are not shown here, so that the clock of whoever reads can stand for the site's.
_COLUMNS: Final = SHIFT_COLUMNS.replace("sites.clock_24h", OWN_CLOCK)

_STANDING = text("""
    SELECT held.id, request.status, request.assignment_id = held.id AS is_given
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN swap_requests AS request
        ON request.status IN ('open', 'accepted') AND held.id IN (request.assignment_id, request.wanted_id)
    WHERE held.employee_id = :employee_id AND held.in_force AND held.status IN ('assigned', 'pending', 'confirmed')
      AND now() < held.starts_at - make_interval(mins => sites.swap_cutoff_minutes)
""")

_OWN = text(f"""
    SELECT held.id, {_COLUMNS}, sites.swaps_need_approval,
           shifts.starts_at - make_interval(mins => sites.swap_cutoff_minutes) AS deadline,
           COALESCE((
               SELECT json_agg(json_build_array(employees.id, employees.name)
                               ORDER BY lower(employees.name), employees.id)
               FROM employees
               WHERE employees.site_id = shifts.site_id AND employees.is_active AND employees.deleted_at IS NULL
                 AND employees.id <> :employee_id
           ), '[]') AS colleagues
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id AND held.in_force
      AND held.status IN ('assigned', 'pending', 'confirmed')
""")  # noqa: S608 - constants

_OTHERS = text(f"""
    SELECT held.id, held.employee_id, employees.name, {_COLUMNS}
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id AND employees.is_active AND employees.deleted_at IS NULL
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE shifts.site_id = :site_id AND held.in_force AND held.status IN ('assigned', 'pending', 'confirmed')
      AND held.employee_id <> :employee_id AND held.shift_id <> :shift_id AND employees.site_id = :site_id
      AND held.starts_at > now() + make_interval(mins => sites.swap_cutoff_minutes)
      AND held.starts_at BETWEEN CAST(:around AS timestamptz) - make_interval(days => :days)
                             AND CAST(:around AS timestamptz) + make_interval(days => :days)
      AND NOT EXISTS (
          SELECT FROM swap_requests AS request
          WHERE request.status IN ('open', 'accepted') AND held.id IN (request.assignment_id, request.wanted_id))
    ORDER BY shifts.local_date, held.starts_at, lower(employees.name), held.id
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may take the shift."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A colleague's shift that the rules allow to be swapped for one's own."""

    id: int
    name: str
    times: str


@dataclass(frozen=True, slots=True)
class ExchangeDay:
    """What could be had on a day."""

    day: str
    shifts: list[Exchange]


@dataclass(frozen=True, slots=True)
class SwapChoices:
    """A shift of one's own, who may take it and what it could be swapped for; all words are ready for display.

    Attributes:
        until: Until when it can change hands.
        found: How many shifts it could be swapped for; more than are listed, those that come first.
    """

    assignment_id: int = 0
    shift: ShiftWords = field(default_factory=ShiftWords)
    until: str = ""
    needs_approval: bool = True
    colleagues: list[Colleague] = field(default_factory=list)
    days: list[ExchangeDay] = field(default_factory=list)
    found: int = 0


async def offerable(session: AsyncSession, employee_id: int) -> dict[int, str]:
    """A person's coming shifts that can change hands, by assignment; in words what they have asked or been asked."""
    found = await session.execute(_STANDING, {"employee_id": employee_id})
    return {row.id: _standing(row) for row in found}


def _standing(row: Row[Any]) -> str:
    if row.status is None:
        return ""
    if row.status == "accepted":
        return "Waiting for approval to change hands"
    return "Offered to colleagues" if row.is_given else "A colleague would like to swap"


async def swap_choices(session: AsyncSession, employee_id: int, assignment_id: int, *, zone: str = "") -> SwapChoices:
    """Judge all colleagues, and all their shifts of the two weeks before it and after, in three statements.

    Times are told by the clocks of a zone or, for "", of the place.

    Raises:
        NotFound: No such shift, somebody else's, over, or of a week that is not published.
    """
    values: dict[str, Any] = {"employee_id": employee_id, "assignment_id": assignment_id, "active": sorted(ACTIVE)}
    own = (await session.execute(_OWN, values)).one_or_none()
    if own is None:
        raise NotFound
    values = {**values, "site_id": own.site_id, "shift_id": own.shift_id, "around": own.starts_at, "days": _DAYS_APART}
    others = (await session.execute(_OTHERS, values)).all()
    people = {employee_id, *(colleague_id for colleague_id, _ in own.colleagues)}
    crowd = await read_crowd(session, own.site_id, own.week_starts_on, people, weeks_of([own, *others]))
    able, fitting = await asyncio.to_thread(_judge, crowd, employee_id, own, others)
    return SwapChoices(
        assignment_id=own.id,
        shift=shift_words(own, zone),
        until=moment_label(own.deadline, zone or own.time_zone, clock_24h=own.clock_24h),
        needs_approval=own.swaps_need_approval,
        colleagues=[Colleague(*each) for each in own.colleagues if each[0] in able],
        days=[
            ExchangeDay(day, [Exchange(each.id, each.name, shift_words(each, zone).times) for each in shifts])
            for day, shifts in groupby(fitting[:_MOST_SHOWN], lambda each: shift_words(each, zone).day)
        ],
        found=len(fitting),
    )


def _judge(
    crowd: Crowd, employee_id: int, own: Row[Any], others: Sequence[Row[Any]]
) -> tuple[set[int], list[Row[Any]]]:
    # Most colleagues work at that time, which is seen without asking any rule.
    busy = {
        each: {
            shift.id
            for shift in crowd.worked(each, own.week_start, own.schedule_id)
            if shift.span.overlaps(span_of(own))
        }
        for each, _ in own.colleagues
        if each in crowd.people
    }
    able = {
        each
        for each, shifts in busy.items()
        if not shifts and not blocking(in_the_way(crowd, each, own, None, employee_id))
    }
    # Many people share a shift, and most of those are out of the question whoever leaves them.
    seen: dict[tuple[int, int], Sequence[Violation]] = {}

    def for_oneself(other: Row[Any]) -> Sequence[Violation]:
        matters = other.employee_id in other.beside and not span_of(own).overlaps(span_of(other))
        key = other.shift_id, other.employee_id if matters else 0
        if key not in seen:
            seen[key] = blocking(in_the_way(crowd, employee_id, other, own, other.employee_id))
        return seen[key]

    fitting = [
        other
        for other in others
        if not busy[other.employee_id] - {other.shift_id}
        and not for_oneself(other)
        and not blocking(in_the_way(crowd, other.employee_id, own, other, employee_id))
    ]
    return able, fitting
