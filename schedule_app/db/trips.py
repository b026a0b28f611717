"""Fewer waits for the database: statements that travel together, and transactions that seldom end with a ROLLBACK."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final, TypeAlias

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import TextClause, exc, text
from sqlalchemy.dialects.postgresql import psycopg as dialect
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.queue import put, take_deferred, take_runs
from schedule_app.domain.errors import ScheduleError

Query: TypeAlias = tuple[TextClause, Mapping[str, Any]]
# A named tuple with the columns of its statement.
Record: TypeAlias = Any

_AT_COMMIT: Final = "at_commit"

_NUMBER: Final = text("SELECT pg_current_xact_id_if_assigned()::text")

#: The number of the transaction which this task committed last, as its notifications tell it; "" where it is not known.
committed: Final[ContextVar[str]] = ContextVar("committed", default="")


async def fetch_together(session: AsyncSession, *queries: Query) -> list[list[Record]]:
    """Execute statements one after the other in one round trip. Each sees what the ones before it waited for.

    Returns:
        The rows of each.

    Raises:
        sqlalchemy.exc.DBAPIError: As SQLAlchemy would raise it.
    """
    async with _pipeline(session) as connection:
        cursors = [connection.cursor(row_factory=namedtuple_row) for _ in queries]
        for cursor, (statement, values) in zip(cursors, queries, strict=True):
            await cursor.execute(_driver_sql(statement), values)
    return [await cursor.fetchall() for cursor in cursors]


def at_commit(session: AsyncSession, statement: TextClause, values: Mapping[str, Any]) -> None:
    """Have a unit of work execute a statement just before it commits, in the order of these calls.

    For statements whose results nobody reads. They cost one round trip together, and what they lock (the audit log of a
    site) is held while the server works, not while this program gets round to its next message.
    """
    session.info.setdefault(_AT_COMMIT, []).append((statement, values))


async def commit(session: AsyncSession) -> None:
    """Execute what waits, put the jobs asked for into the queue, and commit.

    Raises:
        sqlalchemy.exc.DBAPIError: As SQLAlchemy would raise it.
    """
    waiting: list[Query] = session.info.pop(_AT_COMMIT, [])
    jobs, runs = take_deferred(session), take_runs(session)
    number = ""
    if waiting or jobs or runs:
        await session.flush()
        async with _pipeline(session) as connection:
            for statement, values in waiting:
                await connection.execute(_driver_sql(statement), values)
            await put(connection, jobs, runs)
            numbered = await connection.execute(_driver_sql(_NUMBER))
            await connection.commit()
        [number] = await numbered.fetchone() or [""]
    await session.commit()
    committed.set(number or "")


@asynccontextmanager
async def before_writing(session: AsyncSession) -> AsyncIterator[None]:
    """End the transaction with COMMIT when something inside refuses. Nothing may have been written before that.

    At a ROLLBACK psycopg forgets all prepared statements of the connection, and planning them anew costs more than
    running them. Refusals are ordinary answers, and many come at once where many people want the same.
    """
    try:
        yield
    except ScheduleError:
        await session.commit()
        raise


@asynccontextmanager
async def _pipeline(session: AsyncSession) -> AsyncIterator[psycopg.AsyncConnection[Any]]:
    pooled = await session.connection()
    connection: Any = (await pooled.get_raw_connection()).driver_connection
    try:
        async with connection.pipeline():
            yield connection
    except psycopg.Error as error:
        is_lost = connection.closed
        if is_lost:
            await pooled.invalidate(error)
        raise exc.DBAPIError.instance(
            None, None, error, psycopg.Error, connection_invalidated=is_lost, dialect=pooled.dialect
        ) from error
    except asyncio.CancelledError:
        # Answers may still be under way, and nobody will read them.
        await pooled.invalidate()
        raise


@lru_cache(maxsize=100)
def _driver_sql(statement: TextClause) -> bytes:
    return str(statement.compile(dialect=dialect.dialect())).encode()
