"""What happened last to a thing, for people who come too late."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.time import moment_label

_LAST = text("""
    SELECT audit_entries.action, audit_entries.at, employees.name, COALESCE(sites.clock_24h, true) AS clock_24h
    FROM audit_entries
    LEFT JOIN employees ON employees.id = audit_entries.actor_id
    LEFT JOIN sites ON sites.id = audit_entries.site_id
    WHERE (entity_type, entity_id) IN (
        SELECT * FROM unnest(CAST(:entity_types AS text[]), CAST(:entity_ids AS bigint[])))
    ORDER BY audit_entries.id DESC
    LIMIT 1
""")

_DONE = {
    "approve": "approved it",
    "assign": "assigned it",
    "confirm": "confirmed it",
    "create": "made it",
    "decline": "declined it",
    "delete": "deleted it",
    "publish": "published it",
    "reject": "sent it back to draft",
    "restore": "made it",
    "revise": "made it",
    "submit": "submitted it",
    "unassign": "cancelled it",
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
    if last is None or last.name is None:
        return None
    done = _DONE.get(last.action, "changed it")
    when = moment_label(last.at, zone, clock_24h=last.clock_24h)
    return f"{last.name} {done} in the meantime ({when}). Please look at the newest version."
