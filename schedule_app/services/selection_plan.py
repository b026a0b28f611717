"""What becomes of many assignments and shifts that are changed together: what can be done, what not, and why.

Everybody is judged by the same rules as when one shift is given, beside what is given in the same step. Whom a rule
blocks keeps what they have and is named; of warnings the actor is asked for one reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import Record
from schedule_app.domain.assignment import ACTIVE, AssignmentStatus, check_transition
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import (
    IllegalTransition,
    InvalidInput,
    NeedsOverride,
    NotFound,
)
from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval
from schedule_app.domain.violation import Violation
from schedule_app.queries.bulk_facts import Crowd, Taken, read_crowd
from schedule_app.queries.labels import short_day
from schedule_app.queries.selection import label_of, read_places
from schedule_app.services.bulk_plan import Concern

ASK_A_MANAGER: Final = "A manager may assign it all the same, with a reason."


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody to be put on a shift; `held` is the assignment it comes from, when it comes from one."""

    shift: Record
    employee_id: int
    name: str
    held: Record | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A selection as it was judged.

    Attributes:
        about: A row of the selection, for what all of it shares: site, schedule, week.
        taken: The assignments to be taken away.
        given: Who is put on what, each with the warnings against it.
        refused: What stays as it is, and why.
        warned: What goes against a rule that warns.
    """

    about: Record
    taken: tuple[Record, ...] = ()
    given: tuple[tuple[Step, tuple[Violation, ...]], ...] = ()
    refused: tuple[Concern, ...] = ()
    warned: tuple[Concern, ...] = ()

    def require_reason(self, reason: str | None) -> None:
        """Refuse to go against warnings without a reason.

        Raises:
            NeedsOverride: There are warnings and no reason.
        """
        found = [violation for _, violations in self.given for violation in violations]
        if found and reason is None:
            raise NeedsOverride(found)


def plan_taking(held: Sequence[Record]) -> Planned:
    """Take everybody off; what is over already stays."""
    refused = [(each, words) for each in held if (words := _cannot_go(each))]
    staying = {each.id for each, _ in refused}
    return Planned(
        held[0],
        taken=tuple(each for each in held if each.id not in staying),
        refused=tuple(_concern(each, each.employee_id, each.name, words) for each, words in refused),
    )


async def plan_giving(session: AsyncSession, actor: Actor, shifts: Sequence[Record], employee_id: int) -> Planned:
    """Give shifts to one person, as far as the rules allow.

    Raises:
        NotFound: The person is missing, or of another site.
    """
    crowd = await _crowd(session, shifts[0], {employee_id})
    name = _name_here(crowd, employee_id)
    places = {each.id: each for each in await read_places(session, shifts[0].schedule_id, [employee_id])}
    steps = [Step(places[each.id], employee_id, name) for each in shifts]
    return _judge_all(actor, shifts[0], steps, crowd, ())


async def plan_moving(
    session: AsyncSession,
    actor: Actor,
    held: Sequence[Record],
    *,
    to_employee_id: int | None,
    to_day: date | None,
    keep: bool,
) -> Planned:
    """Move or copy assignments to another person, to other days, or both.

    Args:
        session: A session.
        actor: Who acts.
        held: The assignments, as `find_assignments` returns them.
        to_employee_id: Who shall work; None for each who does.
        to_day: Where the first day goes, and the others after it; None for each its own.
        keep: Copy: nobody is taken off anything.

    Raises:
        NotFound: The person is missing, or of another site.
        InvalidInput: Neither another person nor another day.
    """
    about = held[0]
    later = to_day - min(each.local_date for each in held) if to_day else timedelta()
    if to_employee_id is None and not later:
        raise InvalidInput("Please choose another person or another day.", "day")
    people = {each.employee_id for each in held} | ({to_employee_id} if to_employee_id else set())
    crowd = await _crowd(session, about, people)
    name = _name_here(crowd, to_employee_id) if to_employee_id else ""
    finder = _Finder(await read_places(session, about.schedule_id, people))
    steps: list[Step] = []
    refused: list[Concern] = []
    for each in held:
        employee_id = to_employee_id or each.employee_id
        place = finder.find(each, each.local_date + later, employee_id)
        words = None if keep else _cannot_go(each)
        if place is None:
            words = f"There is no such shift on {short_day(each.local_date + later)} this week."
        elif (place.id, employee_id) == (each.shift_id, each.employee_id):
            words = f"{each.name} already has this shift."
        if place is None or words:
            refused.append(_concern(each, each.employee_id, each.name, words or ""))
        else:
            steps.append(Step(place, employee_id, name or each.name, None if keep else each))
    planned = _judge_all(actor, about, steps, crowd, refused)
    return replace(planned, taken=tuple(step.held for step, _ in planned.given if step.held is not None))


class _Finder:
    """Which shift of another day one stands for there: department, kind and times alike, of several the emptiest."""

    def __init__(self, places: Sequence[Record]) -> None:
        self._by_id = {each.id: each for each in places}
        self._like: dict[tuple[object, ...], list[Record]] = {}
        self._missing = {each.id: each.required_staff - each.staffed for each in places}
        for each in places:
            self._like.setdefault(self._kind(each, each.local_date), []).append(each)

    @staticmethod
    def _kind(shift: Record, day: date) -> tuple[object, ...]:
        return day, shift.department_id, shift.shift_type, shift.local_start, shift.local_end

    def find(self, held: Record, day: date, employee_id: int) -> Record | None:
        if day == held.local_date:
            return self._by_id[held.shift_id]
        like = self._like.get(self._kind(held, day), [])
        free = [each for each in like if each.held.get(str(employee_id)) not in ACTIVE] or like
        if not free:
            return None
        best = max(free, key=lambda each: self._missing[each.id])
        self._missing[best.id] -= 1
        return best


def _cannot_go(held: Record) -> str | None:
    """Why an assignment cannot be taken away: it is over already, in a published week."""
    if held.schedule_status != ScheduleStatus.PUBLISHED:
        return None
    try:
        check_transition(AssignmentStatus(held.status), AssignmentStatus.CANCELLED)
    except IllegalTransition as refused:
        return refused.message
    return None


async def _crowd(session: AsyncSession, about: Record, employee_ids: set[int]) -> Crowd:
    return await read_crowd(session, about.site_id, about.week_starts_on, employee_ids, [about.week_start])


def _name_here(crowd: Crowd, employee_id: int) -> str:
    if employee_id not in crowd.people:
        raise NotFound
    return crowd.people[employee_id].name


def _judge_all(actor: Actor, about: Record, steps: Sequence[Step], crowd: Crowd, refused: Sequence[Concern]) -> Planned:
    """Judge every step beside the others. Who is refused keeps what they have, which may be in the way of others."""
    may_override = can(actor, Permission.OVERRIDE_WARNING, site_id=about.site_id)
    ordered = sorted(steps, key=lambda each: (each.shift.starts_at, each.shift.ends_at))
    stays: dict[int, str] = {}
    while True:
        before = len(stays)
        given = _judge_once(about, ordered, crowd, stays, may_override)
        if len(stays) == before or all(each.held is None for each in ordered):
            break
    return Planned(
        about,
        given=tuple(given),
        refused=(
            *refused,
            *(
                _concern(each.shift, each.employee_id, each.name, stays[id(each)])
                for each in ordered
                if id(each) in stays
            ),
        ),
        warned=tuple(
            _concern(step.shift, step.employee_id, step.name, _words(found)) for step, found in given if found
        ),
    )


def _judge_once(
    about: Record, steps: Sequence[Step], crowd: Crowd, stays: dict[int, str], may_override: bool
) -> list[tuple[Step, tuple[Violation, ...]]]:
    """Judge those that do not stay as they are; `stays` gains those that must."""
    freed = {(each.held.employee_id, each.held.shift_id) for each in steps if each.held and id(each) not in stays}
    now = replace(
        crowd,
        taken={
            employee_id: [each for each in taken if (employee_id, each.shift.id) not in freed]
            for employee_id, taken in crowd.taken.items()
        },
    )
    given: list[tuple[Step, tuple[Violation, ...]]] = []
    held = {(each.employee_id, each.shift.id) for each in steps if each.shift.held.get(str(each.employee_id)) in ACTIVE}
    held -= freed
    for step in steps:
        if id(step) in stays:
            continue
        found, words = _judge(about, step, now, held)
        if words is None and found and not may_override:
            words = f"{_words(found)} {ASK_A_MANAGER}"
        if words is not None:
            stays[id(step)] = words
            continue
        given.append((step, found))
        held.add((step.employee_id, step.shift.id))
        now.taken[step.employee_id].append(Taken(_facts(about, step.shift), about.schedule_id, False))
    return given


def _judge(
    about: Record, step: Step, crowd: Crowd, held: set[tuple[int, int]]
) -> tuple[tuple[Violation, ...], str | None]:
    """The warnings against a step, and why it cannot be taken."""
    person = crowd.people.get(step.employee_id)
    if person is None:
        return (), f"{step.name} does not work at this site any more."
    if (step.employee_id, step.shift.id) in held:
        return (), f"{step.name} already has this shift."
    worked = crowd.worked(step.employee_id, about.week_start, about.schedule_id)
    shift = crowd.meeting(_facts(about, step.shift), about.schedule_id)
    found = check_assignment(crowd.rules, person, worked, shift)
    refusals = blocking(found)
    return found, _words(refusals) if refusals else None


def _facts(about: Record, shift: Record) -> ShiftFacts:
    return ShiftFacts(
        id=shift.id,
        site_id=about.site_id,
        department_id=shift.department_id,
        zone=shift.time_zone,
        local_date=shift.local_date,
        span=Interval(shift.starts_at, shift.ends_at),
        shift_type=shift.shift_type,
        required_qualifications=tuple(shift.qualifications),
        required_staff=shift.required_staff,
        week_starts_on=about.week_starts_on,
        clock_24h=about.clock_24h,
    )


def _words(found: Sequence[Violation]) -> str:
    # A shift and a rule may ask for the same.
    return " ".join(dict.fromkeys(each.message for each in found))


def _concern(shift: Record, employee_id: int, name: str, words: str) -> Concern:
    return Concern(shift.local_date, label_of(shift), employee_id, name, words)
