"""Brings a database's schema to the version this program needs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import exc

from alembic import command

_ROOT = Path(__file__).parents[2]


class MigrationError(Exception):
    """The schema could not be brought to the wanted version; the message is one sentence."""


def alembic_config(url: str) -> Config:
    """Alembic's configuration for a database other than the one in the settings."""
    config = Config(_ROOT / "alembic.ini")
    config.attributes["url"] = url
    return config


def run_migrations(url: str, *, revision: str = "head") -> None:
    """Upgrade the database. Blocks; may be called from any thread, one that runs an event loop included.

    Raises:
        MigrationError: When the database cannot be reached, or refuses a step. Then nothing was changed.
    """
    _run(lambda: command.upgrade(alembic_config(url), revision))


def undo_migrations(url: str, *, revision: str = "base") -> None:
    """Downgrade the database, by default to nothing. Blocks like `run_migrations`.

    Raises:
        MigrationError: As `run_migrations`.
    """
    _run(lambda: command.downgrade(alembic_config(url), revision))


def _run(migration: Callable[[], None]) -> None:
    # The environment starts an event loop of its own, which a thread that already runs one does not allow.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="migrations") as thread:
        try:
            thread.submit(migration).result()
        except exc.DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise MigrationError(f"The database could not be prepared: {reason}") from error
        except CommandError as error:
            raise MigrationError(f"The database does not fit this version of the program: {error}") from error
