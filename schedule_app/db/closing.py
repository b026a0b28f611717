"""How transactions end: with their last statements and the COMMIT in one round trip, and seldom with a ROLLBACK."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Final

import psycopg
from sqlalchemy import TextClause, exc
from sqlalchemy.dialects.postgresql import psycopg as dialect
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import ScheduleError

_QUEUE: Final = "closing"


def at_commit(session: AsyncSession, statement: TextClause, values: Mapping[str, Any]) -> None:
    """Have a unit of work execute a statement just before it commits, in the order of these calls.

    For statements whose results nobody reads. They cost one round trip together, and what they lock (the audit log of a
    site) is held while the server works, not while this program gets round to its next message.
    """
    session.info.setdefault(_QUEUE, []).append((_driver_sql(statement), values))


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


async def commit(session: AsyncSession) -> None:
    """Execute what waits and commit.

    Raises:
        sqlalchemy.exc.DBAPIError: As SQLAlchemy would raise it.
    """
    waiting = session.info.pop(_QUEUE, [])
    if waiting:
        await session.flush()
        connection: Any = (await (await session.connection()).get_raw_connection()).driver_connection
        try:
            async with connection.pipeline():
                for statement, values in waiting:
                    await connection.execute(statement, values)
                await connection.commit()
        except psycopg.Error as error:
            raise exc.DBAPIError.instance("COMMIT", None, error, psycopg.Error) from error
    await session.commit()


@lru_cache(maxsize=100)
def _driver_sql(statement: TextClause) -> str:
    return str(statement.compile(dialect=dialect.dialect()))
