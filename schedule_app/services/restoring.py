"""A version of a week made a draft again."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.standing import Breach, findings, judge_weeks
from schedule_app.queries.facts import find_judging
from schedule_app.queries.planned import people_of, read_planned, weeks_of
from schedule_app.services.audit import record
from schedule_app.services.beginning import insert_schedule, lock_schedule, require_none_in_work
from schedule_app.services.copying import copy_for_restoring
from schedule_app.services.publishing import hold_people

_LEFT_OUT = text("""
    SELECT employees.name
    FROM schedule_assignments AS held
    JOIN schedules ON schedules.id = held.schedule_id
    JOIN employees ON employees.id = held.employee_id
    WHERE held.schedule_id = :schedule_id AND held.status = ANY(:active)
      AND NOT (employees.is_active AND employees.deleted_at IS NULL AND employees.site_id = schedules.site_id)
    GROUP BY employees.id
    ORDER BY lower(employees.name), employees.id
""")

_SOME_SHIFT = text("SELECT min(id) FROM shifts WHERE schedule_id = :schedule_id")

_KEEP_FINDINGS = text("""
    INSERT INTO rule_violations (schedule_id, assignment_id, rule_id, rule_type, severity, message)
    SELECT :schedule_id, each.assignment_id, each.rule_id, each.rule_type, each.severity, each.message
    FROM jsonb_to_recordset(CAST(:found AS jsonb))
        AS each (assignment_id bigint, rule_id bigint, rule_type text, severity text, message text)
""")


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored version.

    Attributes:
        schedule_id: The new draft.
        version_number: Its number.
        left_out: Names of people on the old version who no longer work here.
        overlaps: Sentences about people who work in another published week at the same time.
        findings: Sentences about everything else that the rules say against it.
    """

    schedule_id: int
    version_number: int
    left_out: tuple[str, ...]
    overlaps: tuple[str, ...]
    findings: tuple[str, ...]


@retrying
async def restore_version(actor: Actor, schedule_id: int) -> Restored:
    """Make a new draft of a week with the shifts and the people of one of its versions.

    Whoever has left since is left out. The others stay on it even where a rule is against it now: what the rules find
    is kept with the draft and told, for the manager to decide.

    Args:
        actor: Who acts.
        schedule_id: The version.

    Raises:
        NotFound: No such version, or of another site.
        NotAllowed: The actor may not plan here.
        Conflict: The week has a version in work, which may be this very one.
    """
    require(actor, Permission.CREATE_SCHEDULE)
    async with unit_of_work() as session:
        await hold_people(session, schedule_id)
        source = await lock_schedule(session, actor, schedule_id, Permission.CREATE_SCHEDULE)
        versions = await require_none_in_work(session, source.site_id, source.week_start)
        number = versions.last_number + 1
        draft_id = await insert_schedule(session, actor, source.site_id, source.week_start, number, source)
        await copy_for_restoring(session, actor, schedule_id, draft_id)
        values = {"schedule_id": schedule_id, "active": sorted(ACTIVE)}
        left_out = tuple((await session.scalars(_LEFT_OUT, values)).all())
        found = await _judge(session, source, draft_id)
        await _keep(session, draft_id, found)
        after = {
            "restored_from": schedule_id,
            "week_start": source.week_start.isoformat(),
            "left_out": list(left_out),
            "findings": len(found),
        }
        await record(session, actor, "restore", "schedule", draft_id, site_id=source.site_id, after=after)
    said = [(each.first.violation.rule_type, each.message) for each in findings(found)]
    return Restored(
        schedule_id=draft_id,
        version_number=number,
        left_out=left_out,
        overlaps=tuple(message for kind, message in said if kind == "overlap"),
        findings=tuple(message for kind, message in said if kind != "overlap"),
    )


async def _judge(session: AsyncSession, source: Row[Any], draft_id: int) -> list[Breach]:
    shift_id = await session.scalar(_SOME_SHIFT, {"schedule_id": draft_id})
    judging = await find_judging(session, shift_id, []) if shift_id else None
    if judging is None:
        return []
    planned = await read_planned(session, source.site_id, source.week_start, source.week_start)
    return await asyncio.to_thread(lambda: judge_weeks(judging.rules, people_of(planned), weeks_of(planned)))


async def _keep(session: AsyncSession, draft_id: int, found: Sequence[Breach]) -> None:
    rows = [
        {
            "assignment_id": each.holding.assignment_id,
            "rule_id": each.violation.rule_id,
            "rule_type": each.violation.rule_type,
            "severity": each.violation.severity,
            "message": each.violation.message,
        }
        for each in found
        if each.holding
    ]
    if rows:
        await session.execute(_KEEP_FINDINGS, {"schedule_id": draft_id, "found": json.dumps(rows)})
