"""What the database tells its listeners, for every table and kind of change, whoever writes."""

import json
from collections.abc import AsyncIterator
from datetime import date

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import AuthSession, Employee, RuleViolation, Site
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
from tests.support.database import Database
from tests.support.live import Ear, listening

WEEK = "week:1:2026-11-23"


@pytest.fixture
async def ear(session: AsyncSession, database: Database) -> AsyncIterator[Ear]:
    """A listener on a database with a draft week: Bob and Carol (employees 1 and 2), Bob on the only shift."""
    site = await build_site(session)
    await build_department(session, site)
    bob, carol = await build_employee(session, site), await build_employee(session, site)
    shift = await build_shift(session, await build_schedule(session, site))
    await build_rule(session, site)
    held = await build_assignment(session, shift, bob)
    session.add(
        RuleViolation(
            schedule_id=shift.schedule_id,
            assignment_id=held.id,
            rule_type="rest_period",
            severity="warn",
            message="Less rest than 11 h",
        )
    )
    await build_notification(session, carol)
    session.add(AuthSession(employee_id=bob.id, token_hash=bytes(32), expires_at=shift.ends_at))
    await session.commit()
    async with listening(database.dsn) as ear:
        yield ear


async def run(database: Database, *statements: str) -> None:
    """Plain SQL in one transaction, as somebody at a prompt would write it."""
    async with await psycopg.AsyncConnection.connect(database.dsn) as connection:
        for statement in statements:
            await connection.execute(statement.encode())


CHANGES: list[tuple[str, set[str]]] = [
    ("INSERT INTO sites (name, time_zone) VALUES ('Depot', 'UTC')", {"site:2"}),
    ("UPDATE sites SET name = 'Depot'", {"site:1"}),
    ("INSERT INTO departments (site_id, name) VALUES (1, 'Bar')", {"site:1"}),
    ("UPDATE departments SET name = 'Bar'", {"site:1"}),
    ("DELETE FROM departments", {"site:1"}),
    ("INSERT INTO employees (site_id, email, name) VALUES (1, 'd@example.com', 'Dora')", {"site:1", "employee:3"}),
    ("UPDATE employees SET is_active = false WHERE id = 1", {"site:1", "employee:1"}),
    ("DELETE FROM employees WHERE id = 2", {"site:1", "employee:2", "inbox:2"}),
    ("INSERT INTO rules (site_id, rule_type, name) VALUES (1, 'overtime', 'Overtime')", {"site:1"}),
    ("UPDATE rules SET strict = false", {"site:1"}),
    ("DELETE FROM rules", {"site:1"}),
    (
        "INSERT INTO schedules (site_id, week_start, week_end) VALUES (1, '2026-11-30', '2026-12-06')",
        {"site:1", "week:1:2026-11-30"},
    ),
    ("UPDATE schedules SET title = 'Busy'", {"site:1", WEEK}),
    ("UPDATE schedules SET week_start = week_start + 1", {"site:1", WEEK, "week:1:2026-11-24"}),
    ("UPDATE shifts SET title = 'Opening'", {WEEK, "employee:1"}),
    ("UPDATE shifts SET ends_at = ends_at + interval '1 hour'", {WEEK, "employee:1"}),
    ("DELETE FROM shifts", {WEEK, "employee:1"}),
    ("UPDATE schedule_assignments SET status = 'pending'", {WEEK, "employee:1"}),
    ("UPDATE schedule_assignments SET employee_id = 2", {WEEK, "employee:1", "employee:2"}),
    ("DELETE FROM schedule_assignments", {WEEK, "employee:1"}),
    (
        "INSERT INTO rule_violations (schedule_id, assignment_id, rule_type, severity, message)"
        " VALUES (1, 1, 'overtime', 'warn', 'Over 40 h')",
        {WEEK},
    ),
    ("UPDATE rule_violations SET message = 'Less rest'", {WEEK}),
    ("DELETE FROM rule_violations", {WEEK}),
    ("INSERT INTO notifications (recipient_id, type, category) VALUES (1, 'x', 'system')", {"inbox:1"}),
    ("UPDATE notifications SET read_at = now()", {"inbox:2"}),
    ("DELETE FROM notifications", {"inbox:2"}),
    (
        "INSERT INTO auth_sessions (employee_id, token_hash, expires_at)"
        " VALUES (2, sha256('2'), now() + interval '1 day')",
        {"sessions:2"},
    ),
    ("UPDATE auth_sessions SET revoked_at = now()", {"session:1", "sessions:1"}),
    ("DELETE FROM auth_sessions", {"session:1", "sessions:1"}),
    ("INSERT INTO claims (site_id, shift_id, employee_id) VALUES (1, 1, 2)", {"open:1", WEEK, "employee:2"}),
    ("INSERT INTO call_outs (shift_id, employee_id) VALUES (1, 2)", {"open:1", WEEK, "employee:2"}),
    ("INSERT INTO offer_waves (shift_id, people, minutes) VALUES (1, 3, 15)", {"open:1", WEEK}),
    ("INSERT INTO shift_offers (shift_id, employee_id, wave) VALUES (1, 2, 1)", {"open:1", WEEK, "employee:2"}),
]


@pytest.mark.parametrize(("change", "topics"), CHANGES)
async def test_change_tells_its_topics(ear: Ear, database: Database, change: str, topics: set[str]):
    await run(database, change)

    assert await ear.topics() == topics


async def test_new_shift_and_new_assignment_tell_their_topics(ear: Ear, database: Database):
    copy = (
        "INSERT INTO shifts (schedule_id, site_id, local_date, local_start, local_end, time_zone, starts_at, ends_at)"
        " SELECT schedule_id, site_id, local_date, local_start, local_end, time_zone, starts_at, ends_at FROM shifts"
    )
    await run(database, copy)
    assert await ear.topics() == {WEEK}

    book = (
        "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at)"
        " SELECT schedule_id, id, 2, starts_at, ends_at FROM shifts WHERE id = 2"
    )
    await run(database, book)
    assert await ear.topics() == {WEEK, "employee:2"}


async def test_discarded_draft_tells_its_week_and_people(ear: Ear, database: Database):
    await run(database, "DELETE FROM schedules")

    assert await ear.topics() == {"site:1", WEEK, "employee:1"}


async def test_publishing_tells_everybody_on_the_week(ear: Ear, session: AsyncSession):
    site = await build_site(session, id=7)
    schedule = await build_schedule(session, site)
    people = [await build_employee(session, site, id=number) for number in (50, 51)]
    for person in people:
        await build_assignment(session, await build_shift(session, schedule), person)
    await advance_schedule(session, schedule, "approved", by=people[0])
    await session.commit()
    await ear.messages()

    await advance_schedule(session, schedule, "published", by=people[0])
    await session.commit()
    assert await ear.topics() == {"site:7", "week:7:2026-11-23", "employee:50", "employee:51"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sites SET name = name",
        "UPDATE schedules SET title = title",
        "UPDATE shifts SET title = title",
        "UPDATE schedule_assignments SET status = status",
        "UPDATE notifications SET read_at = read_at",
        "DELETE FROM shifts WHERE false",
        "UPDATE auth_sessions SET last_seen_at = now() + interval '1 minute'",
        "INSERT INTO login_attempts (email_hash, ip, succeeded) VALUES ('\\x00', '::1', false)",
        "INSERT INTO audit_entries (action, entity_type, entity_id, site_id) VALUES ('x', 'site', 1, 1)",
    ],
)
async def test_no_change_tells_nothing(ear: Ear, database: Database, change: str):
    await run(database, change)

    assert await ear.messages() == []


async def test_rolled_back_change_tells_nothing(ear: Ear, database: Database):
    with pytest.raises(psycopg.errors.DivisionByZero):
        await run(database, "UPDATE shifts SET title = 'Opening'", "SELECT 1 / 0")

    assert await ear.messages() == []


async def test_equal_changes_of_one_transaction_are_told_once(ear: Ear, database: Database):
    changes = [f"UPDATE schedules SET title = 'Try {number}'" for number in range(5)]
    await run(database, *changes)
    messages = await ear.messages()

    assert len(messages) == 1
    await run(database, "UPDATE schedules SET title = 'Last'")
    [later] = await ear.messages()
    assert int(later["rev"]) > int(messages[0]["rev"])


async def test_statement_over_many_rows_is_told_in_few_messages_of_legal_size(ear: Ear, database: Database):
    await run(
        database,
        "INSERT INTO employees (site_id, email, name)"
        " SELECT 1, 'many' || n || '@example.com', 'Many' FROM generate_series(1, 1000) AS n",
    )
    messages = await ear.messages()

    told = [topic for message in messages for topic in message["topics"]]
    assert len(told) == len(set(told)) == 1001
    assert len(messages) == 6
    assert {message["rev"] for message in messages} == {messages[0]["rev"]}


async def test_longest_possible_topics_stay_under_the_limit_of_a_message(ear: Ear, database: Database):
    largest = 2**63 - 1
    topics = [f"week:{largest - number}:2026-11-23" for number in range(400)]
    async with await psycopg.AsyncConnection.connect(database.dsn) as connection:
        await connection.execute("SELECT live_send(%s)", [topics])
    messages = await ear.messages()

    assert {topic for message in messages for topic in message["topics"]} == set(topics)
    assert max(len(json.dumps(message)) for message in messages) < 8000


async def test_colleagues_on_a_published_shift_hear_who_else_comes_and_goes(
    ear: Ear, session: AsyncSession, database: Database
):
    schedule = await build_schedule(session, await session.get_one(Site, 1), week_start=date(2026, 11, 30))
    shift = await build_shift(session, schedule)
    bob, carol = [await session.get_one(Employee, each) for each in (1, 2)]
    held = await build_assignment(session, shift, bob)
    await advance_schedule(session, schedule, "published")
    await session.commit()
    await ear.messages()
    week = "week:1:2026-11-30"

    async def told(statement: str) -> set[str]:
        await run(database, statement)
        return await ear.topics()

    joined = await build_assignment(session, shift, carol, status="pending")
    await session.commit()
    assert await ear.topics() == {week, "employee:1", "employee:2"}
    change = "UPDATE schedule_assignments SET {} WHERE id = " + str(joined.id)
    assert await told(change.format("status = 'confirmed'")) == {week, "employee:2"}
    assert await told(change.format("status = 'declined'")) == {week, "employee:1", "employee:2"}
    assert await told(f"DELETE FROM schedule_assignments WHERE id = {held.id}") == {week, "employee:1"}
