"""Answers that are missed: a shift whose person says nothing in time is theirs no longer, and open to others."""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.assignment import AssignmentStatus
from schedule_app.domain.notices import AnswerMissed, PlaceReopened
from schedule_app.queries.recipients import list_planners
from schedule_app.services.audit import record
from schedule_app.services.notifications import OPEN_PATH, board_path, notify
from schedule_app.services.settling import named_in

#: People whose answers are settled in one transaction.
BATCH: Final = 50

# A shift that has begun is left as it is: nobody could take it any more.
_IS_MISSED = """
    held.status = 'pending' AND held.in_force AND held.confirm_by <= clock_timestamp()
    AND held.starts_at > clock_timestamp()
"""

# Whoever books, answers or is booked holds the person, so that no deadlock comes of it; see `db.locks`. Somebody who
# answers just now is passed over, and looked at in the next turn.
_HOLD_PEOPLE = text(f"""
    SELECT id FROM employees
    WHERE id IN (SELECT held.employee_id FROM schedule_assignments AS held WHERE {_IS_MISSED})
    ORDER BY id
    LIMIT :batch
    FOR NO KEY UPDATE SKIP LOCKED
""")  # noqa: S608 - constants

_EXPIRE = text(f"""
    UPDATE schedule_assignments AS held
    SET status = 'expired', updated_by_id = NULL
    FROM shifts, schedules, employees
    WHERE held.employee_id = ANY(:employee_ids) AND {_IS_MISSED}
      AND shifts.id = held.shift_id AND schedules.id = held.schedule_id AND employees.id = held.employee_id
    RETURNING held.id, held.employee_id, held.shift_id, employees.name AS employee_name, shifts.site_id,
              shifts.department_id, shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at,
              schedules.week_start
""")  # noqa: S608 - constants


async def expire_missed_answers() -> int:
    """Take the coming shifts of published weeks from those who have not answered in time, by the database's clock.

    The places are open again, as after a refusal. The people are told, and the planners. Many processes may do this at
    once; somebody who confirms at the very moment either has confirmed in time or is told that it is too late.

    Returns:
        How many shifts were taken from somebody.
    """
    expired = 0
    while True:
        people, missed = await _expire_some()
        expired += missed
        if people < BATCH:
            return expired


@retrying
async def _expire_some() -> tuple[int, int]:
    """Settle a batch of people; how many they were, and how many shifts they lost."""
    async with unit_of_work() as session:
        people = (await session.scalars(_HOLD_PEOPLE, {"batch": BATCH})).all()
        if not people:
            return 0, 0
        missed = (await session.execute(_EXPIRE, {"employee_ids": people})).all()
        await _tell(session, sorted(missed, key=lambda each: (each.starts_at, each.id)))
        for each in sorted(missed, key=lambda each: (each.site_id, each.id)):
            await record(
                session,
                None,
                "expire",
                "assignment",
                each.id,
                site_id=each.site_id,
                before={"status": AssignmentStatus.PENDING.value},
                after={"status": AssignmentStatus.EXPIRED.value},
            )
    return len(people), len(missed)


async def _tell(session: AsyncSession, missed: list[Row[Any]]) -> None:
    planners: defaultdict[tuple[int, int | None], list[int]] = defaultdict(list)
    for place in {(each.site_id, each.department_id) for each in missed}:
        planners[place] = await list_planners(session, *place)
    for each in missed:
        shift, related = named_in(each), ("assignment", each.id)
        await notify(session, [each.employee_id], AnswerMissed(shift), related=related, action_url=OPEN_PATH)
        told = [planner for planner in planners[each.site_id, each.department_id] if planner != each.employee_id]
        path = board_path(each.site_id, each.week_start, cover=each.shift_id)
        await notify(session, told, PlaceReopened(each.employee_name, shift), related=related, action_url=path)
