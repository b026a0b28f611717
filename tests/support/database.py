"""A real PostgreSQL for tests: one server per test process, one copy of the migrated database per test."""

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from schedule_app.db import embedded
from schedule_app.db.engine import dispose
from schedule_app.db.migrate import run_migrations
from schedule_app.settings import get_settings

# Test data need not survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}

ROOM_BYTES = 2 * 1024**3

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """The test process's PostgreSQL.

    Attributes:
        url: Its migrated database, which is copied and never written.
        used: Names of databases which are done with. They are dropped when the next one is made: PostgreSQL waits a
            tenth of a second for connections that were closed only just now.
    """

    url: str
    used: list[str] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        """For psycopg: the server's maintenance database."""
        return _dsn(self.url, "postgres")


@dataclass(frozen=True, slots=True)
class Database:
    """One test's database: `url` for settings and SQLAlchemy, `dsn` for psycopg."""

    url: str
    dsn: str


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """A server in a folder of its own, with the schema migrated."""
    # Not pytest's own temporary folder: that one is closed to the account which runs the server for root.
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-tests-", dir=memory_folder()))
    try:
        url = embedded.start(folder, options=HASTY)
        run_migrations(url)
        yield Server(url)
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder)


@contextlib.contextmanager
def fresh_database(server: Server, *, migrated: bool = True) -> Iterator[Database]:
    """A new database, either with the whole schema and no rows or with nothing at all."""
    name = f"test_{next(_numbers)}"
    template = make_url(server.url).database if migrated else "template0"
    # Copying files is the quicker of the two ways for a database this small.
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        while server.used:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(server.used.pop())))
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template or "")))
    try:
        url = make_url(server.url).set(database=name).render_as_string(hide_password=False)
        yield Database(url, _dsn(server.url, name))
    finally:
        server.used.append(name)


@contextlib.asynccontextmanager
async def application_database(server: Server) -> AsyncIterator[Database]:
    """A new database which the application's own engine uses for as long as the block runs."""
    with fresh_database(server) as database:
        async with in_use(database):
            yield database


@contextlib.asynccontextmanager
async def in_use(database: Database, **settings: str) -> AsyncIterator[None]:
    """Let the application's own engine use a database, and the application other settings, while the block runs."""
    with pytest.MonkeyPatch.context() as environment:
        # Fixtures of a wider scope may still hold a database of theirs; from here on this one counts.
        await dispose()
        for name, value in {"DATABASE_URL": database.url, **settings}.items():
            environment.setenv(name, value)
        get_settings.cache_clear()
        try:
            yield
        finally:
            await dispose()
            get_settings.cache_clear()


def memory_folder() -> Path | None:
    """A folder in memory with room to spare, or None: copying a database there takes a fifth of the time."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > ROOM_BYTES else None


def _dsn(url: str, name: str) -> str:
    return make_url(url).set(drivername="postgresql", database=name).render_as_string(hide_password=False)
