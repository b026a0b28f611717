"""Who was told of a published week, whether it arrived and was seen, and who has answered."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.time import moment_label
from schedule_app.queries.deliveries import DELIVERIES, HAS_FAILED, IS_SEEN, DeliveryLine, delivery_lines

#: More than anybody reads through; what needs somebody's attention comes first.
MOST_PEOPLE: Final = 1000

# What tells somebody of shifts of theirs: the week as it was published, in whichever version, and what was changed in
# it since. Of all that a person was told the newest counts.
_FOUND = f"""
    WITH versions AS (
        SELECT id, status FROM schedules
        WHERE site_id = :site_id AND week_start = :week_start AND status IN ('published', 'archived')
    ), messages AS (
        SELECT told.id, told.recipient_id
        FROM versions
        JOIN notifications AS told ON told.related_type = 'schedule' AND told.related_id = versions.id
        WHERE told.type = 'shifts_published'
        UNION ALL
        SELECT told.id, told.recipient_id
        FROM versions
        JOIN schedule_assignments AS held ON held.schedule_id = versions.id
        JOIN notifications AS told ON told.related_type = 'assignment' AND told.related_id = held.id
        WHERE told.type IN ('assignment_added', 'assignment_removed') AND told.recipient_id = held.employee_id
    ), newest AS (
        SELECT recipient_id AS employee_id, max(id) AS id FROM messages GROUP BY recipient_id
    ), answers AS (
        SELECT held.employee_id, count(*) AS shifts,
               count(*) FILTER (WHERE held.status IN ('confirmed', 'completed')) AS confirmed,
               count(*) FILTER (WHERE held.status = 'declined') AS declined,
               count(*) FILTER (WHERE held.status = 'pending') AS pending
        FROM versions
        JOIN schedule_assignments AS held ON held.schedule_id = versions.id
        WHERE versions.status = 'published' AND (held.status = ANY(:active) OR held.status = 'declined')
        GROUP BY held.employee_id
    ), people AS (
        SELECT COALESCE(newest.employee_id, answers.employee_id) AS employee_id, newest.id AS told_id,
               COALESCE(shifts, 0) AS shifts, COALESCE(confirmed, 0) AS confirmed, COALESCE(declined, 0) AS declined,
               COALESCE(pending, 0) AS pending
        FROM newest FULL JOIN answers ON answers.employee_id = newest.employee_id
    ), found AS (
        SELECT people.*, employees.name, told.created_at, told.id IS NOT NULL AS was_told,
               told.id IS NOT NULL AND {IS_SEEN} AS is_seen, told.id IS NOT NULL AND {HAS_FAILED} AS has_failed,
               shifts > 0 AND confirmed = shifts AS has_confirmed
        FROM people
        JOIN employees ON employees.id = people.employee_id
        LEFT JOIN notifications AS told ON told.id = people.told_id
    )
"""  # noqa: S608 - constants

_COUNTS = text(f"""
    {_FOUND}
    SELECT count(*) FILTER (WHERE was_told) AS told, count(*) FILTER (WHERE is_seen) AS seen,
           count(*) FILTER (WHERE has_confirmed) AS confirmed, count(*) FILTER (WHERE has_failed) AS failed,
           count(*) FILTER (WHERE NOT was_told AND pending > 0) AS untold
    FROM found
""")  # noqa: S608 - constants

_PEOPLE = text(f"""
    {_FOUND}
    SELECT listed.*, {DELIVERIES} AS deliveries, sites.time_zone, sites.clock_24h
    FROM (
        SELECT found.*, row_number() OVER (
            ORDER BY has_failed DESC, (NOT was_told AND pending > 0) DESC, (was_told AND NOT is_seen) DESC,
                     pending > 0 DESC, lower(name), employee_id) AS place
        FROM found
    ) AS listed
    JOIN sites ON sites.id = :site_id
    LEFT JOIN notifications AS told ON told.id = listed.told_id
    WHERE listed.place <= {MOST_PEOPLE}
    ORDER BY listed.place
""")  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """A published week in numbers of people.

    Attributes:
        told: Who got a message of their shifts in it.
        seen: Who has seen the newest of them.
        confirmed: Who has confirmed all of their shifts.
        failed: Whom it did not reach on a channel of theirs.
        untold: Who is to answer, and was never told.
    """

    told: int = 0
    seen: int = 0
    confirmed: int = 0
    failed: int = 0
    untold: int = 0


@dataclass(frozen=True, slots=True)
class LedgerPerson:
    """One person of a published week.

    Attributes:
        told_label: When they were told last; "" if they were not.
        level: "failed", "untold", "unseen", "open" or "done": what needs attention, the most pressing.
        answer: What they answered, in words; "" where there is nothing to answer.
        waits: Whether something is still to be answered.
    """

    id: int
    name: str
    told_label: str
    level: str
    answer: str
    waits: bool
    lines: list[DeliveryLine] = field(default_factory=list)


async def ledger_counts(session: AsyncSession, site_id: int, week_start: date) -> LedgerCounts:
    """Count who was told of a week, has seen it and has answered; zeros where none was ever published."""
    return LedgerCounts(*(await session.execute(_COUNTS, _values(site_id, week_start))).one())


async def ledger_people(session: AsyncSession, site_id: int, week_start: date, *, reasons: bool) -> list[LedgerPerson]:
    """Everybody of a published week, those who need somebody's attention first.

    Args:
        session: A session.
        site_id: The site; whether it may be seen is not asked here.
        week_start: The first day of the week.
        reasons: Whether to say why something did not arrive, which may name an address.
    """
    found = await session.execute(_PEOPLE, _values(site_id, week_start))
    return [_person(row, reasons=reasons) for row in found]


def _values(site_id: int, week_start: date) -> dict[str, Any]:
    return {"site_id": site_id, "week_start": week_start, "active": sorted(ACTIVE)}


def _person(row: Row[Any], *, reasons: bool) -> LedgerPerson:
    return LedgerPerson(
        row.employee_id,
        row.name,
        moment_label(row.created_at, row.time_zone, clock_24h=row.clock_24h) if row.was_told else "",
        _level(row),
        _answer(row),
        row.pending > 0,
        delivery_lines(row.deliveries, row.time_zone, clock_24h=row.clock_24h, reasons=reasons),
    )


def _level(row: Row[Any]) -> str:
    if row.has_failed:
        return "failed"
    if not row.was_told and row.pending:
        return "untold"
    if row.was_told and not row.is_seen:
        return "unseen"
    return "open" if row.pending else "done"


def _answer(row: Row[Any]) -> str:
    if not row.shifts:
        return "No shift any more"
    if row.confirmed == row.shifts:
        return "Confirmed"
    if row.declined == row.shifts:
        return "Declined"
    counts = ((row.confirmed, "confirmed"), (row.declined, "declined"), (row.pending, "not answered"))
    said = [f"{count} {what}" for count, what in counts if count]
    if not said:
        return ""
    return "Not answered" if row.pending == row.shifts else ", ".join(said).capitalize()
