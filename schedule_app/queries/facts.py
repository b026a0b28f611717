"""What the rules need to know to judge giving a shift to people, read in one statement."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import Record, fetch_together
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.facts import (
    DayAvailability,
    EmployeeFacts,
    LaterAvailability,
    Qualification,
    RuleFacts,
    ShiftFacts,
    TimeSlot,
)
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.models.employee import (
    WEEKDAYS,
    DayRecord,
    LaterRecord,
    Weekday,
    parse_availability,
    parse_exceptions,
    parse_later_availability,
    parse_qualifications,
)
from schedule_app.models.rule import parse_limits

_ACTIVE = sorted(status.value for status in ACTIVE)

#: The names of the people whom a rule names in pairs; few rules do.
NAMES_IN_RULE = """
    CASE WHEN rules.constraints ?| ARRAY['apart', 'together'] THEN (
        SELECT json_object_agg(named.id, named.name) FROM employees AS named
        WHERE named.site_id = rules.site_id
          AND to_jsonb(named.id) IN (SELECT jsonb_path_query(rules.constraints, '$.*[*].*')))
    END
"""

#: A rule in one JSON array, as `rule_facts` reads it.
RULE_AS_JSON = f"""
    json_build_array(
        rules.id, rules.rule_type, rules.name, rules.constraints::text, rules.strict, rules.priority,
        rules.department_id, rules.employee_id, rules.effective_from, rules.effective_until, {NAMES_IN_RULE})
"""


#: What one of `employees` says of when they can work: each week and the exceptions, as `person_facts` reads them.
AVAILABILITY_AS_TEXT = """
    employees.availability::text, employees.later_availability::text, employees.availability_exceptions::text
"""


def time_off_between(since: str, until: str) -> str:
    """The approved time off of one of `employees` that touches a time, as `person_facts` reads it."""
    return f"""
    (SELECT json_agg(json_build_array(away.starts_at, away.ends_at) ORDER BY away.starts_at)
     FROM time_off_requests AS away
     WHERE away.employee_id = employees.id AND away.status = 'approved'
       AND away.ends_at > {since} AND away.starts_at < {until})
"""  # noqa: S608 - constants


def _beside(starts_at: str, ends_at: str) -> str:
    """Who works at some time: whoever is on the shift itself does, also when that is not its time yet."""
    return f"""
    CASE WHEN EXISTS (
        SELECT 1 FROM rules
        WHERE rules.site_id = shifts.site_id AND rules.is_active AND rules.constraints ? 'apart'
    ) THEN ARRAY(
        SELECT held.employee_id
        FROM schedule_assignments AS held
        WHERE held.schedule_id = shifts.schedule_id AND held.status = ANY(:active)
          AND (held.shift_id = shifts.id OR (held.starts_at < {ends_at} AND held.ends_at > {starts_at}))
    ) ELSE ARRAY[]::bigint[] END AS beside
"""  # noqa: S608 - constants


#: Who else works at the time of a shift, where the site keeps people apart.
BESIDE = _beside("shifts.starts_at", "shifts.ends_at")

_BESIDE_THEN = _beside(
    "COALESCE(CAST(:starts_at AS timestamptz), shifts.starts_at)",
    "COALESCE(CAST(:ends_at AS timestamptz), shifts.ends_at)",
)

_TIME_OFF_NEAR = time_off_between(
    "schedules.week_start - interval '22 days'", "schedules.week_start + interval '29 days'"
)

# The window reaches 21 days to either side of the week, so that rest, runs of days, weekends and the sums of some weeks
# are right at its edges.
# Of the shift's own week only its own version counts: the version it replaces would count everything twice. Of other
# weeks what is in force counts, and of those never published what is planned.
_READ = text(f"""
    WITH taken AS MATERIALIZED (
        SELECT taken.employee_id, taken.shift_id, taken.schedule_id = shifts.schedule_id AS is_in_version
        FROM shifts
        JOIN schedules ON schedules.id = shifts.schedule_id
        JOIN schedule_assignments AS taken
            ON taken.employee_id = ANY(:employee_ids)
            AND taken.status = ANY(:active)
            AND taken.starts_at < schedules.week_start + interval '29 days'
            AND taken.ends_at > schedules.week_start - interval '22 days'
        JOIN shifts AS other ON other.id = taken.shift_id
        JOIN schedules AS plan ON plan.id = taken.schedule_id
        WHERE shifts.id = :shift_id
          AND (taken.schedule_id = shifts.schedule_id
               OR ((taken.in_force
                    OR (plan.status IN ('draft', 'pending', 'approved') AND plan.parent_id IS NULL
                        AND plan.site_id = shifts.site_id))
                   AND NOT (other.site_id = shifts.site_id
                            AND other.local_date BETWEEN schedules.week_start AND schedules.week_end)))
    )
    SELECT shifts.id, shifts.schedule_id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.local_date,
           shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
           schedules.status, schedules.week_start,
           sites.name AS site_name, sites.week_starts_on, sites.clock_24h, sites.confirm_within_minutes,
           COALESCE((
               SELECT json_agg({RULE_AS_JSON})
               FROM rules
               WHERE rules.site_id = shifts.site_id AND rules.is_active
           ), '[]') AS rules,
           {_BESIDE_THEN},
           COALESCE((
               SELECT json_agg(json_build_array(
                   other.id, other.site_id, other.department_id, other.time_zone, other.local_date,
                   other.starts_at, other.ends_at, other.shift_type))
               FROM shifts AS other
               WHERE other.id IN (SELECT taken.shift_id FROM taken)
           ), '[]') AS others,
           COALESCE((
               SELECT json_agg(json_build_array(
                   employees.id, employees.name, employees.role, employees.department_id,
                   employees.qualifications::text, {AVAILABILITY_AS_TEXT}, employees.contracted_minutes,
                   employees.max_minutes, employees.is_active, {_TIME_OFF_NEAR},
                   employees.hourly_rate_cents, worked.shifts, held.id, held.status) ORDER BY employees.id)
               FROM employees
               LEFT JOIN schedule_assignments AS held
                   ON held.schedule_id = shifts.schedule_id AND held.shift_id = shifts.id
                   AND held.employee_id = employees.id
               LEFT JOIN (
                   SELECT taken.employee_id, json_agg(json_build_array(taken.shift_id, taken.is_in_version)) AS shifts
                   FROM taken
                   GROUP BY taken.employee_id
               ) AS worked ON worked.employee_id = employees.id
               WHERE employees.site_id = shifts.site_id
                 AND employees.deleted_at IS NULL
                 AND employees.id = ANY(:employee_ids)
           ), '[]') AS people
    FROM shifts
    JOIN schedules ON schedules.id = shifts.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE shifts.id = :shift_id
""")  # noqa: S608 - constants
# Whoever moves a schedule on or edits one of its shifts takes its row exclusively; sharing it keeps what is judged.
_HOLD_SCHEDULE = text("""
    SELECT nextval('schedule_assignments_id_seq') AS assignment_id, now() AS at
    FROM schedules WHERE id = (SELECT schedule_id FROM shifts WHERE id = :shift_id) FOR SHARE
""")

# Nobody is put on the shift while it is held, so that its places can be counted: a new assignment refers to it.
_HOLD_SHIFT = text("SELECT id FROM shifts WHERE id = :shift_id FOR UPDATE")


@dataclass(frozen=True, slots=True)
class Person:
    """An employee, what they work around the shift, and the assignment to this very shift they hold or held."""

    facts: EmployeeFacts
    worked: tuple[ShiftFacts, ...]
    minutes_in_version: int
    hourly_rate_cents: int | None
    held_id: int | None
    held_status: AssignmentStatus | None


@dataclass(frozen=True, slots=True)
class Judging:
    """A shift, its week, the rules of its site and the people asked about."""

    shift: ShiftFacts
    title: str | None
    schedule_id: int
    status: ScheduleStatus
    week_start: date
    site_name: str
    confirm_within_minutes: int
    rules: tuple[RuleFacts[Any], ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What is judged, and stays as it was read until the transaction ends.

    Attributes:
        judging: It.
        assignment_id: Kept for the assignment that is to be made.
        at: The transaction's time, by the database's clock.
    """

    judging: Judging
    assignment_id: int
    at: datetime


async def find_judging(
    session: AsyncSession, shift_id: int, employee_ids: Sequence[int], *, span: Interval | None = None
) -> Judging | None:
    """Read everything needed to judge a shift for some people.

    Args:
        session: A session.
        shift_id: The shift to be given.
        employee_ids: Whom to read; people of other sites are left out.
        span: When the shift shall be, for who works beside it then; None for when it is.

    Returns:
        None when there is no such shift.

    Raises:
        InvalidInput: A rule or a person's data is stored in a form that cannot be understood.
    """
    return _judging((await session.execute(_READ, _values(shift_id, employee_ids, span))).one_or_none())


async def hold_judging(
    session: AsyncSession, shift_id: int, employee_id: int, *, is_alone: bool = False
) -> Held | None:
    """As `find_judging` for one person, who is locked before anything is read, and then the schedule.

    With `is_alone` the shift is locked too, and nobody else is put on it until the transaction ends.
    """
    values, shift = _values(shift_id, [employee_id]), {"shift_id": shift_id}
    locks = (LOCK_EMPLOYEES, {"ids": [employee_id]}), (_HOLD_SCHEDULE, shift)
    alone = [(_HOLD_SHIFT, shift)] if is_alone else []
    _, held, *_, rows = await fetch_together(session, *locks, *alone, (_READ, values))
    judging = _judging(rows[0] if rows else None)
    return Held(judging, held[0].assignment_id, held[0].at) if judging and held else None


def _values(shift_id: int, employee_ids: Sequence[int], span: Interval | None = None) -> dict[str, Any]:
    times = {"starts_at": span.starts_at if span else None, "ends_at": span.ends_at if span else None}
    return {"shift_id": shift_id, "employee_ids": list(employee_ids), "active": _ACTIVE, **times}


def _judging(row: Record | None) -> Judging | None:
    if row is None:
        return None
    # Many people share a shift, so each is read once.
    others = {values[0]: worked_shift(row.week_starts_on, values) for values in row.others}
    return Judging(
        shift=shift_facts(row, row.id),
        title=row.title,
        schedule_id=row.schedule_id,
        status=ScheduleStatus(row.status),
        week_start=row.week_start,
        site_name=row.site_name,
        confirm_within_minutes=row.confirm_within_minutes,
        rules=tuple(rule_facts(row.site_id, *values) for values in row.rules),
        people=tuple(_person(row.site_id, others, *values) for values in row.people),
    )


def shift_facts(row: Record, shift_id: int) -> ShiftFacts:
    """A shift to be judged, as the rules are told of it; the row has its columns, its site's and `BESIDE`."""
    return ShiftFacts(
        id=shift_id,
        site_id=row.site_id,
        department_id=row.department_id,
        zone=row.time_zone,
        local_date=row.local_date,
        span=Interval(row.starts_at, row.ends_at),
        shift_type=row.shift_type,
        required_qualifications=tuple(row.qualifications),
        required_staff=row.required_staff,
        week_starts_on=row.week_starts_on,
        clock_24h=row.clock_24h,
        beside=tuple(row.beside),
    )


def rule_facts(
    site_id: int,
    rule_id: int,
    rule_type: str,
    name: str,
    constraints: str,
    strict: bool,
    priority: int,
    department_id: int | None,
    employee_id: int | None,
    effective_from: str | None,
    effective_until: str | None,
    names: Mapping[str, str] | None,
) -> RuleFacts[Any]:
    """A rule as the rules are told of it; dates in ISO form, `names` by the number of the person.

    Raises:
        InvalidInput: Its limits are stored in a form that cannot be understood.
    """
    return RuleFacts(
        id=rule_id,
        rule_type=rule_type,
        limits=_limits(rule_type, name, constraints),
        strict=strict,
        priority=priority,
        site_id=site_id,
        department_id=department_id,
        employee_id=employee_id,
        effective_from=date.fromisoformat(effective_from) if effective_from else None,
        effective_until=date.fromisoformat(effective_until) if effective_until else None,
        names={int(number): called for number, called in (names or {}).items()},
    )


@lru_cache(maxsize=1024)
def _limits(rule_type: str, name: str, constraints: str) -> object:
    try:
        return parse_limits(rule_type, json.loads(constraints))
    except ValidationError as error:
        raise InvalidInput(f"The limits of the rule “{name}” cannot be understood. Please correct them.") from error


def person_facts(
    site_id: int,
    employee_id: int,
    name: str,
    role: str,
    department_id: int | None,
    qualifications: str,
    availability: str,
    later_availability: str,
    exceptions: str,
    contracted_minutes: int | None,
    max_minutes: int | None,
    is_active: bool,
    time_off: list[tuple[str, str]] | None,
) -> EmployeeFacts:
    """An employee as the rules are told of them; times in ISO form.

    Raises:
        InvalidInput: Their qualifications or availability are stored in a form that cannot be understood.
    """
    try:
        return EmployeeFacts(
            id=employee_id,
            name=name,
            role=role,
            site_id=site_id,
            department_id=department_id,
            qualifications=_qualifications(qualifications),
            availability=availability_of(availability),
            later_availability=later_availability_of(later_availability),
            exceptions=exceptions_of(exceptions),
            contracted_minutes=contracted_minutes,
            max_minutes=max_minutes,
            is_active=is_active,
            time_off=tuple(Interval(*map(datetime.fromisoformat, span)) for span in time_off or ()),
        )
    except ValidationError as error:
        raise InvalidInput(
            f"The qualifications or the availability of {name} cannot be understood. Please correct them."
        ) from error


def _person(site_id: int, others: Mapping[int, ShiftFacts], *values: Any) -> Person:  # noqa: ANN401 - a JSON array
    *columns, hourly_rate_cents, worked, held_id, held_status = values
    facts = person_facts(site_id, *columns)
    return Person(
        facts=facts,
        worked=tuple(others[shift_id] for shift_id, _ in worked or ()),
        minutes_in_version=sum(
            others[shift_id].span.minutes for shift_id, is_in_version in worked or () if is_in_version
        ),
        hourly_rate_cents=hourly_rate_cents,
        held_id=held_id,
        held_status=AssignmentStatus(held_status) if held_status else None,
    )


# Many people have the same, and it is read again with every shift that is judged.
@lru_cache(maxsize=4096)
def _qualifications(stored: str) -> tuple[Qualification, ...]:
    return tuple(Qualification(each.name, each.expires_on) for each in parse_qualifications(json.loads(stored)))


@lru_cache(maxsize=4096)
def availability_of(stored: str) -> Mapping[int, DayAvailability]:
    """Read `Employee.availability` from its JSON, by weekday.

    Raises:
        pydantic.ValidationError: When it has another shape.
    """
    return availability_of_days(parse_availability(json.loads(stored)))


@lru_cache(maxsize=1024)
def later_availability_of(stored: str) -> tuple[LaterAvailability, ...]:
    """Read `Employee.later_availability` from its JSON, in the order in which it holds; errors as `availability_of`."""
    return later_of_records(parse_later_availability(json.loads(stored)))


@lru_cache(maxsize=1024)
def exceptions_of(stored: str) -> Mapping[date, DayAvailability]:
    """Read `Employee.availability_exceptions` from its JSON; errors as `availability_of`."""
    return exceptions_of_days(parse_exceptions(json.loads(stored)))


def worked_shift(week_starts_on: int, values: list[Any]) -> ShiftFacts:
    """A shift somebody has, as the rules are told of it."""
    shift_id, site_id, department_id, zone, local_date, starts_at, ends_at, shift_type = values
    return ShiftFacts(
        id=shift_id,
        site_id=site_id,
        department_id=department_id,
        zone=zone,
        local_date=date.fromisoformat(local_date),
        span=Interval(datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)),
        shift_type=shift_type,
        required_qualifications=(),
        required_staff=1,
        week_starts_on=week_starts_on,
    )


def availability_of_days(days: Mapping[Weekday, DayRecord]) -> Mapping[int, DayAvailability]:
    """A week as the rules are told of it."""
    return MappingProxyType({WEEKDAYS.index(day): _day(each) for day, each in days.items()})


def later_of_records(records: Sequence[LaterRecord]) -> tuple[LaterAvailability, ...]:
    """Later weeks as the rules are told of them, in the order in which they hold."""
    in_order = sorted(records, key=lambda each: each.starts_on)
    return tuple(LaterAvailability(each.starts_on, availability_of_days(each.days)) for each in in_order)


def exceptions_of_days(days: Mapping[date, DayRecord]) -> Mapping[date, DayAvailability]:
    """Exceptions as the rules are told of them."""
    return MappingProxyType({day: _day(each) for day, each in days.items()})


def _day(record: DayRecord) -> DayAvailability:
    slots = (TimeSlot(slot.start, slot.end, slot.preference) for slot in record.time_slots)
    return DayAvailability(record.available, tuple(slots))
