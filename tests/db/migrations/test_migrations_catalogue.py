"""The migrated schema is, to the letter, the one in catalogue.txt.

After an intended change of the schema, write the file anew and read what changed in it:

    UPDATE_SNAPSHOT=1 python -m pytest tests/db/migrations/test_migrations_catalogue.py
"""

import os
from importlib.resources import files
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from schedule_app.db.errors import CONSTRAINTS
from schedule_app.db.migrate import run_migrations
from schedule_app.models import Model
from tests.support.catalogue import catalogue, queue_catalogue
from tests.support.database import Database, Server, fresh_database

SNAPSHOT = Path(__file__).with_name("catalogue.txt")
# Raised by a trigger under the name of a constraint.
BY_TRIGGER = {"ck_shifts_in_week"}


@pytest.fixture
def lines(empty_database: Database) -> list[str]:
    """The catalogue after all migrations."""
    run_migrations(empty_database.url)
    return catalogue(empty_database.dsn)


def test_schema_is_the_recorded_one(lines: list[str]):
    if os.environ.get("UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text("\n".join(lines) + "\n")

    assert lines == SNAPSHOT.read_text().splitlines()


def test_models_describe_the_schema_to_the_letter(postgres: Server, lines: list[str]):
    with fresh_database(postgres, migrated=False) as other:
        engine = create_engine(other.url, poolclass=NullPool)
        Model.metadata.create_all(engine)
        described = catalogue(other.dsn)

    only_migrated = ("trigger", "function")
    migrated = [line for line in lines if "alembic_version" not in line and not line.startswith(only_migrated)]
    assert described == migrated


def test_the_queue_has_the_schema_that_its_library_expects(postgres: Server, empty_database: Database):
    run_migrations(empty_database.url)
    expected = (files("procrastinate") / "sql" / "schema.sql").read_text(encoding="utf-8")
    with fresh_database(postgres, migrated=False) as other, psycopg.connect(other.dsn) as connection:
        connection.execute(expected)  # pyright: ignore[reportArgumentType, reportCallIssue] - a file of the library
        connection.commit()
        described = queue_catalogue(other.dsn)

    assert queue_catalogue(empty_database.dsn) == described


def test_nothing_is_named_by_chance(lines: list[str]):
    kinds = {"p": "pk_", "u": "uq_", "f": "fk_", "c": "ck_", "x": "ex_"}
    names = [line.split()[1].split(".")[1] for line in lines if line.startswith(("constraint", "index"))]
    names = [name for name in names if not name.startswith("alembic_version")]

    assert [name for name in names if not name.startswith((*kinds.values(), "ix_"))] == []


def test_every_constraint_with_words_for_the_user_exists(lines: list[str]):
    known = {line.split()[1].split(".")[1] for line in lines if line.startswith(("constraint", "index"))}

    assert set(CONSTRAINTS) - known == BY_TRIGGER


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE schedule_assignments DROP CONSTRAINT ex_schedule_assignments_overlap_in_force",
        "ALTER TABLE shifts DROP CONSTRAINT ck_shifts_required_staff",
        "ALTER TABLE shifts DISABLE TRIGGER shifts_guard",
        "DROP TRIGGER schedules_guard ON schedules",
        "DROP INDEX ix_rules_constraints",
        "ALTER TABLE sites ALTER COLUMN currency DROP NOT NULL",
        "ALTER TABLE shifts ALTER COLUMN priority SET DEFAULT 1",
        "CREATE OR REPLACE FUNCTION guard_shift() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_catalogue_sees_what_alembic_does_not(empty_database: Database, lines: list[str], change: str):
    with psycopg.connect(empty_database.dsn) as connection:
        connection.execute(change.encode())

    assert catalogue(empty_database.dsn) != lines
