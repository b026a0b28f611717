"""Shifts made, changed and removed, in drafts alone.

The people on a shift are locked first, then its schedule is held, then the shift changes; see `db.locks`.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.check import blocking, check_assignment
from schedule_app.domain.errors import (
    Conflict,
    Difference,
    DoubleBooking,
    InvalidInput,
    NotFound,
    RuleBroken,
    StaleVersion,
)
from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.time import Interval, resolve_span
from schedule_app.domain.violation import Violation
from schedule_app.queries.changes import last_change
from schedule_app.queries.facts import find_judging
from schedule_app.services.access import require_draft, require_on
from schedule_app.services.audit import record
from schedule_app.services.gone import gone
from schedule_app.services.shift_details import (
    ShiftDetails,
    cleaned_details,
    details_of,
    differences,
    shift_columns,
    shift_facts,
)

_PLAN = text("""
    SELECT schedules.site_id, schedules.status, schedules.week_start, schedules.week_end, sites.time_zone
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = :schedule_id
    FOR SHARE OF schedules
""")

_HOLD_PEOPLE = text("""
    SELECT id FROM employees
    WHERE id IN (SELECT employee_id FROM schedule_assignments WHERE shift_id = :shift_id)
    ORDER BY id
    FOR NO KEY UPDATE
""")

# Who assigns shares the schedule, so while it is held nobody else comes onto the shift.
_HOLD = text("""
    SELECT shifts.id, shifts.schedule_id, shifts.site_id, shifts.version, shifts.lineage_id, shifts.local_date,
           shifts.local_start, shifts.local_end, shifts.time_zone AS zone_before, shifts.starts_at, shifts.ends_at,
           shifts.title, shifts.shift_type, shifts.department_id, shifts.required_staff, shifts.priority,
           COALESCE(shifts.requirements -> 'qualifications', '[]') AS qualifications, shifts.notes,
           schedules.status, schedules.week_start, schedules.week_end, sites.time_zone, sites.clock_24h
    FROM shifts
    JOIN schedules ON schedules.id = shifts.schedule_id
    JOIN sites ON sites.id = schedules.site_id
    WHERE shifts.id = :shift_id
    FOR NO KEY UPDATE OF schedules
    FOR UPDATE OF shifts
""")

_DEPARTMENTS = text("SELECT id, name FROM departments WHERE site_id = :site_id")

_HELD = text("""
    SELECT held.id, held.employee_id, held.status, employees.name
    FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    WHERE held.shift_id = :shift_id
    ORDER BY held.employee_id
""")

_INSERT = text("""
    INSERT INTO shifts
        (schedule_id, site_id, department_id, local_date, local_start, local_end, time_zone, starts_at, ends_at,
         shift_type, title, required_staff, priority, requirements, notes, created_by_id, updated_by_id)
    VALUES (:schedule_id, :site_id, :department_id, :local_date, :local_start, :local_end, :time_zone, :starts_at,
            :ends_at, :shift_type, :title, :required_staff, :priority, CAST(:requirements AS jsonb), :notes, :actor_id,
            :actor_id)
    RETURNING id
""")

# Their assignments follow to the new times through their foreign key.
UPDATE_SHIFT = text("""
    UPDATE shifts
    SET department_id = :department_id, local_date = :local_date, local_start = :local_start, local_end = :local_end,
        time_zone = :time_zone, starts_at = :starts_at, ends_at = :ends_at, shift_type = :shift_type, title = :title,
        required_staff = :required_staff, priority = :priority, requirements = CAST(:requirements AS jsonb),
        notes = :notes, updated_by_id = :actor_id
    WHERE id = :shift_id
""")

# A warning that was there before keeps the reason somebody gave for it.
_KEEP_WARNINGS = text("""
    WITH gone AS (
        DELETE FROM rule_violations WHERE assignment_id = ANY(:assignment_ids)
        RETURNING assignment_id, rule_id, rule_type, override_reason, overridden_by_id
    )
    INSERT INTO rule_violations
        (schedule_id, assignment_id, rule_id, rule_type, severity, message, override_reason, overridden_by_id)
    SELECT :schedule_id, each.assignment_id, each.rule_id, each.rule_type, each.severity, each.message,
           known.override_reason, known.overridden_by_id
    FROM jsonb_to_recordset(CAST(:warnings AS jsonb))
        AS each (assignment_id bigint, rule_id bigint, rule_type text, severity text, message text)
    LEFT JOIN LATERAL (
        SELECT gone.override_reason, gone.overridden_by_id FROM gone
        WHERE gone.assignment_id = each.assignment_id AND gone.rule_type = each.rule_type
          AND gone.rule_id IS NOT DISTINCT FROM each.rule_id
        LIMIT 1
    ) AS known ON true
""")

# Whoever is on it goes with it through the foreign key.
_DELETE = text("DELETE FROM shifts WHERE id = :shift_id")


@retrying
async def create_shift(actor: Actor, schedule_id: int, details: ShiftDetails) -> int:
    """Put a shift into a draft; nobody is on it yet.

    Args:
        actor: Who acts.
        schedule_id: The draft.
        details: The shift.

    Returns:
        The id of the shift.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not edit shifts here.
        IllegalTransition: The week is no draft.
        InvalidInput: A value that cannot be accepted; `field` names the one of `details`.
    """
    require(actor, Permission.EDIT_SHIFTS)
    details = cleaned_details(details)
    async with unit_of_work() as session:
        plan = (await session.execute(_PLAN, {"schedule_id": schedule_id})).one_or_none()
        if plan is None:
            raise NotFound
        require_on(actor, Permission.EDIT_SHIFTS, plan.site_id)
        require_draft(ScheduleStatus(plan.status))
        columns = shift_columns(details, _span(details, plan), plan.time_zone)
        values = {**columns, "schedule_id": schedule_id, "site_id": plan.site_id, "actor_id": actor.employee_id}
        shift_id = (await session.execute(_INSERT, values)).scalar_one()
        after = {"schedule_id": schedule_id, **shift_facts(details, plan.time_zone)}
        await record(session, actor, "create", "shift", shift_id, site_id=plan.site_id, after=after)
    return shift_id


@retrying
async def edit_shift(actor: Actor, shift_id: int, details: ShiftDetails, *, expected_version: int) -> None:
    """Change a shift of a draft. Whoever is on it stays on it, or it does not change.

    When anything that rules look at changes, everybody on the shift is judged anew. Rules that warn are kept with the
    assignments; one that blocks refuses the change.

    Args:
        actor: Who acts.
        shift_id: The shift.
        details: The shift as it shall be, whole.
        expected_version: The version the actor saw.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not edit shifts here.
        IllegalTransition: The week is no draft.
        StaleVersion: It was changed since, which tells where what is stored now differs; or it was removed.
        InvalidInput: A value that cannot be accepted; `field` names the one of `details`.
        DoubleBooking: Somebody on it works at that time.
        RuleBroken: A blocking rule refuses somebody on it.
        Conflict: Somebody was put on it at the same moment.
    """
    require(actor, Permission.EDIT_SHIFTS)
    details = cleaned_details(details)
    async with unit_of_work() as session:
        shift, held = await hold_shift(session, actor, shift_id, expected_version, details)
        span = _span(details, shift)
        facts_before = shift_facts(details_of(shift), shift.zone_before)
        facts = shift_facts(details, shift.time_zone)
        changed = [name for name in facts if facts[name] != facts_before[name]]
        if not changed:
            return
        warnings = await judge_change(session, shift, held, details, span)
        values = {"shift_id": shift_id, "actor_id": actor.employee_id, **shift_columns(details, span, shift.time_zone)}
        await session.execute(UPDATE_SHIFT, values)
        if warnings is not None:
            await keep_warnings(session, shift.schedule_id, held, warnings)
        await record(
            session,
            actor,
            "edit",
            "shift",
            shift_id,
            site_id=shift.site_id,
            before={name: facts_before[name] for name in changed},
            after={name: facts[name] for name in changed},
        )


@retrying
async def delete_shift(actor: Actor, shift_id: int, *, expected_version: int) -> None:
    """Remove a shift from a draft, and everybody from it. Nobody is told, as nobody was asked yet.

    Args:
        actor: Who acts.
        shift_id: The shift.
        expected_version: The version the actor saw.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not edit shifts here.
        IllegalTransition: The week is no draft.
        StaleVersion: It was changed or removed since.
        Conflict: Somebody was put on it at the same moment.
    """
    require(actor, Permission.EDIT_SHIFTS)
    async with unit_of_work() as session:
        shift, held = await hold_shift(session, actor, shift_id, expected_version)
        await session.execute(_DELETE, {"shift_id": shift_id})
        before = {
            "schedule_id": shift.schedule_id,
            "lineage_id": str(shift.lineage_id),
            **shift_facts(details_of(shift), shift.zone_before),
            "employee_ids": [each.employee_id for each in held],
        }
        await record(session, actor, "delete", "shift", shift_id, site_id=shift.site_id, before=before)


async def hold_shift(
    session: AsyncSession, actor: Actor, shift_id: int, expected_version: int, details: ShiftDetails | None = None
) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """Lock a shift of a draft for a change, with everybody on it.

    Args:
        session: The unit of work.
        actor: Who acts.
        shift_id: The shift.
        expected_version: The version the actor saw.
        details: What it shall become, for a refusal to tell where that differs from what is stored.

    Returns:
        The shift, and all assignments to it.

    Raises:
        NotFound: No such shift, or of another site.
        NotAllowed: The actor may not edit shifts here.
        IllegalTransition: The week is no draft.
        StaleVersion: It was changed or removed since.
        Conflict: Somebody was put on it at the same moment.
    """
    locked = set((await session.scalars(_HOLD_PEOPLE, {"shift_id": shift_id})).all())
    shift = (await session.execute(_HOLD, {"shift_id": shift_id})).one_or_none()
    if shift is None:
        raise await gone(session, actor, Permission.EDIT_SHIFTS, "shift", shift_id)
    require_on(actor, Permission.EDIT_SHIFTS, shift.site_id)
    require_draft(ScheduleStatus(shift.status))
    if shift.version != expected_version:
        words = await last_change(session, "shift", shift_id, shift.time_zone)
        raise StaleVersion(words, shift.version, await _differences(session, shift, details))
    held = (await session.execute(_HELD, {"shift_id": shift_id})).all()
    if not locked.issuperset(each.employee_id for each in held):
        # They were put on it between the two locks, and people cannot be locked after the schedule.
        raise Conflict
    return shift, held


async def _differences(session: AsyncSession, shift: Row[Any], details: ShiftDetails | None) -> list[Difference]:
    if details is None:
        return []
    departments = {row.id: row.name for row in await session.execute(_DEPARTMENTS, {"site_id": shift.site_id})}
    return differences(details, details_of(shift), departments, clock_24h=shift.clock_24h)


def _span(details: ShiftDetails, plan: Row[Any]) -> Interval:
    if not plan.week_start <= details.local_date <= plan.week_end:
        raise InvalidInput("The shift starts outside its week.", "local_date")
    return resolve_span(details.local_date, details.local_start, details.local_end, plan.time_zone)


async def judge_change(
    session: AsyncSession, shift: Row[Any], held: Sequence[Row[Any]], details: ShiftDetails, span: Interval
) -> list[tuple[int, Violation]] | None:
    """Judge everybody on a shift as it shall become.

    Returns:
        Each warning with its assignment; None when nothing changes that rules look at.

    Raises:
        DoubleBooking: Somebody on it works at that time.
        RuleBroken: A blocking rule refuses somebody on it.
    """
    active = {each.employee_id: each for each in held if each.status in ACTIVE}
    judging = await find_judging(session, shift.id, list(active), span=span)
    if judging is None:
        raise NotFound
    proposed = replace(
        judging.shift,
        zone=shift.time_zone,
        local_date=details.local_date,
        span=span,
        department_id=details.department_id,
        shift_type=details.shift_type,
        required_qualifications=details.qualifications,
    )
    if proposed == judging.shift:
        return None
    found: list[tuple[int, Violation]] = []
    for person in judging.people:
        assignment = active.pop(person.facts.id)
        violations = check_assignment(judging.rules, person.facts, person.worked, proposed)
        found += [(assignment.id, violation) for violation in violations]
    found += [(each.id, _gone(each, proposed)) for each in active.values()]
    refusals = blocking(violation for _, violation in found)
    if any(each.rule_type == "overlap" for each in refusals):
        raise DoubleBooking(" ".join(each.message for each in refusals))
    if refusals:
        raise RuleBroken(refusals)
    return found


def _gone(held: Row[Any], shift: ShiftFacts) -> Violation:
    message = f"{held.name} does not work at this site any more and cannot stay on the shift."
    return Violation("inactive", None, "block", message, held.employee_id, shift.id)


async def keep_warnings(
    session: AsyncSession, schedule_id: int, held: Sequence[Row[Any]], warnings: Sequence[tuple[int, Violation]]
) -> None:
    """Keep the warnings found with the people on a shift, in place of those that were there."""
    values = {
        "schedule_id": schedule_id,
        "assignment_ids": [each.id for each in held],
        "warnings": json.dumps([{**asdict(each), "assignment_id": assignment_id} for assignment_id, each in warnings]),
    }
    await session.execute(_KEEP_WARNINGS, values)
