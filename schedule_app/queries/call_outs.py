"""What somebody is about to say that they cannot come to."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.time import Interval, shift_label
from schedule_app.queries.preferences import OWN_CLOCK

_OWN = text(f"""
    SELECT shifts.time_zone, shifts.title, shifts.shift_type, shifts.starts_at, shifts.ends_at, {OWN_CLOCK}
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN sites ON sites.id = shifts.site_id
    WHERE held.id = :assignment_id AND held.employee_id = :employee_id AND held.in_force
""")  # noqa: S608 - constants


async def name_own_shift(session: AsyncSession, employee_id: int, assignment_id: int, *, zone: str = "") -> str:
    """A shift of somebody's own in a published week, in words, by the clocks of a zone or, for "", of the place.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    values = {"assignment_id": assignment_id, "employee_id": employee_id}
    shift = (await session.execute(_OWN, values)).one_or_none()
    if shift is None:
        raise NotFound
    span, title = Interval(shift.starts_at, shift.ends_at), shift.title or shift.shift_type.capitalize()
    return shift_label(span, zone or shift.time_zone, title, clock_24h=shift.clock_24h)
