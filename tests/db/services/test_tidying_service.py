"""What is of no use any more is removed, and nothing else."""

import asyncio
from typing import Any

import pytest

from schedule_app.services.tidying import remove_expired_notifications, remove_leftovers
from tests.db.services.scene import execute, make_scene, rows, writing
from tests.support.builders import build_notification
from tests.support.database import Database


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def test_expired_notifications_go_in_batches_with_their_deliveries(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("schedule_app.services.tidying.BATCH", 2)
    scene = await make_scene()
    async with writing() as session:
        for _ in range(7):
            await build_notification(session, scene.bob)
    await execute("INSERT INTO notification_deliveries (notification_id) SELECT id FROM notifications")
    await execute(
        "UPDATE notifications SET created_at = now() - interval '90 days', expires_at = now() - interval '1 second'"
        " WHERE id IN (SELECT id FROM notifications ORDER BY id LIMIT 5)"
    )
    await execute("UPDATE notifications SET expires_at = now() + interval '1 day' WHERE expires_at IS NULL")

    assert sum(await asyncio.gather(*(remove_expired_notifications() for _ in range(3)))) == 5
    assert await remove_expired_notifications() == 0
    assert await rows("SELECT count(*) FROM notifications") == [(2,)]
    assert await rows("SELECT count(*) FROM notification_deliveries") == [(2,)]


LEFTOVERS = {
    "auth_sessions": (
        "INSERT INTO auth_sessions (employee_id, token_hash, expires_at, revoked_at) VALUES"
        " (:bob, decode(repeat('01', 32), 'hex'), now() - interval '31 days', NULL),"
        " (:bob, decode(repeat('02', 32), 'hex'), now() + interval '9 days', now() - interval '31 days'),"
        " (:bob, decode(repeat('03', 32), 'hex'), now() + interval '1 day', NULL),"
        " (:bob, decode(repeat('04', 32), 'hex'), now() - interval '1 day', NULL)",
        2,
    ),
    "login_attempts": (
        "INSERT INTO login_attempts (email_hash, ip, succeeded, at) VALUES"
        " (decode(repeat('01', 32), 'hex'), '::1', false, now() - interval '31 days'),"
        " (decode(repeat('01', 32), 'hex'), '::1', false, now() - interval '29 days')",
        1,
    ),
    "command_keys": (
        "INSERT INTO command_keys (employee_id, key, body_hash, created_at) VALUES"
        " (:bob, gen_random_uuid(), decode(repeat('01', 32), 'hex'), now() - interval '25 hours'),"
        " (:bob, gen_random_uuid(), decode(repeat('01', 32), 'hex'), now() - interval '23 hours')",
        1,
    ),
    "job_failures": ("INSERT INTO job_failures (job_id, reason) VALUES (1000000, 'gone')", 0),
}


@pytest.mark.parametrize("table", LEFTOVERS)
async def test_leftovers_of_people_who_signed_in_go(table: str):
    write, left = LEFTOVERS[table]
    scene = await make_scene()
    await execute(write, **({"bob": scene.bob.id} if ":bob" in write else {}))

    await asyncio.gather(*(remove_leftovers() for _ in range(3)))
    assert len(await rows(f"SELECT 1 FROM {table}")) == left


async def job(task: str, status: str, days: int, queueing_lock: str | None = None) -> int:
    """A job that came to this status so many days ago."""
    [[job_id]] = await rows("SELECT nextval('procrastinate_jobs_id_seq')")
    await execute(
        "INSERT INTO procrastinate_jobs (id, queue_name, task_name, queueing_lock)"
        " VALUES (:id, 'default', :task, :lock)",
        id=job_id,
        task=task,
        lock=queueing_lock,
    )
    for step in () if status == "todo" else ("doing", status):
        await execute(
            "UPDATE procrastinate_jobs SET status = CAST(:step AS procrastinate_job_status) WHERE id = :id",
            step=step,
            id=job_id,
        )
    await execute(
        "UPDATE procrastinate_events SET at = now() - make_interval(days => :days) WHERE job_id = :id",
        id=job_id,
        days=days,
    )
    return job_id


async def test_jobs_that_failed_long_ago_go_and_those_that_are_to_be_done_stay():
    kept = [await job("dispatch", "failed", 29), await job("dispatch", "todo", 99), await job("dispatch", "doing", 99)]
    await job("dispatch", "failed", 31)
    await job("dispatch", "aborted", 31)

    assert await remove_leftovers() == 2
    assert await job_ids() == kept


async def test_of_what_is_done_every_so_often_the_last_failure_is_kept():
    await job("watch", "failed", 2, "watch")
    kept = [await job("watch", "failed", 1, "watch"), await job("watch", "todo", 0, "watch")]

    await remove_leftovers()
    assert await job_ids() == kept


async def job_ids() -> list[Any]:
    return [row for [row] in await rows("SELECT id FROM procrastinate_jobs ORDER BY id")]
