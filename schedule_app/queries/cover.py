"""Who can cover a shift: everybody in order, what speaks for them and what against, and every rule that was asked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import Check, blocking, checks, warnings
from schedule_app.domain.errors import NotFound
from schedule_app.domain.facts import Preference
from schedule_app.domain.permissions import Actor, Permission, Role, can
from schedule_app.domain.preference import preference_at, time_of_week
from schedule_app.domain.ranking import Room, Standing, rank, room_of
from schedule_app.domain.rules import describe
from schedule_app.domain.time import minutes_label, shift_label
from schedule_app.queries.candidates import Level, cost_of, find_everybody, find_staff
from schedule_app.queries.facts import Judging, Person, find_judging
from schedule_app.queries.labels import money_label

#: A rest longer than this limits nobody.
_LONG_REST = 48 * 60
#: What the checks ask for that need no rule.
_WITHOUT_RULE: Final = {
    "inactive": "Active here.",
    "qualification": "Holds every qualification the shift needs.",
    "overlap": "Has no other shift at that time.",
    "time_off": "Has no time off then.",
}
_LEADING: Final = (Role.MANAGER, Role.ADMIN)
CheckState: TypeAlias = Literal["met", "warn", "broken"]


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One rule that was asked: what it is, whether it is met, and if not, why."""

    state: CheckState
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class CoverPerson:
    """Somebody for the shift.

    Attributes:
        hours: Of the week, without the shift, against the contract.
        cost: Of the shift with them; "" where it is not known, or not to be.
        facts: How far they would be from their limits.
        wish: "preferred", "disliked" or "" for the time of the shift.
        problems: What stands in the way, most important first.
        checks: Every rule that was asked; empty unless wanted.
    """

    employee_id: int
    name: str
    level: Level
    hours: str
    cost: str
    facts: list[str]
    wish: str
    problems: list[str]
    checks: list[CheckLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CoverView:
    """Everybody who does not have the shift: `able` in order of who should be asked first, `others` likewise.

    Attributes:
        can_be_offered: Whether people can be asked by the program: the week is published and the shift has not begun.
        is_offering: Whether more of them will be.
        offered: How many were.
    """

    title: str
    needed: int
    staffed: int
    qualifications: list[str]
    able: list[CoverPerson]
    others: list[CoverPerson]
    can_be_offered: bool = False
    is_offering: bool = False
    offered: int = 0


@dataclass(frozen=True, slots=True)
class Replacement:
    """Somebody who does not have a shift and could take it.

    Attributes:
        was_on_it: Whether they had it before: they declined it, missed the time to answer, could not come or were taken
            off.
    """

    employee_id: int
    name: str
    is_warned: bool
    was_on_it: bool


async def who_can_cover(
    session: AsyncSession, actor: Actor, shift_id: int, *, explained: Collection[int] = ()
) -> CoverView:
    """Judge and rank everybody for a shift, in two statements.

    Args:
        session: A session.
        actor: Who asks; costs are only told to those who may see them.
        shift_id: The shift.
        explained: The employees of whom every rule is wanted, met or broken.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not assign there.
    """
    who = await find_everybody(session, actor, shift_id)
    judging = await find_judging(session, shift_id, who.employee_ids)
    if judging is None:
        raise NotFound
    currency = who.currency if can(actor, Permission.VIEW_COST, site_id=who.site_id) else ""
    free = [person for person in judging.people if person.held_status not in ACTIVE]
    judged = [_judged(judging, person, currency, person.facts.id in explained) for person in free]
    people = {each.employee_id: person for each, person in judged}
    ranked = [people[each.employee_id] for each in rank(standing for standing, _ in judged)]
    shift = judging.shift
    return CoverView(
        title=shift_label(
            shift.span, shift.zone, judging.title or shift.shift_type.capitalize(), clock_24h=shift.clock_24h
        ),
        needed=shift.required_staff,
        staffed=len(judging.people) - len(free),
        qualifications=list(shift.required_qualifications),
        able=[each for each in ranked if each.level != "block"],
        others=[each for each in ranked if each.level == "block"],
        can_be_offered=who.can_be_offered,
        is_offering=who.is_offering,
        offered=who.offered,
    )


async def list_replacements(session: AsyncSession, shift_id: int) -> list[Replacement]:
    """Whom the program itself would ask to take a shift, in the order of `who_can_cover`: those whom no rule blocks.

    Managers are not among them: they are told of the open shift, and can put on it whom they like.
    """
    who = await find_staff(session, shift_id)
    judging = await find_judging(session, shift_id, who.employee_ids) if who else None
    if who is None or judging is None:
        return []
    free = [each for each in judging.people if each.held_status not in ACTIVE and each.facts.role not in _LEADING]
    before = {person.facts.id for person in free if person.held_status is not None}
    ranked = rank(_judged(judging, person, who.currency, is_explained=False)[0] for person in free)
    return [
        Replacement(each.employee_id, each.name, each.warnings > 0, each.employee_id in before)
        for each in ranked
        if not each.blocks
    ]


def _judged(judging: Judging, person: Person, currency: str, is_explained: bool) -> tuple[Standing, CoverPerson]:
    facts, shift = person.facts, judging.shift
    asked = checks(judging.rules, facts, person.worked, shift)
    violations = [each for check in asked for each in check.violations]
    blocks, warned = blocking(violations), warnings(violations)
    room = room_of(judging.rules, facts, person.worked, shift)
    wish = preference_at(time_of_week(shift), facts.week_around(shift.local_date))
    cost = cost_of(person.hourly_rate_cents, shift.span.minutes) if currency else None
    contracted = facts.contracted_minutes
    standing = Standing(
        employee_id=facts.id,
        name=facts.name,
        blocks=len(blocks),
        warnings=len(warned),
        preference=wish,
        over_contract=0 if contracted is None else room.week_minutes - contracted,
        cost_cents=cost,
    )
    now = _hours(room.week_minutes - shift.span.minutes)
    shown = CoverPerson(
        employee_id=facts.id,
        name=facts.name,
        level="block" if blocks else "warn" if warned else "ok",
        hours=f"{now} this week" if contracted is None else f"{now} of {_hours(contracted)} this week",
        cost="" if cost is None else money_label(cost, currency),
        facts=_room(room, contracted),
        wish=wish.value if wish in (Preference.PREFERRED, Preference.DISLIKED) else "",
        problems=list(dict.fromkeys(each.message for each in (*blocks, *warned))),
        checks=[_line(check) for check in asked] if is_explained else [],
    )
    return standing, shown


def _room(room: Room, contracted: int | None) -> list[str]:
    found = []
    if contracted is not None:
        found.append(_distance(contracted - room.week_minutes, "contract", contracted))
    if room.limit_minutes is not None and room.limit_minutes != contracted:
        found.append(_distance(room.limit_minutes - room.week_minutes, "limit", room.limit_minutes))
    for side, minutes in (("before", room.rest_before), ("after", room.rest_after)):
        if minutes is not None and minutes <= _LONG_REST:
            found.append(f"rest {side}: {_hours(minutes)}")
    return found


def _distance(left: int, what: str, minutes: int) -> str:
    if not left:
        return f"exactly the {what} of {_hours(minutes)}"
    return f"{_hours(abs(left))} {'below' if left > 0 else 'above'} the {what} of {_hours(minutes)}"


def _line(check: Check) -> CheckLine:
    rule = check.rule
    text = _WITHOUT_RULE[check.rule_type] if rule is None else describe(rule.rule_type, rule.limits, rule.names)
    state: CheckState = "broken" if blocking(check.violations) else "warn" if check.violations else "met"
    return CheckLine(state, text, " ".join(each.message for each in check.violations))


def _hours(minutes: int) -> str:
    return minutes_label(minutes) if minutes else "0 h"
