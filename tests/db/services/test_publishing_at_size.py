"""A week of 200 people is published: one message to each whose shifts changed, none to anybody else."""

from collections import Counter
from datetime import time

import pytest

from schedule_app.models import Employee, Schedule
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from tests.db.services.scene import Scene, execute, fetch, make_scene, make_week, rows, writing
from tests.support.builders import build_employee
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")

FEW, MANY, MOVED = 10, 200, 30


async def people_of(scene: Scene, count: int) -> list[Employee]:
    async with writing() as session:
        return [await build_employee(session, scene.site, name=f"Person {number}") for number in range(count)]


async def publish(scene: Scene, schedule_id: int) -> int:
    """Publish a draft; how many statements the last step took."""
    version = (await fetch(Schedule, schedule_id)).version
    await submit_schedule(scene.actor("supervisor"), schedule_id, expected_version=version)
    await approve_schedule(scene.actor("manager"), schedule_id, expected_version=version + 1)
    with count_statements() as statements:
        await publish_schedule(scene.actor("manager"), schedule_id, expected_version=version + 2)
    return len(statements)


async def published_to() -> Counter[int]:
    """How often each person was told of a published week."""
    found = await rows("SELECT recipient_id FROM notifications WHERE type = 'shifts_published'")
    return Counter(row.recipient_id for row in found)


async def make(scene: Scene, people: list[Employee]) -> Schedule:
    """Everybody works on three days; the first few besides on a shift of their own, with time for all of them."""
    columns = [{"day": day, "start": time(8), "end": time(16), "required_staff": len(people)} for day in range(3)]
    own = {"day": 4, "title": "Own"}
    schedule, _ = await make_week(scene, *columns, own, held={**dict.fromkeys(range(3), people), 3: people[:MOVED]})
    return schedule


async def test_each_is_told_once_and_nobody_whose_shifts_are_unchanged():
    small = await make_scene()
    for_few = await publish(small, (await make(small, await people_of(small, FEW))).id)
    scene = await make_scene()
    people = await people_of(scene, MANY)
    schedule = await make(scene, people)
    await execute("DELETE FROM notifications")
    await execute("DELETE FROM procrastinate_jobs")

    assert await publish(scene, schedule.id) == for_few

    assert await published_to() == {person.id: 1 for person in people}
    [[deliveries]] = await rows(
        "SELECT count(*) FROM notification_deliveries JOIN notifications ON notifications.id = notification_id"
        " WHERE type = 'shifts_published' AND channel = 'in_app' AND status = 'sent'"
    )
    assert deliveries == MANY
    # Submitting, approving and publishing tell people; the job that waits since the first is enough.
    assert await rows("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'dispatch'") == [(1,)]

    draft_id = await revise_schedule(scene.actor("manager"), schedule.id)
    await execute(
        "UPDATE shifts SET ends_at = ends_at + interval '30 minutes', local_end = local_end + interval '30 minutes'"
        " WHERE schedule_id = :id AND title = 'Own'",
        id=draft_id,
    )
    await execute("DELETE FROM notifications")
    await publish(scene, draft_id)

    assert await published_to() == {person.id: 1 for person in people[:MOVED]}
