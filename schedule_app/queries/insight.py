"""The insight page: what a stretch of a site's weeks comes to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from pydantic import ValidationError
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import applies
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.facts import EmployeeFacts, Preference, RuleFacts
from schedule_app.domain.fairness import is_night_work, is_weekend
from schedule_app.domain.insight import (
    Costs,
    DayCoverage,
    Fairness,
    PlannedShift,
    Popularity,
    Turn,
    costs,
    coverage_by_day,
    fairness,
    minutes_by_week,
    overtime,
    unpopular,
)
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.preference import TimeOfWeek, preference_at
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.time import Interval, week_days
from schedule_app.models.rule import parse_limits
from schedule_app.queries.facts import availability_of

FairnessKind: TypeAlias = Literal["night", "weekend", "unpopular"]
_ACTIVE: Final = sorted(ACTIVE)

_SITE = text("""
    SELECT sites.id, sites.name, sites.currency, sites.clock_24h,
           COALESCE((SELECT json_agg(json_build_array(departments.id, departments.name))
                     FROM departments WHERE departments.site_id = sites.id), '[]') AS departments,
           COALESCE((SELECT json_agg(json_build_array(rules.id, rules.name, rules.constraints, rules.department_id,
                                                      rules.employee_id, rules.effective_from, rules.effective_until))
                     FROM rules
                     WHERE rules.site_id = sites.id AND rules.is_active AND rules.rule_type = 'overtime'
                    ), '[]') AS overtime_rules
    FROM sites
    WHERE sites.id = :site_id
""")

# One version of each week: what is in force, or with drafts what is in work where there is such a version.
_VERSIONS = text("""
    SELECT DISTINCT ON (schedules.week_start) schedules.id, schedules.week_start, schedules.status
    FROM schedules
    WHERE schedules.site_id = :site_id AND schedules.week_start = ANY(:weeks)
      AND (schedules.status = 'published' OR :drafts AND schedules.status IN ('draft', 'pending', 'approved'))
    ORDER BY schedules.week_start, schedules.status = 'published'
""")

_SHIFTS = text("""
    SELECT id, schedule_id, local_date, local_start, local_end, starts_at, ends_at, time_zone, department_id,
           required_staff
    FROM shifts
    WHERE schedule_id = ANY(:schedule_ids)
    ORDER BY starts_at, id
""")

_HELD = text("""
    SELECT shift_id, employee_id, status
    FROM schedule_assignments
    WHERE schedule_id = ANY(:schedule_ids) AND status <> 'cancelled'
    ORDER BY id
""")

# Whoever had a shift counts, also when they have left since.
_PEOPLE = text("""
    SELECT employees.id, employees.name, employees.role, employees.department_id,
           COALESCE((SELECT later -> 'days' FROM jsonb_array_elements(employees.later_availability) AS later
                     WHERE later ->> 'starts_on' <= CAST(current_date AS text)
                     ORDER BY later ->> 'starts_on' DESC LIMIT 1), employees.availability)::text AS availability,
           employees.contracted_minutes, employees.max_minutes,
           CASE WHEN :with_cost THEN employees.hourly_rate_cents END AS hourly_rate_cents,
           employees.is_active AND employees.deleted_at IS NULL AND employees.site_id = :site_id AS is_here
    FROM employees
    WHERE employees.site_id = :site_id AND employees.is_active AND employees.deleted_at IS NULL
       OR employees.id = ANY(:employee_ids)
    ORDER BY lower(employees.name), employees.id
""")

_VIOLATIONS = text("""
    SELECT found.rule_type, COALESCE(rules.name, '') AS name, count(*) AS times,
           count(found.override_reason) AS overridden
    FROM rule_violations AS found
    JOIN schedule_assignments AS held ON held.id = found.assignment_id AND held.status = ANY(:active)
    LEFT JOIN rules ON rules.id = found.rule_id
    WHERE found.schedule_id = ANY(:schedule_ids)
    GROUP BY found.rule_type, found.rule_id, rules.name
    ORDER BY count(*) DESC, rules.name, found.rule_type
""")

# Replaced versions count too: an answer belongs to the version in which it was asked for and given, and the versions
# after that one only carry it on.
_ANSWERS = text("""
    SELECT plan.status = 'published' AS is_in_force, held.status IN ('pending', 'expired') AS is_unanswered,
           CASE WHEN held.responded_at >= greatest(plan.published_at, held.created_at)
                THEN extract(epoch FROM held.responded_at - greatest(plan.published_at, held.created_at))::bigint / 60
           END AS minutes,
           count(*) AS times
    FROM schedules AS plan
    JOIN schedule_assignments AS held ON held.schedule_id = plan.id
    WHERE plan.site_id = :site_id AND plan.week_start = ANY(:weeks) AND plan.published_at IS NOT NULL
      AND held.status IN ('pending', 'confirmed', 'declined', 'expired', 'completed')
    GROUP BY 1, 2, 3
""")


@dataclass(frozen=True, slots=True)
class PersonHours:
    """Somebody's minutes in the weeks that are planned; `contracted` is of all of them together."""

    employee_id: int
    name: str
    department: str
    contracted: int | None
    worked: int


@dataclass(frozen=True, slots=True)
class Overtime:
    """Minutes beyond where overtime begins for somebody in a week."""

    employee_id: int
    name: str
    week_start: date
    worked: int
    limit: int
    minutes: int


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule was broken when people were assigned, and how often with a reason given."""

    rule_type: str
    name: str
    count: int
    overridden: int


@dataclass(frozen=True, slots=True)
class Answers:
    """How people answer.

    Attributes:
        minutes: From being asked to the answer, one for each answer.
        asked: Questions of the versions in force.
        unanswered: Those of them that wait, or were not answered in time.
    """

    minutes: tuple[int, ...]
    asked: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class InsightView:
    """All figures of a window.

    Attributes:
        weeks: First days of all weeks of the window.
        planned: Those of them that have a version to look at.
        costs: None when they were not asked for.
        fairness: By kind of shift.
        unpopular: The times of the week that count as unpopular, worst first.
    """

    site_name: str
    currency: str
    clock_24h: bool
    departments: Mapping[int | None, str]
    names: Mapping[int, str]
    weeks: tuple[date, ...]
    planned: tuple[date, ...]
    coverage: tuple[DayCoverage, ...]
    hours: tuple[PersonHours, ...]
    costs: Costs | None
    overtime: tuple[Overtime, ...]
    fairness: Mapping[FairnessKind, Fairness]
    unpopular: tuple[Popularity, ...]
    violations: tuple[RuleCount, ...]
    answers: Answers


@dataclass(frozen=True, slots=True)
class _Person:
    facts: EmployeeFacts
    rate: int | None
    is_here: bool


async def insight(
    session: AsyncSession, actor: Actor, site_id: int, weeks: Sequence[date], *, drafts: bool
) -> InsightView:
    """Read the figures of some weeks, in seven statements; what people earn only for those who may see it.

    Args:
        session: A session.
        actor: Who looks.
        site_id: The site.
        weeks: First days of its weeks, in order.
        drafts: Whether the version in work stands for its week, where there is one, and not the one in force.

    Raises:
        NotFound: No such site, or none of the actor's.
        NotAllowed: The actor does not plan there.
        InvalidInput: A rule or somebody's availability is stored in a form that cannot be understood.
    """
    if not can(actor, Permission.VIEW_PUBLISHED, site_id=site_id):
        raise NotFound
    require(actor, Permission.VIEW_DRAFT, site_id=site_id)
    with_cost = can(actor, Permission.VIEW_COST, site_id=site_id)
    window: dict[str, Any] = {"site_id": site_id, "weeks": list(weeks)}
    site = (await session.execute(_SITE, {"site_id": site_id})).one_or_none()
    if site is None:
        raise NotFound
    versions = (await session.execute(_VERSIONS, {**window, "drafts": drafts})).all()
    planned = {row.id: row.week_start for row in versions}
    of_versions = {"schedule_ids": list(planned)}
    shift_rows = (await session.execute(_SHIFTS, of_versions)).all()
    held = (await session.execute(_HELD, of_versions)).all()
    who = {"site_id": site_id, "with_cost": with_cost, "employee_ids": list({row.employee_id for row in held})}
    people = {row.id: _person(site_id, row) for row in await session.execute(_PEOPLE, who)}
    violations = await session.execute(_VIOLATIONS, {**of_versions, "active": _ACTIVE})
    found = tuple(RuleCount(row.rule_type, row.name, row.times, row.overridden) for row in violations)
    answers = _answers((await session.execute(_ANSWERS, window)).all())

    shifts = _shifts(shift_rows, Counter(row.shift_id for row in held if row.status in ACTIVE), planned)
    turns = [Turn(shifts[row.shift_id], row.employee_id) for row in held if row.status in ACTIVE]
    names: dict[int | None, str] = dict(site.departments)
    minutes = minutes_by_week(turns)
    liked = _unpopular(shifts, held, [each.facts for each in people.values() if each.is_here])
    return InsightView(
        site_name=site.name,
        currency=site.currency,
        clock_24h=site.clock_24h,
        departments={None: "No department", **names},
        names={each: person.facts.name for each, person in people.items()},
        weeks=tuple(weeks),
        planned=tuple(planned.values()),
        coverage=coverage_by_day(shifts.values(), [day for week in planned.values() for day in week_days(week)]),
        hours=_hours(people, names, minutes, len(planned)),
        costs=costs(turns, {each: person.rate for each, person in people.items()}) if with_cost else None,
        overtime=_overtime(people, minutes, _overtime_rules(site_id, site.overtime_rules)),
        fairness=_fairness(turns, people, len(planned), {each.time_of_week for each in liked}),
        unpopular=liked,
        violations=found,
        answers=answers,
    )


def _shifts(rows: Sequence[Row[Any]], staffed: Mapping[int, int], weeks: Mapping[int, date]) -> dict[int, PlannedShift]:
    is_night = lru_cache(maxsize=None)(is_night_work)
    shifts = {}
    for row in rows:
        span = Interval(row.starts_at, row.ends_at)
        shifts[row.id] = PlannedShift(
            id=row.id,
            week_start=weeks[row.schedule_id],
            day=row.local_date,
            span=span,
            time_of_week=TimeOfWeek(row.local_date.weekday(), row.local_start, row.local_end),
            department_id=row.department_id,
            required=row.required_staff,
            staffed=staffed.get(row.id, 0),
            is_night=is_night(span, row.time_zone),
            is_weekend=is_weekend(row.local_date),
        )
    return shifts


def _person(site_id: int, row: Row[Any]) -> _Person:
    try:
        availability = availability_of(row.availability)
    except ValidationError as error:
        raise InvalidInput(f"The availability of {row.name} cannot be understood. Please correct it.") from error
    facts = EmployeeFacts(
        id=row.id,
        name=row.name,
        role=row.role,
        site_id=site_id,
        department_id=row.department_id,
        qualifications=(),
        availability=availability,
        contracted_minutes=row.contracted_minutes,
        max_minutes=row.max_minutes,
        is_active=row.is_here,
    )
    return _Person(facts, row.hourly_rate_cents, row.is_here)


def _hours(
    people: Mapping[int, _Person],
    departments: Mapping[int | None, str],
    minutes: Mapping[tuple[int, date], int],
    weeks: int,
) -> tuple[PersonHours, ...]:
    worked: Counter[int] = Counter()
    for (employee_id, _), each in minutes.items():
        worked[employee_id] += each
    found = []
    for employee_id, person in people.items():
        facts = person.facts
        contracted = None if facts.contracted_minutes is None else facts.contracted_minutes * weeks
        # Whoever neither worked nor was meant to has no hours to tell of.
        if worked[employee_id] or contracted:
            department = departments.get(facts.department_id, "")
            found.append(PersonHours(employee_id, facts.name, department, contracted, worked[employee_id]))
    return tuple(found)


def _overtime_rules(site_id: int, rows: Sequence[Sequence[Any]]) -> list[RuleFacts[OvertimeLimits]]:
    rules = []
    for rule_id, name, constraints, department_id, employee_id, starts_on, ends_on in rows:
        try:
            limits = parse_limits("overtime", constraints)
        except ValidationError as error:
            raise InvalidInput(f"The limits of the rule “{name}” cannot be understood. Please correct them.") from error
        rules.append(
            RuleFacts(
                id=rule_id,
                rule_type="overtime",
                limits=limits,
                strict=False,
                priority=1,
                site_id=site_id,
                department_id=department_id,
                employee_id=employee_id,
                effective_from=date.fromisoformat(starts_on) if starts_on else None,
                effective_until=date.fromisoformat(ends_on) if ends_on else None,
            )
        )
    return rules


def _overtime(
    people: Mapping[int, _Person],
    minutes: Mapping[tuple[int, date], int],
    rules: Sequence[RuleFacts[OvertimeLimits]],
) -> tuple[Overtime, ...]:
    """Beyond the lowest limit of a rule that holds on some day of the week; where none does, beyond the contract."""

    def limit_of(employee_id: int, week_start: date) -> int | None:
        facts = people[employee_id].facts
        days = week_days(week_start)
        limits = [rule.limits.weekly_minutes for rule in rules if any(applies(rule, facts, day) for day in days)]
        return min((each for each in limits if each is not None), default=facts.contracted_minutes)

    beyond = overtime(minutes, limit_of)
    found = [
        Overtime(employee_id, people[employee_id].facts.name, week, worked, worked - over, over)
        for (employee_id, week), over in beyond.items()
        for worked in [minutes[employee_id, week]]
    ]
    return tuple(sorted(found, key=lambda each: (each.week_start, each.name.casefold(), each.employee_id)))


def _unpopular(
    shifts: Mapping[int, PlannedShift], held: Sequence[Row[Any]], people: Sequence[EmployeeFacts]
) -> tuple[Popularity, ...]:
    asked: Counter[TimeOfWeek] = Counter()
    declined: Counter[TimeOfWeek] = Counter()
    for row in held:
        at = shifts[row.shift_id].time_of_week
        asked[at] += row.status != "assigned"
        declined[at] += row.status == "declined"
    alike: Counter[int] = Counter(id(each.availability) for each in people)
    weeks_of = {id(each.availability): each.availability for each in people}

    def popularity(at: TimeOfWeek) -> Popularity:
        disliking = sum(
            count for key, count in alike.items() if preference_at(at, weeks_of[key]) is Preference.DISLIKED
        )
        return Popularity(at, asked[at], declined[at], len(people), disliking)

    return unpopular(popularity(at) for at in {shift.time_of_week for shift in shifts.values()})


def _fairness(
    turns: Sequence[Turn], people: Mapping[int, _Person], weeks: int, disliked: set[TimeOfWeek]
) -> dict[FairnessKind, Fairness]:
    contracted = {
        each: person.facts.contracted_minutes * weeks
        for each, person in people.items()
        if person.facts.contracted_minutes
    }
    return {
        "night": fairness(turns, lambda shift: shift.is_night, contracted),
        "weekend": fairness(turns, lambda shift: shift.is_weekend, contracted),
        "unpopular": fairness(turns, lambda shift: shift.time_of_week in disliked, contracted),
    }


def _answers(rows: Sequence[Row[Any]]) -> Answers:
    minutes = [row.minutes for row in rows if row.minutes is not None for _ in range(row.times)]
    in_force = [row for row in rows if row.is_in_force]
    return Answers(
        minutes=tuple(sorted(minutes)),
        asked=sum(row.times for row in in_force),
        unanswered=sum(row.times for row in in_force if row.is_unanswered),
    )
