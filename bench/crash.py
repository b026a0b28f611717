"""Workers that are killed while they send: nothing is lost, and the inbox has everything once.

`python -m bench crash [--jobs 10000] [--workers 4] [--kills 100]` runs it on a server of its own and prints one line of
JSON. Each job tells somebody something, which goes into their inbox and out as a mail; a mail may go out twice where a
worker dies between handing it over and writing that down.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from sqlalchemy import text

from bench.crash_worker import work
from schedule_app.db import embedded
from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.db.migrate import run_migrations
from schedule_app.db.queue import defer
from schedule_app.services.dispatching import pick_up_lost
from schedule_app.settings import get_settings
from tests.support.mail_server import MailServer, mail_server

#: What nobody has worked on for so long is lost.
PATIENCE_SECONDS: Final = 240
#: How soon the jobs of a worker that is gone are done by another one; where it is hurried, too.
STALLED_SECONDS: Final = 4
HURRIED_SECONDS: Final = 2
_AT_ONCE: Final = 500

_PEOPLE = text("""
    WITH site AS (INSERT INTO sites (name, time_zone) VALUES ('Crash', 'Europe/Berlin') RETURNING id)
    INSERT INTO employees (site_id, name, email)
    SELECT site.id, 'Person ' || number, 'person' || number || '@example.com'
    FROM site, generate_series(1, :people) AS number
    RETURNING id
""")

_LEFT = text("""
    SELECT (SELECT count(*) FROM procrastinate_jobs
            WHERE task_name IN ('crash_tell', 'dispatch', 'deliver') AND status IN ('todo', 'doing')) AS jobs,
           (SELECT count(*) FROM notification_outbox) AS undispatched,
           (SELECT count(*) FROM notification_deliveries WHERE status = 'created') AS unsent
""")

# As if the time had passed for which whoever claimed a message has it to themselves.
_PASS_TIME = text("""
    UPDATE notification_deliveries SET due_at = now() - interval '1 minute'
    WHERE status = 'created' AND COALESCE(attempted_at, due_at) < now() - interval '1 second' AND NOT EXISTS (
        SELECT FROM procrastinate_jobs WHERE task_name IN ('crash_tell', 'dispatch', 'deliver'))
""")

_COUNTED = text("""
    SELECT (SELECT count(*) FROM notifications) AS inbox,
           (SELECT count(DISTINCT recipient_id) FROM notifications) AS people,
           (SELECT count(*) FROM notification_deliveries WHERE channel = 'in_app') AS in_app,
           (SELECT count(*) FROM notification_deliveries WHERE channel = 'email' AND status = 'sent') AS sent,
           (SELECT count(*) FROM notification_deliveries WHERE status = 'failed') AS given_up,
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed') AS failed_jobs
""")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is there in the end.

    Attributes:
        kills: How many workers were killed.
        inbox: Notifications, and people who have one.
        sent: Mails that the ledger knows as sent.
        mails: Mails that arrived.
        duplicates: Mails that arrived besides one for each person.
        lost: People whom no mail has reached.
    """

    jobs: int
    kills: int
    inbox: int
    people: int
    in_app: int
    sent: int
    given_up: int
    failed_jobs: int
    mails: int
    duplicates: int
    lost: int
    seconds: float

    @property
    def is_right(self) -> bool:
        """In the inbox exactly once, by mail at least once and seldom twice, and nothing lost."""
        return (
            self.inbox == self.people == self.in_app == self.sent == self.jobs
            and self.duplicates <= self.kills
            and self.lost == self.given_up == self.failed_jobs == 0
        )


async def crash(*, jobs: int, workers: int, kills: int, at_once: int = 8, is_hurried: bool = False) -> Outcome:
    """Have so many jobs done by so many workers, of which so many are killed at random moments and replaced.

    Args:
        jobs: How many.
        workers: Processes at a time.
        kills: While it goes on.
        at_once: How many jobs a worker does at once; so many mails may be on the way when it dies.
        is_hurried: Whether what a dead worker has claimed is due at once in the end, and not only when its time is up,
            and its jobs are taken back sooner.
    """
    began = time.perf_counter()
    async with mail_server() as mail:
        environment = {**os.environ, "SMTP_URL": mail.url, "MAIL_FROM": "shifts@example.com"}
        people = await _put(jobs)
        stalled_seconds = HURRIED_SECONDS if is_hurried else STALLED_SECONDS

        def begin() -> BaseProcess:
            return _begin(environment, at_once, stalled_seconds)

        team = [begin() for _ in range(workers)]
        try:
            moments = sorted(random.randrange(jobs) for _ in range(kills))
            async with asyncio.TaskGroup() as tasks:
                killing = tasks.create_task(_kill(team, mail, moments, begin))
                await _until_done(killing, mail, is_hurried=is_hurried)
                killing.cancel()
        finally:
            for each in team:
                each.kill()
                each.join()
    async with read_session() as session:
        counted = (await session.execute(_COUNTED)).one()
    reached = Counter(recipient for each in mail.received for recipient in each.recipients)
    return Outcome(
        jobs=jobs,
        kills=kills,
        **counted._asdict(),
        mails=reached.total(),
        duplicates=reached.total() - len(reached),
        lost=len(people) - len(reached),
        seconds=round(time.perf_counter() - began, 1),
    )


async def _put(jobs: int) -> list[int]:
    """Somebody for each job, and the jobs in the queue."""
    async with unit_of_work() as session:
        people = list((await session.scalars(_PEOPLE, {"people": jobs})).all())
    for start in range(0, jobs, _AT_ONCE):
        async with unit_of_work() as session:
            for recipient_id in people[start : start + _AT_ONCE]:
                defer(session, "crash_tell", recipient_id=recipient_id)
    return people


async def _kill(
    team: list[BaseProcess], mail: MailServer, moments: list[int], begin: Callable[[], BaseProcess]
) -> None:
    """Kill a worker whenever so many mails have arrived, or a moment later, and have another one begin."""
    for arrived in moments:
        while len(mail.received) < arrived:  # noqa: ASYNC110 - the server keeps a list, and tells nobody
            await asyncio.sleep(0.005)
        await asyncio.sleep(random.uniform(0, 0.1))
        place = random.randrange(len(team))
        team[place].kill()
        await asyncio.to_thread(team[place].join)
        team[place] = begin()


async def _until_done(killing: asyncio.Task[None], mail: MailServer, *, is_hurried: bool) -> None:
    seen, since = -1, time.monotonic()
    while True:
        async with read_session() as session:
            left = (await session.execute(_LEFT)).one()
        progress = len(mail.received) - left.jobs
        if progress != seen:
            seen, since = progress, time.monotonic()
        if killing.done() and not any(left):
            return
        if is_hurried and killing.done() and not left.jobs:
            async with unit_of_work() as session:
                await session.execute(_PASS_TIME)
            await pick_up_lost()
        if time.monotonic() - since > PATIENCE_SECONDS:
            return
        await asyncio.sleep(0.2)


_processes: Final = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["bench.crash_worker"])


def _begin(environment: dict[str, str], at_once: int, stalled_seconds: float) -> BaseProcess:
    """Another worker, as a process of its own."""
    process = _processes.Process(target=work, args=(environment, at_once, stalled_seconds), daemon=True)
    process.start()
    return process


async def _run(jobs: int, workers: int, kills: int) -> Outcome:
    try:
        return await crash(jobs=jobs, workers=workers, kills=kills)
    finally:
        await dispose()


def main() -> int:
    """Run it and print one JSON line."""
    parser = argparse.ArgumentParser(description="Killed workers")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--kills", type=int, default=100)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-crash-"))
    try:
        os.environ["DATABASE_URL"] = url = embedded.start(folder)
        get_settings.cache_clear()
        run_migrations(url)
        outcome = asyncio.run(_run(options.jobs, options.workers, options.kills))
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder)
    print(json.dumps({"bench": "crash", "workers": options.workers, **asdict(outcome), "is_right": outcome.is_right}))
    return 0 if outcome.is_right else 1


if __name__ == "__main__":
    raise SystemExit(main())
