"""The process beside the pages: it does the jobs of the queue, searches for plans, and offers shifts that are open."""

import asyncio
import contextlib
import signal
import sys
from typing import Final
from uuid import UUID, uuid4

import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker
from psycopg import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from schedule_app.channels import switched_on
from schedule_app.db.engine import connect_options, dispose
from schedule_app.db.queue import queue
from schedule_app.domain.errors import ScheduleError
from schedule_app.jobs import delivering, dispatching, minding, swap_expiry
from schedule_app.jobs.offering import offer_when_due
from schedule_app.jobs.solving import solve_when_asked
from schedule_app.live.listener import direct_conninfo
from schedule_app.services.operating import note_channels, note_failure
from schedule_app.settings import get_settings

log = structlog.get_logger(__name__)

#: The modules whose tasks a worker knows.
TASKS: Final = (delivering, dispatching, minding, swap_expiry)

#: More than all channels send at once.
_JOBS_AT_ONCE: Final = 16
#: How long jobs that have begun may go on when the worker is told to end.
_GRACE_SECONDS: Final = 10
_AGAIN_SECONDS: Final = 1
_CHANNELS_SECONDS: Final = 10


async def work(*, is_child: bool = False, heartbeat_seconds: float = 5, stalled_seconds: float = 20) -> None:
    """Work until told to end by a signal, or by the end of standard input.

    Args:
        is_child: Whether standard input tells that the process which started this one is gone.
        heartbeat_seconds: How often this worker says that it is alive.
        stalled_seconds: Jobs of workers that have not said so for this long are done by another.
    """
    this = asyncio.current_task()
    assert this is not None  # noqa: S101 (a coroutine runs in a task)
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(ending, this.cancel)
    if is_child:
        # Ctrl-C reaches both; the other one says when it is time.
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        loop.add_reader(sys.stdin, this.cancel)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(solve_when_asked())
            tasks.create_task(offer_when_due())
            tasks.create_task(do_jobs(heartbeat_seconds, stalled_seconds))
    except asyncio.CancelledError:
        log.info("the worker ends")
    finally:
        if is_child:
            loop.remove_reader(sys.stdin)
        await dispose()


async def do_jobs(heartbeat_seconds: float, stalled_seconds: float, at_once: int = _JOBS_AT_ONCE) -> None:
    """Do jobs, so many at once, until cancelled, beginning anew whenever the database comes back."""
    worker, this = uuid4(), asyncio.current_task()
    while True:
        connector = PsycopgConnector(
            conninfo=await asyncio.to_thread(direct_conninfo), kwargs=connect_options(), min_size=1, max_size=4
        )
        # The library ends quietly where it lost its database, or says so in one of these ways.
        with contextlib.suppress(ConnectorException, OperationalError), queue.replace_connector(connector) as jobs:
            async with jobs.open_async():
                await _do_jobs(jobs, worker, heartbeat_seconds, stalled_seconds, at_once)
        if this is not None and this.cancelling():
            # What closing its connections came to must not hide that it was told to end.
            raise asyncio.CancelledError
        log.warning("the worker has lost the database and begins anew")
        await asyncio.sleep(_AGAIN_SECONDS)


async def _do_jobs(jobs: App, worker: UUID, heartbeat_seconds: float, stalled_seconds: float, at_once: int) -> None:
    taking_back = asyncio.create_task(_take_back(jobs, stalled_seconds))
    saying = asyncio.create_task(_say_channels(worker))
    try:
        await jobs.run_worker_async(
            concurrency=at_once,
            delete_jobs="successful",
            install_signal_handlers=False,
            shutdown_graceful_timeout=_GRACE_SECONDS,
            update_heartbeat_interval=heartbeat_seconds,
            stalled_worker_timeout=stalled_seconds,
            task_middleware=[_note_why],
        )
    finally:
        taking_back.cancel()
        saying.cancel()


async def _say_channels(worker: UUID) -> None:
    """Say every few seconds what this worker can send, so that others leave to it what they cannot."""
    while True:
        with contextlib.suppress(ScheduleError, SQLAlchemyError):
            await note_channels(worker, switched_on(get_settings()))
        await asyncio.sleep(_CHANNELS_SECONDS)


async def _take_back(jobs: App, stalled_seconds: float) -> None:
    """Put jobs back into the queue whose worker is gone; any number of workers may look."""
    while True:
        with contextlib.suppress(ConnectorException):
            for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds):
                log.warning("a worker is gone, its job is done by another", task=job.task_name, job=job.id)
                await _put_back(jobs, job)
            await jobs.job_manager.prune_stalled_workers(stalled_seconds)
        await asyncio.sleep(stalled_seconds / 2)


async def _put_back(jobs: App, job: Job) -> None:
    try:
        await jobs.job_manager.retry_job(job)
    except UniqueViolation:
        # What is done every so often waits to be done already.
        await jobs.job_manager.finish_job(job, Status.FAILED, delete_job=True)
    except ConnectorException:
        # Another worker was quicker, or the database is gone, which the next one finds out as well.
        log.info("a job is taken back by another worker", job=job.id)


async def _note_why(call_next: AsyncCallNext, context: JobContext, _worker: Worker) -> object:
    """Keep why a job fails, in one line; around each of them."""
    try:
        return await call_next()
    except Exception as error:
        words = " ".join(str(error).split()) or "It gave no reason."
        # Whatever state the database is in: that the job has failed is noted by its queue.
        with contextlib.suppress(ScheduleError, SQLAlchemyError):
            await note_failure(context.job.id or 0, f"{type(error).__name__}: {words}")
        raise
