"""Giving shifts to people and taking them away; what people answer goes on in `services.answers`."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.trips import before_writing
from schedule_app.domain.assignment import AssignmentStatus
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.queries.facts import hold_judging
from schedule_app.services.access import require_editable, require_on
from schedule_app.services.answers import give_answer
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
async def assign_employee(
    actor: Actor, shift_id: int, employee_id: int, *, override_reason: str | None = None, source: str = "manual"
) -> Assigned:
    """Give a shift to an employee, in a draft or in a published week.

    In a published week the employee is told, and asked to confirm unless the shift has begun. More people than needed
    may be assigned.

    Args:
        actor: Who acts.
        shift_id: The shift.
        employee_id: Who shall work it, of the same site.
        override_reason: Why warnings do not matter this time, 3 to 500 characters.
        source: How it came about: manual, auto, claim or swap.

    Raises:
        NotFound: No such shift or employee, or of another site.
        NotAllowed: The actor may not assign here, or may not override.
        StaleVersion: The shift was removed.
        AlreadyAssigned: The employee has this shift.
        DoubleBooking: The employee works at that time; this can never be overridden.
        RuleBroken: A blocking rule refuses.
        NeedsOverride: There are warnings, and no reason to override them was given.
        IllegalTransition: The week is neither a draft nor published.
    """
    require(actor, Permission.ASSIGN)
    reason = clean_reason(override_reason, "override_reason") if (override_reason or "").strip() else None
    async with unit_of_work() as session:
        async with before_writing(session):
            giving = await _hold(session, actor, shift_id, employee_id)
            [warnings] = judge(actor, [giving], reason)
        assigned = await give(session, actor, giving, warnings, reason=reason, source=source)
        await record_giving(session, actor, giving, assigned, reason=reason)
    return assigned


@retrying
async def unassign_employee(actor: Actor, assignment_id: int, *, expected_version: int | None = None) -> None:
    """Take a shift from an employee: without a trace in a draft, cancelled and told in a published week.

    Args:
        actor: Who acts.
        assignment_id: The assignment.
        expected_version: The version the actor saw; None when it does not matter.

    Raises:
        NotFound: No such assignment, or of another site.
        NotAllowed: The actor may not assign here.
        StaleVersion: It was changed or removed since.
        IllegalTransition: It is over already, or the week is neither a draft nor published.
    """
    require(actor, Permission.ASSIGN)
    async with unit_of_work() as session:
        async with before_writing(session):
            [held] = await hold_assignments(session, actor, {assignment_id: expected_version})
            check_taking(held)
        await take(session, actor, held)
        await record_taking(session, actor, held)


@retrying
async def confirm_assignment(
    actor: Actor, assignment_id: int, *, note: str | None = None, key: UUID | None = None
) -> None:
    """Say yes to one of the actor's own shifts. Saying it twice is saying it once.

    Args:
        actor: Who answers.
        assignment_id: The assignment.
        note: A word to the managers, at most 2000 characters.
        key: Of this intent; sent again with the same one, it is the same answer and nothing more, whatever happened
            in between. See `services.once`.

    Raises:
        NotFound: No such assignment, somebody else's, or of a week that is not published.
        DeadlinePassed: The time to answer is over.
        IllegalTransition: It was declined or cancelled.
        StaleVersion: The week was published anew.
        InvalidInput: The note is too long or cannot be stored, or the key is that of another answer.
    """
    await give_answer(actor, [assignment_id], AssignmentStatus.CONFIRMED, note, key)


@retrying
async def confirm_assignments(actor: Actor, assignment_ids: Collection[int], *, key: UUID | None = None) -> None:
    """Say yes to several of the actor's own shifts, to all or, where one refuses, to none; as `confirm_assignment`."""
    await give_answer(actor, assignment_ids, AssignmentStatus.CONFIRMED, None, key)


@retrying
async def decline_assignment(
    actor: Actor, assignment_id: int, *, note: str | None = None, key: UUID | None = None
) -> None:
    """Say no to one of the actor's own shifts, also after having said yes. Errors as `confirm_assignment`."""
    await give_answer(actor, [assignment_id], AssignmentStatus.DECLINED, note, key)


async def _hold(session: AsyncSession, actor: Actor, shift_id: int, employee_id: int) -> Giving:
    """Lock what decides over an assignment, and read it; raises unless the actor may change it as things stand."""
    held = await hold_judging(session, shift_id, employee_id)
    if held is None:
        raise await gone(session, actor, Permission.ASSIGN, "shift", shift_id)
    judging = held.judging
    require_on(actor, Permission.ASSIGN, judging.shift.site_id, judging.shift.department_id)
    if not judging.people:
        raise NotFound
    require_editable(judging.status)
    return Giving(held, judging.people[0])
