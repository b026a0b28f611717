"""Moving a shift from one person or day to another, copying it, and swapping two: all in one step, or not at all."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import Record, before_writing
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.swap import check_swap
from schedule_app.domain.time import Interval
from schedule_app.queries.facts import hold_judging
from schedule_app.services.access import require_on
from schedule_app.services.assigning import (
    Assigned,
    Giving,
    check_taking,
    give,
    hold_assignments,
    judge,
    record_giving,
    record_taking,
    take,
)
from schedule_app.services.gone import gone
from schedule_app.services.text import clean_reason


@retrying
async def move_assignment(
    actor: Actor,
    assignment_id: int,
    *,
    to_employee_id: int,
    to_shift_id: int,
    expected_version: int,
    override_reason: str | None = None,
    keep: bool = False,
) -> Assigned:
    """Take a person off a shift and give a shift of the same week to the same or another person.

    The rules judge it as if the person had been taken off before. In a published week whoever loses a shift is told,
    and whoever gets one is told and asked to confirm.

    Args:
        actor: Who acts.
        assignment_id: What is moved.
        to_employee_id: Who shall work, of the same site.
        to_shift_id: What they shall work, of the same version of the same week.
        expected_version: The version the actor saw.
        override_reason: Why warnings do not matter this time, 3 to 500 characters.
        keep: Copy: nobody is taken off anything.

    Raises:
        NotFound: No such assignment, shift or employee, or of another site.
        NotAllowed: The actor may not assign here, or may not override.
        StaleVersion: The assignment was changed since, or it or the shift was removed.
        InvalidInput: The shift belongs to another week, or to another version of it.
        AlreadyAssigned: The employee has this shift.
        DoubleBooking: The employee works at that time; this can never be overridden.
        RuleBroken: A blocking rule refuses.
        NeedsOverride: There are warnings, and no reason to override them was given.
        IllegalTransition: It is over already, or the week is neither a draft nor published.
    """
    require(actor, Permission.ASSIGN)
    reason = _reason(override_reason)
    async with unit_of_work() as session:
        async with before_writing(session):
            versions = {assignment_id: expected_version}
            [held] = await hold_assignments(session, actor, versions, employee_ids=[to_employee_id])
            if not keep:
                check_taking(held)
            freed = None if keep or held.employee_id != to_employee_id else held
            leaver = None if keep else held
            giving = await _giving(session, actor, held, to_shift_id, to_employee_id, freed, leaver)
            [warnings] = judge(actor, [giving], reason)
        if not keep:
            await take(session, actor, held)
        assigned = await give(session, actor, giving, warnings, reason=reason, source="manual")
        if not keep:
            await record_taking(session, actor, held)
        await record_giving(session, actor, giving, assigned, reason=reason)
    return assigned


@retrying
async def swap_assignments(
    actor: Actor,
    one_id: int,
    other_id: int,
    *,
    one_version: int,
    other_version: int,
    override_reason: str | None = None,
) -> tuple[Assigned, Assigned]:
    """Let two people of one week take each other's shift.

    The rules judge each as if they had been taken off their own before.

    Args:
        actor: Who acts.
        one_id: An assignment.
        other_id: One of another person to another shift of the same version of the same week.
        one_version: The version of the first that the actor saw.
        other_version: And of the second.
        override_reason: Why warnings do not matter this time, 3 to 500 characters.

    Returns:
        What the second person now holds of the first, and the first of the second.

    Raises:
        As `move_assignment`, and as `check_swap`.
    """
    require(actor, Permission.ASSIGN)
    reason = _reason(override_reason)
    async with unit_of_work() as session:
        async with before_writing(session):
            versions = {one_id: one_version, other_id: other_version}
            held = {each.id: each for each in await hold_assignments(session, actor, versions)}
            one, other = held[one_id], held[other_id]
            check_swap(one, other)
            # Whoever goes to an overlapping shift is still there.
            are_apart = not _span(one).overlaps(_span(other))
            givings = (
                await _giving(session, actor, one, one.shift_id, other.employee_id, other, one if are_apart else None),
                await _giving(session, actor, one, other.shift_id, one.employee_id, one, other if are_apart else None),
            )
            warnings = judge(actor, givings, reason)
        for held in (one, other):
            await take(session, actor, held)
        first, second = [
            await give(session, actor, giving, found, reason=reason, source="manual")
            for giving, found in zip(givings, warnings, strict=True)
        ]
        for held in (one, other):
            await record_taking(session, actor, held)
        for giving, assigned in zip(givings, (first, second), strict=True):
            await record_giving(session, actor, giving, assigned, reason=reason)
    return first, second


def _reason(override_reason: str | None) -> str | None:
    return clean_reason(override_reason, "override_reason") if (override_reason or "").strip() else None


def _span(held: Record) -> Interval:
    return Interval(held.starts_at, held.ends_at)


async def _giving(
    session: AsyncSession,
    actor: Actor,
    held: Record,
    shift_id: int,
    employee_id: int,
    freed: Record | None,
    leaver: Record | None,
) -> Giving:
    """Read what decides over giving a shift of the schedule that `held` keeps from changing.

    `freed` is what the person is taken off for it, `leaver` an assignment whose holder is gone from its time then.
    """
    found = await hold_judging(session, shift_id, employee_id)
    if found is None:
        raise await gone(session, actor, Permission.ASSIGN, "shift", shift_id)
    judging = found.judging
    require_on(actor, Permission.ASSIGN, judging.shift.site_id, judging.shift.department_id)
    if not judging.people:
        raise NotFound
    if judging.schedule_id != held.schedule_id:
        raise InvalidInput("That shift belongs to another week, or to another version of this one.")
    if leaver:
        shift = judging.shift.left_by(leaver.employee_id, _span(leaver))
        found = replace(found, judging=replace(judging, shift=shift))
    return Giving(found, judging.people[0], freed.shift_id if freed else None)
