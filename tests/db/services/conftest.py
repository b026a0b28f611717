"""A database for tests that are no coroutines, because Hypothesis runs them many times."""

import asyncio
from collections.abc import Iterator

import pytest

from schedule_app.db.engine import dispose
from schedule_app.settings import get_settings
from tests.support.database import Server, fresh_database


@pytest.fixture(scope="module")
def runner(postgres: Server) -> Iterator[asyncio.Runner]:
    """Runs coroutines, on a migrated database that the whole module shares."""
    with fresh_database(postgres) as database, pytest.MonkeyPatch.context() as environment, asyncio.Runner() as runner:
        environment.setenv("DATABASE_URL", database.url)
        get_settings.cache_clear()
        try:
            yield runner
        finally:
            runner.run(dispose())
            get_settings.cache_clear()
