"""The queue of jobs, in PostgreSQL: a job is put there by the transaction that asks for it, or not at all."""

from datetime import datetime
from typing import Any, Final

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncSession

_JOBS: Final = "jobs"

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


def take_deferred(session: AsyncSession) -> list[Job]:
    """The jobs which a unit of work has asked for, once."""
    return [
        queue.configure_task(task, schedule_at=at, priority=priority, lock=lock).make_new_job(**dict(arguments))
        for task, at, priority, lock, arguments in session.info.pop(_JOBS, {})
    ]


async def put(connection: AsyncConnection[Any], jobs: list[Job]) -> None:
    """Put jobs into the queue in the transaction that is open on a connection.

    Raises:
        psycopg.Error: As the driver would raise it.
    """
    if not jobs:
        return
    try:
        await queue.job_manager.batch_defer_jobs_async(jobs, connection=connection)
    except ConnectorException as error:
        raise error.__cause__ or error from None
