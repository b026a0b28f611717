"""Trying again what failed or was given up."""

from typing import Any

import pytest

from schedule_app.db.engine import unit_of_work
from schedule_app.db.queue import defer
from schedule_app.domain.errors import NotAllowed, NotFound
from schedule_app.services.operating import note_failure, resend, retry_jobs
from tests.db.services.scene import audited, execute, make_scene, rows, writing
from tests.support.builders import build_notification
from tests.support.database import Database


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def failed_job(task: str = "dispatch", status: str = "failed", queueing_lock: str | None = None) -> int:
    async with unit_of_work() as session:
        defer(session, task)
    [[job_id]] = await rows("SELECT max(id) FROM procrastinate_jobs")
    for step in ("doing", status):
        await execute(
            "UPDATE procrastinate_jobs SET status = CAST(:step AS procrastinate_job_status), queueing_lock = :lock"
            " WHERE id = :id",
            step=step,
            lock=queueing_lock,
            id=job_id,
        )
    return job_id


async def statuses() -> dict[int, str]:
    return {row.id: row.status for row in await rows("SELECT id, status FROM procrastinate_jobs")}


@pytest.mark.parametrize("status", ["failed", "aborted"])
async def test_a_failed_job_is_put_back_into_the_queue_once(status: str):
    scene = await make_scene()
    job_id, other = await failed_job(status=status), await failed_job()

    assert await retry_jobs(scene.actor("admin"), [job_id]) == 1
    assert await statuses() == {job_id: "todo", other: "failed"}
    with pytest.raises(NotFound):
        await retry_jobs(scene.actor("admin"), [job_id])
    [[action, actor_id, *_]] = await audited("job", job_id)
    assert (action, actor_id) == ("retry", scene.admin.id)


async def test_all_of_them_are_tried_again_and_what_is_done_every_so_often_once():
    scene = await make_scene()
    one = await failed_job()
    *_, last = [await failed_job("watch_published", queueing_lock="watch_published") for _ in range(3)]

    assert await retry_jobs(scene.actor("admin"), None) == 2
    assert await statuses() == {one: "todo", last: "todo"}
    assert await retry_jobs(scene.actor("admin"), None) == 0


async def test_what_waits_to_be_done_already_is_not_done_twice():
    scene = await make_scene()
    failed = await failed_job("watch_published", queueing_lock="watch_published")
    await execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock)"
        " VALUES ('default', 'watch_published', 'watch_published')"
    )

    assert await retry_jobs(scene.actor("admin"), [failed]) == 0
    assert list((await statuses()).values()) == ["todo"]


async def test_the_reason_of_the_last_failure_is_kept():
    for reason in ("first", "x" * 600):
        await note_failure(7, reason)
    assert await rows("SELECT job_id, reason FROM job_failures") == [(7, "x" * 500)]


async def dead_letters() -> tuple[Any, list[int]]:
    """Bob's messages: two that were given up, and one that was sent."""
    scene = await make_scene()
    async with writing() as session:
        told = [await build_notification(session, scene.bob) for _ in range(3)]
    for notification, status in zip(told, ("failed", "failed", "sent"), strict=True):
        await execute(
            "INSERT INTO notification_deliveries"
            " (notification_id, channel, status, attempts, failed_at, failure_reason)"
            " VALUES (:id, 'email', CAST(:status AS text), 6, now(), 'no such mailbox')",
            id=notification.id,
            status=status,
        )
    return scene, [row for [row] in await rows("SELECT id FROM notification_deliveries ORDER BY id")]


async def test_what_was_given_up_is_sent_again_with_all_its_attempts():
    scene, [first, second, sent] = await dead_letters()
    keys = await rows("SELECT id, idempotency_key FROM notification_deliveries ORDER BY id")

    assert await resend(scene.actor("admin"), [first]) == 1
    states = await rows(
        "SELECT id, status, attempts, due_at <= now(), failure_reason FROM notification_deliveries ORDER BY id"
    )
    assert states[0] == (first, "created", 0, True, None)
    assert [row.status for row in states[1:]] == ["failed", "sent"]
    assert await rows("SELECT id, idempotency_key FROM notification_deliveries ORDER BY id") == keys
    assert await rows("SELECT task_name, args FROM procrastinate_jobs") == [
        ("deliver", {"recipient_id": scene.bob.id, "channel": "email"})
    ]
    for again in ([first], [sent], [10**9]):
        with pytest.raises(NotFound):
            await resend(scene.actor("admin"), again)
    assert await resend(scene.actor("admin"), None) == 1
    assert [action for action, *_ in await audited("delivery", second)] == ["resend"]


@pytest.mark.parametrize("who", ["manager", "supervisor", "employee", "stranger"])
async def test_nobody_else_tries_anything_again(who: str):
    scene, ids = await dead_letters()
    job_id = await failed_job()
    with pytest.raises(NotAllowed):
        await resend(scene.actor(who), ids[:1])
    with pytest.raises(NotAllowed):
        await retry_jobs(scene.actor(who), [job_id])
