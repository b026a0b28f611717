"""The queue of jobs, in PostgreSQL: a job is put there by the transaction that asks for it, or not at all."""

from datetime import datetime
from typing import Any, Final

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from psycopg import AsyncConnection
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_JOBS: Final = "jobs"
_RUNS: Final = "runs"

# Above all other jobs: they are short, and in the index of what waits they are found by it.
_RUN_PRIORITY: Final = 100

# Held by whoever may rely on a run that waits, until they have committed.
_RELY: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended('run:' || %(task)s, 0))"

_PUT_RUN: Final = """
    SELECT procrastinate_defer_jobs_v1(
        ARRAY[ROW('default', %(task)s, %(priority)s, NULL, NULL, '{}', NULL)::procrastinate_job_to_defer_v1]
    )
    WHERE NOT EXISTS (
        SELECT FROM procrastinate_jobs WHERE status = 'todo' AND priority = %(priority)s AND task_name = %(task)s
    )
"""

_LET_COMMIT: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('run:' || :task, 0))")

#: Tasks are added to it by the modules of `jobs`; its own connections are opened by a worker.
queue: Final = App(connector=PsycopgConnector())


def defer(
    session: AsyncSession,
    task: str,
    *,
    at: datetime | None = None,
    priority: int = 0,
    lock: str | None = None,
    **arguments: int | str,
) -> None:
    """Have a unit of work put a job into the queue as it commits; asked for twice, it is there once.

    Args:
        session: The unit of work.
        task: The name of the task.
        at: When, at the earliest.
        priority: Higher ones are taken first.
        lock: Jobs with the same one run one after the other.
        **arguments: What the task is called with.
    """
    wanted = (task, at, priority, lock, tuple(sorted(arguments.items())))
    session.info.setdefault(_JOBS, {})[wanted] = None


def ensure_run(session: AsyncSession, task: str) -> None:
    """Have a task without arguments run after a unit of work commits: by a job that waits already, or by one more.

    The task calls `let_askers_commit` before it looks for what there is to do.
    """
    session.info.setdefault(_RUNS, {})[task] = None


async def let_askers_commit(session: AsyncSession, task: str) -> None:
    """Wait for everybody who relies on the run that has just begun, in a transaction that does nothing else."""
    await session.execute(_LET_COMMIT, {"task": task})


def take_deferred(session: AsyncSession) -> list[Job]:
    """The jobs which a unit of work has asked for, once."""
    return [
        queue.configure_task(task, schedule_at=at, priority=priority, lock=lock).make_new_job(**dict(arguments))
        for task, at, priority, lock, arguments in session.info.pop(_JOBS, {})
    ]


def take_runs(session: AsyncSession) -> list[str]:
    """The tasks of which a unit of work has asked for a run, once."""
    return list(session.info.pop(_RUNS, {}))


async def put(connection: AsyncConnection[Any], jobs: list[Job], runs: list[str]) -> None:
    """Put jobs into the queue, and see to it that tasks run, in the transaction that is open on a connection.

    Nothing else may be locked after it: who waits for those who rely on a run holds up others who would.

    Raises:
        psycopg.Error: As the driver would raise it.
    """
    if jobs:
        try:
            await queue.job_manager.batch_defer_jobs_async(jobs, connection=connection)
        except ConnectorException as error:
            raise error.__cause__ or error from None
    for task in runs:
        await connection.execute(_RELY, {"task": task})
        await connection.execute(_PUT_RUN, {"task": task, "priority": _RUN_PRIORITY})
