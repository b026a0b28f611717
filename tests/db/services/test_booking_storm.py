"""Many clients at once: one person is never in two places, and nobody is shown a database error."""

import pytest
from sqlalchemy import text

from bench.races import RACES, run
from bench.storm import build_arena, count_deadlocks, count_overlaps, one_slot, percentile, storm
from schedule_app.db.engine import read_session, unit_of_work
from tests.support.database import Database


async def test_sixty_four_clients_on_one_slot_are_one_booking(database: Database):
    arena = await build_arena(sites=1, people=4, weeks=1)

    outcome = await one_slot(arena, 64)

    assert outcome.raw == []
    assert outcome.done == {"assign": 1}
    assert outcome.refused.total() == 63
    assert set(outcome.refused) <= {"already_assigned", "double_booking"}


async def test_mixed_operations_leave_no_overlap_no_deadlock_and_no_raw_error(database: Database):
    # Few people and weeks, so that clients meet all the time.
    arena = await build_arena(sites=1, people=12, weeks=2)

    outcome = await storm(arena, clients=16, operations=600, seed=7)

    assert outcome.raw == []
    assert await count_overlaps() == 0
    assert await count_deadlocks() == 0
    assert {"assign", "unassign", "confirm", "decline", "step"} <= set(outcome.done)
    assert percentile(outcome.milliseconds, 1) < 10_000
    async with read_session() as session:
        [[audited, changed]] = await session.execute(
            text("SELECT count(*), count(*) FILTER (WHERE action <> 'archive') FROM audit_entries")
        )
    # Two weeks were made before; answering twice the same changes nothing and leaves no entry.
    assert changed - 2 <= outcome.done.total() <= changed - 2 + outcome.done["confirm"] + outcome.done["decline"]
    assert audited >= changed


async def test_the_count_of_overlaps_can_tell(database: Database):
    arena = await build_arena(sites=1, people=4, weeks=1)
    await one_slot(arena, 4)
    assert await count_overlaps() == 0

    async with unit_of_work() as session:
        for name in ("overlap_in_schedule", "overlap_in_force"):
            await session.execute(
                text(f"ALTER TABLE schedule_assignments DROP CONSTRAINT ex_schedule_assignments_{name}")
            )
        await session.execute(
            text(
                "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at)"
                " SELECT other.schedule_id, other.id, held.employee_id, other.starts_at, other.ends_at"
                " FROM schedule_assignments AS held JOIN shifts AS other ON other.schedule_id = held.schedule_id"
                " AND other.id <> held.shift_id"
                " AND other.starts_at < held.ends_at AND held.starts_at < other.ends_at LIMIT 1"
            )
        )
    assert await count_overlaps() == 1


@pytest.mark.parametrize("race", RACES)
async def test_a_race_has_one_outcome_and_everybody_is_told_that_one(database: Database, race: str):
    found = await run(race, runs=5, people=8)

    assert (found["wrong"], found["overlaps"], found["deadlocks"]) == (0, 0, 0), found
