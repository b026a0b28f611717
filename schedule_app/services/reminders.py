"""Reminders: of tomorrow's shift, of an answer that is due, and of qualifications that run out; each of them once."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.notices import (
    AnswerDue,
    Moment,
    NamedDay,
    QualificationEnds,
    ShiftAhead,
    TheirQualificationEnds,
)
from schedule_app.queries.recipients import list_leaders, list_planners
from schedule_app.queries.standing import ANSWER_DUE_KEY, SHIFT_AHEAD_KEY
from schedule_app.services.notifications import ME_PATH, Told, notify_all
from schedule_app.services.settling import named_in

#: From this hour on, where the shift is, people are reminded of tomorrow's.
REMIND_FROM_HOUR: Final = 17
#: So many days before a qualification runs out it is told, each time once.
QUALIFICATION_DAYS: Final = (60, 30, 7)
PEOPLE_PATH: Final = "/manage/people"
#: Reminders that one transaction writes.
BATCH: Final = 200

_NOT_TOLD: Final = """
    NOT EXISTS (SELECT FROM notifications AS told WHERE told.recipient_id = {recipient} AND told.dedupe_key = {key})
"""

# Somebody's answer waits for the reminder, or the reminder finds that it was given. What no worker has reminded of on
# the day before is made up for as long as the shift has not begun; what somebody was given that day was told just then.
_TOMORROW = text(f"""
    SELECT held.id, held.employee_id, shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at,
           sites.name AS place, {SHIFT_AHEAD_KEY} AS key
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    JOIN employees ON employees.id = held.employee_id AND employees.is_active AND employees.deleted_at IS NULL
    WHERE held.in_force AND held.status = ANY(:active)
      AND held.starts_at > now() AND held.starts_at < now() + interval '2 days'
      AND now() AT TIME ZONE shifts.time_zone >= shifts.local_date - 1 + make_time(:from_hour, 0, 0)
      AND (now() AT TIME ZONE shifts.time_zone < shifts.local_date
           OR greatest(held.created_at, schedules.published_at) AT TIME ZONE shifts.time_zone < shifts.local_date)
      AND {_NOT_TOLD.format(recipient="held.employee_id", key=SHIFT_AHEAD_KEY)}
    ORDER BY held.id
    LIMIT :batch
    FOR NO KEY UPDATE OF held SKIP LOCKED
""")  # noqa: S608 - constants

# With a quarter of the time left, but at least two hours; where there was little time from the start, with half of it.
_DUE = text(f"""
    SELECT held.id, held.employee_id, shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at,
           held.confirm_by, {ANSWER_DUE_KEY} AS key
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN employees ON employees.id = held.employee_id AND employees.is_active AND employees.deleted_at IS NULL,
         LATERAL (SELECT held.confirm_by - greatest(held.created_at, schedules.published_at) AS given) AS time
    WHERE held.in_force AND held.status = 'pending' AND held.confirm_by > now() AND held.starts_at > now()
      AND held.confirm_by - least(greatest(time.given / 4, interval '2 hours'), time.given / 2) <= now()
      AND {_NOT_TOLD.format(recipient="held.employee_id", key=ANSWER_DUE_KEY)}
    ORDER BY held.id
    LIMIT :batch
    FOR NO KEY UPDATE OF held SKIP LOCKED
""")  # noqa: S608 - constants

# A qualification counts on the day on which it runs out. One that is renewed has another date, and begins anew.
_ENDING = text(f"""
    SELECT employees.id, employees.name, employees.site_id, employees.department_id, ending.qualification,
           ending.expires_on, ending.key
    FROM employees
    JOIN sites ON sites.id = employees.site_id
    JOIN LATERAL (
        SELECT held.qualification, max(held.expires_on) AS expires_on, within.days,
               'qualification:' || employees.id || ':' || lower(held.qualification) || ':' || max(held.expires_on)
               || ':' || within.days AS key
        FROM (
            SELECT btrim(each ->> 'name') AS qualification, CAST(each ->> 'expires_on' AS date) AS expires_on
            FROM jsonb_array_elements(employees.qualifications) AS each
        ) AS held,
        LATERAL (
            SELECT min(days) AS days FROM unnest(CAST(:days AS integer[])) AS days
            WHERE days >= held.expires_on - CAST(now() AT TIME ZONE sites.time_zone AS date)
        ) AS within
        WHERE held.expires_on >= CAST(now() AT TIME ZONE sites.time_zone AS date) AND within.days IS NOT NULL
          AND NOT EXISTS (
              SELECT FROM jsonb_array_elements(employees.qualifications) AS other
              WHERE lower(btrim(other ->> 'name')) = lower(held.qualification)
                AND COALESCE(CAST(other ->> 'expires_on' AS date), 'infinity') > held.expires_on)
        GROUP BY held.qualification, within.days
    ) AS ending ON true
    WHERE employees.is_active AND employees.deleted_at IS NULL
      AND {_NOT_TOLD.format(recipient="employees.id", key="ending.key")}
    ORDER BY employees.id
    LIMIT :batch
    FOR NO KEY UPDATE OF employees SKIP LOCKED
""")  # noqa: S608 - constants


async def remind_of_shifts() -> int:
    """Remind everybody of the shifts they have tomorrow, from late afternoon on where the shift is.

    Once for each shift and the time it begins at, also when its week is published anew; many processes may do this at
    once. Where none did in the evening, later, until the shift begins.

    Returns:
        How many reminders were written.
    """
    return await _in_batches(_remind_of_some_shifts)


async def remind_to_answer() -> int:
    """Remind those who have not answered and whose time to do so runs out. Otherwise as `remind_of_shifts`."""
    return await _in_batches(_remind_some_to_answer)


async def tell_of_ending_qualifications() -> int:
    """Tell people, and those who plan, that a qualification runs out in 60, 30 and 7 days, by the days of their site.

    Each is told once; one that was renewed begins anew. Many processes may do this at once.

    Returns:
        How many qualifications were told of.
    """
    return await _in_batches(_tell_of_some_qualifications)


async def _in_batches(one_batch: Callable[[], Awaitable[int]]) -> int:
    written = 0
    while True:
        count = await one_batch()
        written += count
        if count < BATCH:
            return written


@retrying
async def _remind_of_some_shifts() -> int:
    async with unit_of_work() as session:
        values = {"active": sorted(ACTIVE), "from_hour": REMIND_FROM_HOUR, "batch": BATCH}
        found = (await session.execute(_TOMORROW, values)).all()
        told = [Told(each.employee_id, ShiftAhead(named_in(each), each.place), each.id, each.key) for each in found]
        await notify_all(session, told, related_type="assignment", action_url=ME_PATH)
    return len(found)


@retrying
async def _remind_some_to_answer() -> int:
    async with unit_of_work() as session:
        found = (await session.execute(_DUE, {"batch": BATCH})).all()
        told = [Told(each.employee_id, _answer_due(each), each.id, each.key) for each in found]
        await notify_all(session, told, related_type="assignment", action_url=ME_PATH)
    return len(found)


def _answer_due(held: Row[Any]) -> AnswerDue:
    return AnswerDue(named_in(held), Moment.of(held.confirm_by, held.time_zone))


@retrying
async def _tell_of_some_qualifications() -> int:
    async with unit_of_work() as session:
        values = {"days": list(QUALIFICATION_DAYS), "batch": BATCH}
        found = (await session.execute(_ENDING, values)).all()
        await _tell_of_qualifications(session, found)
    return len(found)


async def _tell_of_qualifications(session: AsyncSession, found: Sequence[Row[Any]]) -> None:
    planners = {
        place: await list_planners(session, *place)
        for place in dict.fromkeys((each.site_id, each.department_id) for each in found)
    }
    own: list[Told] = []
    theirs: list[Told] = []
    for each in found:
        until = NamedDay.of(each.expires_on)
        own.append(Told(each.id, QualificationEnds(each.qualification, until), each.id, each.key))
        notice = TheirQualificationEnds(each.name, each.qualification, until)
        told = [planner for planner in planners[each.site_id, each.department_id] if planner != each.id]
        theirs += [Told(planner, notice, each.id, each.key) for planner in told]
    await notify_all(session, own, related_type="employee", action_url=ME_PATH)
    leaders: set[int] = set()
    for site_id in dict.fromkeys(each.site_id for each in found):
        leaders |= await list_leaders(session, site_id)
    # Supervisors may not open the page on which it could be renewed.
    for may_renew, action_url in ((True, PEOPLE_PATH), (False, None)):
        told = [each for each in theirs if (each.recipient_id in leaders) is may_renew]
        await notify_all(session, told, related_type="employee", action_url=action_url)
