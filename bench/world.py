"""A site of its own for a benchmark: embedded PostgreSQL as the product runs it, people who are signed in, the app."""

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from schedule_app.db import embedded
from schedule_app.db.migrate import run_migrations
from schedule_app.services.sign_in import hash_token
from schedule_app.settings import get_settings
from tests.support.app import SECRET_KEY, App, running_app


@dataclass(frozen=True, slots=True)
class World:
    """A running app over a database of its own."""

    app: App
    dsn: str


@contextlib.contextmanager
def database(environment: MutableMapping[str, str]) -> Iterator[str]:
    """An empty, migrated database in a temporary folder, durable like a real one; set in the environment.

    Yields:
        Its URL.
    """
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-bench-"))
    try:
        url = embedded.start(folder)
        run_migrations(url)
        environment.update(DATABASE_URL=url, SECRET_KEY=SECRET_KEY)
        get_settings.cache_clear()
        yield url
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder)


@contextlib.contextmanager
def served(url: str) -> Iterator[World]:
    """The app serving a database."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with (
        tempfile.TemporaryDirectory(prefix="schedule-app-bench-log-") as folder,
        running_app(url, Path(folder) / "app.log") as app,
    ):
        yield World(app, dsn)


def sign_in(dsn: str, employee_ids: list[int]) -> list[str]:
    """Open a session for each of these people.

    Returns:
        A cookie header for each.
    """
    tokens = [secrets.token_urlsafe(32) for _ in employee_ids]
    with psycopg.connect(dsn) as connection:
        connection.cursor().executemany(
            "INSERT INTO auth_sessions (employee_id, token_hash, expires_at, user_agent, ip)"
            " VALUES (%s, %s, now() + interval '1 day', 'bench', '127.0.0.1')",
            [(employee_id, hash_token(token)) for employee_id, token in zip(employee_ids, tokens, strict=True)],
        )
    return [f"schedule_session={token}" for token in tokens]


def published_week(dsn: str) -> tuple[int, int, date]:
    """Number of the published schedule, its site and its week."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT id, site_id, week_start FROM schedules WHERE status = 'published'").fetchone()
    assert row is not None
    return row[0], row[1], row[2]
