"""What somebody who leaves would leave behind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval, shift_label

_COMING = text("""
    SELECT held.id, shifts.starts_at, shifts.ends_at, shifts.time_zone, shifts.title, schedules.week_start,
           schedules.status AS schedule_status
    FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE held.employee_id = :employee_id AND shifts.starts_at > now()
      AND held.status IN ('assigned', 'pending', 'confirmed') AND schedules.status <> 'archived'
    ORDER BY shifts.starts_at, held.id
""")


@dataclass(frozen=True, slots=True)
class Leaving:
    """A person's coming shifts in words: in drafts, in weeks that are being approved, and in published weeks."""

    drafts: list[str]
    in_approval: list[str]
    published: list[str]


async def preview_leaving(session: AsyncSession, employee_id: int, *, clock_24h: bool) -> Leaving:
    """What a person who is let go now would be taken off; whether the viewer may know is the caller's business."""
    return leaving_of(await list_coming(session, employee_id), clock_24h=clock_24h)


async def list_coming(session: AsyncSession, employee_id: int) -> Sequence[Row[Any]]:
    """The shifts that a person still has before them, drafts and published weeks alike, in the order they begin."""
    return (await session.execute(_COMING, {"employee_id": employee_id})).all()


def leaving_of(held: Iterable[Any], *, clock_24h: bool) -> Leaving:
    """Sort assignments by what leaving means for them."""
    leaving = Leaving([], [], [])
    lists = {ScheduleStatus.DRAFT: leaving.drafts, ScheduleStatus.PUBLISHED: leaving.published}
    for each in held:
        label = shift_label(Interval(each.starts_at, each.ends_at), each.time_zone, each.title, clock_24h=clock_24h)
        lists.get(ScheduleStatus(each.schedule_status), leaving.in_approval).append(label)
    return leaving
