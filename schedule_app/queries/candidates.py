"""Who could take a shift, what stands in the way of the others, and what it would cost."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.cost import cost_cents
from schedule_app.domain.errors import NotFound
from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.domain.time import Interval
from schedule_app.queries.facts import Judging, Person, find_judging

Level: TypeAlias = Literal["ok", "warn", "block"]
#: How many people are judged before somebody else has their turn: a thousand take a third of a second.
_AT_ONCE: Final = 25
_ORDER: tuple[Level, ...] = ("ok", "warn", "block")

_WHO = text("""
    SELECT shifts.site_id, shifts.department_id, sites.currency,
           schedules.status = 'published' AND shifts.starts_at > now() AS can_be_offered,
           (SELECT count(*) FROM shift_offers WHERE shift_offers.shift_id = shifts.id) AS offered,
           EXISTS (SELECT FROM offer_waves
                   WHERE offer_waves.shift_id = shifts.id AND offer_waves.next_at IS NOT NULL) AS is_offering,
           ARRAY(SELECT employees.id FROM employees
                 WHERE employees.site_id = shifts.site_id AND employees.is_active AND employees.deleted_at IS NULL
           ) AS employee_ids
    FROM shifts
    JOIN schedules ON schedules.id = shifts.schedule_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE shifts.id = :shift_id
""")

_MOVED = text("""
    SELECT held.employee_id, held.shift_id, held.status, shifts.starts_at, shifts.ends_at, employees.hourly_rate_cents
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN employees ON employees.id = held.employee_id
    WHERE held.id = :assignment_id
      AND held.schedule_id = (SELECT wanted.schedule_id FROM shifts AS wanted WHERE wanted.id = :shift_id)
""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person for a shift.

    Attributes:
        messages: What stands in the way.
        minutes_this_week: Without this shift, and with one they would be taken off.
        cost_cents: Of the shift at this person's rate; None without a rate, or for those who may not know it.
    """

    employee_id: int
    name: str
    level: Level
    messages: list[str]
    minutes_this_week: int
    cost_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everybody for a shift.

    Attributes:
        people: Those who can first, then the ones with fewer minutes this week, then by name.
        minutes: How long the shift is.
        moved_minutes: How long the shift is that somebody would be taken off; 0 when it does not count.
        moved_cost_cents: What that one costs with them; as `Candidate.cost_cents`.
        copying: Whom it would be taken from, if they kept it.
        currency: Of the costs.
    """

    people: list[Candidate]
    minutes: int
    moved_minutes: int = 0
    moved_cost_cents: int | None = None
    copying: Candidate | None = None
    currency: str = ""


async def candidates(
    session: AsyncSession,
    actor: Actor,
    shift_id: int,
    *,
    moving: int | None = None,
    among: Collection[int] | None = None,
) -> Candidates:
    """Judge everyone active at the shift's site who does not have the shift, by the same rules as assigning.

    Args:
        session: A session.
        actor: Who asks.
        shift_id: The shift to be given.
        moving: An assignment in the same version of the week that would be taken away for it.
        among: Whom to judge, and who holds that assignment; None for everyone.

    Raises:
        NotFound: No such shift or assignment, or of another site.
        NotAllowed: The actor may not assign there.
    """
    who = await find_everybody(session, actor, shift_id)
    moved = await _moved(session, shift_id, moving) if moving is not None else None
    holder = moved.employee_id if moved else None
    wanted = None if among is None else {*among, holder}
    asked = [each for each in who.employee_ids if wanted is None or each in wanted]
    judging = await find_judging(session, shift_id, asked)
    if judging is None:
        raise NotFound
    knows_cost = can(actor, Permission.VIEW_COST, site_id=who.site_id)
    left = judging
    if moved:
        span = Interval(moved.starts_at, moved.ends_at)
        left = replace(judging, shift=judging.shift.left_by(moved.employee_id, span))
    # Most rules are somebody's own, and need not be looked at for everybody else.
    own: defaultdict[int | None, list[RuleFacts[Any]]] = defaultdict(list)
    for rule in judging.rules:
        own[rule.employee_id].append(rule)
    found: list[Candidate] = []
    copying = None
    for position, person in enumerate(judging.people):
        if position % _AT_ONCE == 0:
            await asyncio.sleep(0)
        if person.held_status in ACTIVE:
            continue
        is_holder = person.facts.id == holder
        rules = [*own[None], *own.get(person.facts.id, ())]
        found.append(_candidate(left, rules, person, knows_cost, moved.shift_id if moved and is_holder else None))
        if is_holder:
            copying = _candidate(judging, rules, person, knows_cost, None)
    found.sort(
        key=lambda each: (_ORDER.index(each.level), each.minutes_this_week, each.name.casefold(), each.employee_id)
    )
    moved_minutes = Interval(moved.starts_at, moved.ends_at).minutes if moved and moved.status in ACTIVE else 0
    return Candidates(
        people=found,
        minutes=judging.shift.span.minutes,
        moved_minutes=moved_minutes,
        moved_cost_cents=cost_of(moved.hourly_rate_cents, moved_minutes) if moved and knows_cost else None,
        copying=copying,
        currency=who.currency,
    )


async def find_everybody(session: AsyncSession, actor: Actor, shift_id: int) -> Row[Any]:
    """The shift's `site_id`, its site's `currency`, and everybody active there (`employee_ids`) who could be asked.

    Also how the shift is offered: whether it `can_be_offered`, `is_offering` now, and to how many it was (`offered`).

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not assign there.
    """
    who = await find_staff(session, shift_id)
    if who is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=who.site_id):
        raise NotFound
    require(actor, Permission.ASSIGN, site_id=who.site_id, department_id=who.department_id)
    return who


async def find_staff(session: AsyncSession, shift_id: int) -> Row[Any] | None:
    """As `find_everybody`, for the program itself; None when there is no such shift."""
    return (await session.execute(_WHO, {"shift_id": shift_id})).one_or_none()


async def _moved(session: AsyncSession, shift_id: int, assignment_id: int) -> Row[Any]:
    values = {"assignment_id": assignment_id, "shift_id": shift_id}
    moved = (await session.execute(_MOVED, values)).one_or_none()
    if moved is None:
        raise NotFound
    return moved


def _candidate(
    judging: Judging, rules: Sequence[RuleFacts[Any]], person: Person, knows_cost: bool, freed: int | None
) -> Candidate:
    worked = [shift for shift in person.worked if shift.id != freed]
    violations = check_assignment(rules, person.facts, worked, judging.shift)
    level: Level = "block" if blocking(violations) else "warn" if violations else "ok"
    return Candidate(
        employee_id=person.facts.id,
        name=person.facts.name,
        level=level,
        messages=list(dict.fromkeys(each.message for each in violations)),
        minutes_this_week=person.minutes_in_version,
        cost_cents=cost_of(person.hourly_rate_cents, judging.shift.span.minutes) if knows_cost else None,
    )


def cost_of(rate_cents: int | None, minutes: int) -> int | None:
    """What minutes cost at a rate; None without one."""
    return None if rate_cents is None else cost_cents(minutes, rate_cents)
