"""What an employee answers to a shift of a published week."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import Record, before_writing, fetch_together
from schedule_app.domain.assignment import ASKED, TRANSITIONS, AssignmentStatus, check_transition
from schedule_app.domain.errors import DeadlinePassed, IllegalTransition, NotFound, StaleVersion
from schedule_app.domain.notices import AssignmentConfirmed, AssignmentDeclined, NamedShift
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval, moment_label
from schedule_app.services.audit import record
from schedule_app.services.notifications import board_path, notify
from schedule_app.services.once import Intent, remember, was_done
from schedule_app.services.text import clean_note

# The site's managers hear of every answer; a refusal also the supervisors of the shift's department, and those of none.
# One compare-and-swap: whose it is, what it was, and by the database's clock whether there is time left.
_ANSWER = text("""
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
                      AND (told.role = 'manager'
                           OR (:answer = 'declined' AND told.role = 'supervisor'
                               AND (told.department_id IS NULL OR told.department_id = shifts.department_id)))
                    ORDER BY told.id) AS recipients
""")

_WHY_NOT = text("""
    SELECT held.status, held.in_force, least(held.confirm_by, held.starts_at) AS deadline,
           schedules.status AS schedule_status, shifts.time_zone, sites.clock_24h
    FROM schedule_assignments AS held
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id
""")


async def give_answer(
    actor: Actor, assignment_id: int, answer: AssignmentStatus, note: str | None, key: UUID | None
) -> None:
    """Confirm or decline one of the actor's own shifts; see `services.assignments` for the verbs and their errors."""
    require(actor, Permission.RESPOND)
    note = clean_note(note)
    intent = Intent(key, f"{answer.value} {assignment_id} {note or ''}")
    values = {
        "key": key,
        "assignment_id": assignment_id,
        "employee_id": actor.employee_id,
        "answer": answer.value,
        "note": note,
        "possible_from": [old.value for old, new in TRANSITIONS if new == answer and old in ASKED],
    }
    async with unit_of_work() as session:
        async with before_writing(session):
            lock = LOCK_EMPLOYEES, {"ids": [actor.employee_id]}
            _, changes = await fetch_together(session, lock, (_ANSWER, values))
            if not changes:
                if await was_done(session, actor, intent):
                    return
                await _explain_refusal(session, actor, assignment_id, answer)
                return
        [changed] = changes
        remember(session, actor, intent)
        await _tell_managers(session, changed, answer, note)
        await record(
            session,
            actor,
            "confirm" if answer == AssignmentStatus.CONFIRMED else "decline",
            "assignment",
            assignment_id,
            site_id=changed.site_id,
            before={"status": changed.status_before},
            after={"status": answer.value},
            reason=note,
        )


async def _explain_refusal(session: AsyncSession, actor: Actor, assignment_id: int, answer: AssignmentStatus) -> None:
    """Raise why an answer changed nothing; returns when the very same answer was given before."""
    values = {"assignment_id": assignment_id, "employee_id": actor.employee_id}
    held = (await session.execute(_WHY_NOT, values)).one_or_none()
    if held is None:
        raise NotFound
    if held.schedule_status == ScheduleStatus.ARCHIVED:
        raise StaleVersion("This week was published anew. Please look at your shifts again.")
    if not held.in_force:
        raise NotFound
    if held.status == answer:
        return
    if held.status == AssignmentStatus.ASSIGNED:
        raise IllegalTransition("This shift needs no answer. If you cannot come, please say so.")
    if held.status != AssignmentStatus.EXPIRED:
        check_transition(AssignmentStatus(held.status), answer)
    deadline = moment_label(held.deadline, held.time_zone, clock_24h=held.clock_24h)
    raise DeadlinePassed(f"The time to answer ended on {deadline}. Please talk to your manager.")


async def _tell_managers(session: AsyncSession, changed: Record, answer: AssignmentStatus, note: str | None) -> None:
    notice_type = AssignmentConfirmed if answer == AssignmentStatus.CONFIRMED else AssignmentDeclined
    shift = NamedShift.of(Interval(changed.starts_at, changed.ends_at), changed.time_zone, changed.title)
    await notify(
        session,
        changed.recipients,
        notice_type(changed.employee_name, shift, note or ""),
        related=("assignment", changed.id),
        action_url=board_path(changed.site_id, changed.week_start),
    )
