"""What publishing a version means for people: who is told and what, whose answer is kept, who is disturbed.

Read before anything is written, by publishing itself and by the preview of it.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.delivery import Preferences
from schedule_app.domain.errors import NotFound
from schedule_app.domain.notices import Moment, NamedShift, NamedWeek, Notice, SchedulePublished, ShiftsPublished, word
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.time import Interval, shift_label
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.comparisons import find_compared
from schedule_app.queries.differences import comparison_view
from schedule_app.queries.facts import BESIDE, shift_facts
from schedule_app.queries.preferences import preferences_of

_MOST_NAMED: Final = 5
_SAID_YES: Final = frozenset({"confirmed", "completed"})

_REPLACED = text("""
    SELECT id FROM schedules WHERE site_id = :site_id AND week_start = :week_start AND status = 'published'
""")

# The same shift at the same time keeps its deadline, and what the person said about it still holds; unless they said no
# before they were put on it again.
SAME_BEFORE: Final = """
    FROM shifts, shifts AS original, schedule_assignments AS was
    WHERE shifts.id = held.shift_id
      AND original.schedule_id = :replaced_id AND original.lineage_id = shifts.lineage_id
      AND was.schedule_id = original.schedule_id AND was.shift_id = original.id AND was.employee_id = held.employee_id
      AND was.starts_at = held.starts_at AND was.ends_at = held.ends_at AND was.status NOT IN ('cancelled', 'expired')
      AND (was.status = 'declined' AND was.responded_at < held.created_at) IS NOT TRUE
"""

#: By when a person asked now is to answer.
DEADLINE: Final = "least(now() + make_interval(mins => sites.confirm_within_minutes), held.starts_at)"

_CHANGES = text(f"""
    WITH now_held AS (
        SELECT held.employee_id, shifts.lineage_id, held.starts_at, held.ends_at,
               CASE WHEN held.starts_at > now() THEN {DEADLINE} END AS confirm_by, shifts.time_zone, shifts.title
        FROM schedule_assignments AS held
        JOIN shifts ON shifts.id = held.shift_id
        JOIN sites ON sites.id = shifts.site_id
        WHERE held.schedule_id = :schedule_id AND held.status = ANY(:active)
          AND NOT EXISTS (SELECT 1 {SAME_BEFORE} AND was.status = 'declined')
    ), before_held AS (
        SELECT held.employee_id, shifts.lineage_id, held.starts_at, held.ends_at, held.status,
               shifts.time_zone, shifts.title
        FROM schedule_assignments AS held
        JOIN shifts ON shifts.id = held.shift_id
        WHERE held.schedule_id = :replaced_id AND held.status = ANY(:active)
    )
    SELECT employee_id, now_held.confirm_by, before_held.status AS answer,
           before_held.starts_at AS before_starts_at, before_held.ends_at AS before_ends_at,
           CASE WHEN before_held.starts_at IS NULL THEN 'added'
                WHEN now_held.starts_at IS NULL THEN 'removed'
                ELSE 'changed' END AS change,
           COALESCE(now_held.starts_at, before_held.starts_at) AS starts_at,
           COALESCE(now_held.ends_at, before_held.ends_at) AS ends_at,
           COALESCE(now_held.time_zone, before_held.time_zone) AS time_zone,
           COALESCE(now_held.title, before_held.title) AS title
    FROM now_held FULL JOIN before_held USING (employee_id, lineage_id)
    WHERE (now_held.starts_at, now_held.ends_at) IS DISTINCT FROM (before_held.starts_at, before_held.ends_at)
    ORDER BY employee_id, starts_at, lineage_id
""")  # noqa: S608 - constants

_KEPT = text(f"""
    SELECT employees.name, answers.status, answers.shifts
    FROM (
        SELECT found.employee_id, found.status, count(*) AS shifts
        FROM (
            SELECT held.employee_id, CASE was.status WHEN 'completed' THEN 'confirmed' ELSE was.status END AS status
            {SAME_BEFORE.replace("FROM shifts,", "FROM schedule_assignments AS held, shifts,")}
              AND held.schedule_id = :schedule_id AND was.status IN ('confirmed', 'declined', 'completed')
        ) AS found
        GROUP BY found.employee_id, found.status
    ) AS answers
    JOIN employees ON employees.id = answers.employee_id
    ORDER BY lower(employees.name), employees.id, answers.status
""")  # noqa: S608 - constants

_CLASHES = text("""
    SELECT DISTINCT employees.name, other.starts_at, other.ends_at, shifts.time_zone, sites.clock_24h
    FROM schedule_assignments AS held
    JOIN schedule_assignments AS other
        ON other.employee_id = held.employee_id AND other.in_force AND other.status = ANY(:active)
        AND other.starts_at < held.ends_at AND held.starts_at < other.ends_at
    JOIN shifts ON shifts.id = other.shift_id
    JOIN sites ON sites.id = shifts.site_id
    JOIN employees ON employees.id = held.employee_id
    WHERE held.schedule_id = :schedule_id AND held.status = ANY(:active)
      AND other.schedule_id IS DISTINCT FROM :replaced_id
    ORDER BY other.starts_at, employees.name
    LIMIT 3
""")

# Everybody was judged when they were put on a shift. Judged again are those of whom something has changed since that
# decides: a rule, the person, the shift, time off that was approved; and whoever was put on it unjudged, by restoring.
# What is in force already stays so, unless the person has left; and so does what has begun.
_DOUBTFUL = text(f"""
    SELECT held.employee_id, employees.name, shifts.id, shifts.site_id, shifts.department_id, shifts.time_zone,
           shifts.local_date, shifts.starts_at, shifts.ends_at, shifts.shift_type, shifts.title, shifts.required_staff,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications,
           sites.week_starts_on, sites.clock_24h, {BESIDE}
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    JOIN employees ON employees.id = held.employee_id
    WHERE held.schedule_id = :schedule_id AND held.status = ANY(:active) AND held.starts_at > now()
      AND (NOT employees.is_active OR employees.deleted_at IS NOT NULL
           OR ((held.created_at < greatest(employees.updated_at, shifts.updated_at, (
                    SELECT max(rules.updated_at) FROM rules WHERE rules.site_id = :site_id AND rules.is_active))
                OR EXISTS (
                    SELECT FROM time_off_requests AS away
                    WHERE away.employee_id = held.employee_id AND away.status = 'approved'
                      AND away.ends_at > held.starts_at AND away.starts_at < held.ends_at)
                OR EXISTS (
                    SELECT FROM audit_entries
                    WHERE entity_type = 'schedule' AND entity_id = :schedule_id AND action = 'restore'))
               AND NOT EXISTS (SELECT 1 {SAME_BEFORE})))
    ORDER BY held.starts_at, lower(employees.name), held.id
""")  # noqa: S608 - constants

_PLAN = text("""
    SELECT schedules.id, schedules.site_id, schedules.week_start, schedules.submitted_by_id, schedules.status,
           sites.name AS site_name, sites.clock_24h, (SELECT name FROM employees WHERE id = :actor_id) AS actor_name
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = :schedule_id
""")

_NAMES = text("SELECT id, name FROM employees WHERE id = ANY(:ids)")


@dataclass(frozen=True, slots=True)
class Publication:
    """What will be another for people, before it is.

    Attributes:
        replaced_id: The version in force until then.
        changes: One row per person and shift that differ.
        notices: By employee, what those whose shifts differ are told.
        clashes: Sentences about people who work elsewhere at the same time; with any of them nothing is published.
        broken: What blocks shifts that people are on, of late; with any of it nothing is published.
    """

    replaced_id: int | None
    changes: Sequence[Row[Any]]
    notices: dict[int, ShiftsPublished]
    clashes: list[str]
    broken: list[Violation]
    broken_words: list[str]

    @property
    def digest(self) -> str:
        """The same as long as the same people are told the same, but for their deadlines, and the same refuses."""
        changes = [{**each._mapping, "confirm_by": None} for each in self.changes]
        said = json.dumps([self.replaced_id, changes, self.clashes, self.broken_words], default=str)
        return sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is told, and what they read."""

    name: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class PublicationPreview:
    """What publishing would do, in words.

    Attributes:
        told: Everybody who is told, by name.
        disturbed: Sentences about people who have confirmed what is now moved or taken away.
        kept: Sentences about people whose answers are kept.
        come_back: Sentences about people who were taken off the published week and are put on it again.
        clashes: Why it cannot be published: who works elsewhere.
        broken: Why it cannot be published: who cannot have their shift any more.
        digest: Of all that, to be given back when it is published.
    """

    told: list[Told] = field(default_factory=list)
    disturbed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    come_back: list[str] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    digest: str = ""


async def find_publication(session: AsyncSession, plan: Row[Any]) -> Publication:
    """Read what publishing a schedule will change.

    Args:
        session: A session that has not yet changed anything of it.
        plan: The schedule, with id, site_id and week_start.
    """
    week = {"site_id": plan.site_id, "week_start": plan.week_start}
    replaced_id = (await session.execute(_REPLACED, week)).scalar_one_or_none()
    values = {"schedule_id": plan.id, "replaced_id": replaced_id, "active": sorted(ACTIVE)}
    clashes = (await session.execute(_CLASHES, values)).all()
    changes = (await session.execute(_CHANGES, values)).all()
    broken = await _broken(session, plan, {**values, "site_id": plan.site_id})
    return Publication(
        replaced_id,
        changes,
        _notices(NamedWeek.of(plan.week_start), changes),
        [_clash(each) for each in clashes],
        [violation for violation, _ in broken],
        _in_words(broken),
    )


async def _broken(session: AsyncSession, plan: Row[Any], values: dict[str, Any]) -> list[tuple[Violation, str]]:
    """What blocks the shifts of people who have to be judged again, each with its shift in words."""
    doubtful = (await session.execute(_DOUBTFUL, values)).all()
    if not doubtful:
        return []
    people = {each.employee_id for each in doubtful}
    crowd = await read_crowd(session, plan.site_id, doubtful[0].week_starts_on, people, [plan.week_start])
    return await asyncio.to_thread(_judge, crowd, plan, doubtful)


def _judge(crowd: Crowd, plan: Row[Any], doubtful: Sequence[Row[Any]]) -> list[tuple[Violation, str]]:
    found: list[tuple[Violation, str]] = []
    worked = {each: crowd.worked(each, plan.week_start, plan.id) for each in crowd.people}
    for each in doubtful:
        span = Interval(each.starts_at, each.ends_at)
        label = shift_label(span, each.time_zone, each.title, clock_24h=each.clock_24h)
        if each.employee_id not in crowd.people:
            words = f"{each.name} does not work at this site any more."
            found.append((Violation("inactive", None, "block", words, each.employee_id, each.id), label))
            continue
        person, shift = crowd.people[each.employee_id], shift_facts(each, each.id)
        judged = blocking(check_assignment(crowd.rules, person, worked[person.id], shift))
        # Who works elsewhere is found for everybody, and not only for those judged again.
        found += [(violation, label) for violation in judged if violation.rule_type != "overlap"]
    return found


def _in_words(broken: Iterable[tuple[Violation, str]]) -> list[str]:
    labels: dict[str, list[str]] = {}
    for violation, label in broken:
        labels.setdefault(violation.message, []).append(label)
    return [f"{words} ({'; '.join(where)})" for words, where in labels.items()]


def notice_to_submitter(actor: Actor, plan: Row[Any], told: Iterable[int]) -> dict[int, Notice]:
    """What the submitter is told, if anything: not who publishes, and not who hears of shifts of their own."""
    if plan.submitted_by_id in (None, actor.employee_id, *told):
        return {}
    return {plan.submitted_by_id: SchedulePublished(plan.site_name, NamedWeek.of(plan.week_start), plan.actor_name)}


async def preview_publication(session: AsyncSession, actor: Actor, schedule_id: int) -> PublicationPreview:
    """Tell what publishing would do now. Deadlines are those of this moment; published later, they are later.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not publish.
    """
    values = {"schedule_id": schedule_id, "actor_id": actor.employee_id}
    plan = (await session.execute(_PLAN, values)).one_or_none()
    if plan is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=plan.site_id):
        raise NotFound
    require(actor, Permission.PUBLISH, site_id=plan.site_id)
    found = await find_publication(session, plan)
    notices: dict[int, Notice] = {**found.notices, **notice_to_submitter(actor, plan, found.notices)}
    kept = (await session.execute(_KEPT, {"schedule_id": schedule_id, "replaced_id": found.replaced_id})).all()
    compared = await find_compared(session, found.replaced_id, schedule_id, with_cost=False)
    ids = {*notices, *(each.employee_id for each in found.changes)}
    names = {row.id: row.name for row in await session.execute(_NAMES, {"ids": sorted(ids)})}
    readers = await preferences_of(session, notices)
    told = sorted(notices, key=lambda each: (names[each].casefold(), each))
    return PublicationPreview(
        told=[_told(names[each], notices[each], readers[each]) for each in told],
        disturbed=[
            _disturbed(names[each.employee_id], each, clock_24h=plan.clock_24h)
            for each in found.changes
            if each.answer in _SAID_YES
        ],
        kept=[f"{row.name}: {row.shifts} {row.status}" for row in kept],
        come_back=comparison_view(compared).come_back,
        clashes=found.clashes,
        broken=found.broken_words,
        digest=found.digest,
    )


def _notices(week: NamedWeek, changes: Iterable[Row[Any]]) -> dict[int, ShiftsPublished]:
    by_person: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for change in changes:
        by_person[change.employee_id].append(change)
    return {employee_id: _notice(week, own) for employee_id, own in by_person.items()}


def _notice(week: NamedWeek, changes: list[Row[Any]]) -> ShiftsPublished:
    kinds = [each.change for each in changes]
    due = min((each for each in changes if each.confirm_by is not None), key=_confirm_by, default=None)
    return ShiftsPublished(
        week=week,
        added=kinds.count("added"),
        removed=kinds.count("removed"),
        changed=kinds.count("changed"),
        shifts=tuple(_named(each) for each in changes[:_MOST_NAMED]),
        confirm_by=Moment.of(due.confirm_by, due.time_zone) if due else None,
    )


def _confirm_by(change: Row[Any]) -> datetime:
    return change.confirm_by


def _named(change: Row[Any]) -> NamedShift:
    span = Interval(change.starts_at, change.ends_at)
    return NamedShift.of(span, change.time_zone, change.title, is_gone=change.change == "removed")


def _clash(row: Row[Any]) -> str:
    when = shift_label(Interval(row.starts_at, row.ends_at), row.time_zone, clock_24h=row.clock_24h)
    return f"{row.name} already works {when}, in a published week."


def _told(name: str, notice: Notice, reader: Preferences) -> Told:
    wording = word(notice, clock_24h=reader.clock_24h, zone=reader.zone)
    return Told(name, wording.title, wording.body)


def _disturbed(name: str, change: Row[Any], *, clock_24h: bool) -> str:
    span = Interval(change.before_starts_at, change.before_ends_at)
    was = shift_label(span, change.time_zone, change.title, clock_24h=clock_24h)
    if change.change == "removed":
        return f"{name} has confirmed {was}, and loses it."
    now = shift_label(Interval(change.starts_at, change.ends_at), change.time_zone, clock_24h=clock_24h)
    return f"{name} has confirmed {was}, which is now {now}."
