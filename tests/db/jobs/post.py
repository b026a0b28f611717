"""An installation whose mails and push messages go to servers of this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from schedule_app.jobs.delivering import deliver
from schedule_app.jobs.dispatching import dispatch
from schedule_app.models import Employee
from schedule_app.settings import get_settings
from tests.db.services.scene import execute, rows, writing


@contextmanager
def configured(**settings: str) -> Iterator[None]:
    """Other settings while the block runs."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in settings.items():
            environment.setenv(name, value)
        get_settings.cache_clear()
        try:
            yield
        finally:
            get_settings.cache_clear()


async def work() -> None:
    """Do the jobs that are in the queue and due, as a worker does, until there is none."""
    jobs = {"dispatch": dispatch, "deliver": deliver}
    while due := await _take("scheduled_at IS NULL OR scheduled_at <= now()"):
        for _, name, arguments in due:
            await jobs[name](**arguments)


async def work_off() -> None:
    """Do the jobs that are in the queue, also those that wait for what else happens."""
    await work()
    await pass_time()
    await work()


async def lose_jobs() -> None:
    """As if the worker that had them had died, and nobody knew."""
    await _take("true")


async def _take(which: str) -> list[Any]:
    async with writing() as session:
        taken = text(f"DELETE FROM procrastinate_jobs WHERE {which} RETURNING id, task_name, args")
        return sorted((await session.execute(taken)).all())


async def pass_time() -> None:
    """Everything that waits for its time is due now."""
    await execute("UPDATE notification_deliveries SET due_at = now() - interval '1 minute' WHERE status = 'created'")
    await execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


async def ledger(employee: Employee, channel: str = "email") -> list[Any]:
    """What became of what somebody was told on a channel: status, attempts and reason of each, oldest first."""
    return await rows(
        "SELECT status, attempts, failure_reason FROM notification_deliveries JOIN notifications"
        " ON notifications.id = notification_id WHERE notifications.recipient_id = :id AND channel = :channel"
        " ORDER BY notification_id",
        id=employee.id,
        channel=channel,
    )
