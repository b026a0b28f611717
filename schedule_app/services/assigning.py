"""The steps of which giving, taking, moving and swapping shifts are made, each inside the caller's transaction.

The people are locked first, then the schedule's status is held, then the assignments change; see `db.locks`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import Record, at_commit, fetch_together
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus, check_transition
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import (
    AlreadyAssigned,
    DoubleBooking,
    NeedsOverride,
    NotAllowed,
    RuleBroken,
    StaleVersion,
)
from schedule_app.domain.notices import AssignmentAdded, AssignmentRemoved, Moment, NamedShift
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.domain.violation import Violation
from schedule_app.queries.changes import last_change
from schedule_app.queries.facts import Held, Judging, Person
from schedule_app.services.access import require_editable, require_on
from schedule_app.services.audit import record
from schedule_app.services.gone import gone
from schedule_app.services.notifications import ME_PATH, notify

_FORGET = text("DELETE FROM schedule_assignments WHERE id = :id")

_CANCEL = text("UPDATE schedule_assignments SET status = 'cancelled', updated_by_id = :actor_id WHERE id = :id")

_INSERT = text("""
    INSERT INTO schedule_assignments
        (id, schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status, source, confirm_by,
         responded_at, override_reason, created_by_id, updated_by_id)
    VALUES (:id, :schedule_id, :shift_id, :employee_id, :starts_at, :ends_at, :in_force, :status, :source, :confirm_by,
            :responded_at, :override_reason, :actor_id, :actor_id)
""")

_KEEP_VIOLATIONS = text("""
    INSERT INTO rule_violations
        (schedule_id, assignment_id, rule_id, rule_type, severity, message, override_reason, overridden_by_id)
    SELECT :schedule_id, :assignment_id, each.rule_id, each.rule_type, each.severity, each.message,
           :override_reason, :overridden_by_id
    FROM jsonb_to_recordset(CAST(:violations AS jsonb))
        AS each (rule_id bigint, rule_type text, severity text, message text)
""")

_HELD = text("""
    SELECT held.id, held.employee_id, held.shift_id, held.schedule_id, held.status, held.version,
           shifts.site_id, shifts.department_id, shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at,
           schedules.status AS schedule_status, schedules.week_start
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE held.id = ANY(:assignment_ids)
    FOR SHARE OF schedules
""")

_LOCK_PEOPLE = text("""
    SELECT id FROM employees
    WHERE id IN (SELECT employee_id FROM schedule_assignments WHERE id = ANY(:assignment_ids)
                 UNION ALL SELECT unnest(CAST(:employee_ids AS bigint[])))
    ORDER BY id
    FOR NO KEY UPDATE
""")


@dataclass(frozen=True, slots=True)
class Assigned:
    """A new assignment, and the warnings it was made against."""

    assignment_id: int
    warnings: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Giving:
    """A shift about to be given to a person.

    Attributes:
        held: The shift, as it was read under its locks.
        person: Who shall work it.
        freed: The shift they are taken off at the same time, so that it does not count against them.
        is_wanted: Whether the person asked for it: in a published week it is confirmed then, and nobody told here.
    """

    held: Held
    person: Person
    freed: int | None = None
    is_wanted: bool = False

    @property
    def judging(self) -> Judging:
        """What the rules know of the shift."""
        return self.held.judging

    @property
    def is_in_force(self) -> bool:
        """Whether it counts at once: the week is published."""
        return self.judging.status == ScheduleStatus.PUBLISHED

    @property
    def is_asked(self) -> bool:
        """Whether the person has to answer. A shift that has begun is written down as it is: no time is left for it."""
        return self.is_in_force and self.judging.shift.span.starts_at > self.held.at

    @property
    def status(self) -> AssignmentStatus:
        """What the assignment begins as."""
        if self.is_asked:
            return AssignmentStatus.CONFIRMED if self.is_wanted else AssignmentStatus.PENDING
        return AssignmentStatus.ASSIGNED

    @property
    def confirm_by(self) -> datetime | None:
        """When the answer is due: in the site's time, at the latest when the shift starts."""
        within = timedelta(minutes=self.judging.confirm_within_minutes)
        return min(self.held.at + within, self.judging.shift.span.starts_at) if self.is_asked else None


async def hold_assignments(
    session: AsyncSession, actor: Actor, versions: Mapping[int, int | None], *, employee_ids: Sequence[int] = ()
) -> list[Record]:
    """Lock the people on some assignments and hold their schedules, then read the assignments.

    Args:
        session: The unit of work.
        actor: Who acts.
        versions: Assignments, each with the version the actor saw; None when that does not matter.
        employee_ids: Who else is to be given a shift, and locked with the others.

    Returns:
        The assignments in the order asked for.

    Raises:
        NotFound: One of them is missing, or of another site.
        NotAllowed: The actor may not assign there.
        IllegalTransition: The week is neither a draft nor published.
        StaleVersion: One was changed or removed since.
    """
    ids = {"assignment_ids": list(versions)}
    lock = _LOCK_PEOPLE, {**ids, "employee_ids": list(employee_ids)}
    _, found = await fetch_together(session, lock, (_HELD, ids))
    by_id = {held.id: held for held in found}
    for missing in versions.keys() - by_id.keys():
        raise await gone(session, actor, Permission.ASSIGN, "assignment", missing)
    for held in found:
        require_on(actor, Permission.ASSIGN, held.site_id, held.department_id)
        require_editable(ScheduleStatus(held.schedule_status))
    for assignment_id, expected in versions.items():
        held = by_id[assignment_id]
        if expected not in (None, held.version):
            raise StaleVersion(await last_change(session, "assignment", assignment_id, held.time_zone))
    return [by_id[assignment_id] for assignment_id in versions]


def check_taking(held: Record) -> None:
    """Refuse to take an assignment away that is over already.

    Raises:
        IllegalTransition: It is cancelled or completed in a published week.
    """
    if _is_published(held):
        check_transition(AssignmentStatus(held.status), AssignmentStatus.CANCELLED)


def judge(actor: Actor, givings: Sequence[Giving], reason: str | None) -> list[tuple[Violation, ...]]:
    """Judge shifts to be given together, all or none.

    Args:
        actor: Who acts.
        givings: What is to be given to whom.
        reason: Why warnings do not matter this time.

    Returns:
        For each the warnings to be stored with it.

    Raises:
        AlreadyAssigned: Somebody has their shift already.
        DoubleBooking: Somebody works at that time.
        RuleBroken: A blocking rule refuses.
        NeedsOverride: There are warnings and no reason.
        NotAllowed: There are warnings and the actor may not override them.
    """
    for giving in givings:
        if giving.person.held_status in ACTIVE:
            raise AlreadyAssigned(f"{giving.person.facts.name} already has this shift.")
    found = [violations_of(giving) for giving in givings]
    together = [violation for each in found for violation in each]
    overlaps = [each.message for each in together if each.rule_type == "overlap"]
    if overlaps:
        raise DoubleBooking(" ".join(overlaps))
    if blocking(together):
        raise RuleBroken(together)
    if together and reason is None:
        raise NeedsOverride(together)
    site_id = givings[0].judging.shift.site_id
    if together and not can(actor, Permission.OVERRIDE_WARNING, site_id=site_id):
        raise NotAllowed("Only managers may go against a rule.")
    return found


def violations_of(giving: Giving) -> tuple[Violation, ...]:
    """All that stands in the way of giving a shift."""
    person = giving.person
    worked = [shift for shift in person.worked if shift.id != giving.freed]
    return check_assignment(giving.judging.rules, person.facts, worked, giving.judging.shift)


async def take(session: AsyncSession, actor: Actor, held: Record, *, is_told: bool = True) -> None:
    """Take an assignment away: without a trace in a draft, cancelled and told in a published week.

    Args:
        session: The unit of work.
        actor: Who acts.
        held: The assignment, as it was held.
        is_told: Whether the person is told of it here, and not by another notice of the same step.
    """
    is_published = _is_published(held)
    at_commit(session, _CANCEL if is_published else _FORGET, {"id": held.id, "actor_id": actor.employee_id})
    if is_told and is_published and held.status in ACTIVE and held.employee_id != actor.employee_id:
        shift = NamedShift.of(Interval(held.starts_at, held.ends_at), held.time_zone, held.title)
        related = ("assignment", held.id)
        await notify(session, [held.employee_id], AssignmentRemoved(shift), related=related, action_url=ME_PATH)


async def record_taking(session: AsyncSession, actor: Actor, held: Record) -> None:
    """Write down that an assignment was taken away."""
    before = {"schedule_id": held.schedule_id, "shift_id": held.shift_id, "employee_id": held.employee_id}
    await record(
        session,
        actor,
        "unassign",
        "assignment",
        held.id,
        site_id=held.site_id,
        before={**before, "status": held.status},
        after={"status": "cancelled"} if _is_published(held) else None,
    )


async def give(
    session: AsyncSession,
    actor: Actor,
    giving: Giving,
    warnings: tuple[Violation, ...],
    *,
    reason: str | None,
    source: str,
) -> Assigned:
    """Write an assignment that was judged; in a published week the person is told, and asked to confirm.

    What was taken away before makes room for it. What the person asked for is confirmed, and the caller tells them.
    """
    judging, employee_id, assignment_id = giving.judging, giving.person.facts.id, giving.held.assignment_id
    reason = reason if warnings else None
    _insert(session, actor, giving, reason, source)
    _keep_violations(session, actor, judging, assignment_id, warnings, reason)
    if giving.is_in_force and not giving.is_wanted and employee_id != actor.employee_id:
        shift = NamedShift.of(judging.shift.span, judging.shift.zone, judging.title)
        confirm_by = giving.confirm_by
        added = AssignmentAdded(shift, Moment.of(confirm_by, judging.shift.zone) if confirm_by else None)
        await notify(session, [employee_id], added, related=("assignment", assignment_id), action_url=ME_PATH)
    return Assigned(assignment_id, warnings)


async def record_giving(
    session: AsyncSession, actor: Actor, giving: Giving, assigned: Assigned, *, reason: str | None
) -> None:
    """Write down that a shift was given."""
    judging = giving.judging
    after = {
        "schedule_id": judging.schedule_id,
        "shift_id": judging.shift.id,
        "employee_id": giving.person.facts.id,
    }
    await record(
        session,
        actor,
        "assign",
        "assignment",
        assigned.assignment_id,
        site_id=judging.shift.site_id,
        after=after,
        reason=reason if assigned.warnings else None,
    )


def _insert(session: AsyncSession, actor: Actor, giving: Giving, reason: str | None, source: str) -> None:
    judging, person = giving.judging, giving.person
    if person.held_id is not None:
        # Declined or cancelled before. The audit log remembers; a new request starts afresh.
        at_commit(session, _FORGET, {"id": person.held_id})
    values = {
        "id": giving.held.assignment_id,
        "schedule_id": judging.schedule_id,
        "shift_id": judging.shift.id,
        "employee_id": person.facts.id,
        "starts_at": judging.shift.span.starts_at,
        "ends_at": judging.shift.span.ends_at,
        "in_force": giving.is_in_force,
        "status": giving.status.value,
        "source": source,
        "confirm_by": giving.confirm_by,
        "responded_at": giving.held.at if giving.status == AssignmentStatus.CONFIRMED else None,
        "override_reason": reason,
        "actor_id": actor.employee_id,
    }
    at_commit(session, _INSERT, values)


def _keep_violations(
    session: AsyncSession,
    actor: Actor,
    judging: Judging,
    assignment_id: int,
    violations: Sequence[Violation],
    reason: str | None,
) -> None:
    if not violations:
        return
    values = {
        "schedule_id": judging.schedule_id,
        "assignment_id": assignment_id,
        "override_reason": reason,
        "overridden_by_id": actor.employee_id,
        "violations": json.dumps([asdict(each) for each in violations]),
    }
    at_commit(session, _KEEP_VIOLATIONS, values)


def _is_published(held: Record) -> bool:
    return held.schedule_status == ScheduleStatus.PUBLISHED
