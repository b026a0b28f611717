"""Offering a shift to colleagues, swapping one for a colleague's, and what becomes of that; see `domain.swap_request`.

Until the last word is said nothing changes: whose shift it was is responsible for it. The rules are asked when
something is proposed, when it is accepted and when it is approved.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import Record, before_writing, fetch_together
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import (
    Conflict,
    DeadlinePassed,
    IllegalTransition,
    InvalidInput,
    NeedsOverride,
    NotAllowed,
    NotFound,
    RuleBroken,
    ScheduleError,
    StaleVersion,
)
from schedule_app.domain.notices import SwapAsked
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.swap_request import LIVE, SwapKind, SwapStatus, check_step
from schedule_app.domain.time import Interval, minutes_label
from schedule_app.domain.violation import Violation
from schedule_app.queries.facts import Person, find_judging
from schedule_app.services.access import require_on
from schedule_app.services.audit import record
from schedule_app.services.notifications import notify
from schedule_app.services.swap_steps import (
    SWAPS_PATH,
    Ground,
    Side,
    carry_out,
    end,
    expire,
    hold,
    is_out_of_time,
    judge_exchange,
    judge_sides,
    name_shift,
    refuse,
    tell_accepted,
    tell_ended,
)
from schedule_app.services.text import clean_note, clean_reason

#: More than anybody names one by one.
MOST_NAMED: Final = 200

_HOLD_SCHEDULES = text("""
    SELECT schedules.id FROM schedules
    WHERE id IN (SELECT schedule_id FROM schedule_assignments WHERE id = ANY(:ids))
    ORDER BY id
    FOR SHARE
""")

_OFFERED = text("""
    SELECT held.id, held.employee_id, held.shift_id, held.status, held.in_force, held.schedule_id,
           employees.name, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.title,
           shifts.starts_at, shifts.ends_at, schedules.status AS schedule_status, sites.swap_cutoff_minutes,
           clock_timestamp() >= shifts.starts_at - make_interval(mins => sites.swap_cutoff_minutes) AS is_late,
           EXISTS (SELECT FROM swap_requests AS request
                   WHERE request.status IN ('open', 'accepted') AND request.assignment_id = held.id) AS is_given,
           EXISTS (SELECT FROM swap_requests AS request
                   WHERE request.status IN ('open', 'accepted') AND request.wanted_id = held.id) AS is_wanted
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.id = ANY(:ids)
""")

_HOLDERS = text("SELECT employee_id FROM schedule_assignments WHERE id = ANY(:ids)")

_COLLEAGUES = text("""
    SELECT id FROM employees
    WHERE site_id = :site_id AND is_active AND deleted_at IS NULL AND id <> :employee_id
    ORDER BY id
""")

_INSERT = text("""
    INSERT INTO swap_requests
        (site_id, kind, proposer_id, assignment_id, shift_id, wanted_id, wanted_shift_id, note)
    VALUES (:site_id, :kind, :proposer_id, :assignment_id, :shift_id, :wanted_id, :wanted_shift_id, :note)
    RETURNING id
""")

_ASK = text("""
    INSERT INTO swap_invitees (request_id, employee_id)
    SELECT :request_id, unnest(CAST(:employee_ids AS bigint[]))
""")

_ACCEPT = text("""
    UPDATE swap_requests SET status = 'accepted', taker_id = :taker_id WHERE id = :request_id
""")

_ANSWER = text("""
    UPDATE swap_invitees SET answer = :answer, answered_at = now()
    WHERE request_id = :request_id AND employee_id = :employee_id
""")

_OVERDUE = text("""
    SELECT request.id
    FROM swap_requests AS request
    JOIN sites ON sites.id = request.site_id
    JOIN shifts AS given ON given.id = request.shift_id
    LEFT JOIN shifts AS wanted ON wanted.id = request.wanted_shift_id
    WHERE request.status IN ('open', 'accepted')
      AND clock_timestamp() >= least(given.starts_at, wanted.starts_at)
          - make_interval(mins => sites.swap_cutoff_minutes)
    ORDER BY request.id
    LIMIT 1000
""")


@retrying
async def offer_shift(
    actor: Actor, assignment_id: int, *, to: Sequence[int] | None = None, note: str | None = None
) -> int:
    """Ask colleagues to take one of the actor's own coming shifts.

    Args:
        actor: Whose shift it is.
        assignment_id: The shift, of a published week.
        to: Whom to ask, employees of the same site; None for everybody who may take it.
        note: A word to them.

    Returns:
        The request.

    Raises:
        NotFound: No such shift, somebody else's, of a week that is not published, or no such colleague.
        DeadlinePassed: It begins too soon.
        IllegalTransition: It was declined or is over, or nobody may take it.
        StaleVersion: The week was published anew.
        Conflict: It is offered already, or a colleague has asked for it.
        RuleBroken: Somebody who was named may not take it.
        InvalidInput: Nobody or too many people are named, or the note is too long or cannot be stored.
    """
    require(actor, Permission.RESPOND)
    note = clean_note(note)
    if to is not None and not 0 < len(set(to)) <= MOST_NAMED:
        raise InvalidInput(f"Please choose 1 to {MOST_NAMED} colleagues.", "to")
    async with unit_of_work() as session:
        async with before_writing(session):
            lock = LOCK_EMPLOYEES, {"ids": [actor.employee_id]}
            ids = {"ids": [assignment_id]}
            _, _, found = await fetch_together(session, lock, (_HOLD_SCHEDULES, ids), (_OFFERED, ids))
            own = _own(actor, found, assignment_id)
            asked = await _who_may_take(session, actor, own, to)
        request_id = await _propose(session, actor, own, None, asked, note)
    return request_id


@retrying
async def propose_swap(actor: Actor, assignment_id: int, wanted_id: int, *, note: str | None = None) -> int:
    """Ask a colleague to exchange one of the actor's own coming shifts for one of theirs.

    Args:
        actor: Whose shift it is.
        assignment_id: The shift, of a published week.
        wanted_id: The colleague's assignment, at the same site.
        note: A word to them.

    Returns:
        The request.

    Raises:
        As `offer_shift`; RuleBroken, DoubleBooking, AlreadyAssigned: The rules do not allow one of the two their new
            shift.
    """
    require(actor, Permission.RESPOND)
    note = clean_note(note)
    if assignment_id == wanted_id:
        raise InvalidInput("A shift cannot be swapped with itself.")
    async with unit_of_work() as session:
        async with before_writing(session):
            ids = {"ids": [assignment_id, wanted_id]}
            holders = set((await session.scalars(_HOLDERS, ids)).all())
            lock = LOCK_EMPLOYEES, {"ids": sorted({actor.employee_id, *holders})}
            _, _, found = await fetch_together(session, lock, (_HOLD_SCHEDULES, ids), (_OFFERED, ids))
            own = _own(actor, found, assignment_id)
            wanted = _wanted(own, found, wanted_id)
            if wanted.employee_id not in holders:
                raise Conflict
            sides = await judge_exchange(session, wanted.employee_id, own, actor.employee_id, wanted)
            if refusal := _refusal(actor, sides):
                raise refusal
        request_id = await _propose(session, actor, own, wanted, [wanted.employee_id], note)
    return request_id


@retrying
async def accept_request(actor: Actor, request_id: int) -> SwapStatus:
    """Say yes to what a colleague has asked the actor. Saying it twice is saying it once.

    It waits for a planner then; it is settled at once where the site needs no approval and no rule warns.

    Returns:
        Where the request stands.

    Raises:
        NotFound: No such request, or the actor was not asked.
        IllegalTransition: Somebody was faster, or it is over; says which.
        DeadlinePassed: It is too near the start.
        RuleBroken, DoubleBooking, AlreadyAssigned: The rules do not allow it any more.
    """
    require(actor, Permission.RESPOND)
    async with unit_of_work() as session:
        async with before_writing(session):
            ground = await hold(session, actor.employee_id, request_id)
            _require_asked(actor, ground)
            if ground.request.taker_id == actor.employee_id and ground.status in (*LIVE, SwapStatus.APPROVED):
                return ground.status
            late, outcome = is_out_of_time(ground), ground.status
            refusal: ScheduleError | None = None
            sides: list[Side] = []
            if not late:
                check_step(ground.status, SwapStatus.ACCEPTED)
                sides = await judge_sides(session, ground, actor.employee_id)
                refusal = _refusal(actor, sides)
                # Another of those who were asked may still take it.
                if refusal and ground.wanted is None and set(ground.waiting) - {actor.employee_id}:
                    raise refusal
        if late:
            refusal = await expire(session, ground)
        elif refusal:
            await end(session, actor, ground, SwapStatus.VOID)
        else:
            outcome = await _say_yes(session, actor, ground, sides)
    if refusal:
        raise refusal
    return outcome


@retrying
async def decline_request(actor: Actor, request_id: int) -> None:
    """Say no to what a colleague has asked the actor. When all who were asked have, they are told.

    Raises:
        NotFound: No such request, or the actor was not asked.
        IllegalTransition: It is settled or over; says which.
        DeadlinePassed: It is too near the start.
    """
    require(actor, Permission.RESPOND)
    async with unit_of_work() as session:
        async with before_writing(session):
            ground = await hold(session, actor.employee_id, request_id)
            if _require_asked(actor, ground) == "declined":
                return
            late = is_out_of_time(ground)
            if not late:
                check_step(ground.status, SwapStatus.DECLINED)
        if late:
            refusal = await expire(session, ground)
        else:
            refusal = None
            values = {"request_id": request_id, "employee_id": actor.employee_id, "answer": "declined"}
            await session.execute(_ANSWER, values)
            if set(ground.waiting) == {actor.employee_id}:
                await end(session, actor, ground, SwapStatus.DECLINED)
    if refusal:
        raise refusal


@retrying
async def withdraw_request(actor: Actor, request_id: int) -> None:
    """Take back what the actor has asked of colleagues, or their having said yes, before the last word is said.

    Either is the end of the request: whoever asked can ask again. Doing it twice is doing it once.

    Raises:
        NotFound: No such request, or one that the actor has no part in.
        IllegalTransition: It is settled or over; says which.
        DeadlinePassed: Its time had run out.
    """
    require(actor, Permission.RESPOND)
    async with unit_of_work() as session:
        async with before_writing(session):
            ground = await hold(session, actor.employee_id, request_id)
            if actor.employee_id not in (ground.request.proposer_id, ground.request.taker_id):
                raise NotFound
            if ground.status == SwapStatus.WITHDRAWN:
                return
            late = is_out_of_time(ground)
            if not late:
                check_step(ground.status, SwapStatus.WITHDRAWN)
        refusal = await expire(session, ground) if late else None
        if not late:
            if ground.request.taker_id == actor.employee_id:
                values = {"request_id": request_id, "employee_id": actor.employee_id, "answer": "declined"}
                await session.execute(_ANSWER, values)
            await end(session, actor, ground, SwapStatus.WITHDRAWN)
    if refusal:
        raise refusal


@retrying
async def approve_request(actor: Actor, request_id: int, *, note: str | None = None) -> None:
    """Let shifts change hands as two people have agreed. Both have confirmed them then.

    Args:
        actor: Who decides; plans the departments of all the shifts.
        request_id: The request.
        note: A word to both; the reason, where a rule warns.

    Raises:
        NotFound: No such request, or of another site.
        NotAllowed: The actor does not plan one of the departments, or may not go against a rule.
        IllegalTransition: It does not wait for a decision; says what has become of it.
        DeadlinePassed: It is too near the start.
        RuleBroken, DoubleBooking, AlreadyAssigned: The rules do not allow it any more; the request is void then.
        NeedsOverride: There are warnings and no note.
        InvalidInput: The note is too long or too short, or cannot be stored.
    """
    require(actor, Permission.ASSIGN)
    note = clean_note(note)
    async with unit_of_work() as session:
        async with before_writing(session):
            ground = await hold(session, actor.employee_id, request_id)
            _require_planner(actor, ground)
            late = is_out_of_time(ground)
            refusal: ScheduleError | None = None
            sides: list[Side] = []
            if not late:
                check_step(ground.status, SwapStatus.APPROVED)
                sides = await judge_sides(session, ground, ground.request.taker_id)
                refusal = next((side.refusal() for side in sides if side.is_blocked), None)
                if refusal is None:
                    _require_override(actor, ground, sides, note)
        if late:
            refusal = await expire(session, ground)
        elif refusal:
            await end(session, actor, ground, SwapStatus.VOID)
        else:
            await carry_out(session, actor, ground, sides, note=note, is_decision=True)
    if refusal:
        raise refusal


@retrying
async def reject_request(actor: Actor, request_id: int, *, note: str | None = None) -> None:
    """Refuse what two people have agreed on; their shifts stay as they are, and both are told.

    Raises:
        As `approve_request`, without the rules.
    """
    require(actor, Permission.ASSIGN)
    note = clean_note(note)
    async with unit_of_work() as session:
        async with before_writing(session):
            ground = await hold(session, actor.employee_id, request_id)
            _require_planner(actor, ground)
            late = is_out_of_time(ground)
            if not late:
                check_step(ground.status, SwapStatus.REJECTED)
        refusal = await expire(session, ground) if late else None
        if not late:
            await refuse(session, actor, ground, note)
    if refusal:
        raise refusal


async def expire_swaps() -> int:
    """End every request whose time has run out, and tell whom it concerns; returns how many there were."""
    async with read_session() as session:
        overdue = (await session.scalars(_OVERDUE)).all()
    return sum([await _expire(request_id) for request_id in overdue])


@retrying
async def _expire(request_id: int) -> bool:
    async with unit_of_work() as session:
        ground = await hold(session, None, request_id)
        if is_out_of_time(ground):
            await expire(session, ground)
            return True
    return False


def _own(actor: Actor, found: Sequence[Record], assignment_id: int) -> Record:
    """The actor's shift, if it can be given to somebody else."""
    own = next((each for each in found if each.id == assignment_id), None)
    if own is None or own.employee_id != actor.employee_id:
        raise NotFound
    if own.schedule_status == ScheduleStatus.ARCHIVED:
        raise StaleVersion("This week was published anew. Please look at your shifts again.")
    if not own.in_force:
        raise NotFound
    if own.status not in ACTIVE - {AssignmentStatus.COMPLETED}:
        raise IllegalTransition("This shift is yours no longer, or over.")
    _require_time(own)
    if own.is_given:
        raise Conflict("You have offered this shift already. Withdraw that first.")
    if own.is_wanted:
        raise Conflict("A colleague has asked to swap for this shift. Answer that first.")
    return own


def _wanted(own: Record, found: Sequence[Record], wanted_id: int) -> Record:
    """A colleague's shift, if it can be asked for."""
    wanted = next((each for each in found if each.id == wanted_id), None)
    if wanted is None or wanted.site_id != own.site_id or not wanted.in_force:
        raise NotFound
    if wanted.employee_id == own.employee_id:
        raise InvalidInput("Both shifts are yours; there is nobody to swap with.")
    if wanted.shift_id == own.shift_id:
        raise InvalidInput("You both work this shift already.")
    if wanted.status not in ACTIVE - {AssignmentStatus.COMPLETED}:
        raise NotFound
    _require_time(wanted)
    if wanted.is_given or wanted.is_wanted:
        raise Conflict("Somebody else is about to get that shift. Please choose another one.")
    return wanted


def _require_time(held: Record) -> None:
    if not held.is_late:
        return
    before = f"until {minutes_label(held.swap_cutoff_minutes)} before they begin" if held.swap_cutoff_minutes else ""
    words = f"Shifts can change hands {before or 'until they begin'}. Please talk to your manager."
    raise DeadlinePassed(words)


async def _who_may_take(session: AsyncSession, actor: Actor, own: Record, to: Sequence[int] | None) -> list[int]:
    values = {"site_id": own.site_id, "employee_id": actor.employee_id}
    colleagues = (await session.scalars(_COLLEAGUES, values)).all()
    if to is not None and not set(to) <= set(colleagues):
        raise NotFound
    judging = await find_judging(session, own.shift_id, list(set(to)) if to is not None else colleagues)
    if judging is None:
        raise NotFound
    shift = judging.shift.left_by(actor.employee_id, Interval(own.starts_at, own.ends_at))

    def may(person: Person) -> bool:
        has_it = person.held_status in ACTIVE
        return not has_it and not blocking(check_assignment(judging.rules, person.facts, person.worked, shift))

    able = [person.facts.id for person in judging.people if may(person)]
    if to is not None:
        for person in judging.people:
            if person.facts.id not in able:
                words = f"The rules of the site do not allow {person.facts.name} to take this shift."
                raise RuleBroken([Violation("swap", None, "block", words, person.facts.id, own.shift_id)])
    if not able:
        raise IllegalTransition("None of your colleagues may take this shift. Please talk to your manager.")
    return able


async def _propose(
    session: AsyncSession, actor: Actor, own: Record, wanted: Record | None, asked: Sequence[int], note: str | None
) -> int:
    kind = SwapKind.OFFER if wanted is None else SwapKind.SWAP
    values: dict[str, Any] = {
        "site_id": own.site_id,
        "kind": kind.value,
        "proposer_id": actor.employee_id,
        "assignment_id": own.id,
        "shift_id": own.shift_id,
        "wanted_id": wanted.id if wanted else None,
        "wanted_shift_id": wanted.shift_id if wanted else None,
    }
    request_id = (await session.execute(_INSERT, {**values, "note": note})).scalar_one()
    await session.execute(_ASK, {"request_id": request_id, "employee_ids": list(asked)})
    notice = SwapAsked(own.name, name_shift(own), name_shift(wanted) if wanted else None, note or "")
    await notify(session, asked, notice, related=("swap_request", request_id), action_url=SWAPS_PATH)
    after = {**values, "asked": len(asked)}
    await record(session, actor, kind.value, "swap_request", request_id, site_id=own.site_id, after=after, reason=note)
    return request_id


async def _say_yes(session: AsyncSession, actor: Actor, ground: Ground, sides: Sequence[Side]) -> SwapStatus:
    request = ground.request
    one = {"request_id": request.id, "employee_id": actor.employee_id, "taker_id": actor.employee_id}
    await session.execute(_ACCEPT, one)
    await session.execute(_ANSWER, {**one, "answer": "accepted"})
    await tell_ended(session, ground, "taken", set(ground.waiting) - {actor.employee_id})
    await record(
        session,
        actor,
        "accept",
        "swap_request",
        request.id,
        site_id=request.site_id,
        before={"status": request.status},
        after={"status": SwapStatus.ACCEPTED.value},
    )
    if request.swaps_need_approval or any(side.warned for side in sides):
        await tell_accepted(session, actor, ground)
        return SwapStatus.ACCEPTED
    await carry_out(session, actor, ground, sides, note=None, is_decision=False)
    return SwapStatus.APPROVED


def _require_asked(actor: Actor, ground: Ground) -> str:
    """What the actor has answered so far, who was asked."""
    for each in ground.asked:
        if each.employee_id == actor.employee_id:
            return each.answer
    raise NotFound


def _require_planner(actor: Actor, ground: Ground) -> None:
    for each in ground.shifts:
        require_on(actor, Permission.ASSIGN, each.site_id, each.department_id)


def _require_override(actor: Actor, ground: Ground, sides: Sequence[Side], note: str | None) -> None:
    warned = [each for side in sides for each in side.warned]
    if not warned:
        return
    if not can(actor, Permission.OVERRIDE_WARNING, site_id=ground.request.site_id):
        raise NotAllowed("Only managers may go against a rule.")
    if note is None:
        raise NeedsOverride(warned)
    clean_reason(note, "note")


def _refusal(actor: Actor, sides: Sequence[Side]) -> ScheduleError | None:
    """Why it cannot be, in words that tell the actor nothing of a colleague."""
    for side in sides:
        if side.is_blocked:
            is_own = side.employee_id == actor.employee_id
            return side.refusal_for_oneself() if is_own else side.refusal_for_others()
    return None
