"""Hearing what the database says has changed."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator

import psycopg
import pytest
from structlog.testing import capture_logs

from schedule_app.live.listener import GATHER_SECONDS, Revisions, listen
from tests.support.database import Database

SEND = "SELECT pg_notify('schedule_app', %s)"
END_BACKENDS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE application_name = 'schedule_app live' AND datname = current_database()
"""


class Heard:
    """The batches that a listener reports, in order; it can be kept busy."""

    def __init__(self) -> None:
        self.batches: asyncio.Queue[frozenset[str] | None] = asyncio.Queue()
        self.is_idle = asyncio.Event()
        self.is_idle.set()

    async def take(self, topics: frozenset[str] | None, _: Revisions) -> None:
        """What the listener calls."""
        self.batches.put_nowait(topics)
        await self.is_idle.wait()

    async def next(self) -> frozenset[str] | None:
        """The next batch."""
        return await asyncio.wait_for(self.batches.get(), 10)


@pytest.fixture
async def heard(database: Database) -> AsyncIterator[Heard]:
    """A listener that is listening."""
    heard = Heard()
    listening = asyncio.create_task(listen(database.dsn, heard.take))
    # What was told before it listened is gone.
    assert await heard.next() is None
    yield heard
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening


@pytest.fixture
async def prompt(database: Database) -> AsyncIterator[psycopg.AsyncConnection]:
    """Somebody at a SQL prompt."""
    async with await psycopg.AsyncConnection.connect(database.dsn, autocommit=True) as connection:
        yield connection


def message(*topics: str) -> str:
    return json.dumps({"rev": "1", "topics": topics})


async def test_topics_are_reported(heard: Heard, prompt: psycopg.AsyncConnection):
    await prompt.execute(SEND, [message("site:1", "employee:2")])

    assert await heard.next() == {"site:1", "employee:2"}


async def test_what_comes_at_once_is_one_batch(heard: Heard, prompt: psycopg.AsyncConnection):
    async with prompt.transaction():
        for number in range(50):
            await prompt.execute(SEND, [message(f"employee:{number}", "site:1")])

    assert await heard.next() == {"site:1", *(f"employee:{number}" for number in range(50))}
    assert heard.batches.empty()


async def test_a_burst_of_commits_is_few_batches(heard: Heard, prompt: psycopg.AsyncConnection):
    started = time.monotonic()
    for number in range(100):
        await prompt.execute(SEND, [message(f"employee:{number}")])
    told: set[str] = set()
    batches = 0
    while len(told) < 100:
        told |= await heard.next() or set()
        batches += 1

    # Each batch is gathered for a while, so there cannot be more than fit in the time it took.
    assert batches <= (time.monotonic() - started) / GATHER_SECONDS + 1


async def test_what_comes_while_a_batch_is_passed_on_is_in_the_next(heard: Heard, prompt: psycopg.AsyncConnection):
    heard.is_idle.clear()
    await prompt.execute(SEND, [message("site:1")])
    assert await heard.next() == {"site:1"}

    for number in range(3):
        await prompt.execute(SEND, [message(f"employee:{number}")])
    heard.is_idle.set()

    told: set[str] = set()
    while len(told) < 3:
        told |= await heard.next() or set()
    assert told == {"employee:0", "employee:1", "employee:2"}


async def test_a_lost_link_is_made_anew_and_everything_may_have_changed(heard: Heard, prompt: psycopg.AsyncConnection):
    with capture_logs() as logs:
        for _ in range(3):
            ended = await prompt.execute(END_BACKENDS)
            assert await ended.fetchone() == (1,)

            assert await heard.next() is None
            await prompt.execute(SEND, [message("site:1")])
            assert await heard.next() == {"site:1"}

    told = [(log["event"], log["log_level"]) for log in logs]
    assert told == [("live link lost", "warning"), ("live link restored", "info")] * 3


async def test_a_batch_that_was_begun_when_the_link_broke_is_not_lost(heard: Heard, prompt: psycopg.AsyncConnection):
    heard.is_idle.clear()
    await prompt.execute(SEND, [message("site:1")])
    assert await heard.next() == {"site:1"}
    await prompt.execute(SEND, [message("site:2")])
    await prompt.execute(END_BACKENDS)
    heard.is_idle.set()

    told: list[frozenset[str] | None] = []
    while None not in told:
        told.append(await heard.next())
    assert told[:-1] in ([], [{"site:2"}])


@pytest.mark.parametrize("payload", ["", "not JSON", "7", "[]", "{}", '{"topics": 7}', '{"topics": [7]}'])
async def test_what_cannot_be_read_counts_as_everything(heard: Heard, prompt: psycopg.AsyncConnection, payload: str):
    with capture_logs() as logs:
        await prompt.execute(SEND, [payload])
        assert await heard.next() is None
    assert [log["event"] for log in logs] == ["unreadable notification; everything is read anew"]

    await prompt.execute(SEND, [message("site:1")])
    assert await heard.next() == {"site:1"}


async def test_a_database_that_is_not_there_is_tried_again_and_again():
    with capture_logs() as logs:
        heard = Heard()
        listening = asyncio.create_task(listen("host=/nowhere dbname=none", heard.take))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(listening), 0.5)

        assert not listening.done()
        assert heard.batches.empty()
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
    # Said once, however often it is tried.
    assert [log["event"] for log in logs] == ["live link lost"]
