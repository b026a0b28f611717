"""Migrations on a database with rows in it: up, down and up again."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncSession

from alembic import command
from schedule_app.db.engine import dispose
from schedule_app.db.migrate import MigrationError, alembic_config, run_migrations, undo_migrations
from schedule_app.models import AuditEntry, AuthSession, LoginAttempt, Model, NotificationDelivery, RuleViolation
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_department,
    build_employee,
    build_notification,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.catalogue import catalogue
from tests.support.database import Database

# Those of later migrations go with them.
LATER = {
    *("announcements", "calendar_feeds", "call_outs", "claims", "command_keys", "invitations", "job_failures"),
    *(
        "notification_outbox",
        "notification_preferences",
        "offer_waves",
        "push_subscriptions",
        "removed_assignments",
        "shift_offers",
        "solve_runs",
    ),
    *("swap_invitees", "swap_requests", "templates", "time_off_requests", "watched_people", "worker_channels"),
}
TABLES = sorted(Model.metadata.tables.keys() - LATER)


async def fill(session: AsyncSession) -> None:
    """Rows in every table, in every status of a schedule."""
    site = await build_site(session)
    department = await build_department(session, site)
    bob = await build_employee(session, site, department_id=department.id)
    for number, status in enumerate(("archived", "published", "draft"), start=1):
        schedule = await build_schedule(session, site, version_number=number)
        shift = await build_shift(session, schedule, department_id=department.id)
        assignment = await build_assignment(session, shift, bob)
        session.add(
            RuleViolation(
                schedule_id=schedule.id,
                assignment_id=assignment.id,
                rule_type="overtime",
                severity="warn",
                message="Much.",
            )
        )
        await advance_schedule(session, schedule, status, by=bob)
    await build_rule(session, site, department_id=department.id)
    notification = await build_notification(session, bob)
    session.add_all(
        [
            NotificationDelivery(notification_id=notification.id),
            AuditEntry(action="site.made", entity_type="site", entity_id=site.id, site_id=site.id, actor_id=bob.id),
            AuthSession(employee_id=bob.id, token_hash=bytes(32), expires_at=datetime(2027, 1, 1, tzinfo=UTC)),
            LoginAttempt(email_hash=bytes(32), ip="::1", succeeded=True),
        ]
    )
    await session.commit()
    await session.close()
    await dispose()


def rows(dsn: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    with psycopg.connect(dsn) as connection:
        every = sql.SQL("SELECT to_jsonb(t) FROM {} AS t ORDER BY id")
        return {name: connection.execute(every.format(sql.Identifier(name))).fetchall() for name in TABLES}


async def test_guards_and_topics_come_and_go_without_touching_rows(session: AsyncSession, database: Database):
    await fill(session)
    undo_migrations(database.url, revision="live_topics")
    before = rows(database.dsn)
    assert all(before.values())

    undo_migrations(database.url, revision="first_schema")
    assert rows(database.dsn) == before
    assert not [line for line in catalogue(database.dsn) if line.startswith(("trigger", "function"))]

    run_migrations(database.url, revision="live_topics")
    assert rows(database.dsn) == before


async def test_entries_from_before_commands_keep_their_hash_and_cannot_be_undone(
    session: AsyncSession, database: Database
):
    undo_migrations(database.url, revision="live_topics")
    write = "INSERT INTO audit_entries (action, entity_type, entity_id) VALUES ('rename', 'site', 1)"
    with psycopg.connect(database.dsn) as connection:
        connection.execute(write)
    run_migrations(database.url)
    with psycopg.connect(database.dsn) as connection:
        connection.execute(write)
        chain = connection.execute(
            "SELECT e.command_id IS NULL, e.changes IS NULL, e.hash = audit_entry_hash(e), e.previous_hash ="
            " lag(hash) OVER (ORDER BY id) FROM audit_entries AS e ORDER BY id"
        ).fetchall()

    assert chain == [(True, True, True, None), (False, True, True, True)]


async def test_down_to_nothing_and_up_again(session: AsyncSession, database: Database):
    complete = catalogue(database.dsn)
    await fill(session)

    undo_migrations(database.url)
    left = [line for line in catalogue(database.dsn) if "alembic_version" not in line and "plpgsql" not in line]
    assert left == []

    run_migrations(database.url)
    assert catalogue(database.dsn) == complete
    assert not any(rows(database.dsn).values())


def test_models_agree_with_migrations(empty_database: Database):
    run_migrations(empty_database.url)

    command.check(alembic_config(empty_database.url))


async def test_migrations_run_from_within_an_event_loop(database: Database):
    complete = catalogue(database.dsn)
    run_migrations(database.url)

    assert catalogue(database.dsn) == complete


def test_unreachable_database_is_told_in_one_sentence():
    with pytest.raises(MigrationError) as refused:
        run_migrations("postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    assert "\n" not in str(refused.value)
    assert "Connection refused" in str(refused.value)


def test_database_of_a_newer_program_is_told_in_one_sentence(empty_database: Database):
    run_migrations(empty_database.url)
    with psycopg.connect(empty_database.dsn) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from_the_future'")

    with pytest.raises(MigrationError, match="does not fit this version of the program"):
        run_migrations(empty_database.url)


def test_migration_gives_up_when_it_cannot_lock_and_changes_nothing(empty_database: Database):
    run_migrations(empty_database.url)
    complete = catalogue(empty_database.dsn)
    with psycopg.connect(empty_database.dsn) as connection:
        connection.execute("LOCK TABLE sites")
        with pytest.raises(MigrationError, match="lock timeout"):
            undo_migrations(empty_database.url)

    assert catalogue(empty_database.dsn) == complete
