"""Fixtures every kind of test may ask for; asking for none of them starts no server."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import engine
from tests.support.database import Database, Server, application_database, fresh_database, running_server


def pytest_configure(config: pytest.Config) -> None:
    """Keep pytest-alembic from collecting its tests here, which this pytest no longer lets it do.

    They are imported where they belong, in tests/db/migrations.
    """
    config.option.pytest_alembic_tests_path = "none"


def pytest_collection_finish() -> None:
    """Let Python no longer look for garbage in the application and the tests, which stay until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The PostgreSQL server of this test process."""
    with running_server() as server:
        yield server


@pytest.fixture
async def database(postgres: Server) -> AsyncIterator[Database]:
    """A migrated, empty database of this test's own; `read_session` and `unit_of_work` use it."""
    async with application_database(postgres) as database:
        yield database


@pytest.fixture
def empty_database(postgres: Server) -> Iterator[Database]:
    """A database without any table, for tests of migrations."""
    with fresh_database(postgres, migrated=False) as database:
        yield database


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A session on this test's database; what it does not commit is rolled back."""
    async with AsyncSession(engine(), expire_on_commit=False) as session:
        yield session
