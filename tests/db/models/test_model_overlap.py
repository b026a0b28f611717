"""Nobody is in two places at once: the exclusion constraints, and the copied columns they rely on."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Employee, Schedule, ScheduleAssignment, Shift, Site
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.refusals import refused

IN_SCHEDULE = "ex_schedule_assignments_overlap_in_schedule"
IN_FORCE = "ex_schedule_assignments_overlap_in_force"
DEFER = text("SET CONSTRAINTS ALL DEFERRED")


async def build_booked(
    session: AsyncSession, start: time = time(9), end: time = time(17)
) -> tuple[Schedule, Shift, Employee]:
    """A draft with one shift and one person on it."""
    site = await build_site(session)
    schedule, bob = await build_schedule(session, site), await build_employee(session, site)
    shift = await build_shift(session, schedule, start=start, end=end)
    await build_assignment(session, shift, bob)
    return schedule, shift, bob


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(time(9), time(17), id="same"),
        pytest.param(time(10), time(11), id="inside"),
        pytest.param(time(8), time(18), id="around"),
        pytest.param(time(8), time(9, 1), id="one minute at the start"),
        pytest.param(time(16, 59), time(20), id="one minute at the end"),
        pytest.param(time(16), time(6), id="overnight"),
    ],
)
async def test_overlap_within_a_version_is_refused(session: AsyncSession, start: time, end: time):
    schedule, _, bob = await build_booked(session)
    other = await build_shift(session, schedule, start=start, end=end)

    with refused(IN_SCHEDULE):
        await build_assignment(session, other, bob)


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        pytest.param(0, time(17), time(22), id="after"),
        pytest.param(0, time(6), time(9), id="before"),
        pytest.param(1, time(9), time(17), id="next day"),
    ],
)
async def test_shifts_that_only_touch_are_accepted(session: AsyncSession, day: int, start: time, end: time):
    schedule, _, bob = await build_booked(session)
    other = await build_shift(session, schedule, day=day, start=start, end=end)

    assert (await build_assignment(session, other, bob)).id


async def test_night_shift_overlaps_the_next_morning(session: AsyncSession):
    schedule, _, bob = await build_booked(session, start=time(22), end=time(6))
    touching = await build_shift(session, schedule, day=1, start=time(6), end=time(14))
    await build_assignment(session, touching, bob)
    overlapping = await build_shift(session, schedule, day=1, start=time(5), end=time(6))

    with refused(IN_SCHEDULE):
        await build_assignment(session, overlapping, bob)


async def test_somebody_else_may_work_at_that_time(session: AsyncSession):
    _, shift, bob = await build_booked(session)
    carol = await build_employee(session, await session.get_one(Site, bob.site_id))

    assert (await build_assignment(session, shift, carol)).id


@pytest.mark.parametrize("status", ["declined", "cancelled"])
async def test_given_up_assignment_leaves_the_time_free(session: AsyncSession, status: str):
    schedule, _, bob = await build_booked(session)
    other = await build_shift(session, schedule)

    assert (await build_assignment(session, other, bob, status=status)).id


@pytest.mark.parametrize("status", ["assigned", "pending", "confirmed", "completed"])
async def test_active_assignment_takes_the_time(session: AsyncSession, status: str):
    schedule, _, bob = await build_booked(session)
    other = await build_shift(session, schedule)

    with refused(IN_SCHEDULE):
        await build_assignment(session, other, bob, status=status)


async def test_declined_assignment_cannot_return_to_a_taken_time(session: AsyncSession):
    schedule, _, bob = await build_booked(session)
    declined = await build_assignment(session, await build_shift(session, schedule), bob, status="declined")
    declined.status = "pending"

    with refused(IN_SCHEDULE):
        await session.flush()


async def test_drafts_of_two_sites_may_overlap_but_not_both_be_published(session: AsyncSession):
    first, _, bob = await build_booked(session)
    second = await build_schedule(session, await build_site(session))
    await build_assignment(session, await build_shift(session, second, start=time(16)), bob)
    await advance_schedule(session, first, "published")

    with refused(IN_FORCE):
        await advance_schedule(session, second, "published")


async def test_overlap_with_a_published_week_is_refused_at_once(session: AsyncSession):
    first, _, bob = await build_booked(session)
    await advance_schedule(session, first, "published")
    second = await build_schedule(session, await build_site(session))
    shift = await build_shift(session, second, start=time(16, 59), end=time(20))
    await advance_schedule(session, second, "published")

    with refused(IN_FORCE):
        await build_assignment(session, shift, bob)


async def test_published_weeks_may_touch(session: AsyncSession):
    first, _, bob = await build_booked(session)
    await advance_schedule(session, first, "published")
    second = await build_schedule(session, await build_site(session))
    await build_assignment(session, await build_shift(session, second, start=time(17), end=time(20)), bob)

    assert (await advance_schedule(session, second, "published")).in_force


async def test_archive_then_publish_in_one_transaction(session: AsyncSession):
    parent, shift, bob = await build_booked(session)
    await advance_schedule(session, parent, "published")
    site = await session.get_one(Site, parent.site_id)
    child = await build_schedule(session, site, parent_id=parent.id, version_number=2)
    copy = await build_shift(session, child, lineage_id=shift.lineage_id)
    await build_assignment(session, copy, bob)
    await advance_schedule(session, child, "approved")
    await session.commit()

    await advance_schedule(session, parent, "archived")
    await advance_schedule(session, child, "published")
    await session.commit()

    in_force = select(ScheduleAssignment).filter_by(in_force=True)
    assert [assignment.schedule_id for assignment in await session.scalars(in_force)] == [child.id]


async def test_publishing_before_archiving_is_refused(session: AsyncSession):
    parent, _, _ = await build_booked(session)
    await advance_schedule(session, parent, "published")
    child = await build_schedule(session, await session.get_one(Site, parent.site_id), version_number=2)

    with refused("uq_schedules_one_published"):
        await advance_schedule(session, child, "published")


async def build_pair(session: AsyncSession) -> tuple[ScheduleAssignment, ScheduleAssignment]:
    """Two people on two shifts at the same time, in a published week."""
    site = await build_site(session)
    schedule = await build_schedule(session, site)
    first, second = [
        await build_assignment(session, await build_shift(session, schedule), await build_employee(session, site))
        for _ in range(2)
    ]
    await advance_schedule(session, schedule, "published")
    await session.commit()
    return first, second


async def swap(session: AsyncSession, first: ScheduleAssignment, second: ScheduleAssignment) -> None:
    for assignment, employee_id in ((first, second.employee_id), (second, first.employee_id)):
        values = {"employee": employee_id, "id": assignment.id}
        await session.execute(text("UPDATE schedule_assignments SET employee_id = :employee WHERE id = :id"), values)


async def test_two_people_swap_identical_shifts_in_one_transaction(session: AsyncSession):
    first, second = await build_pair(session)
    before = (first.employee_id, second.employee_id)

    await session.execute(DEFER)
    await swap(session, first, second)
    await session.commit()

    await session.refresh(first)
    await session.refresh(second)
    assert (second.employee_id, first.employee_id) == before


async def test_swap_without_deferring_is_refused_at_once(session: AsyncSession):
    first, second = await build_pair(session)

    with refused(IN_SCHEDULE):
        await swap(session, first, second)


async def test_deferred_overlap_is_refused_at_commit(session: AsyncSession):
    schedule, _, bob = await build_booked(session)
    await session.commit()

    await session.execute(DEFER)
    await build_assignment(session, await build_shift(session, schedule), bob)
    with refused(IN_SCHEDULE):
        await session.commit()


async def test_moved_shift_carries_its_times_to_assignments(session: AsyncSession):
    _, shift, bob = await build_booked(session)
    shift.starts_at += timedelta(hours=1)
    shift.ends_at += timedelta(hours=2)
    await session.flush()

    assignment = (await session.scalars(select(ScheduleAssignment).filter_by(employee_id=bob.id))).one()
    await session.refresh(assignment)
    assert (assignment.starts_at, assignment.ends_at) == (shift.starts_at, shift.ends_at)
    assert assignment.version == 2


async def test_shift_moved_into_an_overlap_is_refused(session: AsyncSession):
    schedule, shift, bob = await build_booked(session)
    await build_assignment(session, await build_shift(session, schedule, start=time(17), end=time(20)), bob)
    shift.ends_at += timedelta(minutes=1)

    with refused(IN_SCHEDULE):
        await session.flush()


async def test_copied_times_cannot_differ_from_the_shift(session: AsyncSession):
    schedule, shift, bob = await build_booked(session)
    carol = await build_employee(session, await session.get_one(Site, bob.site_id))
    assert schedule.id == shift.schedule_id

    with refused("fk_schedule_assignments_shift"):
        await build_assignment(session, shift, carol, starts_at=datetime(2026, 11, 23, 1, tzinfo=UTC))


async def test_assignment_cannot_claim_to_be_in_force(session: AsyncSession):
    _, shift, bob = await build_booked(session)
    carol = await build_employee(session, await session.get_one(Site, bob.site_id))

    with refused("fk_schedule_assignments_schedule"):
        await build_assignment(session, shift, carol, in_force=True)


async def test_assignment_cannot_be_put_in_another_schedule_than_its_shift(session: AsyncSession):
    _, shift, bob = await build_booked(session)
    other = await build_schedule(session, await build_site(session))

    with refused("fk_schedule_assignments_shift"):
        await build_assignment(session, shift, bob, schedule_id=other.id)


async def test_removed_shift_takes_its_assignments_along(session: AsyncSession):
    _, shift, bob = await build_booked(session)
    await session.delete(shift)
    await session.flush()

    assert (await session.scalars(select(ScheduleAssignment).filter_by(employee_id=bob.id))).all() == []
