"""Open shifts are claimed: theirs at once who come first, or once a planner has approved.

The person is locked first, then the schedule, then the shift, so that its places can be counted; see `db.locks`.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.claim import ClaimStatus, check_claim_step
from schedule_app.domain.errors import (
    AlreadyAssigned,
    Conflict,
    DeadlinePassed,
    IllegalTransition,
    NotFound,
    PlaceTaken,
    RuleBroken,
    StaleVersion,
)
from schedule_app.domain.notices import (
    ClaimAccepted,
    ClaimLost,
    ClaimRejected,
    ClaimWaiting,
    ClaimWithdrawn,
    NamedShift,
    ShiftClaimed,
)
from schedule_app.domain.oneself import for_oneself
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.queries.facts import hold_judging
from schedule_app.queries.recipients import list_planners
from schedule_app.services.access import require_on
from schedule_app.services.assigning import Giving, give, judge, record_giving
from schedule_app.services.audit import record
from schedule_app.services.notifications import ME_PATH, OPEN_PATH, REQUESTS_PATH, board_path, notify
from schedule_app.services.settling import named_in, tell_lost
from schedule_app.services.text import clean_note, clean_reason

_ACTIVE: Final = sorted(ACTIVE)

_PLACE = text("""
    SELECT shifts.required_staff - (SELECT count(*) FROM schedule_assignments AS held
                                    WHERE held.shift_id = shifts.id AND held.status = ANY(:active)) AS places,
           clock_timestamp() < shifts.starts_at AS is_ahead, sites.claims_need_approval,
           EXISTS (SELECT FROM shift_offers AS offer
                   WHERE offer.shift_id = shifts.id AND offer.employee_id = :employee_id) AS is_offered,
           EXISTS (SELECT FROM call_outs AS out
                   WHERE out.shift_id = shifts.id AND out.employee_id = :employee_id) AS has_called_out,
           EXISTS (SELECT FROM claims AS claim
                   WHERE claim.shift_id = shifts.id AND claim.employee_id = :employee_id
                     AND claim.status = 'waiting') AS is_waiting
    FROM shifts JOIN sites ON sites.id = shifts.site_id
    WHERE shifts.id = :shift_id
""")

_INSERT = text("""
    INSERT INTO claims (site_id, shift_id, employee_id) VALUES (:site_id, :shift_id, :employee_id) RETURNING id
""")

_FIND = text("""
    SELECT claims.id, claims.status, claims.shift_id, claims.employee_id, employees.name AS employee_name,
           shifts.site_id, shifts.department_id, shifts.time_zone, shifts.title, shifts.starts_at, shifts.ends_at
    FROM claims
    JOIN shifts ON shifts.id = claims.shift_id
    JOIN employees ON employees.id = claims.employee_id
    WHERE claims.id = :claim_id
""")

_DECIDE = text("""
    UPDATE claims SET status = :status, decided_at = clock_timestamp(), decided_by_id = :actor_id, note = :note
    WHERE id = :claim_id AND status = 'waiting'
    RETURNING id
""")

_STATUS = text("SELECT status, shift_id FROM claims WHERE id = :claim_id FOR UPDATE")

_LOSE = text("""
    UPDATE claims SET status = 'lost', decided_at = clock_timestamp()
    WHERE shift_id = :shift_id AND status = 'waiting' AND employee_id <> :but_id
    RETURNING id, employee_id
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of a claim.

    Attributes:
        assignment_id: The assignment, where the shift is the person's now.
        claim_id: The request, where a planner has to decide.
    """

    assignment_id: int | None = None
    claim_id: int | None = None


@retrying
async def claim_shift(actor: Actor, shift_id: int) -> Claimed:
    """Take an open place of a published week, or ask for it.

    It is the actor's at once, and confirmed, unless the site wants claims to be approved, a rule warns, or somebody had
    taken the actor off it. Who was offered the shift needs no approval of the first and the last kind.

    Args:
        actor: Who claims, for themselves.
        shift_id: A shift of their site.

    Raises:
        NotFound: No such shift, of another site, or of a week that is not published.
        StaleVersion: The week was published anew.
        AlreadyAssigned: The actor has this shift.
        Conflict: The actor has asked for it already.
        DeadlinePassed: It has begun.
        PlaceTaken: Somebody else has the last place.
        IllegalTransition: The actor has said that they cannot come to it.
        RuleBroken: A blocking rule refuses.
    """
    require(actor, Permission.RESPOND)
    async with unit_of_work() as session:
        async with before_writing(session):
            giving = await _hold(session, actor, shift_id)
            place = await _place(session, giving)
            _require_claimable(giving, place)
            warnings = _judge_own(giving)
        was_taken_off = giving.person.held_status == AssignmentStatus.CANCELLED
        needs_approval = (place.claims_need_approval or was_taken_off) and not place.is_offered
        if warnings or needs_approval:
            return await _ask(session, actor, giving)
        assigned = await give(session, actor, giving, (), reason=None, source="claim")
        if place.places == 1:
            await _lose_others(session, giving)
        await _tell_planners(session, actor, giving, ShiftClaimed(giving.person.facts.name, _named(giving)))
        await record_giving(session, actor, giving, assigned, reason=None)
    return Claimed(assignment_id=assigned.assignment_id)


@retrying
async def withdraw_claim(actor: Actor, claim_id: int) -> None:
    """Do not ask for an open shift any more.

    Raises:
        NotFound: No such request, or somebody else's.
        IllegalTransition: It was decided.
    """
    require(actor, Permission.RESPOND)
    async with unit_of_work() as session:
        async with before_writing(session):
            claim = await _find(session, claim_id)
            if claim.employee_id != actor.employee_id:
                raise NotFound
            await _decide(session, actor, claim_id, ClaimStatus.WITHDRAWN, None)
        notice = ClaimWithdrawn(claim.employee_name, named_in(claim))
        planners = await list_planners(session, claim.site_id, claim.department_id)
        told = [each for each in planners if each != actor.employee_id]
        await notify(session, told, notice, related=("claim", claim_id), action_url=REQUESTS_PATH)
        await _record(session, actor, claim, "withdraw", None)


@retrying
async def approve_claim(actor: Actor, claim_id: int, *, note: str | None = None) -> None:
    """Give a shift to whoever asked for it. With the last place all others who asked are told that it is gone.

    Args:
        actor: Who decides.
        claim_id: The request.
        note: A word to the person; where a rule warns, the reason to go against it, and needed.

    Raises:
        NotFound: No such request, or of another site.
        NotAllowed: The actor may not assign here, or may not go against a warning.
        IllegalTransition: It was decided or withdrawn, or the week is in approval.
        StaleVersion: The week was published anew.
        DeadlinePassed: The shift has begun.
        PlaceTaken: There is no place left.
        DoubleBooking: The person works at that time by now.
        RuleBroken: A blocking rule refuses by now.
        NeedsOverride: There are warnings and no reason.
        InvalidInput: The note is too long or cannot be stored.
    """
    require(actor, Permission.ASSIGN)
    note = clean_note(note)
    async with unit_of_work() as session:
        async with before_writing(session):
            claim = await _find_to_decide(session, actor, claim_id)
            held = await hold_judging(session, claim.shift_id, claim.employee_id, is_alone=True)
            status = (await session.execute(_STATUS, {"claim_id": claim_id})).one()
            check_claim_step(ClaimStatus(status.status), ClaimStatus.ACCEPTED)
            if held is None or status.shift_id != claim.shift_id or held.judging.status != ScheduleStatus.PUBLISHED:
                raise StaleVersion("This week was published anew meanwhile. Please look at the request again.")
            if not held.judging.people:
                raise NotFound
            giving = Giving(held, held.judging.people[0], is_wanted=True)
            place = await _place(session, giving)
            if not place.is_ahead:
                raise DeadlinePassed("This shift has begun.")
            if place.places < 1 and giving.person.held_status not in ACTIVE:
                raise PlaceTaken("The last place of this shift was filled in the meantime.")
            [warnings] = judge(actor, [giving], note)
            reason = clean_reason(note) if warnings else None
        assigned = await give(session, actor, giving, warnings, reason=reason, source="claim")
        await _decide(session, actor, claim_id, ClaimStatus.ACCEPTED, note)
        if place.places == 1:
            await _lose_others(session, giving)
        accepted = ClaimAccepted(_named(giving), note or "")
        related = ("assignment", assigned.assignment_id)
        await notify(session, [claim.employee_id], accepted, related=related, action_url=ME_PATH)
        await record_giving(session, actor, giving, assigned, reason=reason)
        await _record(session, actor, claim, "approve", note)


@retrying
async def reject_claim(actor: Actor, claim_id: int, *, note: str | None = None) -> None:
    """Do not give a shift to whoever asked for it.

    Raises:
        NotFound: No such request, or of another site.
        NotAllowed: The actor may not assign here.
        IllegalTransition: It was decided or withdrawn.
        InvalidInput: The note is too long or cannot be stored.
    """
    require(actor, Permission.ASSIGN)
    note = clean_note(note)
    async with unit_of_work() as session:
        async with before_writing(session):
            claim = await _find_to_decide(session, actor, claim_id)
            await _decide(session, actor, claim_id, ClaimStatus.REJECTED, note)
        rejected = ClaimRejected(named_in(claim), note or "")
        await notify(session, [claim.employee_id], rejected, related=("claim", claim_id), action_url=OPEN_PATH)
        await _record(session, actor, claim, "reject", note)


async def _hold(session: AsyncSession, actor: Actor, shift_id: int) -> Giving:
    held = await hold_judging(session, shift_id, actor.employee_id, is_alone=True)
    if held is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=held.judging.shift.site_id):
        raise NotFound
    if held.judging.status == ScheduleStatus.ARCHIVED:
        raise StaleVersion("This week was published anew. Please look at the open shifts again.")
    if held.judging.status != ScheduleStatus.PUBLISHED or not held.judging.people:
        raise NotFound
    return Giving(held, held.judging.people[0], is_wanted=True)


async def _place(session: AsyncSession, giving: Giving) -> Row[Any]:
    """What decides over the shift's places; in a statement of its own, which sees what the locks waited for."""
    values = {"shift_id": giving.judging.shift.id, "employee_id": giving.person.facts.id, "active": _ACTIVE}
    return (await session.execute(_PLACE, values)).one()


def _require_claimable(giving: Giving, place: Row[Any]) -> None:
    if giving.person.held_status in ACTIVE:
        raise AlreadyAssigned("You already have this shift.")
    if place.is_waiting:
        raise Conflict("You have asked for this shift already. You are told as soon as it is decided.")
    if not place.is_ahead:
        raise DeadlinePassed("This shift has begun.")
    if place.places < 1:
        raise PlaceTaken
    if place.has_called_out and giving.person.held_status == AssignmentStatus.DECLINED:
        raise IllegalTransition("You said that you cannot come to this shift. Please talk to your manager.")


def _judge_own(giving: Giving) -> bool:
    """Whether there are warnings; raises what blocks, in words that are for the person."""
    judging = giving.judging
    found = check_assignment(judging.rules, giving.person.facts, giving.person.worked, judging.shift)
    if blocking(found):
        raise RuleBroken(for_oneself(blocking(found), judging.rules, giving.person.facts.name))
    return bool(found)


async def _ask(session: AsyncSession, actor: Actor, giving: Giving) -> Claimed:
    judging = giving.judging
    values = {"site_id": judging.shift.site_id, "shift_id": judging.shift.id, "employee_id": actor.employee_id}
    claim_id = (await session.execute(_INSERT, values)).scalar_one()
    notice = ClaimWaiting(giving.person.facts.name, _named(giving))
    await _tell_planners(session, actor, giving, notice, claim_id)
    after = {"shift_id": judging.shift.id, "status": ClaimStatus.WAITING.value}
    await record(session, actor, "claim", "claim", claim_id, site_id=judging.shift.site_id, after=after)
    return Claimed(claim_id=claim_id)


async def _tell_planners(
    session: AsyncSession,
    actor: Actor,
    giving: Giving,
    notice: ShiftClaimed | ClaimWaiting,
    claim_id: int | None = None,
) -> None:
    judging = giving.judging
    planners = await list_planners(session, judging.shift.site_id, judging.shift.department_id)
    related = ("assignment", giving.held.assignment_id) if claim_id is None else ("claim", claim_id)
    path = board_path(judging.shift.site_id, judging.week_start) if claim_id is None else REQUESTS_PATH
    told = [each for each in planners if each != actor.employee_id]
    await notify(session, told, notice, related=related, action_url=path)


async def _lose_others(session: AsyncSession, giving: Giving) -> None:
    """The last place is filled: whoever else asked for it does not get it."""
    values = {"shift_id": giving.judging.shift.id, "but_id": giving.person.facts.id}
    lost = (await session.execute(_LOSE, values)).all()
    await tell_lost(session, [(each, ClaimLost(_named(giving), "taken")) for each in lost])


async def _find(session: AsyncSession, claim_id: int) -> Row[Any]:
    claim = (await session.execute(_FIND, {"claim_id": claim_id})).one_or_none()
    if claim is None:
        raise NotFound
    return claim


async def _find_to_decide(session: AsyncSession, actor: Actor, claim_id: int) -> Row[Any]:
    claim = await _find(session, claim_id)
    require_on(actor, Permission.ASSIGN, claim.site_id, claim.department_id)
    return claim


async def _decide(session: AsyncSession, actor: Actor, claim_id: int, status: ClaimStatus, note: str | None) -> None:
    """Compare and swap: of two who decide at once, the second is told what the first has done."""
    values = {"claim_id": claim_id, "status": status.value, "actor_id": actor.employee_id, "note": note}
    if (await session.execute(_DECIDE, values)).one_or_none() is None:
        before = (await session.execute(_STATUS, {"claim_id": claim_id})).one()
        check_claim_step(ClaimStatus(before.status), status)


async def _record(session: AsyncSession, actor: Actor, claim: Row[Any], step: str, note: str | None) -> None:
    after = {
        "approve": ClaimStatus.ACCEPTED,
        "reject": ClaimStatus.REJECTED,
        "withdraw": ClaimStatus.WITHDRAWN,
    }[step]
    await record(
        session,
        actor,
        step,
        "claim",
        claim.id,
        site_id=claim.site_id,
        before={"status": ClaimStatus.WAITING.value},
        after={"status": after.value},
        reason=note,
    )


def _named(giving: Giving) -> NamedShift:
    judging = giving.judging
    return NamedShift.of(judging.shift.span, judging.shift.zone, judging.title)
