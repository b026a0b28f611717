"""Connections, sessions and transactions. The only place where sessions are made and commits happen."""

import asyncio
import functools
import os
import random
import select
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar

import psycopg
from sqlalchemy import event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from schedule_app.db import embedded, trips
from schedule_app.db.errors import as_domain_error, sql_state
from schedule_app.domain.errors import Conflict
from schedule_app.settings import Settings, get_settings

APPLICATION_NAME = "schedule_app"
STATEMENT_TIMEOUT_SECONDS = 30
POOL_TIMEOUT_SECONDS = 10
# A connection that rested this long may have been forgotten on the way, without a word to either end.
RESTED_SECONDS = 5
#: A link to another machine that dies without a word is given up after about half a minute.
LINK: dict[str, object] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
RETRIES = 3
# Serialisation failure and deadlock: the same work, tried again, may pass.
RETRYABLE_STATES = frozenset({"40001", "40P01"})

P = ParamSpec("P")
T = TypeVar("T")

# A pool belongs to the process and to the event loop which opened its connections.
_engines: dict[tuple[int, asyncio.AbstractEventLoop], AsyncEngine] = {}


def database_url(settings: Settings) -> str:
    """The database's address; starts the embedded server when there is no DATABASE_URL.

    Raises:
        EmbeddedDatabaseError: When the embedded server cannot be used.
    """
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return embedded.start(settings.data_dir)


def connect_options(statement_timeout_seconds: int = STATEMENT_TIMEOUT_SECONDS) -> dict[str, object]:
    """What every connection of the application says when it is opened."""
    # The statements are the same all day, in triggers too, and planning them anew often takes longer than running them.
    options = {
        "timezone": "UTC",
        "statement_timeout": f"{statement_timeout_seconds}s",
        "plan_cache_mode": "force_generic_plan",
    }
    return {
        **LINK,
        "application_name": APPLICATION_NAME,
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
    }


def engine() -> AsyncEngine:
    """The pool of this process and event loop, made at first use."""
    key = (os.getpid(), asyncio.get_running_loop())
    if key not in _engines:
        settings = get_settings()
        _engines[key] = pool = create_async_engine(
            database_url(settings),
            pool_size=settings.db_pool_size,
            max_overflow=settings.db_max_overflow,
            pool_recycle=settings.db_pool_recycle,
            pool_timeout=POOL_TIMEOUT_SECONDS,
            connect_args=connect_options(),
            # What people typed, and hashes of their passwords, have no place in a traceback.
            hide_parameters=True,
        )
        if settings.db_pool_pre_ping:
            _ping_before_use(pool)
    return _engines[key]


def _ping_before_use(pool: AsyncEngine) -> None:
    """Ask a connection whether it lives before it is used, where that is in doubt.

    SQLAlchemy's own `pool_pre_ping` asks every time, which is one wait more for each transaction. A server that stops
    says so, or hangs up: there is something to read on a connection on which nobody has asked anything.
    """

    @event.listens_for(pool.sync_engine, "checkout")
    def ping(connection: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        now = time.monotonic()
        has_rested = now - record.info.get("used_at", now) > RESTED_SECONDS
        record.info["used_at"] = now
        try:
            if has_rested or _is_readable(connection.driver_connection.fileno()):
                pool.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise exc.InvalidatePoolError from error


def _is_readable(fileno: int) -> bool:
    poll = select.poll()
    poll.register(fileno, select.POLLIN)
    return bool(poll.poll(0))


async def dispose() -> None:
    """Close the pool of this process and event loop; the next use opens a new one."""
    pool = _engines.pop((os.getpid(), asyncio.get_running_loop()), None)
    if pool is not None:
        await pool.dispose()


@asynccontextmanager
async def read_session() -> AsyncIterator[AsyncSession]:
    """A session for reading: all its statements see one and the same state of the database, and none may write.

    Raises:
        ScheduleError: In place of a database error which has a meaning for the user, see `db.errors`.
    """
    reader = engine().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        async with AsyncSession(reader, expire_on_commit=False, autoflush=False) as session:
            yield session
            # psycopg forgets its prepared statements at every rollback, and planning anew costs more than running.
            await session.commit()
    except exc.SQLAlchemyError as error:
        meaning = as_domain_error(error)
        if meaning is None:
            raise
        raise meaning from error


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[AsyncSession]:
    """One transaction: committed when the block ends, rolled back when it raises.

    Raises:
        ScheduleError: In place of a database error which has a meaning for the user, see `db.errors`.
    """
    async with AsyncSession(engine(), expire_on_commit=False) as session:
        try:
            yield session
            await trips.commit(session)
        except exc.SQLAlchemyError as error:
            await session.rollback()
            meaning = as_domain_error(error)
            if meaning is None:
                raise
            raise meaning from error


def retrying(verb: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Run a service verb again, at most three times, when the database gave it up for another transaction's sake.

    Raises:
        Conflict: When the last attempt failed for the same reason.
    """

    @functools.wraps(verb)
    async def attempt(*args: P.args, **kwargs: P.kwargs) -> T:
        turn = 0
        while True:
            try:
                return await verb(*args, **kwargs)
            except exc.DBAPIError as error:
                if sql_state(error) not in RETRYABLE_STATES:
                    raise
                if turn == RETRIES:
                    raise Conflict from error
            # Jitter spreads out transactions which met; it needs no secrecy.
            await asyncio.sleep(random.uniform(0.2, 1.0) * 0.02 * 2**turn)  # noqa: S311
            turn += 1

    return attempt
