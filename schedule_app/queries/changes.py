"""What happened last to a thing, for people who come too late."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.time import moment_label
from schedule_app.queries.labels import short_day

# Moving and swapping take an assignment away and make another in one command: what became of it is in the same command.
_LAST = text("""
    WITH last AS MATERIALIZED (
        SELECT * FROM audit_entries
        WHERE (entity_type, entity_id) IN (
            SELECT * FROM unnest(CAST(:entity_types AS text[]), CAST(:entity_ids AS bigint[])))
        ORDER BY id DESC
        LIMIT 1
    )
    SELECT last.action, last.at, employees.name, COALESCE(sites.clock_24h, true) AS clock_24h,
           became.made, became.heir, became.is_same_shift, became.is_same_person,
           COALESCE(goes.title, initcap(goes.shift_type)) AS goes_to, goes.local_date AS goes_on
    FROM last
    LEFT JOIN employees ON employees.id = last.actor_id
    LEFT JOIN sites ON sites.id = last.site_id
    LEFT JOIN LATERAL (
        SELECT count(*) AS made,
               (array_agg(heirs.name ORDER BY each.is_same_shift DESC))[1] AS heir,
               (array_agg(each.shift_id ORDER BY each.is_same_person DESC))[1] AS shift_id,
               bool_or(each.is_same_shift) AS is_same_shift, bool_or(each.is_same_person) AS is_same_person
        FROM (
            SELECT CAST(made.after ->> 'employee_id' AS bigint) AS employee_id,
                   CAST(made.after ->> 'shift_id' AS bigint) AS shift_id,
                   made.after ->> 'shift_id' = last.before ->> 'shift_id' AS is_same_shift,
                   made.after ->> 'employee_id' = last.before ->> 'employee_id' AS is_same_person
            FROM audit_entries AS made
            WHERE made.command_id = last.command_id AND made.entity_type = 'assignment' AND made.action = 'assign'
              AND last.entity_type = 'assignment' AND last.action = 'unassign'
        ) AS each
        JOIN employees AS heirs ON heirs.id = each.employee_id
    ) AS became ON true
    LEFT JOIN shifts AS goes ON goes.id = became.shift_id
""")

_DONE = {
    "approve": "approved it",
    "assign": "assigned it",
    "call_out": "called out of it",
    "confirm": "confirmed it",
    "create": "made it",
    "decline": "declined it",
    "delete": "deleted it",
    "publish": "published it",
    "reject": "sent it back to draft",
    "restore": "made it",
    "revise": "made it",
    "submit": "submitted it",
    "unassign": "took it away",
}


async def last_change(session: AsyncSession, entity_type: str, entity_id: int, zone: str) -> str | None:
    """Say who did what to something last, in the words of a refusal.

    Returns:
        None when the audit log does not know, which is so for changes made outside the program.
    """
    return await last_change_of(session, [(entity_type, entity_id)], zone)


async def last_change_of(session: AsyncSession, things: Sequence[tuple[str, int]], zone: str) -> str | None:
    """As `last_change`, of several things together."""
    values = {"entity_types": [kind for kind, _ in things], "entity_ids": [each for _, each in things]}
    last = (await session.execute(_LAST, values)).one_or_none()
    when = moment_label(last.at, zone, clock_24h=last.clock_24h) if last else ""
    if last is not None and last.action == "expire":
        return f"There was no answer in time, and it is open to others since {when}. Please look at the newest version."
    if last is None or last.name is None:
        return None
    done = _became(last) or _DONE.get(last.action, "changed it")
    return f"{last.name} {done} in the meantime ({when}). Please look at the newest version."


def _became(last: Row[Any]) -> str:
    """What became of an assignment that was taken away and made anew in the same command."""
    there = f"{last.goes_to} {short_day(last.goes_on)}" if last.goes_on else "a removed shift"
    match last.made, last.is_same_shift, last.is_same_person:
        case 1, True, _:
            return f"gave it to {last.heir}"
        case 1, _, True:
            return f"moved it to {there}"
        case 1, _, _:
            return f"moved it to {last.heir}, {there}"
        case 2, True, True:
            return f"swapped it with {last.heir} for {there}"
        case _:
            return ""
