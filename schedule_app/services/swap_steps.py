"""The steps of which offering and swapping shifts are made, each inside the caller's transaction.

Everybody concerned is locked first, then the schedules, then the request; see `db.locks`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import Record, fetch_together
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, warnings
from schedule_app.domain.errors import (
    AlreadyAssigned,
    Conflict,
    DeadlinePassed,
    DoubleBooking,
    NotFound,
    RuleBroken,
    ScheduleError,
)
from schedule_app.domain.notices import NamedShift, SwapAccepted, SwapDecided, SwapEnded, SwapWaiting
from schedule_app.domain.oneself import for_oneself
from schedule_app.domain.permissions import Actor
from schedule_app.domain.swap_request import LIVE, SwapStatus
from schedule_app.domain.time import Interval
from schedule_app.domain.violation import Violation
from schedule_app.queries.facts import hold_judging
from schedule_app.queries.recipients import leads
from schedule_app.services.assigning import Giving, give, record_giving, record_taking, take, violations_of
from schedule_app.services.audit import record
from schedule_app.services.notifications import notify, notify_each

SWAPS_PATH: Final = "/swaps"
REQUESTS_PATH: Final = "/requests"

_LOCK_PEOPLE = text("""
    SELECT id FROM employees
    WHERE id = :actor_id OR id IN (
        SELECT unnest(ARRAY[proposer_id, taker_id]) FROM swap_requests WHERE id = :request_id
        UNION ALL
        SELECT asked.employee_id
        FROM swap_invitees AS asked JOIN swap_requests AS request ON request.id = asked.request_id
        WHERE request.id = :request_id AND request.kind = 'swap')
    ORDER BY id
    FOR NO KEY UPDATE
""")

_HOLD_SCHEDULES = text("""
    SELECT schedules.id FROM schedules
    WHERE schedules.id IN (
        SELECT shifts.schedule_id FROM shifts JOIN swap_requests AS request ON request.id = :request_id
        WHERE shifts.id IN (request.shift_id, request.wanted_shift_id))
    ORDER BY schedules.id
    FOR SHARE
""")

_HOLD_REQUEST = text("""
    SELECT request.id, request.site_id, request.kind, request.status, request.proposer_id, request.taker_id,
           request.assignment_id, request.wanted_id, request.shift_id, request.wanted_shift_id,
           proposers.name AS proposer_name, sites.swaps_need_approval,
           clock_timestamp() >= least(given.starts_at, wanted.starts_at)
               - make_interval(mins => sites.swap_cutoff_minutes) AS is_late
    FROM swap_requests AS request
    JOIN sites ON sites.id = request.site_id
    JOIN employees AS proposers ON proposers.id = request.proposer_id
    JOIN shifts AS given ON given.id = request.shift_id
    LEFT JOIN shifts AS wanted ON wanted.id = request.wanted_shift_id
    WHERE request.id = :request_id
    FOR UPDATE OF request
""")

# As the steps of assigning have them. Of the request's shifts, whatever has become of the assignments.
_SHIFTS = text("""
    SELECT shifts.id AS shift_id, shifts.site_id, shifts.department_id, shifts.time_zone, shifts.title,
           shifts.starts_at, shifts.ends_at, shifts.schedule_id, schedules.status AS schedule_status,
           schedules.week_start, held.id, held.employee_id, held.status, held.version
    FROM swap_requests AS request
    JOIN shifts ON shifts.id IN (request.shift_id, request.wanted_shift_id)
    JOIN schedules ON schedules.id = shifts.schedule_id
    LEFT JOIN schedule_assignments AS held
        ON held.shift_id = shifts.id AND held.id IN (request.assignment_id, request.wanted_id)
    WHERE request.id = :request_id
""")

_ASKED = text("""
    SELECT asked.employee_id, asked.answer, employees.name
    FROM swap_invitees AS asked JOIN employees ON employees.id = asked.employee_id
    WHERE asked.request_id = :request_id
    ORDER BY asked.employee_id
""")

_MOVE_ON = text("""
    UPDATE swap_requests
    SET status = :status, decision_note = coalesce(:note, decision_note),
        decided_by_id = coalesce(CAST(:decided_by_id AS bigint), decided_by_id)
    WHERE id = :request_id
""")

_DECIDERS = text(f"""
    SELECT id FROM employees
    WHERE site_id = :site_id AND is_active AND deleted_at IS NULL AND id <> ALL(:but)
      AND ({leads("employees")}
           OR (role = 'supervisor'
               AND (department_id IS NULL OR department_id = ALL(CAST(:departments AS bigint[])))))
    ORDER BY id
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Ground:
    """A request and what belongs to it, as they stay until the transaction ends.

    Attributes:
        request: Its columns, and whether its time `is_late`.
        given: The shift that is given and its assignment, as the steps of assigning have them.
        wanted: What is asked for it.
        asked: Who was asked, and what each answered.
        locked: Whose assignments nobody else can change meanwhile.
    """

    request: Record
    given: Record
    wanted: Record | None
    asked: Sequence[Record]
    locked: frozenset[int]

    @property
    def status(self) -> SwapStatus:
        """Where the request stands."""
        return SwapStatus(self.request.status)

    @property
    def shifts(self) -> tuple[Record, ...]:
        """The shifts that would change hands."""
        return (self.given, self.wanted) if self.wanted else (self.given,)

    @property
    def waiting(self) -> list[int]:
        """Who has not answered."""
        return [each.employee_id for each in self.asked if each.answer == "none"]

    def name(self, employee_id: int) -> str:
        """What a party is called."""
        names = {each.employee_id: each.name for each in self.asked}
        return names.get(employee_id, self.request.proposer_name)


@dataclass(frozen=True, slots=True)
class Side:
    """One of those who would get a shift, and what the rules say of it."""

    giving: Giving
    found: tuple[Violation, ...]

    @property
    def employee_id(self) -> int:
        """Who."""
        return self.giving.person.facts.id

    @property
    def name(self) -> str:
        """What they are called."""
        return self.giving.person.facts.name

    @property
    def is_blocked(self) -> bool:
        """Whether they may not have it."""
        return self.giving.person.held_status in ACTIVE or bool(blocking(self.found))

    @property
    def warned(self) -> tuple[Violation, ...]:
        """What speaks against it without forbidding it."""
        return warnings(self.found)

    def refusal(self) -> ScheduleError:
        """Why they may not have it, in words for planners."""
        if self.giving.person.held_status in ACTIVE:
            return AlreadyAssigned(f"{self.name} already has this shift.")
        overlaps = [each.message for each in self.found if each.rule_type == "overlap"]
        return DoubleBooking(" ".join(overlaps)) if overlaps else RuleBroken(blocking(self.found))

    def refusal_for_oneself(self) -> ScheduleError:
        """The same for the person."""
        return replace(self, found=for_oneself(self.found, self.giving.judging.rules, self.name)).refusal()

    def refusal_for_others(self) -> RuleBroken:
        """The same for a colleague, who is not to know what they work, when they can and what they hold."""
        shift_id = self.giving.judging.shift.id
        words = f"The rules of the site do not allow {self.name} to take this shift."
        return RuleBroken([Violation("swap", None, "block", words, self.employee_id, shift_id)])


async def hold(session: AsyncSession, actor_id: int | None, request_id: int) -> Ground:
    """Lock everybody concerned, hold the schedules and lock the request; the first thing a verb does.

    Raises:
        NotFound: There is no such request.
    """
    values = {"request_id": request_id, "actor_id": actor_id or 0}
    people, _, requests, shifts, asked = await fetch_together(
        session,
        (_LOCK_PEOPLE, values),
        (_HOLD_SCHEDULES, values),
        (_HOLD_REQUEST, values),
        (_SHIFTS, values),
        (_ASKED, values),
    )
    if not requests:
        raise NotFound
    [request] = requests
    by_shift = {each.shift_id: each for each in shifts}
    wanted = by_shift[request.wanted_shift_id] if request.wanted_shift_id else None
    return Ground(request, by_shift[request.shift_id], wanted, asked, frozenset(each.id for each in people))


async def judge_sides(session: AsyncSession, ground: Ground, taker_id: int) -> list[Side]:
    """Judge everybody who would get a shift, each as if they had given theirs.

    Returns:
        The taker, and in an exchange the proposer.

    Raises:
        Conflict: The taker said yes while the locks were taken.
    """
    if taker_id not in ground.locked:
        raise Conflict
    request, given, wanted = ground.request, ground.given, ground.wanted
    return await judge_exchange(session, taker_id, given, request.proposer_id, wanted)


async def judge_exchange(
    session: AsyncSession, taker_id: int, given: Record, proposer_id: int, wanted: Record | None
) -> list[Side]:
    """As `judge_sides`, before there is a request."""
    # Whoever goes to an overlapping shift is still there.
    are_apart = wanted is None or not _span(given).overlaps(_span(wanted))
    sides = [await _side(session, given, taker_id, wanted, proposer_id if are_apart else None)]
    if wanted is not None:
        sides.append(await _side(session, wanted, proposer_id, given, taker_id if are_apart else None))
    return sides


async def _side(
    session: AsyncSession, gets: Record, employee_id: int, freed: Record | None, leaver_id: int | None
) -> Side:
    found = await hold_judging(session, gets.shift_id, employee_id)
    if found is None or not found.judging.people:
        raise NotFound
    if leaver_id is not None:
        shift = found.judging.shift.left_by(leaver_id, _span(gets))
        found = replace(found, judging=replace(found.judging, shift=shift))
    giving = Giving(found, found.judging.people[0], freed.shift_id if freed is not None else None, is_wanted=True)
    return Side(giving, violations_of(giving))


def is_out_of_time(ground: Ground) -> bool:
    """Whether a live request is to expire."""
    return ground.status in LIVE and bool(ground.request.is_late)


async def expire(session: AsyncSession, ground: Ground) -> DeadlinePassed:
    """Let a request run out; returns what to tell whoever came too late."""
    await end(session, None, ground, SwapStatus.EXPIRED)
    return DeadlinePassed("It is too near the start for a shift to change hands. Please talk to your manager.")


async def end(session: AsyncSession, actor: Actor | None, ground: Ground, status: SwapStatus) -> None:
    """End a request of which nothing comes, and tell everybody concerned but the one who ends it.

    Whoever asked is told, who said yes, and while nobody has, those who have not answered.
    """
    request = ground.request
    await _move_on(session, ground, status)
    parties = {request.proposer_id, *([request.taker_id] if request.taker_id else ground.waiting)}
    is_takers = status == SwapStatus.WITHDRAWN and actor is not None and actor.employee_id == request.taker_id
    how = "taken back" if is_takers else status.value
    await tell_ended(session, ground, how, parties - {actor.employee_id if actor else None})
    action = {"withdrawn": "withdraw", "declined": "decline", "expired": "expire", "void": "void"}[status.value]
    await _record(session, actor, "take_back" if is_takers else action, ground, status)


async def tell_ended(session: AsyncSession, ground: Ground, how: str, people: Iterable[int]) -> None:
    """Tell people that nothing comes of it for them."""
    request = ground.request
    taker = ground.name(request.taker_id) if request.taker_id else ""
    told = {
        each: SwapEnded(how, request.proposer_name, *named(ground), each == request.proposer_id, taker)
        for each in people
    }
    await notify_each(session, {**told}, related=("swap_request", request.id), action_url=SWAPS_PATH)


async def tell_accepted(session: AsyncSession, actor: Actor, ground: Ground) -> None:
    """Tell whoever asked that the actor has said yes, and those who decide that it waits for them."""
    request, related = ground.request, ("swap_request", ground.request.id)
    name = ground.name(actor.employee_id)
    accepted = SwapAccepted(name, *named(ground))
    await notify(session, [request.proposer_id], accepted, related=related, action_url=SWAPS_PATH)
    values = {
        "site_id": request.site_id,
        "departments": [each.department_id for each in ground.shifts],
        "but": [actor.employee_id, request.proposer_id],
    }
    deciders = (await session.scalars(_DECIDERS, values)).all()
    waiting = SwapWaiting(request.proposer_name, name, *named(ground))
    await notify(session, deciders, waiting, related=related, action_url=REQUESTS_PATH)


async def carry_out(
    session: AsyncSession,
    actor: Actor,
    ground: Ground,
    sides: Sequence[Side],
    *,
    note: str | None,
    is_decision: bool,
) -> None:
    """Let the shifts change hands. The request goes first, so that taking them away does not make it void.

    Args:
        session: The unit of work.
        actor: Who approves; where nobody has to, who said yes.
        ground: The request, accepted.
        sides: Who gets what, judged.
        note: What was said to it; the reason to go against rules that warn.
        is_decision: Whether a planner decided.
    """
    await _move_on(session, ground, SwapStatus.APPROVED, note, actor.employee_id if is_decision else None)
    await _record(session, actor, "approve", ground, SwapStatus.APPROVED, note)
    for held in ground.shifts:
        await take(session, actor, held, is_told=False)
    given = [await give(session, actor, side.giving, side.warned, reason=note, source="swap") for side in sides]
    for held in ground.shifts:
        await record_taking(session, actor, held)
    for side, assigned in zip(sides, given, strict=True):
        await record_giving(session, actor, side.giving, assigned, reason=note)
    await _tell_decided(session, ground, sides[0].employee_id, note if is_decision else None, is_approved=True)


async def refuse(session: AsyncSession, actor: Actor, ground: Ground, note: str | None) -> None:
    """Reject what two people agreed on, and tell both."""
    await _move_on(session, ground, SwapStatus.REJECTED, note, actor.employee_id)
    await _tell_decided(session, ground, ground.request.taker_id, note, is_approved=False)
    await _record(session, actor, "reject", ground, SwapStatus.REJECTED, note)


async def _tell_decided(
    session: AsyncSession, ground: Ground, taker_id: int, note: str | None, *, is_approved: bool
) -> None:
    request, (shift, wanted) = ground.request, named(ground)
    told = {
        request.proposer_id: SwapDecided(is_approved, ground.name(taker_id), shift, wanted, note or ""),
        taker_id: SwapDecided(is_approved, request.proposer_name, wanted, shift, note or ""),
    }
    await notify_each(session, {**told}, related=("swap_request", request.id), action_url=SWAPS_PATH)


async def _move_on(
    session: AsyncSession, ground: Ground, status: SwapStatus, note: str | None = None, decided_by_id: int | None = None
) -> None:
    values = {"request_id": ground.request.id, "status": status.value, "note": note, "decided_by_id": decided_by_id}
    await session.execute(_MOVE_ON, values)


async def _record(
    session: AsyncSession, actor: Actor | None, action: str, ground: Ground, status: SwapStatus, note: str | None = None
) -> None:
    request = ground.request
    before = request.status if status != SwapStatus.APPROVED else SwapStatus.ACCEPTED.value
    await record(
        session,
        actor,
        action,
        "swap_request",
        request.id,
        site_id=request.site_id,
        before={"status": before},
        after={"status": status.value},
        reason=note,
    )


def named(ground: Ground) -> tuple[NamedShift, NamedShift | None]:
    """The shift that is given and the one that is wanted, for notices."""
    return name_shift(ground.given), name_shift(ground.wanted) if ground.wanted else None


def name_shift(shift: Any) -> NamedShift:  # noqa: ANN401 - a row
    """A shift, for notices."""
    return NamedShift.of(_span(shift), shift.time_zone, shift.title)


def _span(held: Record) -> Interval:
    return Interval(held.starts_at, held.ends_at)
