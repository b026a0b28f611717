"""What the rules need to know to judge many shifts of several weeks for many people, read in one statement."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.restriction import pairs_apart
from schedule_app.queries.facts import (
    AVAILABILITY_AS_TEXT,
    RULE_AS_JSON,
    person_facts,
    rule_facts,
    time_off_between,
    worked_shift,
)

# The same window and the same choice of versions as when one shift is judged, see `queries.facts`.
_BEFORE: Final = timedelta(days=22)
_AFTER: Final = timedelta(days=29)

_READ = text(f"""
    SELECT COALESCE((
               SELECT json_agg({RULE_AS_JSON})
               FROM rules
               WHERE rules.site_id = :site_id AND rules.is_active
           ), '[]') AS rules,
           COALESCE((
               SELECT json_agg(json_build_array(
                   employees.site_id = :site_id AND employees.deleted_at IS NULL, worked.shifts,
                   employees.id, employees.name, employees.role, employees.department_id,
                   employees.qualifications::text, {AVAILABILITY_AS_TEXT}, employees.contracted_minutes,
                   employees.max_minutes, employees.is_active, {time_off_between(":since", ":until")})
                   ORDER BY employees.id)
               FROM employees
               LEFT JOIN LATERAL (
                   SELECT json_agg(json_build_array(
                       other.id, other.site_id, other.department_id, other.time_zone, other.local_date,
                       other.starts_at, other.ends_at, other.shift_type, taken.schedule_id,
                       taken.in_force OR (plan.status IN ('draft', 'pending', 'approved') AND plan.parent_id IS NULL
                                          AND plan.site_id = :site_id))) AS shifts
                   FROM schedule_assignments AS taken
                   JOIN shifts AS other ON other.id = taken.shift_id
                   JOIN schedules AS plan ON plan.id = taken.schedule_id
                   WHERE taken.employee_id = employees.id
                     AND taken.status = ANY(:active)
                     AND taken.starts_at < :until AND taken.ends_at > :since
                     AND (taken.in_force OR plan.status IN ('draft', 'pending', 'approved'))
               ) AS worked ON true
               WHERE employees.id = ANY(:employee_ids)
                  OR employees.id IN (
                      SELECT CAST(pair ->> side AS bigint)
                      FROM rules, jsonb_array_elements(rules.constraints -> 'apart') AS pair,
                           unnest(ARRAY['first', 'second']) AS side
                      WHERE rules.site_id = :site_id AND rules.is_active)
           ), '[]') AS people
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Taken:
    """A shift somebody has.

    Attributes:
        schedule_id: The version it is of; 0 for one yet to be made.
        counts_elsewhere: Whether it counts beside the weeks around it: it is in force, or planned in a week that was
            never published.
    """

    shift: ShiftFacts
    schedule_id: int
    counts_elsewhere: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    """The rules of a site, some people and whoever is kept apart from somebody, and what they work.

    Attributes:
        names: Of everybody read, those who do not work at the site any more included.
        people: Those who do, by id.
        taken: What they work, by id.
    """

    rules: tuple[RuleFacts[Any], ...]
    names: dict[int, str]
    people: dict[int, EmployeeFacts]
    taken: dict[int, list[Taken]]

    def worked(self, employee_id: int, week_start: date, schedule_id: int) -> list[ShiftFacts]:
        """What counts when a shift of a week is judged: that week in the given version, and what is around it."""
        since, until = _instant(week_start - _BEFORE), _instant(week_start + _AFTER)
        days = week_start, week_start + timedelta(days=6)
        site_id = self.people[employee_id].site_id
        return [
            each.shift
            for each in self.taken[employee_id]
            if each.shift.span.starts_at < until
            and each.shift.span.ends_at > since
            and _counts(each, site_id, days, schedule_id)
        ]

    def meeting(self, shift: ShiftFacts, schedule_id: int) -> ShiftFacts:
        """The shift with who works during it in a version, of the people whom rules keep apart from somebody."""
        beside = tuple(
            employee_id
            for employee_id in sorted(pairs_apart(self.rules))
            if any(
                each.schedule_id == schedule_id and each.shift.span.overlaps(shift.span)
                for each in self.taken.get(employee_id, ())
            )
        )
        return replace(shift, beside=beside)


async def read_crowd(
    session: AsyncSession,
    site_id: int,
    week_starts_on: int,
    employee_ids: Collection[int],
    weeks: Iterable[date],
) -> Crowd:
    """Read everything needed to judge shifts of some weeks of a site for some people.

    Raises:
        InvalidInput: A rule or a person's data is stored in a form that cannot be understood.
    """
    days = sorted(weeks)
    values = {
        "site_id": site_id,
        "employee_ids": sorted(employee_ids),
        "active": sorted(ACTIVE),
        "since": _instant(days[0] - _BEFORE),
        "until": _instant(days[-1] + _AFTER),
    }
    row = (await session.execute(_READ, values)).one()
    return await asyncio.to_thread(_crowd, row, site_id, week_starts_on)


def _crowd(row: Row[Any], site_id: int, week_starts_on: int) -> Crowd:
    crowd = Crowd(tuple(rule_facts(site_id, *rule) for rule in row.rules), {}, {}, {})
    for is_here, worked, *columns in row.people:
        employee_id, name, *_ = columns
        crowd.names[employee_id] = name
        if is_here:
            crowd.people[employee_id] = person_facts(site_id, *columns)
            crowd.taken[employee_id] = [_taken(week_starts_on, each) for each in worked or ()]
    return crowd


def _taken(week_starts_on: int, values: list[Any]) -> Taken:
    *columns, schedule_id, counts_elsewhere = values
    return Taken(worked_shift(week_starts_on, columns), schedule_id, counts_elsewhere)


def _counts(taken: Taken, site_id: int, days: tuple[date, date], schedule_id: int) -> bool:
    if taken.schedule_id == schedule_id:
        return True
    is_of_this_week = taken.shift.site_id == site_id and days[0] <= taken.shift.local_date <= days[1]
    return taken.counts_elsewhere and not is_of_this_week


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
