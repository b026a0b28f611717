"""What people ask of each other about their shifts: as those see it whom it concerns, and as planners decide on it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking
from schedule_app.domain.oneself import for_oneself
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.swap_request import SwapStatus
from schedule_app.domain.time import moment_label
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd, read_crowd
from schedule_app.queries.candidates import Level
from schedule_app.queries.preferences import OWN_CLOCK
from schedule_app.queries.swap_judging import SHIFT_COLUMNS, ShiftWords, hours_of, in_the_way, shift_words, weeks_of

_COLUMNS: Final = f"""
    request.id, request.kind, request.status, request.proposer_id, request.taker_id, request.shift_id AS given_id,
    request.wanted_shift_id, COALESCE(request.note, '') AS note,
    COALESCE(request.decision_note, '') AS decision_note, request.created_at, request.ended_at, request.accepted_at,
    proposers.name AS proposer_name, COALESCE(takers.name, '') AS taker_name,
    sites.swap_cutoff_minutes,
    {SHIFT_COLUMNS}
"""

_JOINS: Final = """
    JOIN employees AS proposers ON proposers.id = request.proposer_id
    LEFT JOIN employees AS takers ON takers.id = request.taker_id
    JOIN shifts ON shifts.id IN (request.shift_id, request.wanted_shift_id)
    JOIN schedules ON schedules.id = shifts.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    LEFT JOIN departments ON departments.id = shifts.department_id
"""

# Whoever was asked and is not the one who says yes sees an offer as long as it is open; afterwards only what they said.
_OWN = text(f"""
    SELECT {_COLUMNS.replace("sites.clock_24h", OWN_CLOCK)},
           mine.answer,
           (SELECT count(*) FROM swap_invitees AS asked WHERE asked.request_id = request.id) AS asked,
           (SELECT count(*) FROM swap_invitees AS asked
            WHERE asked.request_id = request.id AND asked.answer = 'declined') AS declined,
           (SELECT employees.name FROM swap_invitees AS asked JOIN employees ON employees.id = asked.employee_id
            WHERE asked.request_id = request.id AND request.kind = 'swap') AS asked_name,
           EXISTS (SELECT FROM swap_invitees AS asked
                   WHERE asked.request_id = request.id AND asked.employee_id = request.taker_id
                     AND asked.answer = 'declined') AS is_taken_back,
           schedules.status = 'archived' OR EXISTS (
               SELECT FROM schedule_assignments AS held
               WHERE held.shift_id = shifts.id AND held.in_force AND held.status = ANY(:active)
                 AND held.employee_id
                     = CASE shifts.id WHEN request.shift_id THEN request.taker_id ELSE request.proposer_id END
           ) AS is_as_agreed,
           EXISTS (
               SELECT FROM schedule_assignments AS held
               WHERE held.shift_id = shifts.id AND held.in_force AND held.status = ANY(:active)
                 AND held.employee_id
                     = CASE shifts.id WHEN request.shift_id THEN request.proposer_id ELSE request.taker_id END
           ) AS is_as_before
    FROM swap_requests AS request
    LEFT JOIN swap_invitees AS mine ON mine.request_id = request.id AND mine.employee_id = :employee_id
    {_JOINS}
    WHERE (request.ended_at IS NULL OR request.ended_at > now() - interval '30 days')
      AND (request.proposer_id = :employee_id
           OR request.taker_id = :employee_id
           OR (mine.employee_id IS NOT NULL AND (request.status = 'open' OR mine.answer <> 'none')))
    ORDER BY request.id DESC
""")  # noqa: S608 - constants

_WAITING = text(f"""
    SELECT {_COLUMNS}
    FROM swap_requests AS request
    {_JOINS}
    WHERE request.status = 'accepted' AND request.site_id = :site_id
    ORDER BY request.id
""")  # noqa: S608 - constants

_STATUS_WORDS: Final = {
    SwapStatus.OPEN: "Waiting for an answer",
    SwapStatus.ACCEPTED: "Waiting for approval",
    SwapStatus.APPROVED: "Approved",
    SwapStatus.REJECTED: "Not approved",
    SwapStatus.DECLINED: "Declined",
    SwapStatus.WITHDRAWN: "Withdrawn",
    SwapStatus.EXPIRED: "Out of time",
    SwapStatus.VOID: "Not possible any more",
}


@dataclass(frozen=True, slots=True)
class AskedSwap:
    """What a colleague asks of the viewer.

    Attributes:
        name: Who asks.
        shift: What the viewer would get.
        wanted: What they would give for it; without times when nothing.
        until: Until when it can be settled.
        hours: What becomes of the viewer's hours, by week.
        warnings: What speaks against it, so that a manager has to agree.
    """

    id: int
    name: str
    is_swap: bool
    shift: ShiftWords
    wanted: ShiftWords
    note: str
    until: str
    hours: list[str]
    warnings: list[str]


@dataclass(frozen=True, slots=True)
class OwnSwap:
    """What the viewer has asked, or said yes to, and how that stands.

    Attributes:
        is_own: Whether they asked; whoever said yes can take that back as well.
        shift: What whoever asked gives.
        status: As `SwapStatus`; `status_words` says it.
        says: What it means, in a sentence.
    """

    id: int
    is_own: bool
    is_swap: bool
    shift: ShiftWords
    wanted: ShiftWords
    status: str
    status_words: str
    says: str
    note: str


@dataclass(frozen=True, slots=True)
class PastSwap:
    """What came of a request.

    Attributes:
        status: As `SwapStatus`; "changed" where it was approved and is not so any more.
    """

    id: int
    words: str
    status: str
    status_words: str
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class SwapsView:
    """What is asked of somebody, what they have asked, and what came of it in the last 30 days.

    Attributes:
        hidden: How many requests are not shown, because the rules do not allow the viewer that shift any more.
    """

    asked: list[AskedSwap] = field(default_factory=list)
    mine: list[OwnSwap] = field(default_factory=list)
    past: list[PastSwap] = field(default_factory=list)
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class WaitingSide:
    """One of two who have agreed: what they would get and give, in words, and what that means."""

    employee_id: int
    name: str
    gets: str
    gives: str
    hours: list[str]
    problems: list[str]
    level: Level


@dataclass(frozen=True, slots=True)
class WaitingSwap:
    """What waits for a planner.

    Attributes:
        since: When it was agreed.
        until: Until when it can be decided.
        level: The worse of the two sides'.
    """

    id: int
    is_swap: bool
    note: str
    since: str
    until: str
    level: Level
    sides: list[WaitingSide]


@dataclass(frozen=True, slots=True)
class WaitingView:
    """What waits for a planner, and what it depends on: the weeks of the shifts, and whose they are."""

    swaps: list[WaitingSwap]
    weeks: list[date]
    people: list[int]


@dataclass(frozen=True, slots=True)
class _Request:
    """A request's row, and those of its shifts; each has the columns of both."""

    given: Row[Any]
    wanted: Row[Any] | None

    @property
    def deadline(self) -> datetime:
        starts = min(each.starts_at for each in self.shifts)
        return starts - timedelta(minutes=self.given.swap_cutoff_minutes)

    @property
    def shifts(self) -> list[Row[Any]]:
        return [self.given, self.wanted] if self.wanted is not None else [self.given]


async def my_swaps(session: AsyncSession, employee_id: int) -> SwapsView:
    """Read what concerns a person, in at most two statements. Of colleagues it tells their names alone."""
    values = {"employee_id": employee_id, "active": sorted(ACTIVE)}
    requests = _requests((await session.execute(_OWN, values)).all())
    asked = [each for each in requests if _is_asked(each.given, employee_id)]
    view = SwapsView(
        mine=[_own(each, employee_id) for each in requests if _is_own(each.given, employee_id)],
        past=[_past(each, employee_id) for each in requests if _is_past(each.given)],
    )
    if not asked:
        return view
    shifts = [shift for each in asked for shift in each.shifts]
    crowd = await read_crowd(session, shifts[0].site_id, shifts[0].week_starts_on, [employee_id], weeks_of(shifts))
    found = [(each, _for_taker(crowd, each, employee_id)) for each in asked]
    able = [_asked(crowd, each, employee_id, against) for each, against in found if not blocking(against)]
    return SwapsView(able, view.mine, view.past, len(asked) - len(able))


async def waiting_swaps(session: AsyncSession, actor: Actor) -> WaitingView:
    """Read what two people have agreed on and the actor can decide, in at most two statements."""
    rows = (await session.execute(_WAITING, {"site_id": actor.site_id, "active": sorted(ACTIVE)})).all()
    requests = [each for each in _requests(rows) if _plans(actor, each)]
    if not requests:
        return WaitingView([], [], [])
    shifts = [shift for each in requests for shift in each.shifts]
    people = {person for each in requests for person in (each.given.proposer_id, each.given.taker_id)}
    crowd = await read_crowd(session, actor.site_id, shifts[0].week_starts_on, people, weeks_of(shifts))
    swaps = [_waiting(crowd, each) for each in requests]
    return WaitingView(swaps, sorted(weeks_of(shifts)), sorted(people))


def _plans(actor: Actor, request: _Request) -> bool:
    return all(
        can(actor, Permission.ASSIGN, site_id=each.site_id, department_id=each.department_id) for each in request.shifts
    )


def _requests(rows: Iterable[Row[Any]]) -> list[_Request]:
    by_id: defaultdict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for row in rows:
        by_id[row.id][row.shift_id] = row
    found = []
    for shifts in by_id.values():
        one = next(iter(shifts.values()))
        found.append(_Request(shifts[one.given_id], shifts.get(one.wanted_shift_id)))
    return found


def _is_asked(row: Row[Any], employee_id: int) -> bool:
    return row.status == SwapStatus.OPEN and row.proposer_id != employee_id and row.answer == "none"


def _is_own(row: Row[Any], employee_id: int) -> bool:
    return row.ended_at is None and employee_id in (row.proposer_id, row.taker_id)


def _is_past(row: Row[Any]) -> bool:
    return row.ended_at is not None or (row.status == SwapStatus.OPEN and row.answer == "declined")


def _for_taker(crowd: Crowd, request: _Request, taker_id: int) -> Sequence[Violation]:
    return in_the_way(crowd, taker_id, request.given, request.wanted, request.given.proposer_id)


def _asked(crowd: Crowd, request: _Request, employee_id: int, against: Sequence[Violation]) -> AskedSwap:
    row = request.given
    return AskedSwap(
        id=row.id,
        name=row.proposer_name,
        is_swap=request.wanted is not None,
        shift=shift_words(row),
        wanted=_words(request.wanted),
        note=row.note,
        until=_moment(request.deadline, row),
        hours=hours_of(crowd, employee_id, row, request.wanted),
        warnings=[each.message for each in for_oneself(against, crowd.rules, crowd.people[employee_id].name)],
    )


def _own(request: _Request, employee_id: int) -> OwnSwap:
    row = request.given
    is_own = row.proposer_id == employee_id
    return OwnSwap(
        id=row.id,
        is_own=is_own,
        is_swap=request.wanted is not None,
        shift=shift_words(row),
        wanted=_words(request.wanted),
        status=row.status,
        status_words=_STATUS_WORDS[SwapStatus(row.status)],
        says=_says(request, is_own=is_own),
        note=row.note,
    )


def _says(request: _Request, *, is_own: bool) -> str:
    row = request.given
    until = _moment(request.deadline, row)
    if row.status == SwapStatus.ACCEPTED:
        who = f"{row.taker_name} has said yes." if is_own else f"You have said yes to {row.proposer_name}."
        whose = "It stays yours" if is_own else f"It stays with {row.proposer_name}"
        return f"{who} {whose} until a manager has approved, by {until} at the latest."
    if request.wanted is not None:
        return f"{row.asked_name} has until {until} to answer. It stays yours."
    people = "1 colleague was asked" if row.asked == 1 else f"{row.asked} colleagues were asked"
    no = f", {row.declined} said no" if row.declined else ""
    return f"{people}{no}. It stays yours until somebody takes it; the offer ends on {until}."


def _past(request: _Request, employee_id: int) -> PastSwap:
    row = request.given
    is_no = row.answer == "declined" and row.taker_id != employee_id
    given, wanted = shift_words(row), _words(request.wanted)
    whose = "You" if row.proposer_id == employee_id else row.proposer_name
    said, badge = _outcome(request, employee_id)
    words = f"{whose}: {given.day}, {given.times}" + (f" for {wanted.day}, {wanted.times}" if wanted.times else "")
    return PastSwap(
        id=row.id,
        words=words,
        status="declined" if is_no else badge,
        status_words="You said no" if is_no else said,
        when=_moment(row.ended_at, row) if row.ended_at else "",
        note="" if is_no else row.decision_note,
    )


def _outcome(request: _Request, employee_id: int) -> tuple[str, str]:
    """What came of a request, in words, and as a status: "approved" as long as the shifts are as was agreed."""
    row = request.given
    if row.status == SwapStatus.WITHDRAWN and row.is_taken_back:
        return "You took it back" if row.taker_id == employee_id else f"{row.taker_name} took it back", row.status
    if row.status == SwapStatus.APPROVED and not all(each.is_as_agreed for each in request.shifts):
        is_undone = all(each.is_as_before for each in request.shifts)
        return "Approved, then undone" if is_undone else "Approved, changed since", "changed"
    return _STATUS_WORDS[SwapStatus(row.status)], row.status


def _waiting(crowd: Crowd, request: _Request) -> WaitingSwap:
    row, wanted = request.given, request.wanted
    taker = _side(row.taker_id, row.taker_name, crowd, row, wanted, row.proposer_id)
    proposer = (
        _side(row.proposer_id, row.proposer_name, crowd, wanted, row, row.taker_id)
        if wanted is not None
        else WaitingSide(
            row.proposer_id, row.proposer_name, "", _line(row), hours_of(crowd, row.proposer_id, None, row), [], "ok"
        )
    )
    levels = [each.level for each in (proposer, taker)]
    return WaitingSwap(
        id=row.id,
        is_swap=wanted is not None,
        note=row.note,
        since=_moment(row.accepted_at, row),
        until=_moment(request.deadline, row),
        level="block" if "block" in levels else "warn" if "warn" in levels else "ok",
        sides=[proposer, taker],
    )


def _side(
    employee_id: int, name: str, crowd: Crowd, gets: Row[Any], gives: Row[Any] | None, leaver_id: int
) -> WaitingSide:
    against = in_the_way(crowd, employee_id, gets, gives, leaver_id)
    return WaitingSide(
        employee_id=employee_id,
        name=name,
        gets=_line(gets),
        gives=_line(gives) if gives is not None else "",
        hours=hours_of(crowd, employee_id, gets, gives),
        problems=[each.message for each in against],
        level="block" if blocking(against) else "warn" if against else "ok",
    )


def _line(row: Row[Any]) -> str:
    words = shift_words(row)
    where = f", {words.department}" if words.department else ""
    return f"{words.day}, {words.times} ({words.title}{where})"


def _words(row: Row[Any] | None) -> ShiftWords:
    return ShiftWords() if row is None else shift_words(row)


def _moment(at: datetime, row: Row[Any]) -> str:
    return moment_label(at, row.time_zone, clock_24h=row.clock_24h)
