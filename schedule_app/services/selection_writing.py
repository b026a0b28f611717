"""Taking many assignments away and making many others, in a number of statements that does not grow with them."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import Record, at_commit
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.domain.notices import AssignmentAdded, AssignmentRemoved, Moment, NamedShift
from schedule_app.domain.permissions import Actor
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.services.audit import Entry, record_each
from schedule_app.services.notifications import ME_PATH, Told, notify_all
from schedule_app.services.selection_plan import Planned

_FORGET = text("DELETE FROM schedule_assignments WHERE id = ANY(:ids)")

_CANCEL = text("UPDATE schedule_assignments SET status = 'cancelled', updated_by_id = :actor_id WHERE id = ANY(:ids)")

# Declined or cancelled before, perhaps in this very step. The audit log remembers; a new request starts afresh.
_FORGET_ANSWERS = text("""
    DELETE FROM schedule_assignments AS held
    USING jsonb_to_recordset(CAST(:given AS jsonb)) AS each (shift_id bigint, employee_id bigint)
    WHERE held.shift_id = each.shift_id AND held.employee_id = each.employee_id AND NOT held.status = ANY(:active)
""")

# A shift of a published week is asked about: the answer is due in the site's time, at the latest when the shift starts.
_INSERT = text("""
    INSERT INTO schedule_assignments
        (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force, status, source, confirm_by,
         override_reason, created_by_id, updated_by_id)
    SELECT shifts.schedule_id, shifts.id, each.employee_id, shifts.starts_at, shifts.ends_at, :in_force, :status,
           'manual',
           CASE WHEN :in_force THEN least(now() + make_interval(mins => :confirm_within), shifts.starts_at) END,
           each.override_reason, :actor_id, :actor_id
    FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS each (shift_id bigint, employee_id bigint, override_reason text)
    JOIN shifts ON shifts.id = each.shift_id
    ORDER BY shifts.starts_at, shifts.id, each.employee_id
    RETURNING id, shift_id, employee_id, confirm_by
""")

_KEEP_VIOLATIONS = text("""
    INSERT INTO rule_violations
        (schedule_id, assignment_id, rule_id, rule_type, severity, message, override_reason, overridden_by_id)
    SELECT :schedule_id, each.assignment_id, each.rule_id, each.rule_type, each.severity, each.message,
           :override_reason, :actor_id
    FROM jsonb_to_recordset(CAST(:violations AS jsonb))
        AS each (assignment_id bigint, rule_id bigint, rule_type text, severity text, message text)
""")


async def carry_out(session: AsyncSession, actor: Actor, planned: Planned, reason: str | None) -> None:
    """Write what was planned: without a trace in a draft; in a published week everybody concerned is told or asked."""
    is_published = planned.about.schedule_status == ScheduleStatus.PUBLISHED
    if planned.taken:
        statement = _CANCEL if is_published else _FORGET
        await session.execute(statement, {"ids": [each.id for each in planned.taken], "actor_id": actor.employee_id})
    made = await _give(session, actor, planned, reason) if planned.given else {}
    if is_published:
        await _tell(session, actor, planned, made)
    await _record_taken(session, actor, planned.taken, is_published=is_published)
    given = [
        Entry(
            made[step.shift.id, step.employee_id].id,
            after={
                "schedule_id": planned.about.schedule_id,
                "shift_id": step.shift.id,
                "employee_id": step.employee_id,
            },
            reason=reason if found else None,
        )
        for step, found in planned.given
    ]
    await record_each(session, actor, "assign", "assignment", given, site_id=planned.about.site_id)


async def _give(
    session: AsyncSession, actor: Actor, planned: Planned, reason: str | None
) -> dict[tuple[int, int], Record]:
    about = planned.about
    is_published = about.schedule_status == ScheduleStatus.PUBLISHED
    given = json.dumps(
        [
            {
                "shift_id": step.shift.id,
                "employee_id": step.employee_id,
                "override_reason": reason if found else None,
            }
            for step, found in planned.given
        ]
    )
    await session.execute(_FORGET_ANSWERS, {"given": given, "active": sorted(ACTIVE)})
    values = {
        "given": given,
        "in_force": is_published,
        "status": (AssignmentStatus.PENDING if is_published else AssignmentStatus.ASSIGNED).value,
        "confirm_within": about.confirm_within_minutes,
        "actor_id": actor.employee_id,
    }
    made = {(row.shift_id, row.employee_id): row for row in await session.execute(_INSERT, values)}
    violations = [
        {**asdict(violation), "assignment_id": made[step.shift.id, step.employee_id].id}
        for step, found in planned.given
        for violation in found
    ]
    if violations:
        values = {"schedule_id": about.schedule_id, "override_reason": reason, "actor_id": actor.employee_id}
        at_commit(session, _KEEP_VIOLATIONS, {**values, "violations": json.dumps(violations)})
    return made


async def _tell(session: AsyncSession, actor: Actor, planned: Planned, made: dict[tuple[int, int], Record]) -> None:
    """Tell who loses a shift and who gains one; who is given the same one anew is asked, and that is all."""
    removed = [
        Told(each.employee_id, AssignmentRemoved(_named(each)), each.id)
        for each in planned.taken
        if each.status in ACTIVE
        and each.employee_id != actor.employee_id
        and (each.shift_id, each.employee_id) not in made
    ]
    added = [
        Told(
            step.employee_id,
            AssignmentAdded(_named(step.shift), Moment.of(row.confirm_by, step.shift.time_zone)),
            row.id,
        )
        for step, _ in planned.given
        if step.employee_id != actor.employee_id
        for row in (made[step.shift.id, step.employee_id],)
    ]
    for told in (removed, added):
        await notify_all(session, told, related_type="assignment", action_url=ME_PATH)


def _named(shift: Record) -> NamedShift:
    return NamedShift.of(Interval(shift.starts_at, shift.ends_at), shift.time_zone, shift.title)


async def _record_taken(session: AsyncSession, actor: Actor, taken: Sequence[Record], *, is_published: bool) -> None:
    if not taken:
        return
    entries = [
        Entry(
            each.id,
            before={
                "schedule_id": each.schedule_id,
                "shift_id": each.shift_id,
                "employee_id": each.employee_id,
                "status": each.status,
            },
            after={"status": "cancelled"} if is_published else None,
        )
        for each in taken
    ]
    await record_each(session, actor, "unassign", "assignment", entries, site_id=taken[0].site_id)
