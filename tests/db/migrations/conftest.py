"""What pytest-alembic's own tests need."""

from collections.abc import Iterator

import pytest
from alembic.config import Config
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from schedule_app.db.migrate import alembic_config as configured
from tests.support.database import Database


@pytest.fixture
def alembic_config(empty_database: Database) -> Config:
    """Our own configuration, on a database without tables."""
    return configured(empty_database.url)


@pytest.fixture
def alembic_engine(empty_database: Database) -> Iterator[Engine]:
    """The plugin works synchronously."""
    engine = create_engine(empty_database.url, poolclass=NullPool)
    yield engine
    engine.dispose()
