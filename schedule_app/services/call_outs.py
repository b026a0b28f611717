"""Somebody who has a shift cannot come: it is open at once, planners are alerted, and it may be offered to others."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import Record, before_writing, fetch_together
from schedule_app.domain.assignment import TRANSITIONS, AssignmentStatus
from schedule_app.domain.errors import DeadlinePassed, IllegalTransition, InvalidInput, NotFound, StaleVersion
from schedule_app.domain.notices import CalledOut, NamedShift
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.queries.cover import list_replacements
from schedule_app.queries.recipients import list_planners
from schedule_app.services.audit import record
from schedule_app.services.notifications import board_path, notify
from schedule_app.services.shift_offers import start_waves
from schedule_app.services.text import clean_note

#: So many of those who could come instead are named at once; the board has them all.
_NAMED: Final = 5

_POSSIBLE_FROM: Final = sorted(old.value for old, new in TRANSITIONS if new == AssignmentStatus.DECLINED)

# Other than an answer it has no deadline but the end of the shift, by the database's clock.
_CALL_OUT = text("""
    UPDATE schedule_assignments AS held
    SET status = 'declined', responded_at = clock_timestamp(), response_note = :note, updated_by_id = :employee_id
    FROM schedule_assignments AS was, shifts, schedules, sites, employees
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id AND held.in_force
      AND held.status = ANY(:possible_from) AND clock_timestamp() < held.ends_at
      AND was.id = held.id AND shifts.id = held.shift_id AND schedules.id = held.schedule_id
      AND sites.id = shifts.site_id AND employees.id = held.employee_id
    RETURNING held.id, was.status AS status_before, held.shift_id, shifts.site_id, shifts.department_id,
              shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at, schedules.week_start,
              sites.offer_waves, sites.offer_wave_minutes, clock_timestamp() < shifts.starts_at AS is_ahead,
              employees.name AS employee_name
""")

_WHY_NOT = text("""
    SELECT held.status, held.in_force, schedules.status AS schedule_status,
           EXISTS (SELECT FROM call_outs AS out
                   WHERE out.shift_id = held.shift_id AND out.employee_id = held.employee_id) AS has_called_out
    FROM schedule_assignments AS held
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id
""")

_INSERT = text("INSERT INTO call_outs (shift_id, employee_id) VALUES (:shift_id, :employee_id)")


@retrying
async def call_out(actor: Actor, assignment_id: int, *, note: str | None = None) -> None:
    """Say that one cannot come to one's own shift of a published week, until it ends. Twice is as good as once.

    The managers, and the supervisors whom it concerns, are told at once, with who could come instead. Where the site
    offers open shifts by itself, they are asked.

    Args:
        actor: Whose shift it is.
        assignment_id: The assignment.
        note: A word to those who plan.

    Raises:
        NotFound: No such assignment, somebody else's, or of a week that is not published.
        StaleVersion: The week was published anew.
        IllegalTransition: It was declined before, or the shift is the actor's no longer.
        DeadlinePassed: The shift is over.
        InvalidInput: The note is too long or cannot be stored.
    """
    require(actor, Permission.RESPOND)
    note = clean_note(note)
    values = {"assignment_id": assignment_id, "employee_id": actor.employee_id}
    async with unit_of_work() as session:
        async with before_writing(session):
            lock = LOCK_EMPLOYEES, {"ids": [actor.employee_id]}
            change = _CALL_OUT, {**values, "note": note, "possible_from": _POSSIBLE_FROM}
            _, changes = await fetch_together(session, lock, change)
            if not changes:
                await _explain_refusal(session, actor, assignment_id)
                return
        [held] = changes
        await session.execute(_INSERT, {"shift_id": held.shift_id, "employee_id": actor.employee_id})
        is_offered = held.is_ahead and held.offer_waves > 0
        if is_offered:
            await start_waves(session, held.shift_id, people=held.offer_waves, minutes=held.offer_wave_minutes)
        await _alert(session, actor, held, note, is_offered)
        await record(
            session,
            actor,
            "call_out",
            "assignment",
            assignment_id,
            site_id=held.site_id,
            before={"status": held.status_before},
            after={"status": AssignmentStatus.DECLINED.value},
            reason=note,
        )


async def _explain_refusal(session: AsyncSession, actor: Actor, assignment_id: int) -> None:
    """Raise why nothing was changed; returns when the very same was said before."""
    values = {"assignment_id": assignment_id, "employee_id": actor.employee_id}
    held = (await session.execute(_WHY_NOT, values)).one_or_none()
    if held is None:
        raise NotFound
    if held.schedule_status == ScheduleStatus.ARCHIVED:
        raise StaleVersion("This week was published anew. Please look at your shifts again.")
    if not held.in_force:
        raise NotFound
    if held.status == AssignmentStatus.DECLINED:
        if held.has_called_out:
            return
        raise IllegalTransition("You have declined this shift already. Your managers have been told.")
    if held.status in (AssignmentStatus.CANCELLED, AssignmentStatus.EXPIRED):
        raise IllegalTransition("This shift is not yours any more.")
    raise DeadlinePassed("This shift is over.")


async def _alert(session: AsyncSession, actor: Actor, held: Record, note: str | None, is_offered: bool) -> None:
    try:
        found, problem = await list_replacements(session, held.shift_id), ""
    except InvalidInput as error:
        # A rule that cannot be read is somebody's to correct; that a place is open does not wait for that.
        found, problem = [], error.message
    replacements = [each for each in found if not each.was_on_it]
    shift = NamedShift.of(Interval(held.starts_at, held.ends_at), held.time_zone, held.title)
    names = tuple(each.name for each in replacements[:_NAMED])
    is_offered = is_offered and any(not each.is_warned for each in replacements)
    notice = CalledOut(held.employee_name, shift, note or "", names, is_offered, problem)
    planners = await list_planners(session, held.site_id, held.department_id)
    told = [each for each in planners if each != actor.employee_id]
    path = board_path(held.site_id, held.week_start, cover=held.shift_id)
    await notify(session, told, notice, related=("assignment", held.id), action_url=path)
