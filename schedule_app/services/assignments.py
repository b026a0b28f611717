"""Giving shifts to people and taking them away; what people answer goes on in `services.answers`.

The employee is locked first, then the schedule's status is held, then the assignment changes; see `db.locks`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import at_commit, before_writing, fetch_together
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus, check_transition
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import (
    AlreadyAssigned,
    DoubleBooking,
    NeedsOverride,
    NotAllowed,
    NotFound,
    RuleBroken,
    StaleVersion,
)
from schedule_app.domain.notices import AssignmentAdded, AssignmentRemoved
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.domain.violation import Violation
from schedule_app.queries.changes import last_change
from schedule_app.queries.facts import Judging, Person, hold_judging
from schedule_app.queries.labels import moment_label, shift_label
from schedule_app.services.access import require_editable, require_on
from schedule_app.services.answers import give_answer
from schedule_app.services.audit import record
from schedule_app.services.notifications import ME_PATH, notify
from schedule_app.services.text import clean_reason

_FORGET = text("DELETE FROM schedule_assignments WHERE id = :id")

# A shift of a published week is asked about: the answer is due in the site's time, at the latest when the shift starts.
_INSERT = text("""
    INSERT INTO schedule_assignments
        (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status, source, confirm_by,
         override_reason, created_by_id, updated_by_id)
    VALUES (:schedule_id, :shift_id, :employee_id, :starts_at, :ends_at, :in_force, :status, :source,
            CASE WHEN :in_force THEN least(now() + make_interval(mins => :confirm_within), :starts_at) END,
            :override_reason, :actor_id, :actor_id)
    RETURNING id, confirm_by
""")

_KEEP_VIOLATIONS = text("""
    INSERT INTO rule_violations
        (schedule_id, assignment_id, rule_id, rule_type, severity, message, override_reason, overridden_by_id)
    SELECT :schedule_id, :assignment_id, each.rule_id, each.rule_type, each.severity, each.message,
           :override_reason, :overridden_by_id
    FROM jsonb_to_recordset(CAST(:violations AS jsonb))
        AS each (rule_id bigint, rule_type text, severity text, message text)
""")

_LOCK_HOLDER = text("""
    SELECT id FROM employees
    WHERE id = (SELECT employee_id FROM schedule_assignments WHERE id = :assignment_id)
    FOR NO KEY UPDATE
""")

_HELD = text("""
    SELECT held.id, held.employee_id, held.shift_id, held.schedule_id, held.status, held.version,
           shifts.site_id, shifts.department_id, shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at,
           schedules.status AS schedule_status, schedules.week_start
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE held.id = :assignment_id
    FOR SHARE OF schedules
""")

_CANCEL = text("UPDATE schedule_assignments SET status = 'cancelled', updated_by_id = :actor_id WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Assigned:
    """A new assignment, and the warnings it was made against."""

    assignment_id: int
    warnings: tuple[Violation, ...]


@retrying
async def assign_employee(
    actor: Actor, shift_id: int, employee_id: int, *, override_reason: str | None = None, source: str = "manual"
) -> Assigned:
    """Give a shift to an employee, in a draft or in a published week.

    In a published week the employee is told and asked to confirm. More people than needed may be assigned.

    Args:
        actor: Who acts.
        shift_id: The shift.
        employee_id: Who shall work it, of the same site.
        override_reason: Why warnings do not matter this time, 3 to 500 characters.
        source: How it came about: manual, auto, claim or swap.

    Raises:
        NotFound: No such shift or employee, or of another site.
        NotAllowed: The actor may not assign here, or may not override.
        AlreadyAssigned: The employee has this shift.
        DoubleBooking: The employee works at that time; this can never be overridden.
        RuleBroken: A blocking rule refuses.
        NeedsOverride: There are warnings, and no reason to override them was given.
        IllegalTransition: The week is neither a draft nor published.
    """
    require(actor, Permission.ASSIGN)
    reason = clean_reason(override_reason, "override_reason") if (override_reason or "").strip() else None
    async with unit_of_work() as session:
        async with before_writing(session):
            judging, person = await _hold(session, actor, shift_id, employee_id)
            warnings = _judge(actor, judging, person, reason)
        if not warnings:
            reason = None
        assignment_id, confirm_by = await _insert(session, actor, judging, person, reason, source)
        _keep_violations(session, actor, judging, assignment_id, warnings, reason)
        if judging.status == ScheduleStatus.PUBLISHED and employee_id != actor.employee_id:
            label = shift_label(judging.shift.span, judging.shift.zone, judging.title)
            added = AssignmentAdded(label, moment_label(confirm_by, judging.shift.zone))
            await notify(session, [employee_id], added, related=("assignment", assignment_id), action_url=ME_PATH)
        after = {"schedule_id": judging.schedule_id, "shift_id": shift_id, "employee_id": employee_id}
        site_id = judging.shift.site_id
        await record(session, actor, "assign", "assignment", assignment_id, site_id=site_id, after=after, reason=reason)
    return Assigned(assignment_id, warnings)


@retrying
async def unassign_employee(actor: Actor, assignment_id: int, *, expected_version: int | None = None) -> None:
    """Take a shift from an employee: without a trace in a draft, cancelled and told in a published week.

    Args:
        actor: Who acts.
        assignment_id: The assignment.
        expected_version: The version the actor saw; None when it does not matter.

    Raises:
        NotFound: No such assignment, or of another site.
        NotAllowed: The actor may not assign here.
        StaleVersion: It was changed since.
        IllegalTransition: It is over already, or the week is neither a draft nor published.
    """
    require(actor, Permission.ASSIGN)
    async with unit_of_work() as session:
        async with before_writing(session):
            one = {"assignment_id": assignment_id}
            _, found = await fetch_together(session, (_LOCK_HOLDER, one), (_HELD, one))
            if not found:
                raise NotFound
            [held] = found
            require_on(actor, Permission.ASSIGN, held.site_id, held.department_id)
            require_editable(ScheduleStatus(held.schedule_status))
            if expected_version not in (None, held.version):
                raise StaleVersion(await last_change(session, "assignment", assignment_id, held.time_zone))
            is_published = held.schedule_status == ScheduleStatus.PUBLISHED
            if is_published:
                check_transition(AssignmentStatus(held.status), AssignmentStatus.CANCELLED)
        at_commit(session, _CANCEL if is_published else _FORGET, {"id": assignment_id, "actor_id": actor.employee_id})
        if is_published and held.status in ACTIVE and held.employee_id != actor.employee_id:
            label = shift_label(Interval(held.starts_at, held.ends_at), held.time_zone, held.title)
            related = ("assignment", assignment_id)
            await notify(session, [held.employee_id], AssignmentRemoved(label), related=related, action_url=ME_PATH)
        before = {"schedule_id": held.schedule_id, "shift_id": held.shift_id, "employee_id": held.employee_id}
        await record(
            session,
            actor,
            "unassign",
            "assignment",
            assignment_id,
            site_id=held.site_id,
            before={**before, "status": held.status},
            after={"status": "cancelled"} if is_published else None,
        )


@retrying
async def confirm_assignment(actor: Actor, assignment_id: int, *, note: str | None = None) -> None:
    """Say yes to one of the actor's own shifts. Saying it twice is saying it once.

    Raises:
        NotFound: No such assignment, somebody else's, or of a week that is not published.
        DeadlinePassed: The time to answer is over.
        IllegalTransition: It was declined or cancelled.
        StaleVersion: The week was published anew.
        InvalidInput: The note is too long or cannot be stored.
    """
    await give_answer(actor, assignment_id, AssignmentStatus.CONFIRMED, note)


@retrying
async def decline_assignment(actor: Actor, assignment_id: int, *, note: str | None = None) -> None:
    """Say no to one of the actor's own shifts, also after having said yes. Errors as `confirm_assignment`."""
    await give_answer(actor, assignment_id, AssignmentStatus.DECLINED, note)


async def _hold(session: AsyncSession, actor: Actor, shift_id: int, employee_id: int) -> tuple[Judging, Person]:
    """Lock what decides over an assignment, and read it; raises unless the actor may change it as things stand."""
    judging = await hold_judging(session, shift_id, employee_id)
    if judging is None:
        raise NotFound
    require_on(actor, Permission.ASSIGN, judging.shift.site_id, judging.shift.department_id)
    if not judging.people:
        raise NotFound
    require_editable(judging.status)
    return judging, judging.people[0]


def _judge(actor: Actor, judging: Judging, person: Person, reason: str | None) -> tuple[Violation, ...]:
    """The warnings to be stored; raises when the shift cannot be given."""
    if person.held_status in ACTIVE:
        raise AlreadyAssigned(f"{person.facts.name} already has this shift.")
    violations = check_assignment(judging.rules, person.facts, person.worked, judging.shift)
    overlaps = [each.message for each in violations if each.rule_type == "overlap"]
    if overlaps:
        raise DoubleBooking(" ".join(overlaps))
    if blocking(violations):
        raise RuleBroken(violations)
    if violations and reason is None:
        raise NeedsOverride(violations)
    if violations and not can(actor, Permission.OVERRIDE_WARNING, site_id=judging.shift.site_id):
        raise NotAllowed("Only managers may go against a rule.")
    return violations


async def _insert(
    session: AsyncSession, actor: Actor, judging: Judging, person: Person, reason: str | None, source: str
) -> tuple[int, datetime]:
    if person.held_id is not None:
        # Declined or cancelled before. The audit log remembers; a new request starts afresh.
        await session.execute(_FORGET, {"id": person.held_id})
    is_published = judging.status == ScheduleStatus.PUBLISHED
    values = {
        "schedule_id": judging.schedule_id,
        "shift_id": judging.shift.id,
        "employee_id": person.facts.id,
        "starts_at": judging.shift.span.starts_at,
        "ends_at": judging.shift.span.ends_at,
        "in_force": is_published,
        "status": (AssignmentStatus.PENDING if is_published else AssignmentStatus.ASSIGNED).value,
        "source": source,
        "confirm_within": judging.confirm_within_minutes,
        "override_reason": reason,
        "actor_id": actor.employee_id,
    }
    row = (await session.execute(_INSERT, values)).one()
    return row.id, row.confirm_by


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
