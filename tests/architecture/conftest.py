"""One database for the folder: nearly everything tried here must leave it as it was."""

from collections.abc import AsyncIterator

import pytest

from tests.support.database import Database, Server, application_database


@pytest.fixture(scope="package")
async def shared_database(postgres: Server) -> AsyncIterator[Database]:
    """A migrated database that the application's own engine uses."""
    async with application_database(postgres) as database:
        yield database
