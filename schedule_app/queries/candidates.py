"""Who could take a shift, and what stands in the way of the others."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can, require
from schedule_app.queries.facts import Judging, Person, find_judging

Level: TypeAlias = Literal["ok", "warn", "block"]
_ORDER: tuple[Level, ...] = ("ok", "warn", "block")

_WHO = text("""
    SELECT shifts.site_id, shifts.department_id,
           ARRAY(SELECT employees.id FROM employees
                 WHERE employees.site_id = shifts.site_id AND employees.is_active AND employees.deleted_at IS NULL
           ) AS employee_ids
    FROM shifts
    WHERE shifts.id = :shift_id
""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person for a shift; `messages` say what stands in the way, `minutes_this_week` is without this shift."""

    employee_id: int
    name: str
    level: Level
    messages: list[str]
    minutes_this_week: int


async def candidates(session: AsyncSession, actor: Actor, shift_id: int) -> list[Candidate]:
    """Judge everyone active at the shift's site who does not have the shift, by the same rules as assigning.

    Returns:
        Those who can first, then the ones with fewer minutes this week, then by name.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not assign there.
    """
    who = (await session.execute(_WHO, {"shift_id": shift_id})).one_or_none()
    if who is None or not can(actor, Permission.VIEW_PUBLISHED, site_id=who.site_id):
        raise NotFound
    require(actor, Permission.ASSIGN, site_id=who.site_id, department_id=who.department_id)
    judging = await find_judging(session, shift_id, who.employee_ids)
    if judging is None:
        raise NotFound
    found = [_candidate(judging, person) for person in judging.people if person.held_status not in ACTIVE]
    return sorted(
        found,
        key=lambda each: (_ORDER.index(each.level), each.minutes_this_week, each.name.casefold(), each.employee_id),
    )


def _candidate(judging: Judging, person: Person) -> Candidate:
    violations = check_assignment(judging.rules, person.facts, person.worked, judging.shift)
    level: Level = "block" if blocking(violations) else "warn" if violations else "ok"
    messages = [each.message for each in violations]
    return Candidate(person.facts.id, person.facts.name, level, messages, person.minutes_in_version)
