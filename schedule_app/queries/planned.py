"""What is planned at a site over some weeks, as the rules judge it.

Two statements read it however many people work, three where something is to be told of weeks as wholes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules import WEEK_RULES, weeks_back
from schedule_app.domain.standing import Holding, PlannedWeek
from schedule_app.domain.time import Interval
from schedule_app.queries.facts import AVAILABILITY_AS_TEXT, person_facts, time_off_between

_BEFORE: Final = timedelta(days=22)
_AFTER: Final = timedelta(days=29)

_SITE = text(f"""
    SELECT sites.id, sites.time_zone, sites.week_starts_on, sites.clock_24h,
           COALESCE((
               SELECT json_agg(json_build_array(
                   employees.id, employees.name, employees.role, employees.department_id,
                   employees.qualifications::text, {AVAILABILITY_AS_TEXT}, employees.contracted_minutes,
                   employees.max_minutes, employees.is_active, {time_off_between(":since", ":until")},
                   employees.hourly_rate_cents))
               FROM employees
               WHERE employees.site_id = sites.id AND employees.deleted_at IS NULL
           ), '[]') AS people
    FROM sites
    WHERE sites.id = :site_id
""")  # noqa: S608 - constants

# A week is its version in work, where there is one. What counts beside a week is what counts when a shift is given:
# see `queries.facts`.
_SHOWN: Final = """
    WITH shown AS MATERIALIZED (
        SELECT DISTINCT ON (week_start) id, week_start
        FROM schedules
        WHERE site_id = :site_id AND status <> 'archived' AND week_start BETWEEN :first AND :last
        ORDER BY week_start, in_force, id
    )
"""

_TAKEN = text(f"""
    {_SHOWN}
    SELECT taken.id AS assignment_id, taken.employee_id, shown.week_start,
           taken.in_force OR (plan.status IN ('draft', 'pending', 'approved') AND plan.parent_id IS NULL
                              AND plan.site_id = :site_id) AS counts_elsewhere,
           shifts.id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.local_date, shifts.starts_at,
           shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications
    FROM schedule_assignments AS taken
    JOIN schedules AS plan ON plan.id = taken.schedule_id
    JOIN shifts ON shifts.id = taken.shift_id
    JOIN employees ON employees.id = taken.employee_id
    LEFT JOIN shown ON shown.id = taken.schedule_id
    WHERE employees.site_id = :site_id AND employees.deleted_at IS NULL
      AND taken.status = ANY(:active)
      AND taken.starts_at < :until AND taken.ends_at > :since
      AND (shown.id IS NOT NULL OR taken.in_force
           OR (plan.status IN ('draft', 'pending', 'approved') AND plan.parent_id IS NULL AND plan.site_id = :site_id))
    ORDER BY taken.starts_at, taken.id
""")  # noqa: S608 - constants

_SHIFTS = text(f"""
    {_SHOWN}
    SELECT shown.week_start, shifts.id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.local_date,
           shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications
    FROM shown
    JOIN shifts ON shifts.schedule_id = shown.id
    ORDER BY shifts.starts_at, shifts.id
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Planned:
    """What is planned, as rows; made into facts when it is judged, which takes time.

    Attributes:
        shifts: All shifts of the weeks; empty where nothing is to be told of them as wholes.
        back: How long before a week people's work is known.
    """

    zone: str
    week_starts_on: int
    clock_24h: bool
    people: Sequence[Any]
    taken: Sequence[Row[Any]]
    site_id: int
    shifts: Sequence[Row[Any]] = ()
    back: timedelta = _BEFORE

    @property
    def titles(self) -> dict[int, str]:
        """What shifts are called, by id."""
        return {row.id: row.title for row in (*self.taken, *self.shifts) if row.title}


async def read_planned(
    session: AsyncSession, site_id: int, first: date, last: date, rules: Iterable[RuleFacts[Any]] = ()
) -> Planned:
    """Read what is planned, and what people work around it.

    Args:
        session: A session.
        site_id: The site; whether the viewer may see it is the caller's business.
        first: The first day of the first week.
        last: The first day of the last week.
        rules: Those that are to be told of weeks as wholes.

    Raises:
        NotFound: No such site.
    """
    of_weeks = [rule.limits for rule in rules if rule.rule_type in WEEK_RULES]
    back = max([_BEFORE, *(timedelta(weeks=weeks_back(limits), days=1) for limits in of_weeks)])
    weeks = {"site_id": site_id, "first": first, "last": last}
    window = {"since": _midnight(first - back), "until": _midnight(last + _AFTER)}
    site = (await session.execute(_SITE, {"site_id": site_id, **window})).one_or_none()
    if site is None:
        raise NotFound
    values = {**weeks, **window, "active": sorted(ACTIVE)}
    taken = (await session.execute(_TAKEN, values)).all()
    shifts = (await session.execute(_SHIFTS, weeks)).all() if of_weeks else ()
    return Planned(site.time_zone, site.week_starts_on, site.clock_24h, site.people, taken, site_id, shifts, back)


def people_of(planned: Planned) -> dict[int, EmployeeFacts]:
    """The people, by id."""
    return {person[0]: person_facts(planned.site_id, *person) for *person, _ in planned.people}


def weeks_of(planned: Planned) -> list[PlannedWeek]:
    """The weeks, in order; those with nobody on a shift are left out."""
    shifts: dict[int, ShiftFacts] = {}
    held: defaultdict[date, list[Holding]] = defaultdict(list)
    beside: defaultdict[int, list[ShiftFacts]] = defaultdict(list)
    for row in planned.taken:
        shift = shifts.get(row.id) or shifts.setdefault(row.id, _shift(row, planned))
        if row.week_start is not None:
            held[row.week_start].append(Holding(row.assignment_id, row.employee_id, shift))
        if row.counts_elsewhere:
            beside[row.employee_id].append(shift)
    own: defaultdict[date, list[ShiftFacts]] = defaultdict(list)
    for row in planned.shifts:
        own[row.week_start].append(shifts.get(row.id) or _shift(row, planned))
    rates = {person[0]: rate for *person, rate in planned.people if rate is not None}
    return [
        replace(_week(planned, week_start, held[week_start], beside), shifts=own[week_start], rates=rates)
        for week_start in sorted(held)
    ]


def _week(
    planned: Planned, week_start: date, holdings: list[Holding], beside: dict[int, list[ShiftFacts]]
) -> PlannedWeek:
    since, until = _midnight(week_start - planned.back), _midnight(week_start + _AFTER)
    worked: dict[int, list[ShiftFacts]] = {}
    # Whoever has nothing in the week is judged only where something is told of it as a whole.
    for employee_id in [*beside] if planned.shifts else dict.fromkeys(each.employee_id for each in holdings):
        worked[employee_id] = [
            shift
            for shift in beside.get(employee_id, ())
            if shift.span.starts_at < until
            and shift.span.ends_at > since
            and not (shift.site_id == planned.site_id and 0 <= (shift.local_date - week_start).days < 7)
        ]
    for each in holdings:
        worked.setdefault(each.employee_id, []).append(each.shift)
    return PlannedWeek(week_start, holdings, worked)


def _shift(row: Row[Any], planned: Planned) -> ShiftFacts:
    return ShiftFacts(
        id=row.id,
        site_id=row.site_id,
        department_id=row.department_id,
        zone=row.time_zone,
        local_date=row.local_date,
        span=Interval(row.starts_at, row.ends_at),
        shift_type=row.shift_type,
        required_qualifications=tuple(row.qualifications),
        required_staff=row.required_staff,
        week_starts_on=planned.week_starts_on,
        clock_24h=planned.clock_24h,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
