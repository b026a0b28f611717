"""What putting many shifts into drafts would make: who can be put on them, who cannot and why, what goes before.

Everybody is judged by the same rules as when one shift is given. Whom a rule blocks is left off and named; warnings are
kept with the assignments and named too.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import Conflict, InvalidInput, NotFound
from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.permissions import Actor, Permission
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval, resolve_span, shift_label, week_start_of
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd, Taken, read_crowd
from schedule_app.queries.labels import week_label
from schedule_app.services.access import require_draft, require_on
from schedule_app.services.shift_details import ShiftDetails

MOST_SHIFTS: Final = 3000

_SITE = text("SELECT id, time_zone, clock_24h, week_starts_on FROM sites WHERE id = :site_id")

_WEEKS = text("""
    SELECT id, week_start, status, parent_id FROM schedules
    WHERE site_id = :site_id AND week_start = ANY(:weeks) AND status <> 'archived'
    ORDER BY id
""")

_IN_THE_WAY = text("""
    SELECT shifts.id, ARRAY(
        SELECT employee_id FROM schedule_assignments WHERE shift_id = shifts.id AND status = ANY(:active)
    ) AS employee_ids
    FROM shifts
    WHERE shifts.schedule_id = ANY(:schedule_ids) AND shifts.local_date BETWEEN :first AND :last
    ORDER BY shifts.id
""")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift to be made, and who shall work it."""

    details: ShiftDetails
    employee_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """Somebody who was left off a shift, or put on it against a warning.

    Attributes:
        day: The shift's local date.
        label: The shift in words.
        employee_id: Who it is about.
        name: Their name.
        text: Why, in sentences.
    """

    day: date
    label: str
    employee_id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step makes, or would make.

    Attributes:
        shifts: How many shifts it makes.
        people: How many places on them it fills.
        left_open: Who was not put on a shift, and why.
        warned: Who was put on a shift against a warning.
        removed_shifts: How many shifts it removes first.
        removed_people: How many places on those were filled.
        new_weeks: First days of the weeks that get a new draft.
    """

    shifts: int
    people: int
    left_open: tuple[Concern, ...]
    warned: tuple[Concern, ...]
    removed_shifts: int = 0
    removed_people: int = 0
    new_weeks: tuple[date, ...] = ()


@dataclass(slots=True)
class Placed:
    """A shift to be made, as it was judged."""

    wanted: Wanted
    span: Interval
    week: date
    lineage_id: UUID = field(default_factory=uuid4)
    people: dict[int, tuple[Violation, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A step as it was planned: shifts to be made, shifts to be removed, the drafts there are, and what comes of it."""

    placed: list[Placed]
    removed: Sequence[Row[Any]]
    schedules: dict[date, int]
    outcome: Outcome


async def find_site(session: AsyncSession, actor: Actor, site_id: int) -> Row[Any]:
    """A site whose shifts the actor may edit: id, time_zone, clock_24h, week_starts_on.

    Raises:
        NotFound: No such site, or not the actor's.
        NotAllowed: The actor may not edit shifts there.
    """
    site = (await session.execute(_SITE, {"site_id": site_id})).one_or_none()
    if site is None:
        raise NotFound
    require_on(actor, Permission.EDIT_SHIFTS, site.id)
    return site


async def draw_up(
    session: AsyncSession, site: Row[Any], wanted: Sequence[Wanted], replacing: tuple[date, date] | None
) -> Plan:
    """Plan a step without writing anything.

    Raises:
        IllegalTransition: A week of it is in approval.
        Conflict: A week of it is published and has no draft.
        InvalidInput: Too many shifts, or a date out of range.
    """
    if len(wanted) > MOST_SHIFTS:
        raise InvalidInput(f"That would be {len(wanted)} shifts. At most {MOST_SHIFTS} can be made in one step.")
    weeks = weeks_of(site, wanted, replacing)
    drafts = await _find_drafts(session, site, weeks)
    removed: Sequence[Row[Any]] = ()
    if replacing:
        values = {"schedule_ids": [each.id for each in drafts.values()], "active": sorted(ACTIVE)}
        removed = (await session.execute(_IN_THE_WAY, {**values, "first": replacing[0], "last": replacing[1]})).all()
    crowd = await read_crowd(session, site.id, site.week_starts_on, people_of(wanted), weeks)
    gone = {shift.id for shift in removed}
    for employee_id, taken in crowd.taken.items():
        crowd.taken[employee_id] = [each for each in taken if each.shift.id not in gone]
    # Whole weeks take seconds to judge, in which the others are served.
    placed, left_open, warned = await asyncio.to_thread(_judge_all, site, wanted, drafts, crowd)
    outcome = Outcome(
        shifts=len(placed),
        people=sum(len(each.people) for each in placed),
        left_open=tuple(left_open),
        warned=tuple(warned),
        removed_shifts=len(removed),
        removed_people=sum(len(shift.employee_ids) for shift in removed),
        new_weeks=tuple(week for week in weeks if week not in drafts),
    )
    return Plan(placed, removed, {week: draft.id for week, draft in drafts.items()}, outcome)


def people_of(wanted: Sequence[Wanted]) -> Collection[int]:
    """Everybody who shall work any of the shifts."""
    return {employee_id for each in wanted for employee_id in each.employee_ids}


def weeks_of(site: Row[Any], wanted: Sequence[Wanted], replacing: tuple[date, date] | None) -> list[date]:
    """The first days of the weeks that shifts are put into or removed from."""
    days = {each.details.local_date for each in wanted}
    if replacing:
        days |= {replacing[0] + timedelta(days=offset) for offset in range((replacing[1] - replacing[0]).days + 1)}
    return sorted({week_start_of(day, site.week_starts_on) for day in days})


async def _find_drafts(session: AsyncSession, site: Row[Any], weeks: list[date]) -> dict[date, Row[Any]]:
    """The drafts of weeks, of those that have one; refuses a week that cannot be changed."""
    drafts: dict[date, Row[Any]] = {}
    published: set[date] = set()
    for row in await session.execute(_WEEKS, {"site_id": site.id, "weeks": weeks}):
        if row.status == ScheduleStatus.PUBLISHED:
            published.add(row.week_start)
        else:
            require_draft(ScheduleStatus(row.status))
            drafts[row.week_start] = row
    for week in sorted(published - drafts.keys()):
        raise Conflict(f"The week of {week_label(week)} is published. Edit it as a new draft first.")
    return drafts


def _judge_all(
    site: Row[Any], wanted: Sequence[Wanted], drafts: Mapping[date, Row[Any]], crowd: Crowd
) -> tuple[list[Placed], list[Concern], list[Concern]]:
    """Judge everybody on every shift, in the order in which the shifts begin, each beside those before it."""
    placed = [
        Placed(each, span_of(each.details, site.time_zone), week_start_of(each.details.local_date, site.week_starts_on))
        for each in wanted
    ]
    placed.sort(key=lambda each: (each.span.starts_at, each.span.ends_at))
    left_open: list[Concern] = []
    warned: list[Concern] = []
    for number, each in enumerate(placed, start=1):
        draft = drafts.get(each.week)
        candidate = _facts_of(-number, site, each)
        counts_elsewhere = draft is None or draft.parent_id is None
        for employee_id in each.wanted.employee_ids:
            person = crowd.people.get(employee_id)
            if person is None:
                name = crowd.names.get(employee_id, "Somebody")
                left_open.append(
                    _concern(site, each, employee_id, name, f"{name} does not work at this site any more.")
                )
                continue
            # Weeks yet to be made share the number 0; they count for each other in any case.
            schedule_id = draft.id if draft else 0
            worked = crowd.worked(employee_id, each.week, schedule_id)
            found = check_assignment(crowd.rules, person, worked, crowd.meeting(candidate, schedule_id))
            if refusals := blocking(found):
                left_open.append(_concern(site, each, employee_id, person.name, _words(refusals)))
                continue
            if found:
                warned.append(_concern(site, each, employee_id, person.name, _words(found)))
            each.people[employee_id] = found
            crowd.taken[employee_id].append(Taken(candidate, schedule_id, counts_elsewhere))
    return placed, left_open, warned


def span_of(details: ShiftDetails, zone: str) -> Interval:
    """The instants of a shift in the zone of its site."""
    return resolve_span(details.local_date, details.local_start, details.local_end, zone)


def _facts_of(shift_id: int, site: Row[Any], placed: Placed) -> ShiftFacts:
    details = placed.wanted.details
    return ShiftFacts(
        id=shift_id,
        site_id=site.id,
        department_id=details.department_id,
        zone=site.time_zone,
        local_date=details.local_date,
        span=placed.span,
        shift_type=details.shift_type,
        required_qualifications=details.qualifications,
        required_staff=details.required_staff,
        week_starts_on=site.week_starts_on,
        clock_24h=site.clock_24h,
    )


def _words(found: Sequence[Violation]) -> str:
    return " ".join(each.message for each in found)


def _concern(site: Row[Any], placed: Placed, employee_id: int, name: str, words: str) -> Concern:
    label = shift_label(placed.span, site.time_zone, placed.wanted.details.title, clock_24h=site.clock_24h)
    return Concern(placed.wanted.details.local_date, label, employee_id, name, words)
