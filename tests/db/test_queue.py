"""Jobs are in the queue if the transaction that asked for them committed, and only then."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from psycopg.rows import dict_row

from schedule_app.db.engine import dispose, unit_of_work
from schedule_app.db.queue import defer, ensure_run, let_askers_commit
from schedule_app.jobs import worker as worker_module
from tests.db.services.scene import execute, rows, told
from tests.db.services.swapping import make_between, pass_cutoff, status_of
from tests.support.app import ROOT, environment
from tests.support.database import Database

pytestmark = pytest.mark.usefixtures("database")

WAIT_SECONDS = 40


def jobs(database: Database) -> list[dict[str, Any]]:
    """What is in the queue."""
    with psycopg.connect(database.dsn) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute("SELECT * FROM procrastinate_jobs ORDER BY id").fetchall()


@contextlib.asynccontextmanager
async def worker(database: Database, *arguments: str) -> AsyncIterator[Process]:
    """A worker as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schedule_app", "worker", *arguments),
        cwd=ROOT,
        env=environment(DATABASE_URL=database.url),
        stdin=PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    deadline = asyncio.get_running_loop().time() + WAIT_SECONDS
    while not await is_so():
        assert asyncio.get_running_loop().time() < deadline, "It does not come to that."
        await asyncio.sleep(0.05)


async def test_a_job_comes_with_the_transaction_and_once(database: Database):
    async with unit_of_work() as session:
        for number in (1, 1, 2):
            defer(session, "tidy", priority=3, number=number)
        assert jobs(database) == []

    assert [(job["task_name"], job["args"], job["priority"]) for job in jobs(database)] == [
        ("tidy", {"number": 1}, 3),
        ("tidy", {"number": 2}, 3),
    ]


async def test_a_change_that_is_taken_back_leaves_no_job(database: Database):
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as session:
            defer(session, "tidy")
            raise ZeroDivisionError

    assert jobs(database) == []


async def ask() -> None:
    async with unit_of_work() as session:
        ensure_run(session, "dispatch")
        ensure_run(session, "dispatch")


async def test_one_run_that_waits_is_enough_for_everybody_who_asks(database: Database):
    await asyncio.gather(*(ask() for _ in range(8)))
    first = len(jobs(database))
    await ask()

    assert 1 <= len(jobs(database)) == first


async def test_a_run_that_has_begun_is_not_relied_on(database: Database):
    await ask()
    await execute("UPDATE procrastinate_jobs SET status = 'doing'")

    await ask()

    assert [job["status"] for job in jobs(database)] == ["doing", "todo"]


async def test_a_run_looks_only_after_those_who_rely_on_it_have_committed(database: Database):
    async def run() -> None:
        async with unit_of_work() as session:
            await let_askers_commit(session, "dispatch")

    async with await psycopg.AsyncConnection.connect(database.dsn) as asker:
        await asker.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended('run:dispatch', 0))")
        running = asyncio.create_task(run())

        async def is_held_up() -> bool:
            return bool(await rows("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))

        await until(is_held_up)
        assert not running.done()
        await asker.commit()
        await asyncio.wait_for(running, WAIT_SECONDS)


async def test_whoever_is_told_something_is_looked_after_by_a_job_of_the_same_transaction(database: Database):
    between = await make_between()
    await between.offer(between.scene.carol)

    waiting = await rows("SELECT notification_id FROM notification_outbox")
    assert len(waiting) == len(await rows("SELECT 1 FROM notifications")) > 0
    assert {job["task_name"] for job in jobs(database)} == {"dispatch"}


async def test_a_worker_does_what_waits_and_what_is_due_and_ends_when_it_is_told(database: Database):
    between = await make_between()
    request_id = await between.offer(between.scene.carol)
    await pass_cutoff(between)

    async with worker(database) as process:

        async def is_done() -> bool:
            return not await rows("SELECT 1 FROM notification_outbox") and await status_of(request_id) == "expired"

        await until(is_done)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), WAIT_SECONDS) == 0

    assert await told(between.scene.bob) == ["swap_ended"]


async def test_a_worker_ends_with_the_process_that_started_it(database: Database):
    async with worker(database, "--child") as process:

        async def is_alive() -> bool:
            return bool(await rows("SELECT 1 FROM procrastinate_workers"))

        await until(is_alive)
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), WAIT_SECONDS) == 0


async def test_a_worker_that_is_told_to_end_does_so_though_its_database_is_going_away(monkeypatch: pytest.MonkeyPatch):
    has_begun = asyncio.Event()

    async def lose_the_database(*_: object) -> None:
        has_begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            raise ConnectorException

    monkeypatch.setattr(worker_module, "_do_jobs", lose_the_database)
    working = asyncio.create_task(worker_module.do_jobs(5, 20))
    await has_begun.wait()
    working.cancel()
    done, _ = await asyncio.wait([working], timeout=WAIT_SECONDS)
    working.cancel()

    assert done == {working}


async def test_a_worker_outlives_the_connections_it_loses(database: Database):
    async with worker(database) as process:

        async def is_alive() -> bool:
            return bool(await rows("SELECT 1 FROM procrastinate_workers"))

        await until(is_alive)
        await dispose()
        with psycopg.connect(database.dsn, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        async with unit_of_work() as session:
            defer(session, "dispatch")

        async def is_done() -> bool:
            return not [job for job in jobs(database) if job["task_name"] == "dispatch"]

        await until(is_done)
        assert process.returncode is None
        os.kill(process.pid, signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), WAIT_SECONDS) == 0
