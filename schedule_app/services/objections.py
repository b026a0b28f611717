"""What people say against a shift they were given; the managers read it beside the assignment."""

from sqlalchemy import text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import before_writing, fetch_together
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import DeadlinePassed, NotFound
from schedule_app.domain.notices import AssignmentObjected, NamedShift
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.time import Interval
from schedule_app.queries.recipients import leads
from schedule_app.services.audit import record
from schedule_app.services.notifications import board_path, notify
from schedule_app.services.text import clean_reason

_OBJECT = text(f"""
    UPDATE schedule_assignments AS held
    SET objection = CAST(:objection AS text),
        objected_at = CASE WHEN CAST(:objection AS text) IS NULL THEN NULL ELSE now() END,
        updated_by_id = :employee_id
    FROM schedule_assignments AS was, shifts, schedules, employees
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id AND held.in_force
      AND held.status = ANY(:active) AND clock_timestamp() < held.starts_at
      AND was.id = held.id AND shifts.id = held.shift_id AND schedules.id = held.schedule_id
      AND employees.id = held.employee_id
    RETURNING was.objection AS before, shifts.site_id, shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at,
              schedules.week_start, employees.name AS employee_name,
              ARRAY(SELECT told.id FROM employees AS told
                    WHERE told.site_id = shifts.site_id AND told.is_active AND told.deleted_at IS NULL
                      AND told.id <> :employee_id
                      AND ({leads("told")}
                           OR (told.role = 'supervisor'
                               AND (told.department_id IS NULL OR told.department_id = shifts.department_id)))
                    ORDER BY told.id) AS recipients
""")  # noqa: S608 - constants

_OWN = text("""
    SELECT 1 FROM schedule_assignments
    WHERE id = :assignment_id AND employee_id = :employee_id AND in_force AND status <> 'cancelled'
""")


@retrying
async def object_to_assignment(actor: Actor, assignment_id: int, reason: str) -> None:
    """Say something against one of the actor's own shifts, which stays theirs; said anew, it replaces what was said.

    Args:
        actor: Who objects.
        assignment_id: The assignment.
        reason: 3 to 500 characters.

    Raises:
        NotFound: No such assignment, somebody else's, or of a week that is not published.
        DeadlinePassed: The shift has begun, or is not the actor's any more.
        InvalidInput: The reason is too short, too long, or cannot be stored.
    """
    await _say(actor, assignment_id, clean_reason(reason, "reason"))


@retrying
async def withdraw_objection(actor: Actor, assignment_id: int) -> None:
    """Take back what was said against one of the actor's own shifts. Errors as `object_to_assignment`."""
    await _say(actor, assignment_id, None)


async def _say(actor: Actor, assignment_id: int, objection: str | None) -> None:
    require(actor, Permission.RESPOND)
    own = {"assignment_id": assignment_id, "employee_id": actor.employee_id}
    async with unit_of_work() as session:
        async with before_writing(session):
            lock = LOCK_EMPLOYEES, {"ids": [actor.employee_id]}
            values = {**own, "objection": objection, "active": sorted(ACTIVE)}
            _, changes = await fetch_together(session, lock, (_OBJECT, values))
            if not changes:
                if await session.scalar(_OWN, own) is None:
                    raise NotFound
                raise DeadlinePassed("This shift has begun or was declined. Please talk to your manager.")
        [changed] = changes
        if objection is not None and objection != changed.before:
            shift = NamedShift.of(Interval(changed.starts_at, changed.ends_at), changed.time_zone, changed.title)
            await notify(
                session,
                changed.recipients,
                AssignmentObjected(changed.employee_name, shift, objection),
                related=("assignment", assignment_id),
                action_url=board_path(changed.site_id, changed.week_start),
            )
        await record(
            session,
            actor,
            "object" if objection else "withdraw_objection",
            "assignment",
            assignment_id,
            site_id=changed.site_id,
            before={"objection": changed.before},
            after={"objection": objection},
            reason=objection,
        )
