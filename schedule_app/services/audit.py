"""The record of who did what; written inside the transaction it tells about."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import at_commit
from schedule_app.domain.permissions import Actor

_RECORD = text("""
    INSERT INTO audit_entries (actor_id, action, entity_type, entity_id, site_id, before, after, reason,
                               command_id, undoes, redoes)
    VALUES (:actor_id, :action, :entity_type, :entity_id, :site_id,
            CAST(:before AS jsonb), CAST(:after AS jsonb), :reason, :command_id, :undoes, :redoes)
""")

_RECORD_EACH = text("""
    INSERT INTO audit_entries (actor_id, action, entity_type, entity_id, site_id, before, after, reason,
                               command_id, undoes, redoes)
    SELECT :actor_id, :action, :entity_type, each.entity_id, :site_id,
           each.before, each.after, each.reason, :command_id, :undoes, :redoes
    FROM ROWS FROM (jsonb_to_recordset(CAST(:entries AS jsonb))
                    AS (entity_id bigint, before jsonb, after jsonb, reason text))
        WITH ORDINALITY AS each (entity_id, before, after, reason, place)
    ORDER BY each.place
""")

_COMMAND: Final = "command"


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one of many things; as the arguments of `record`."""

    entity_id: int
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str | None = None


def take_back(session: AsyncSession, kind: Literal["undoes", "redoes"], command_id: UUID) -> None:
    """Have all entries of a unit of work say that it takes back an earlier one.

    Args:
        session: The unit of work.
        kind: Whether it undoes what was done, or does again what was undone.
        command_id: The earlier one.
    """
    _command(session)[kind] = command_id


async def record(
    session: AsyncSession,
    actor: Actor | None,
    action: str,
    entity_type: str,
    entity_id: int,
    *,
    site_id: int | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Write one entry. Call it last: the chain of a site is locked from here to the end of the transaction.

    All entries of one unit of work are one command. The rows it changed go with them, so that it can be undone; see
    `AuditEntry.changes`.

    Args:
        session: The unit of work.
        actor: Who acted; None for the program itself.
        action: What was done, in the imperative: "assign", "publish".
        entity_type: What it was done to, in the singular: "schedule", "assignment".
        entity_id: Which one.
        site_id: Whose chain the entry belongs to.
        before: What changed, as it was; plain JSON values.
        after: What changed, as it is now.
        reason: The words the person gave, when they were asked for any.
    """
    at_commit(
        session,
        _RECORD,
        {
            "actor_id": actor.employee_id if actor else None,
            "action": action,
            "entity_type": entity_type,
            "entity_id": entity_id,
            "site_id": site_id,
            "before": None if before is None else json.dumps(before),
            "after": None if after is None else json.dumps(after),
            "reason": reason,
            **_command(session),
        },
    )


async def record_each(
    session: AsyncSession, actor: Actor, action: str, entity_type: str, entries: Sequence[Entry], *, site_id: int
) -> None:
    """Write an entry for each of many things to which the same was done, in one statement. Otherwise as `record`."""
    if not entries:
        return
    values = {
        "actor_id": actor.employee_id,
        "action": action,
        "entity_type": entity_type,
        "site_id": site_id,
        "entries": json.dumps([asdict(each) for each in entries]),
    }
    at_commit(session, _RECORD_EACH, {**values, **_command(session)})


def _command(session: AsyncSession) -> dict[str, UUID | None]:
    return session.info.setdefault(_COMMAND, {"command_id": uuid4(), "undoes": None, "redoes": None})
