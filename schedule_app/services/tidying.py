"""Rows that are of no use any more are removed, a batch at a time."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import TextClause, text

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.services.once import KEPT_FOR as KEYS_KEPT_FOR

#: Rows that one transaction removes.
BATCH: Final = 1000
#: How long ended sessions and attempts to sign in are kept, which tell what happened to an account.
SIGN_INS_KEPT_FOR: Final = timedelta(days=30)
#: How long jobs are kept that failed and that nobody tried again.
JOBS_KEPT_FOR: Final = timedelta(days=30)


def _removing(table: str, key: str, condition: str) -> TextClause:
    # Whoever works with such a row just now is not waited for.
    return text(f"""
        WITH old AS (SELECT {key} FROM {table} WHERE {condition} LIMIT :batch FOR UPDATE SKIP LOCKED)
        DELETE FROM {table} USING old
        WHERE {" AND ".join(f"{table}.{column} = old.{column}" for column in key.split(", "))}
    """)  # noqa: S608 - constants


_NOTIFICATIONS = _removing("notifications", "id", "expires_at <= now()")
_SESSIONS = _removing("auth_sessions", "id", "least(expires_at, revoked_at) < now() - :kept_for")
_ATTEMPTS = _removing("login_attempts", "id", "at < now() - :kept_for")
_KEYS = _removing("command_keys", "employee_id, key", "created_at < now() - :kept_for")
_JOBS = _removing(
    "procrastinate_jobs",
    "id",
    """
    status NOT IN ('todo', 'doing') AND NOT EXISTS (
        SELECT FROM procrastinate_events AS event
        WHERE event.job_id = procrastinate_jobs.id AND event.at >= now() - :kept_for)
    """,
)
_FAILURES = _removing(
    "job_failures",
    "job_id",
    "NOT EXISTS (SELECT FROM procrastinate_jobs WHERE procrastinate_jobs.id = job_failures.job_id)",
)
# A job that is done every so often was done again since, or will be.
_OVERTAKEN = _removing(
    "procrastinate_jobs",
    "id",
    """
    status NOT IN ('todo', 'doing') AND queueing_lock IS NOT NULL AND EXISTS (
        SELECT FROM procrastinate_jobs AS newer
        WHERE newer.queueing_lock = procrastinate_jobs.queueing_lock AND newer.id > procrastinate_jobs.id
          AND newer.status <> 'todo')
    """,
)


async def remove_expired_notifications() -> int:
    """Remove notifications whose time is over, with how they went out. Many processes may do this at once.

    Returns:
        How many there were.
    """
    return await _remove(_NOTIFICATIONS)


async def remove_leftovers() -> int:
    """Remove ended sessions, old attempts to sign in, keys of commands, and failed jobs, old ones or done since.

    Many processes may do this at once.

    Returns:
        How many rows there were.
    """
    removed = await _remove(_SESSIONS, kept_for=SIGN_INS_KEPT_FOR)
    removed += await _remove(_ATTEMPTS, kept_for=SIGN_INS_KEPT_FOR)
    removed += await _remove(_KEYS, kept_for=KEYS_KEPT_FOR)
    removed += await _remove(_OVERTAKEN)
    removed += await _remove(_JOBS, kept_for=JOBS_KEPT_FOR)
    return removed + await _remove(_FAILURES)


async def _remove(statement: TextClause, **values: Any) -> int:  # noqa: ANN401 - of the statement
    removed = 0
    while True:
        count = await _remove_some(statement, values)
        removed += count
        if count < BATCH:
            return removed


@retrying
async def _remove_some(statement: TextClause, values: dict[str, Any]) -> int:
    async with unit_of_work() as session:
        result = await session.execute(statement, {**values, "batch": BATCH})
        return result.rowcount  # type: ignore[attr-defined]
