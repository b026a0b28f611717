"""Statements that travel together, and transactions that end without a ROLLBACK."""

import asyncio
import contextlib
import random

import pytest
from sqlalchemy import exc, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session, retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import at_commit, before_writing, fetch_together
from schedule_app.domain.errors import InvalidInput, NotFound, Unavailable
from tests.support.builders import build_employee, build_site
from tests.support.database import Database

RENAME = text("UPDATE sites SET name = name || :letter WHERE id = :id")
NAME = text("SELECT name FROM sites WHERE id = :id")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements")


async def new_site(name: str = "Depot") -> int:
    """A committed site."""
    async with unit_of_work() as session:
        return (await build_site(session, name=name)).id


async def name_of(site_id: int) -> str | None:
    """Its name as the database has it."""
    async with read_session() as session:
        return await session.scalar(NAME, {"id": site_id})


async def test_statements_at_commit_run_in_order_after_everything_else(database: Database):
    site_id = await new_site()

    async with unit_of_work() as session:
        for letter in "BC":
            at_commit(session, RENAME, {"letter": letter, "id": site_id})
        await session.execute(RENAME, {"letter": "A", "id": site_id})
        assert await session.scalar(NAME, {"id": site_id}) == "DepotA"

    assert await name_of(site_id) == "DepotABC"


async def test_a_failing_block_runs_none_of_them(database: Database):
    site_id = await new_site()

    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as session:
            at_commit(session, RENAME, {"letter": "B", "id": site_id})
            raise ZeroDivisionError

    assert await name_of(site_id) == "Depot"


async def test_a_refusal_at_commit_undoes_all_and_has_its_meaning(database: Database):
    site_id = await new_site()

    with pytest.raises(InvalidInput, match="A site needs a name"):
        async with unit_of_work() as session:
            await session.execute(RENAME, {"letter": "A", "id": site_id})
            at_commit(session, RENAME, {"letter": "B", "id": site_id})
            at_commit(session, text("UPDATE sites SET name = '' WHERE id = :id"), {"id": site_id})
            at_commit(session, RENAME, {"letter": "C", "id": site_id})

    assert await name_of(site_id) == "Depot"
    async with unit_of_work() as session:
        await session.execute(RENAME, {"letter": "!", "id": site_id})
    assert await name_of(site_id) == "Depot!"


async def test_a_fault_at_commit_stays_a_fault(database: Database):
    with pytest.raises(exc.ProgrammingError, match="no_such_table"):
        async with unit_of_work() as session:
            at_commit(session, text("DELETE FROM no_such_table"), {})


async def test_a_deadlock_at_commit_is_tried_again(database: Database):
    site_id = await new_site()
    attempts = 0

    @retrying
    async def rename() -> None:
        nonlocal attempts
        attempts += 1
        async with unit_of_work() as session:
            state = "40P01" if attempts == 1 else None
            raising = f"DO $$ BEGIN RAISE EXCEPTION 'met' USING ERRCODE = '{state}'; END $$" if state else "SELECT 1"
            at_commit(session, text(raising), {})
            at_commit(session, RENAME, {"letter": "A", "id": site_id})

    await rename()

    assert (attempts, await name_of(site_id)) == (2, "DepotA")


async def test_statements_fetched_together_see_what_the_first_waited_for(database: Database):
    async with unit_of_work() as session:
        person = await build_employee(session, await build_site(session), name="Before")
    locked = asyncio.Event()

    async def rename() -> None:
        async with unit_of_work() as session:
            await session.execute(LOCK_EMPLOYEES, {"ids": [person.id]})
            locked.set()
            await session.execute(text("UPDATE employees SET name = 'After' WHERE id = :id"), {"id": person.id})

    async def look() -> list[object]:
        await locked.wait()
        async with unit_of_work() as session:
            who = {"id": person.id}
            look = text("SELECT id, name FROM employees WHERE id = :id")
            _, [row] = await fetch_together(session, (LOCK_EMPLOYEES, {"ids": [person.id]}), (look, who))
            return [row.id, row.name]

    _, seen = await asyncio.gather(rename(), look())

    assert seen == [person.id, "After"]


async def test_fetching_together_fails_as_sqlalchemy_would(database: Database):
    with pytest.raises(exc.ProgrammingError):
        async with unit_of_work() as session:
            await fetch_together(session, (text("SELECT 1 AS one"), {}), (text("SELECT FROM WHERE"), {}))


@pytest.mark.parametrize("trip", ["fetch", "commit"])
async def test_a_lost_connection_is_an_outage_and_the_next_one_works(database: Database, trip: str):
    with pytest.raises(Unavailable):
        async with unit_of_work() as session:
            own = await session.scalar(text("SELECT pg_backend_pid()"))
            async with unit_of_work() as other:
                await other.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
            if trip == "fetch":
                await fetch_together(session, (text("SELECT 1"), {}))
            else:
                at_commit(session, text("SELECT 1"), {})

    for _ in range(3):
        async with unit_of_work() as session:
            assert await session.scalar(text("SELECT 1")) == 1


async def test_somebody_who_stops_waiting_leaves_no_half_read_connection(database: Database):
    short, dice = text("SELECT pg_sleep(0.002)"), random.Random(5)

    async def work() -> None:
        async with unit_of_work() as session:
            await fetch_together(session, (short, {}), (short, {}))
            at_commit(session, short, {})
            at_commit(session, short, {})

    async def give_up() -> None:
        task = asyncio.create_task(work())
        await asyncio.wait([task], timeout=dice.uniform(0, 0.02))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    for _ in range(100):
        await asyncio.gather(*(give_up() for _ in range(8)))


async def prepare(session: AsyncSession) -> int | None:
    """Have a statement prepared; returns how many are."""
    for _ in range(7):
        await session.execute(text("SELECT 'prepared'"))
    return await session.scalar(PREPARED)


async def test_refusing_before_anything_is_written_keeps_what_is_prepared(database: Database):
    async with unit_of_work() as session:
        assert await prepare(session) == 1

    with pytest.raises(NotFound):
        async with unit_of_work() as session, before_writing(session):
            raise NotFound

    async with unit_of_work() as session:
        assert await session.scalar(PREPARED) == 1
