"""A plan of the optimiser put into its draft: who is taken off, who is put on, judged by the rules once more."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.trips import at_commit
from schedule_app.domain.check import blocking, check_assignment, together
from schedule_app.domain.errors import RuleBroken
from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.permissions import Actor
from schedule_app.domain.violation import Violation
from schedule_app.optimizer.problem import Problem
from schedule_app.queries.planning import Planning

_TAKE = text("""
    DELETE FROM schedule_assignments AS held
    USING jsonb_to_recordset(CAST(:pairs AS jsonb)) AS each (shift_id bigint, employee_id bigint)
    WHERE held.schedule_id = :schedule_id AND held.shift_id = each.shift_id AND held.employee_id = each.employee_id
""")

_GIVE = text("""
    INSERT INTO schedule_assignments
        (schedule_id, shift_id, employee_id, starts_at, ends_at, source, reason, created_by_id, updated_by_id)
    SELECT shifts.schedule_id, shifts.id, each.employee_id, shifts.starts_at, shifts.ends_at, 'auto',
           jsonb_build_object('run_id', CAST(:run_id AS bigint)), :actor_id, :actor_id
    FROM jsonb_to_recordset(CAST(:pairs AS jsonb)) AS each (shift_id bigint, employee_id bigint)
    JOIN shifts ON shifts.id = each.shift_id AND shifts.schedule_id = :schedule_id
""")

_WARN = text("""
    INSERT INTO rule_violations (schedule_id, assignment_id, rule_id, rule_type, severity, message)
    SELECT held.schedule_id, held.id, each.rule_id, each.rule_type, each.severity, each.message
    FROM jsonb_to_recordset(CAST(:violations AS jsonb))
        AS each (shift_id bigint, employee_id bigint, rule_id bigint, rule_type text, severity text, message text)
    JOIN schedule_assignments AS held ON held.shift_id = each.shift_id AND held.employee_id = each.employee_id
""")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, and what it was made for.

    Attributes:
        plan: Everybody on every shift of the problem, as (shift, employee).
    """

    planning: Planning
    problem: Problem
    plan: Sequence[tuple[int, int]]
    run_id: int


async def put_in_place(session: AsyncSession, actor: Actor, proposal: Proposal) -> tuple[int, int]:
    """Write the difference between what stands and the plan.

    Returns:
        How many were put on a shift, and how many were taken off one.

    Raises:
        RuleBroken: A blocking rule refuses one of them; then nothing is written.
    """
    standing = {(each.shift_id, each.employee_id) for each in proposal.problem.standing}
    wanted = set(proposal.plan)
    given, taken = sorted(wanted - standing), sorted(standing - wanted)
    warnings = _judge(proposal, given)
    values = {"schedule_id": proposal.planning.schedule_id, "actor_id": actor.employee_id, "run_id": proposal.run_id}
    if taken:
        await session.execute(_TAKE, {**values, "pairs": _pairs(taken)})
    if given:
        await session.execute(_GIVE, {**values, "pairs": _pairs(given)})
    if warnings:
        at_commit(session, _WARN, {"violations": json.dumps(warnings)})
    return len(given), len(taken)


def _judge(proposal: Proposal, given: Sequence[tuple[int, int]]) -> list[Mapping[str, Any]]:
    """Everybody who is given a shift, beside all else they have in the plan. Returns the warnings, as they are kept."""
    people = {person.facts.id: person for person in proposal.problem.people}
    worked: defaultdict[int, list[ShiftFacts]] = defaultdict(list)
    staff: defaultdict[int, list[int]] = defaultdict(list)
    # As they are: a scenario may have planned for more people than they need, or fewer.
    facts = {shift.facts.id: shift.facts for shift in proposal.planning.shifts}
    planned = {demand.shift.id: facts[demand.shift.id] for demand in proposal.problem.demands}
    for shift_id, employee_id in proposal.plan:
        worked[employee_id].append(planned[shift_id])
        staff[shift_id].append(employee_id)
    outside = [(shift, [each.facts.id]) for each in proposal.problem.people for shift in each.around]
    meeting = together(proposal.problem.rules, [*((shift, staff[shift.id]) for shift in planned.values()), *outside])
    shifts = {**planned, **meeting}
    refusals: list[Violation] = []
    warnings: list[Mapping[str, Any]] = []
    for shift_id, employee_id in given:
        person = people[employee_id]
        beside = [*person.around, *worked[employee_id]]
        found = check_assignment(proposal.problem.rules, person.facts, beside, shifts[shift_id])
        refusals += blocking(found)
        warnings += [{**asdict(each), "shift_id": shift_id, "employee_id": employee_id} for each in found]
    if refusals:
        raise RuleBroken(refusals)
    return warnings


def _pairs(pairs: Sequence[tuple[int, int]]) -> str:
    return json.dumps([{"shift_id": shift_id, "employee_id": employee_id} for shift_id, employee_id in pairs])
