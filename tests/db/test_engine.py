"""Sessions, transactions, retries, locks, and what database errors mean."""

import asyncio
from collections.abc import Awaitable, Callable

import psycopg
import pytest
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db import engine as engine_module
from schedule_app.db.engine import RETRIES, dispose, engine, read_session, retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.domain.errors import (
    AlreadyAssigned,
    Conflict,
    DoubleBooking,
    IllegalTransition,
    InvalidInput,
    ScheduleError,
    StaleVersion,
    Unavailable,
)
from schedule_app.models import Employee, Schedule, Site
from schedule_app.settings import get_settings
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.database import Database

COUNT_SITES = text("SELECT count(*) FROM sites")


async def test_unit_of_work_commits_at_its_end(database: Database):
    async with unit_of_work() as session:
        await build_site(session)

    async with read_session() as session:
        assert await session.scalar(COUNT_SITES) == 1


async def test_unit_of_work_rolls_back_on_any_error(database: Database):
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as session:
            await build_site(session)
            raise ZeroDivisionError

    async with read_session() as session:
        assert await session.scalar(COUNT_SITES) == 0


async def test_read_session_writes_nothing(database: Database):
    with pytest.raises(exc.InternalError, match="read-only"):
        async with read_session() as session:
            session.add(Site(name="Depot", time_zone="UTC"))
            await session.flush()

    async with unit_of_work() as session:
        await build_site(session)
    async with read_session() as session:
        assert await session.scalar(COUNT_SITES) == 1


async def test_read_session_sees_one_state_of_the_database(database: Database):
    async with read_session() as reading:
        before = await reading.scalar(COUNT_SITES)
        async with unit_of_work() as writing:
            await build_site(writing)
        assert await reading.scalar(COUNT_SITES) == before


async def test_read_sessions_keep_their_prepared_statements(database: Database):
    for _ in range(7):
        async with read_session() as session:
            await session.execute(COUNT_SITES)

    async with read_session() as session:
        prepared = await session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
    assert prepared == 1


async def test_rows_stay_readable_after_the_commit(database: Database):
    async with unit_of_work() as session:
        site = await build_site(session, name="Depot")

    assert (site.name, site.version) == ("Depot", 1)


async def test_connections_introduce_themselves(database: Database):
    async with read_session() as session:
        shown = [
            await session.scalar(text(f"SHOW {name}")) for name in ("timezone", "statement_timeout", "application_name")
        ]

    assert shown == ["UTC", "30s", "schedule_app"]


async def test_pool_is_made_of_the_settings(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DB_POOL_SIZE", "1")
    monkeypatch.setenv("DB_MAX_OVERFLOW", "1")
    monkeypatch.setattr(engine_module, "POOL_TIMEOUT_SECONDS", 0.05)
    get_settings.cache_clear()
    await dispose()

    async with unit_of_work() as first, unit_of_work() as second:
        await first.scalar(COUNT_SITES)
        await second.scalar(COUNT_SITES)
        with pytest.raises(Conflict, match="busy"):
            async with unit_of_work() as third:
                await third.scalar(COUNT_SITES)


async def test_lost_connections_are_replaced_unnoticed(database: Database):
    async with read_session() as session:
        await session.scalar(COUNT_SITES)
    with psycopg.connect(database.dsn) as connection:
        connection.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name <> ''")

    async with read_session() as session:
        assert await session.scalar(COUNT_SITES) == 0


def test_each_event_loop_has_its_own_pool(postgres: object, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@localhost/nothing")
    get_settings.cache_clear()

    async def pool() -> int:
        try:
            assert engine() is engine()
            return id(engine())
        finally:
            await dispose()

    assert asyncio.run(pool())
    get_settings.cache_clear()


async def overlap(session: AsyncSession) -> None:
    site = await build_site(session)
    schedule, bob = await build_schedule(session, site), await build_employee(session, site)
    for _ in range(2):
        await build_assignment(session, await build_shift(session, schedule), bob)


async def overlap_at_commit(session: AsyncSession) -> None:
    await session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    await overlap(session)


async def overlap_in_force(session: AsyncSession) -> None:
    bob = await build_employee(session, await build_site(session))
    for _ in range(2):
        schedule = await build_schedule(session, await build_site(session))
        await build_assignment(session, await build_shift(session, schedule), bob)
        await advance_schedule(session, schedule, "published")


async def same_shift_twice(session: AsyncSession) -> None:
    site = await build_site(session)
    shift, bob = await build_shift(session, await build_schedule(session, site)), await build_employee(session, site)
    await build_assignment(session, shift, bob, status="declined")
    await build_assignment(session, shift, bob)


async def same_email(session: AsyncSession) -> None:
    site = await build_site(session)
    for _ in range(2):
        await build_employee(session, site, email="bob@example.com")


async def skipped_step(session: AsyncSession) -> None:
    schedule = await build_schedule(session, await build_site(session))
    schedule.status = "published"
    schedule.approved_by_id, schedule.approved_at = None, None
    await session.flush()


async def frozen_week(session: AsyncSession) -> None:
    await build_shift(session, await build_schedule(session, await build_site(session), status="published"))


async def outside_week(session: AsyncSession) -> None:
    await build_shift(session, await build_schedule(session, await build_site(session)), day=7)


async def two_drafts(session: AsyncSession) -> None:
    site = await build_site(session)
    await build_schedule(session, site)
    await build_schedule(session, site, version_number=2)


async def wrong_copy(session: AsyncSession) -> None:
    site = await build_site(session)
    shift, bob = await build_shift(session, await build_schedule(session, site)), await build_employee(session, site)
    await build_assignment(session, shift, bob, in_force=True)


async def row_gone(session: AsyncSession) -> None:
    site = await build_site(session)
    await session.execute(text("DELETE FROM sites"))
    site.name = "Other"
    await session.flush()


async def too_large(session: AsyncSession) -> None:
    await build_employee(session, await build_site(session), hourly_rate_cents=2**31)


async def null_character(session: AsyncSession) -> None:
    await build_site(session, name="a\x00b")


async def too_slow(session: AsyncSession) -> None:
    await session.execute(text("SET LOCAL statement_timeout = '10ms'"))
    await session.execute(text("SELECT pg_sleep(10)"))


@pytest.mark.parametrize(
    ("mistake", "error", "words"),
    [
        (overlap, DoubleBooking, "This person already works at that time."),
        (overlap_at_commit, DoubleBooking, "This person already works at that time."),
        (overlap_in_force, DoubleBooking, "This person already works then, in a published week."),
        (same_shift_twice, AlreadyAssigned, "This person already has this shift."),
        (same_email, InvalidInput, "Somebody with this e-mail address exists already."),
        (skipped_step, IllegalTransition, "A schedule that is draft cannot become published."),
        (frozen_week, StaleVersion, "The shifts of a schedule that is published cannot change; make a new version"),
        (outside_week, InvalidInput, "The shift starts outside its week."),
        (two_drafts, Conflict, "This week already has a version in work."),
        (wrong_copy, StaleVersion, "This week was published, archived or changed in the meantime."),
        (row_gone, StaleVersion, "Somebody else changed this in the meantime."),
        (too_large, InvalidInput, "A value is too large, too long or not readable."),
        (null_character, InvalidInput, "A value is too large, too long or not readable."),
        (too_slow, Conflict, "This took too long and was stopped."),
    ],
)
async def test_refusal_by_the_database_has_words(
    database: Database,
    mistake: Callable[[AsyncSession], Awaitable[None]],
    error: type[ScheduleError],
    words: str,
):
    with pytest.raises(error) as refused:
        async with unit_of_work() as session:
            await mistake(session)

    assert type(refused.value) is error
    assert refused.value.message.startswith(words)
    assert isinstance(refused.value.__cause__, exc.SQLAlchemyError)


async def test_refused_field_is_named(database: Database):
    with pytest.raises(InvalidInput) as refused:
        async with unit_of_work() as session:
            await same_email(session)

    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("53100", "The disk of the database is full."),
        ("53200", "The database cannot be reached"),
        ("53300", "The database cannot be reached"),
        ("57P01", "The database cannot be reached"),
    ],
)
async def test_server_in_need_is_an_outage(database: Database, state: str, words: str):
    with pytest.raises(Unavailable, match=words):
        async with unit_of_work() as session:
            await session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'help' USING ERRCODE = '{state}'; END $$"))


async def test_fault_of_the_program_stays_what_it_is(database: Database):
    with pytest.raises(exc.ProgrammingError):
        async with unit_of_work() as session:
            await session.execute(text("SELECT * FROM nowhere"))


async def test_deadlock_is_tried_again(database: Database):
    async with unit_of_work() as session:
        ids = [(await build_site(session)).id for _ in range(2)]
    meeting = asyncio.Barrier(2)
    attempts: list[int] = []

    @retrying
    async def rename(first: int, second: int) -> None:
        attempts.append(first)
        async with unit_of_work() as session:
            await session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
            for number, site_id in enumerate((first, second)):
                await session.execute(text("UPDATE sites SET name = name || 'x' WHERE id = :id"), {"id": site_id})
                if number == 0 and len(attempts) <= 2:
                    await meeting.wait()

    await asyncio.gather(rename(*ids), rename(*reversed(ids)))

    assert len(attempts) == 3
    async with read_session() as session:
        assert {name[-2:] for name in await session.scalars(text("SELECT name FROM sites"))} == {"xx"}


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_hopeless_conflict_is_told_after_the_last_try(database: Database, state: str):
    attempts: list[int] = []

    @retrying
    async def clash() -> None:
        attempts.append(1)
        async with unit_of_work() as session:
            await session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = '{state}'; END $$"))

    with pytest.raises(Conflict):
        await clash()
    assert len(attempts) == RETRIES + 1 == 4


async def test_refusal_is_not_tried_again(database: Database):
    attempts: list[int] = []

    @retrying
    async def refuse() -> None:
        attempts.append(1)
        async with unit_of_work() as session:
            await overlap(session)

    with pytest.raises(DoubleBooking):
        await refuse()
    assert len(attempts) == 1


async def test_lock_on_employees_keeps_others_from_locking_them_and_not_from_naming_them(database: Database):
    async with unit_of_work() as session:
        site = await build_site(session)
        ids = [(await build_employee(session, site)).id for _ in range(5)]

    async with unit_of_work() as session:
        await session.scalar(COUNT_SITES)
        await session.execute(LOCK_EMPLOYEES, {"ids": [*reversed(ids), ids[0]]})
        with psycopg.connect(database.dsn) as other:
            locked = other.execute("SELECT id FROM employees ORDER BY id FOR NO KEY UPDATE SKIP LOCKED").fetchall()
            assert locked == []
            # A lock on people does not hold up rows that merely refer to them.
            other.execute("SELECT id FROM employees FOR KEY SHARE NOWAIT")


async def test_writers_who_lock_first_never_meet_in_a_deadlock(database: Database):
    async with unit_of_work() as session:
        site = await build_site(session)
        people = [await build_employee(session, site) for _ in range(4)]
        schedule = await build_schedule(session, site)

    async def book(number: int) -> None:
        chosen = people if number % 2 else list(reversed(people))
        async with unit_of_work() as session:
            await session.execute(LOCK_EMPLOYEES, {"ids": [person.id for person in chosen]})
            for person in chosen:
                own = await session.get_one(Employee, person.id)
                own.name = f"Somebody {number}"
                await session.flush()
            shift = await build_shift(session, await session.get_one(Schedule, schedule.id))
            await build_assignment(session, shift, chosen[0], status="declined")

    await asyncio.gather(*(book(number) for number in range(16)))
    async with read_session() as session:
        assert await session.scalar(text("SELECT count(*) FROM schedule_assignments")) == 16


async def test_shift_cannot_slip_into_a_week_being_published(database: Database):
    async with unit_of_work() as session:
        schedule = await build_schedule(session, await build_site(session), status="approved")

    async def slip_in() -> None:
        async with unit_of_work() as session:
            await build_shift(session, await session.get_one(Schedule, schedule.id))

    async with unit_of_work() as session:
        await advance_schedule(session, await session.get_one(Schedule, schedule.id), "published")
        slipping = asyncio.create_task(slip_in())
        await _until_somebody_waits(database)

    with pytest.raises(StaleVersion):
        await slipping


async def _until_somebody_waits(database: Database) -> None:
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
    async with asyncio.timeout(5), await psycopg.AsyncConnection.connect(database.dsn, autocommit=True) as connection:
        while True:
            if await (await connection.execute(waiting)).fetchone():
                return
            await asyncio.sleep(0.005)
