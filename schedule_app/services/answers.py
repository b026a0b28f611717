"""What an employee answers to a shift of a published week."""

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from itertools import groupby
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import Record, before_writing, fetch_together
from schedule_app.domain.assignment import ASKED, TRANSITIONS, AssignmentStatus, check_transition
from schedule_app.domain.errors import DeadlinePassed, IllegalTransition, NotFound, StaleVersion
from schedule_app.domain.notices import AssignmentConfirmed, AssignmentDeclined, AssignmentsConfirmed, NamedShift
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval, moment_label, zone_label
from schedule_app.queries.preferences import OWN_CLOCK
from schedule_app.queries.recipients import leads
from schedule_app.services.audit import record
from schedule_app.services.notifications import board_path, notify
from schedule_app.services.once import Intent, remember, was_done
from schedule_app.services.text import clean_note

# The site's managers hear of every answer; a refusal also the supervisors of the shift's department, and those of none.
# One compare-and-swap: whose it is, what it was, and by the database's clock whether there is time left.
_ANSWER = text(f"""
    UPDATE schedule_assignments AS held
    SET status = :answer, responded_at = clock_timestamp(), response_note = :note, updated_by_id = :employee_id
    FROM schedule_assignments AS was, shifts, schedules, employees
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id AND held.in_force
      AND held.status = ANY(:possible_from)
      AND clock_timestamp() < least(held.confirm_by, held.starts_at)
      AND NOT EXISTS (SELECT FROM command_keys WHERE employee_id = :employee_id AND key = :key)
      AND was.id = held.id AND shifts.id = held.shift_id AND schedules.id = held.schedule_id
      AND employees.id = held.employee_id
    RETURNING held.id, was.status AS status_before, shifts.site_id, shifts.time_zone, shifts.title, shifts.starts_at,
              shifts.ends_at, schedules.week_start, employees.name AS employee_name,
              ARRAY(SELECT told.id FROM employees AS told
                    WHERE told.site_id = shifts.site_id AND told.is_active AND told.deleted_at IS NULL
                      AND told.id <> :employee_id
                      AND ({leads("told")}
                           OR (:answer = 'declined' AND told.role = 'supervisor'
                               AND (told.department_id IS NULL OR told.department_id = shifts.department_id)))
                    ORDER BY told.id) AS recipients
""")  # noqa: S608 - constants

_WHY_NOT = text(f"""
    SELECT held.status, held.in_force, held.response_note, least(held.confirm_by, held.starts_at) AS deadline,
           schedules.status AS schedule_status, shifts.time_zone, {OWN_CLOCK}
    FROM schedule_assignments AS held
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id
""")  # noqa: S608 - constants


async def give_answer(
    actor: Actor, assignment_ids: Collection[int], answer: AssignmentStatus, note: str | None, key: UUID | None
) -> None:
    """Confirm or decline shifts of the actor's own, all or none; `services.assignments` has the verbs and their errors.

    What was answered the same before stays as it is.
    """
    require(actor, Permission.RESPOND)
    note = clean_note(note)
    ids = sorted(set(assignment_ids))
    intent = Intent(key, f"{answer.value} {' '.join(map(str, ids))}")
    values = {
        "key": key,
        "employee_id": actor.employee_id,
        "answer": answer.value,
        "note": note,
        "possible_from": [old.value for old, new in TRANSITIONS if new == answer and old in ASKED],
    }
    async with unit_of_work() as session:
        lock = LOCK_EMPLOYEES, {"ids": [actor.employee_id]}
        answers = ((_ANSWER, {**values, "assignment_id": each}) for each in ids)
        _, *found = await fetch_together(session, lock, *answers)
        changed = sorted((row for rows in found for row in rows), key=lambda row: (row.starts_at, row.id))
        async with nullcontext() if changed else before_writing(session):
            is_done = not changed and await was_done(session, actor, intent)
            for assignment_id, rows in zip(ids, found, strict=True):
                if not rows:
                    await _explain_refusal(session, actor, assignment_id, answer, note, is_done=is_done)
        if not changed:
            return
        remember(session, actor, intent)
        await _tell_managers(session, changed, answer, note)
        for row in changed:
            await record(
                session,
                actor,
                "confirm" if answer == AssignmentStatus.CONFIRMED else "decline",
                "assignment",
                row.id,
                site_id=row.site_id,
                before={"status": row.status_before},
                after={"status": answer.value},
                reason=note,
            )


async def _explain_refusal(
    session: AsyncSession,
    actor: Actor,
    assignment_id: int,
    answer: AssignmentStatus,
    note: str | None,
    *,
    is_done: bool,
) -> None:
    """Raise why an answer changed nothing; returns when the very same answer was given before, or sent before."""
    values = {"assignment_id": assignment_id, "employee_id": actor.employee_id}
    held = (await session.execute(_WHY_NOT, values)).one_or_none()
    if held and held.in_force and held.status == answer:
        if note and note != held.response_note:
            raise IllegalTransition(f"You have {answer} this already; the note was not added.")
        return
    if is_done:
        return
    if held is None:
        raise NotFound
    if held.schedule_status == ScheduleStatus.ARCHIVED:
        raise StaleVersion("This week was published anew. Please look at your shifts again.")
    if not held.in_force:
        raise NotFound
    if held.status == AssignmentStatus.ASSIGNED:
        raise IllegalTransition("This shift needs no answer. If you cannot come, please say so.")
    if held.status != AssignmentStatus.EXPIRED:
        check_transition(AssignmentStatus(held.status), answer)
    deadline = moment_label(held.deadline, held.time_zone, clock_24h=held.clock_24h)
    raise DeadlinePassed(
        f"The time to answer ended on {deadline}, {zone_label(held.time_zone)}. Please talk to your manager."
    )


async def _tell_managers(
    session: AsyncSession, changed: Sequence[Record], answer: AssignmentStatus, note: str | None
) -> None:
    """Tell of each answer, but of several confirmations in one week at once."""
    if answer == AssignmentStatus.CONFIRMED and len(changed) > 1:
        for (site_id, week_start), rows in groupby(changed, key=lambda row: (row.site_id, row.week_start)):
            several = list(rows)
            shifts = tuple(_named(row) for row in several)
            notice = AssignmentsConfirmed(several[0].employee_name, shifts)
            await notify(session, several[0].recipients, notice, action_url=board_path(site_id, week_start))
        return
    notice_type = AssignmentConfirmed if answer == AssignmentStatus.CONFIRMED else AssignmentDeclined
    for row in changed:
        await notify(
            session,
            row.recipients,
            notice_type(row.employee_name, _named(row), note or ""),
            related=("assignment", row.id),
            action_url=board_path(row.site_id, row.week_start),
        )


def _named(row: Record) -> NamedShift:
    return NamedShift.of(Interval(row.starts_at, row.ends_at), row.time_zone, row.title)
