"""The two status machines and the frozen weeks, as the database keeps them."""

from itertools import product

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import TRANSITIONS as ASSIGNMENT_STEPS
from schedule_app.domain.assignment import AssignmentStatus
from schedule_app.domain.schedule import TRANSITIONS as SCHEDULE_STEPS
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.models import Employee, Schedule, ScheduleAssignment, Shift, Site
from tests.support.builders import (
    MONDAY,
    advance_schedule,
    build_assignment,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.refusals import refused

ILLEGAL = "SA001"
FROZEN = "SA002"

SCHEDULE_PAIRS = {(status, following) for (status, _), following in SCHEDULE_STEPS.items()}


@pytest.mark.parametrize(("current", "new"), list(product(ScheduleStatus, ScheduleStatus)))
async def test_schedule_status_changes_as_the_domain_allows(
    session: AsyncSession, current: ScheduleStatus, new: ScheduleStatus
):
    manager = await build_employee(session, await build_site(session), role="manager")
    schedule = await build_schedule(session, await session.get_one(Site, manager.site_id), status=current)
    step = text(
        "UPDATE schedules SET status = :new, approved_by_id = :manager, approved_at = now(), published_at = now()"
        " WHERE id = :id"
    )
    values = {"new": new.value, "manager": manager.id, "id": schedule.id}

    if (current, new) in SCHEDULE_PAIRS or current == new:
        await session.execute(step, values)
        await session.refresh(schedule)
        assert schedule.status == new
    else:
        with refused(ILLEGAL):
            await session.execute(step, values)


@pytest.mark.parametrize(("current", "new"), list(product(AssignmentStatus, AssignmentStatus)))
async def test_assignment_status_changes_as_the_domain_allows(
    session: AsyncSession, current: AssignmentStatus, new: AssignmentStatus
):
    site = await build_site(session)
    shift = await build_shift(session, await build_schedule(session, site))
    assignment = await build_assignment(session, shift, await build_employee(session, site), status=current)
    assignment.status = new

    if (current, new) in ASSIGNMENT_STEPS or current == new:
        await session.flush()
        await session.refresh(assignment)
        assert assignment.status == new
    else:
        with refused(ILLEGAL):
            await session.flush()


async def build_week(session: AsyncSession, status: str) -> tuple[Schedule, Shift, ScheduleAssignment, Employee]:
    """A week with one shift and one person on it, taken to the status."""
    site = await build_site(session)
    schedule, bob = await build_schedule(session, site), await build_employee(session, site)
    shift = await build_shift(session, schedule)
    assignment = await build_assignment(session, shift, bob)
    await advance_schedule(session, schedule, status)
    await session.commit()
    await session.refresh(assignment)
    return schedule, shift, assignment, bob


FROZEN_WEEKS = pytest.mark.parametrize("status", ["published", "archived"])
OPEN_WEEKS = pytest.mark.parametrize("status", ["draft", "pending", "approved"])


@OPEN_WEEKS
async def test_open_week_takes_changes_to_its_shifts(session: AsyncSession, status: str):
    schedule, shift, _, _ = await build_week(session, status)
    shift.notes = "Bring keys"
    await session.delete(await build_shift(session, schedule, day=1))
    await session.flush()

    assert shift.version == 2


@FROZEN_WEEKS
async def test_frozen_week_takes_no_new_shift(session: AsyncSession, status: str):
    schedule, _, _, _ = await build_week(session, status)

    with refused(FROZEN):
        await build_shift(session, schedule)


@FROZEN_WEEKS
@pytest.mark.parametrize("change", ["notes = 'x'", "ends_at = ends_at + interval '1 hour'", "required_staff = 9"])
async def test_frozen_week_keeps_its_shifts_as_they_are(session: AsyncSession, status: str, change: str):
    await build_week(session, status)

    with refused(FROZEN):
        await session.execute(text(f"UPDATE shifts SET {change}"))


@FROZEN_WEEKS
async def test_frozen_week_keeps_all_its_shifts(session: AsyncSession, status: str):
    await build_week(session, status)

    with refused(FROZEN):
        await session.execute(text("DELETE FROM shifts"))


async def test_shift_cannot_be_moved_into_a_frozen_week(session: AsyncSession):
    schedule, _, _, _ = await build_week(session, "published")
    site = await session.get_one(Site, schedule.site_id)
    draft = await build_schedule(session, site, version_number=2)
    shift = await build_shift(session, draft)
    shift.schedule_id = schedule.id

    with refused(FROZEN):
        await session.flush()


@FROZEN_WEEKS
@pytest.mark.parametrize("change", ["week_end = week_end - 1", "version_number = 7", "parent_id = id"])
async def test_frozen_week_stays_the_week_it_is(session: AsyncSession, status: str, change: str):
    await build_week(session, status)

    with refused(FROZEN):
        await session.execute(text(f"UPDATE schedules SET {change}"))


@FROZEN_WEEKS
async def test_frozen_week_cannot_be_deleted(session: AsyncSession, status: str):
    await build_week(session, status)

    with refused(FROZEN):
        await session.execute(text("DELETE FROM schedules"))


@OPEN_WEEKS
async def test_open_week_can_be_discarded_with_everything_in_it(session: AsyncSession, status: str):
    schedule, _, _, _ = await build_week(session, status)
    await session.delete(schedule)
    await session.commit()

    assert await session.scalar(text("SELECT count(*) FROM shifts")) == 0
    assert await session.scalar(text("SELECT count(*) FROM schedule_assignments")) == 0


async def test_published_week_takes_answers_and_replacements(session: AsyncSession):
    _, shift, assignment, bob = await build_week(session, "published")
    assignment.status = "cancelled"
    carol = await build_employee(session, await session.get_one(Site, bob.site_id))
    await session.flush()

    replacement = await build_assignment(session, shift, carol, status="pending")
    replacement.status = "confirmed"
    await session.flush()
    assert replacement.in_force


async def test_archiving_puts_assignments_out_of_force_and_leaves_them_alone(session: AsyncSession):
    schedule, _, assignment, _ = await build_week(session, "published")
    before = assignment.model_dump(exclude={"in_force"})
    assert assignment.in_force

    await advance_schedule(session, schedule, "archived")
    await session.refresh(assignment)

    assert not assignment.in_force
    assert assignment.model_dump(exclude={"in_force"}) == before


@pytest.mark.parametrize("change", ["status = 'cancelled'", "pinned = true", "response_note = 'x'"])
async def test_assignments_of_an_archived_week_stay_as_they_are(session: AsyncSession, change: str):
    await build_week(session, "archived")

    with refused(FROZEN):
        await session.execute(text(f"UPDATE schedule_assignments SET {change}"))


async def test_assignments_of_an_archived_week_cannot_be_deleted(session: AsyncSession):
    await build_week(session, "archived")

    with refused(FROZEN):
        await session.execute(text("DELETE FROM schedule_assignments"))


async def test_archived_week_takes_no_new_assignment(session: AsyncSession):
    _, shift, _, bob = await build_week(session, "archived")
    carol = await build_employee(session, await session.get_one(Site, bob.site_id))

    with refused(FROZEN):
        await build_assignment(session, shift, carol)


async def test_next_week_of_the_same_site_is_free(session: AsyncSession):
    schedule, _, _, _ = await build_week(session, "published")
    site = await session.get_one(Site, schedule.site_id)

    following = await build_schedule(session, site, week_start=MONDAY.replace(day=30), status="published")
    assert following.in_force
