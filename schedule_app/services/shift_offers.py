"""Open shifts are offered to people in waves: the best ranked first, the next when nobody has taken it."""

from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import Conflict, DeadlinePassed, IllegalTransition, InvalidInput, NotFound
from schedule_app.domain.notices import OffersEnded, ShiftOffered
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.queries.cover import list_replacements
from schedule_app.queries.recipients import list_planners
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.notifications import OPEN_PATH, board_path, notify
from schedule_app.services.settling import named_in

#: A manager may have a shift offered where the site offers nothing by itself: then to all at once.
_ALL: Final = 50
_ACTIVE: Final = sorted(ACTIVE)

_SHIFT = """
    SELECT shifts.id, shifts.site_id, shifts.department_id, shifts.title, shifts.time_zone, shifts.starts_at,
           shifts.ends_at, schedules.status, schedules.week_start, sites.offer_waves, sites.offer_wave_minutes,
           clock_timestamp() < shifts.starts_at AS is_ahead,
           shifts.required_staff > (SELECT count(*) FROM schedule_assignments AS held
                                    WHERE held.shift_id = shifts.id AND held.status = ANY(:active)) AS is_open
    FROM shifts
    JOIN schedules ON schedules.id = shifts.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE shifts.id = :shift_id
"""

_FIND = text(_SHIFT)

# Whoever was asked before is not asked again when the place is open once more.
_START = text("""
    INSERT INTO offer_waves (shift_id, people, minutes, next_at) VALUES (:shift_id, :people, :minutes, now())
    ON CONFLICT (shift_id) DO UPDATE SET people = :people, minutes = :minutes, next_at = now()
    WHERE offer_waves.next_at IS NULL
    RETURNING id
""")

_DUE = text("""
    SELECT id, shift_id, people, wave FROM offer_waves
    WHERE next_at <= now()
    ORDER BY next_at, id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
""")

# Whoever claims holds the shift: what is read next is what they left.
_HOLD_SHIFT = text("SELECT id FROM shifts WHERE id = :shift_id FOR KEY SHARE")

_OFFERED = text("SELECT employee_id FROM shift_offers WHERE shift_id = :shift_id")

_OFFER = text("""
    INSERT INTO shift_offers (shift_id, employee_id, wave)
    SELECT :shift_id, asked.id, :wave FROM unnest(CAST(:employee_ids AS bigint[])) AS asked (id)
""")

_GO_ON = text("UPDATE offer_waves SET wave = wave + 1, next_at = now() + make_interval(mins => minutes) WHERE id = :id")

_END = text("UPDATE offer_waves SET next_at = NULL WHERE id = :id")


@retrying
async def start_offering(actor: Actor, shift_id: int) -> None:
    """Have an open shift of a published week offered to whoever can take it without a warning.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not assign here.
        IllegalTransition: The week is not published, or the shift has all its people.
        DeadlinePassed: It has begun.
        Conflict: It is being offered already.
    """
    require(actor, Permission.ASSIGN)
    async with unit_of_work() as session:
        async with before_writing(session):
            shift = (await session.execute(_FIND, {"shift_id": shift_id, "active": _ACTIVE})).one_or_none()
            if shift is None:
                raise NotFound
            require_on(actor, Permission.ASSIGN, shift.site_id, shift.department_id)
            if shift.status != ScheduleStatus.PUBLISHED:
                raise IllegalTransition("Only shifts of a published week can be offered.")
            if not shift.is_ahead:
                raise DeadlinePassed("This shift has begun.")
            if not shift.is_open:
                raise IllegalTransition("This shift has all its people.")
            people = shift.offer_waves or _ALL
            if not await start_waves(session, shift_id, people=people, minutes=shift.offer_wave_minutes):
                raise Conflict("This shift is being offered already.")
        await record(session, actor, "offer", "shift", shift_id, site_id=shift.site_id, after={"people": people})


async def start_waves(session: AsyncSession, shift_id: int, *, people: int, minutes: int) -> bool:
    """Have a shift offered from now on, so many people at a time; whether it was not being offered already."""
    values = {"shift_id": shift_id, "people": people, "minutes": minutes}
    return (await session.execute(_START, values)).one_or_none() is not None


async def advance_waves() -> int:
    """Offer every shift whose next wave is due to the next people, by the database's clock.

    Several processes may do this at once. A shift whose place is filled is not offered any more. Where nobody is left
    to ask, or the shift has begun, the planners are told.

    Returns:
        How many waves were due.
    """
    done = 0
    while await _advance_one():
        done += 1
    return done


@retrying
async def _advance_one() -> bool:
    async with unit_of_work() as session:
        due = (await session.execute(_DUE)).one_or_none()
        if due is None:
            return False
        await session.execute(_HOLD_SHIFT, {"shift_id": due.shift_id})
        shift = (await session.execute(_FIND, {"shift_id": due.shift_id, "active": _ACTIVE})).one()
        if shift.status != ScheduleStatus.PUBLISHED or not shift.is_open:
            await session.execute(_END, {"id": due.id})
            return True
        asked = set((await session.scalars(_OFFERED, {"shift_id": shift.id})).all())
        try:
            found = await list_replacements(session, shift.id) if shift.is_ahead else []
        except InvalidInput:
            # A rule that cannot be read is somebody's to correct; other shifts do not wait for that.
            await session.execute(_GO_ON, {"id": due.id})
            return True
        left = [each for each in found if not (each.is_warned or each.was_on_it or each.employee_id in asked)]
        if not left:
            await session.execute(_END, {"id": due.id})
            await _tell_end(session, shift, len(asked))
            return True
        employee_ids = [each.employee_id for each in left[: due.people]]
        values = {"shift_id": shift.id, "employee_ids": employee_ids, "wave": due.wave + 1}
        await session.execute(_OFFER, values)
        await session.execute(_GO_ON, {"id": due.id})
        offered = ShiftOffered(named_in(shift))
        await notify(session, employee_ids, offered, related=("shift", shift.id), action_url=OPEN_PATH)
        after = {"employee_ids": employee_ids, "wave": due.wave + 1}
        await record(session, None, "offer", "shift", shift.id, site_id=shift.site_id, after=after)
    return True


async def _tell_end(session: AsyncSession, shift: Row[Any], people: int) -> None:
    planners = await list_planners(session, shift.site_id, shift.department_id)
    ended = OffersEnded(named_in(shift), people)
    path = board_path(shift.site_id, shift.week_start, cover=shift.id)
    await notify(session, planners, ended, related=("shift", shift.id), action_url=path)
