"""How requests for open shifts end without a decision: they are overtaken, or the week is published anew."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.claim import ClaimStatus
from schedule_app.domain.notices import ClaimLost, NamedShift
from schedule_app.domain.time import Interval
from schedule_app.services.notifications import OPEN_PATH, Told, notify_all

_ACTIVE: Final = sorted(ACTIVE)

# A place may be filled, or a shift begin, without anybody having thought of those who asked for it.
_OVERTAKEN = text("""
    SELECT DISTINCT claims.shift_id
    FROM claims
    JOIN shifts ON shifts.id = claims.shift_id
    JOIN employees ON employees.id = claims.employee_id
    WHERE claims.status = 'waiting'
      AND (shifts.starts_at <= now() OR NOT employees.is_active
           OR shifts.required_staff <= (SELECT count(*) FROM schedule_assignments AS held
                                        WHERE held.shift_id = shifts.id AND held.status = ANY(:active))
           OR EXISTS (SELECT FROM schedule_assignments AS own
                      WHERE own.shift_id = shifts.id AND own.employee_id = claims.employee_id
                        AND own.status = ANY(:active)))
    ORDER BY claims.shift_id
    LIMIT 100
""")

_HOLD_SHIFT = text("SELECT id FROM shifts WHERE id = :shift_id FOR UPDATE")

_SETTLE = text("""
    WITH shift AS (
        SELECT shifts.*, shifts.starts_at <= now() AS has_begun,
               required_staff <= (SELECT count(*) FROM schedule_assignments AS held
                                  WHERE held.shift_id = shifts.id AND held.status = ANY(:active)) AS is_full
        FROM shifts WHERE id = :shift_id
    ), become AS (
        SELECT claims.id,
               CASE WHEN EXISTS (SELECT FROM schedule_assignments AS own
                                 WHERE own.shift_id = shift.id AND own.employee_id = claims.employee_id
                                   AND own.status = ANY(:active)) THEN 'accepted'
                    WHEN NOT employees.is_active THEN 'withdrawn'
                    WHEN shift.has_begun OR shift.is_full THEN 'lost'
               END AS status
        FROM claims
        JOIN shift ON shift.id = claims.shift_id
        JOIN employees ON employees.id = claims.employee_id
        WHERE claims.status = 'waiting'
    )
    UPDATE claims SET status = become.status, decided_at = clock_timestamp()
    FROM become, shift
    WHERE claims.id = become.id AND become.status IS NOT NULL AND claims.status = 'waiting'
    RETURNING claims.id, claims.employee_id, claims.status, shift.has_begun, shift.title, shift.time_zone,
              shift.starts_at, shift.ends_at
""")


def _moving(table: str, only: str = "true") -> TextClause:
    return text(f"""
        UPDATE {table} SET shift_id = now.id
        FROM shifts AS was
        JOIN shifts AS now
            ON now.schedule_id = :schedule_id AND now.lineage_id = was.lineage_id
            AND now.starts_at = was.starts_at AND now.ends_at = was.ends_at
        WHERE was.schedule_id = :replaced_id AND {table}.shift_id = was.id AND {only}
    """)  # noqa: S608 - constants


# What was decided stays with the version it was decided in.
_MOVE_ALONG = (
    _moving("claims", "claims.status = 'waiting'"),
    _moving("call_outs"),
    _moving("offer_waves"),
    _moving("shift_offers"),
)

_LEFT_BEHIND = text("""
    UPDATE claims SET status = 'lost', decided_at = clock_timestamp()
    FROM shifts AS was
    WHERE was.schedule_id = :replaced_id AND claims.shift_id = was.id AND claims.status = 'waiting'
    RETURNING claims.id, claims.employee_id, was.title, was.time_zone, was.starts_at, was.ends_at
""")


async def settle_claims() -> int:
    """End the requests that were overtaken: the shift has begun or is full, or the person has it or has left.

    Whoever loses is told. Whoever has the shift was told when they got it.

    Returns:
        How many requests were ended.
    """
    async with unit_of_work() as session:
        shift_ids = (await session.scalars(_OVERTAKEN, {"active": _ACTIVE})).all()
    ended = 0
    for shift_id in shift_ids:
        async with unit_of_work() as session:
            await session.execute(_HOLD_SHIFT, {"shift_id": shift_id})
            settled = (await session.execute(_SETTLE, {"shift_id": shift_id, "active": _ACTIVE})).all()
            lost = [each for each in settled if each.status == ClaimStatus.LOST]
            told = [(each, ClaimLost(named_in(each), "begun" if each.has_begun else "taken")) for each in lost]
            await tell_lost(session, told)
            ended += len(settled)
    return ended


async def follow_lineage(session: AsyncSession, replaced_id: int, schedule_id: int) -> None:
    """A week was published anew: what was asked for, offered and called out goes over to the same shift in it.

    Where there is no shift of the same times any more, those who asked for it are told that it is gone.
    """
    values = {"replaced_id": replaced_id, "schedule_id": schedule_id}
    for statement in _MOVE_ALONG:
        await session.execute(statement, values)
    left = (await session.execute(_LEFT_BEHIND, {"replaced_id": replaced_id})).all()
    await tell_lost(session, [(each, ClaimLost(named_in(each), "replaced")) for each in left])


async def tell_lost(session: AsyncSession, lost: Iterable[tuple[Row[Any], ClaimLost]]) -> None:
    """Tell people that what they asked for is not open any more, each of their own request (its id and whose it is)."""
    told = [Told(claim.employee_id, notice, claim.id) for claim, notice in lost]
    await notify_all(session, told, related_type="claim", action_url=OPEN_PATH)


def named_in(row: Row[Any]) -> NamedShift:
    """The shift that a row names by its times, its zone and its title."""
    return NamedShift.of(Interval(row.starts_at, row.ends_at), row.time_zone, row.title)
