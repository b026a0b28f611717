"""Many shifts put into drafts in one step, with the people who shall work them: copies, templates, repetitions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import at_commit
from schedule_app.domain.errors import Conflict
from schedule_app.domain.permissions import Actor
from schedule_app.services.audit import record
from schedule_app.services.bulk_plan import Outcome, Placed, Plan, Wanted, draw_up, people_of, weeks_of

_MOST_RECORDED: Final = 100

_LOCK_PEOPLE = text("""
    SELECT id FROM employees
    WHERE id = ANY(:employee_ids)
       OR id IN (
           SELECT held.employee_id FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id
           WHERE shifts.site_id = :site_id AND shifts.local_date BETWEEN :first AND :last)
    ORDER BY id
    FOR NO KEY UPDATE
""")

_HOLD_WEEKS = text("""
    SELECT id FROM schedules
    WHERE site_id = :site_id AND week_start = ANY(:weeks) AND status <> 'archived'
    ORDER BY id
    FOR NO KEY UPDATE
""")

_MAKE_DRAFTS = text("""
    INSERT INTO schedules (site_id, week_start, week_end, version_number, created_by_id, updated_by_id)
    SELECT :site_id, week, week + 6,
           1 + COALESCE((SELECT max(version_number) FROM schedules WHERE site_id = :site_id AND week_start = week), 0),
           :actor_id, :actor_id
    FROM unnest(CAST(:weeks AS date[])) AS week
    RETURNING id, week_start
""")

_REMOVE = text("DELETE FROM shifts WHERE id = ANY(:shift_ids)")

_INSERT_SHIFTS = text("""
    INSERT INTO shifts
        (schedule_id, site_id, department_id, lineage_id, local_date, local_start, local_end, time_zone, starts_at,
         ends_at, shift_type, title, required_staff, priority, requirements, notes, created_by_id, updated_by_id)
    SELECT each.schedule_id, :site_id, each.department_id, each.lineage_id, each.local_date, each.local_start,
           each.local_end, :time_zone, each.starts_at, each.ends_at, each.shift_type, each.title, each.required_staff,
           each.priority, each.requirements, each.notes, :actor_id, :actor_id
    FROM jsonb_to_recordset(CAST(:shifts AS jsonb)) AS each (
        schedule_id bigint, lineage_id uuid, department_id bigint, local_date date, local_start time, local_end time,
        starts_at timestamptz, ends_at timestamptz, shift_type text, title text, required_staff integer,
        priority integer, requirements jsonb, notes text)
    RETURNING id, lineage_id
""")

_INSERT_ASSIGNMENTS = text("""
    INSERT INTO schedule_assignments
        (schedule_id, shift_id, employee_id, starts_at, ends_at, source, created_by_id, updated_by_id)
    SELECT shifts.schedule_id, shifts.id, each.employee_id, shifts.starts_at, shifts.ends_at, 'manual', :actor_id,
           :actor_id
    FROM jsonb_to_recordset(CAST(:assignments AS jsonb)) AS each (shift_id bigint, employee_id bigint)
    JOIN shifts ON shifts.id = each.shift_id
""")

_INSERT_VIOLATIONS = text("""
    INSERT INTO rule_violations (schedule_id, assignment_id, rule_id, rule_type, severity, message)
    SELECT held.schedule_id, held.id, each.rule_id, each.rule_type, each.severity, each.message
    FROM jsonb_to_recordset(CAST(:violations AS jsonb))
        AS each (shift_id bigint, employee_id bigint, rule_id bigint, rule_type text, severity text, message text)
    JOIN schedule_assignments AS held ON held.shift_id = each.shift_id AND held.employee_id = each.employee_id
""")


async def carry_out(
    session: AsyncSession,
    actor: Actor,
    site: Row[Any],
    wanted: Sequence[Wanted],
    *,
    replacing: tuple[date, date] | None = None,
    action: str,
    told: Mapping[str, Any],
) -> Outcome:
    """Make shifts in the drafts of their weeks, and put people on them as far as the rules allow.

    A week without any version gets a draft.

    Args:
        session: The unit of work.
        actor: Who acts.
        site: As `find_site` returns it.
        wanted: The shifts, at most 3000.
        replacing: First and last day whose shifts are removed before.
        action: What the record of changes calls it.
        told: What else it says of it, in plain JSON values.

    Raises:
        IllegalTransition: A week of theirs is in approval.
        Conflict: A week of theirs is published and has no draft; or somebody was put on a removed shift at the same
            moment.
        InvalidInput: Too many shifts, a date out of range, or a department of another site.
    """
    locked = await _lock(session, site, wanted, replacing)
    plan = await draw_up(session, site, wanted, replacing)
    if not locked.issuperset(each for shift in plan.removed for each in shift.employee_ids):
        # They were put on it between the two locks, and people cannot be locked after the schedule.
        raise Conflict
    await _make_drafts(session, actor, site, plan)
    if plan.removed:
        await session.execute(_REMOVE, {"shift_ids": [shift.id for shift in plan.removed]})
    await _insert(session, actor, site, plan)
    await _record(session, actor, site, plan, action, told)
    return plan.outcome


async def _lock(
    session: AsyncSession, site: Row[Any], wanted: Sequence[Wanted], replacing: tuple[date, date] | None
) -> set[int]:
    first, last = replacing or (None, None)
    people = {
        "site_id": site.id,
        "employee_ids": list(people_of(wanted)),
        "first": first,
        "last": last,
    }
    locked = set((await session.scalars(_LOCK_PEOPLE, people)).all())
    await session.execute(_HOLD_WEEKS, {"site_id": site.id, "weeks": weeks_of(site, wanted, replacing)})
    return locked


async def _make_drafts(session: AsyncSession, actor: Actor, site: Row[Any], plan: Plan) -> None:
    if not plan.outcome.new_weeks:
        return
    values = {"site_id": site.id, "weeks": list(plan.outcome.new_weeks), "actor_id": actor.employee_id}
    # In a transaction of its own within this one: what a new draft is filled with can then be taken back like any other
    # change, while the rows that come with a revised week cannot.
    async with session.begin_nested():
        for row in await session.execute(_MAKE_DRAFTS, values):
            plan.schedules[row.week_start] = row.id


async def _insert(session: AsyncSession, actor: Actor, site: Row[Any], plan: Plan) -> None:
    values = {"site_id": site.id, "time_zone": site.time_zone, "actor_id": actor.employee_id}
    shifts = [_columns(each, plan.schedules[each.week]) for each in plan.placed]
    made = await session.execute(_INSERT_SHIFTS, {**values, "shifts": json.dumps(shifts, default=str)})
    ids = {row.lineage_id: row.id for row in made}
    assignments = [
        {"shift_id": ids[each.lineage_id], "employee_id": employee_id}
        for each in plan.placed
        for employee_id in each.people
    ]
    if assignments:
        await session.execute(_INSERT_ASSIGNMENTS, {**values, "assignments": json.dumps(assignments)})
    violations = [
        {**asdict(violation), "shift_id": ids[each.lineage_id]}
        for each in plan.placed
        for found in each.people.values()
        for violation in found
    ]
    if violations:
        at_commit(session, _INSERT_VIOLATIONS, {"violations": json.dumps(violations)})


def _columns(placed: Placed, schedule_id: int) -> dict[str, Any]:
    columns = asdict(placed.wanted.details)
    return {
        **columns,
        "requirements": {"qualifications": columns.pop("qualifications")},
        "schedule_id": schedule_id,
        "lineage_id": placed.lineage_id,
        "starts_at": placed.span.starts_at,
        "ends_at": placed.span.ends_at,
    }


async def _record(
    session: AsyncSession, actor: Actor, site: Row[Any], plan: Plan, action: str, told: Mapping[str, Any]
) -> None:
    outcome = plan.outcome
    after = {
        **told,
        "schedule_ids": [plan.schedules[week] for week in sorted(plan.schedules)],
        "new_weeks": [week.isoformat() for week in outcome.new_weeks],
        "shifts": outcome.shifts,
        "people": outcome.people,
        "left_open": [f"{each.label}: {each.text}" for each in outcome.left_open[:_MOST_RECORDED]],
        "warnings": [f"{each.label}: {each.text}" for each in outcome.warned[:_MOST_RECORDED]],
    }
    before = {"shifts": outcome.removed_shifts, "people": outcome.removed_people} if plan.removed else None
    schedule_id = plan.schedules[min(plan.schedules)]
    await record(session, actor, action, "schedule", schedule_id, site_id=site.id, before=before, after=after)
