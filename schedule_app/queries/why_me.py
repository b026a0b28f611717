"""One of a person's own shifts, and why they have it."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.why_me import why_me
from schedule_app.queries.facts import find_judging

_OWN = text("""
    SELECT held.shift_id, held.source, held.status, COALESCE(held.objection, '') AS objection,
           held.starts_at > now() AS is_ahead
    FROM schedule_assignments AS held
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id AND held.in_force
      AND held.status <> 'cancelled'
""")


@dataclass(frozen=True, slots=True)
class WhyMe:
    """Why somebody has a shift, and what they said against it.

    Attributes:
        reasons: Sentences.
        objection: What they said, or "".
        can_object: Whether there is still time to say something.
    """

    reasons: list[str]
    objection: str
    can_object: bool


async def why_has(session: AsyncSession, employee_id: int, assignment_id: int) -> WhyMe:
    """Tell a person why they have one of their own shifts.

    Raises:
        NotFound: No such assignment, somebody else's, or of a week that is not published.
    """
    values = {"assignment_id": assignment_id, "employee_id": employee_id}
    own = (await session.execute(_OWN, values)).one_or_none()
    judging = await find_judging(session, own.shift_id, [employee_id]) if own else None
    if own is None or judging is None or not judging.people:
        raise NotFound
    [person] = judging.people
    others = [shift for shift in person.worked if shift.id != judging.shift.id]
    return WhyMe(
        reasons=why_me(own.source, judging.rules, person.facts, others, judging.shift),
        objection=own.objection,
        can_object=own.status in ACTIVE and own.is_ahead,
    )
