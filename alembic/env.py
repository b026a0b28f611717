"""Runs migrations over the application's own settings and driver; all of them in one transaction."""

import asyncio

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from alembic import context
from schedule_app.db.engine import connect_options, database_url
from schedule_app.models import Model
from schedule_app.settings import get_settings

# Two processes that start at once migrate one after the other; the number only has to be ours alone.
MIGRATION_LOCK = 7_206_114_855
WAIT_FOR_OTHERS_SECONDS = 60
LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "5s"


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether the models are to describe it; the tables of the queue are its library's."""
    return kind != "table" or not str(name).startswith("procrastinate_")


def migrate(connection: Connection) -> None:
    """Run what was asked for on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        compare_type=True,
        compare_server_default=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        # A migration that cannot get its locks gives up, rather than have the running application wait behind it.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'")
        context.run_migrations()


async def connect_and_migrate() -> None:
    """Open a connection to the configured database for the time of the migration."""
    url = context.config.attributes.get("url") or database_url(get_settings())
    engine = create_async_engine(url, poolclass=NullPool, connect_args=connect_options(WAIT_FOR_OTHERS_SECONDS))
    async with engine.connect() as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    raise CommandError("Migrations need a database to run on; printing them as SQL is not supported.")
given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(connect_and_migrate())
else:
    with given.connect() as open_connection:
        migrate(open_connection)
