"""A week with a published version, and a draft of it in which people and times are others."""

from datetime import time

from schedule_app.services.assignments import assign_employee, confirm_assignment, unassign_employee
from schedule_app.services.schedules import revise_schedule
from tests.e2e.world import LATE, World, assign, build_draft, build_world, execute, fetch, publish

SHIFTS = (
    {"title": "Morning"},
    {"title": "Late", "day": 1, "start": LATE[0], "end": LATE[1]},
    {"title": "Early", "day": 2, "required_staff": 2},
    {"title": "Night", "day": 5, "start": time(22), "end": time(6)},
)


async def build_versions() -> tuple[World, int, int]:
    """The world, the published version and the draft.

    In the draft Ann's morning is Ben's, Ann's late shift begins an hour earlier, and Ben has the night too. Ben, who
    was taken off the published early shift after the draft was made, is still on it there.
    """
    world = await build_world(staff=["Ann Archer", "Ben Brook", "Cem Demir"])
    ann, ben, _ = world.staff
    manager = world.manager.actor
    await execute(
        "UPDATE employees SET hourly_rate_cents = 2150, contracted_minutes = 1440 WHERE site_id = :id", id=world.site_id
    )
    published = await build_draft(world, SHIFTS)
    held = [await assign(world, shift, ann) for shift in (0, 1)]
    early = await assign(world, 2, ben)
    await publish(world, published)
    for each in held:
        await confirm_assignment(ann.actor, each)
    draft = await revise_schedule(manager, published)
    await unassign_employee(manager, early)
    await unassign_employee(manager, await _held(draft, "Morning"))
    await assign_employee(manager, await shift_in(draft, "Morning"), ben.id)
    await assign_employee(manager, await shift_in(draft, "Night"), ben.id)
    await execute(
        "UPDATE shifts SET local_start = '13:00', starts_at = starts_at - interval '1 hour' WHERE id = :id",
        id=await shift_in(draft, "Late"),
    )
    return world, published, draft


async def shift_in(schedule_id: int, title: str) -> int:
    """A version's shift of this title."""
    return await fetch(
        "SELECT id FROM shifts WHERE schedule_id = :schedule AND title = :title", schedule=schedule_id, title=title
    )


async def _held(schedule_id: int, title: str) -> int:
    return await fetch(
        "SELECT held.id FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id"
        " WHERE held.schedule_id = :schedule AND shifts.title = :title",
        schedule=schedule_id,
        title=title,
    )
