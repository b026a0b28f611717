"""A week of 1000 shifts is copied with its people, taken back and done again: how long each takes, who else waits.

`python -m bench.copies` runs it on a server of its own and prints one line of JSON. What counts as waiting is how long
the event loop, which serves everybody's screens, does not get round to anything else.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bench.world import database
from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.domain.permissions import Actor, Role
from schedule_app.domain.time import week_start_of
from schedule_app.services.copies import DaysCopy, copy_days, preview_copy
from schedule_app.services.undo import redo, undo

TICK_SECONDS = 0.005

_MAKE_SITE = text("INSERT INTO sites (name, time_zone) VALUES ('Copied', 'Europe/Berlin') RETURNING id")
_MAKE_PEOPLE = text("""
    INSERT INTO employees (site_id, email, name, role)
    SELECT :site_id, format('copied-%s@example.com', n), format('Person %s', n),
           CASE WHEN n = 0 THEN 'manager' ELSE 'employee' END
    FROM generate_series(0, :people) AS n
    RETURNING id
""")
_MAKE_RULES = text("""
    INSERT INTO rules (site_id, rule_type, name, constraints, strict) VALUES
        (:site_id, 'rest_period', 'Eleven hours of rest', '{"min_minutes": 660}', true),
        (:site_id, 'availability', 'When people can work', '{}', true),
        (:site_id, 'workload', 'Sixty hours a week', '{"max_minutes_per_week": 3600}', true),
        (:site_id, 'consecutive_days', 'Ten days in a row', '{"max_days": 10}', true)
""")
_MAKE_WEEK = text("""
    INSERT INTO schedules (site_id, week_start, week_end) VALUES (:site_id, :week, :week + 6) RETURNING id
""")
_MAKE_SHIFTS = text("""
    INSERT INTO shifts
        (schedule_id, site_id, local_date, local_start, local_end, time_zone, starts_at, ends_at, required_staff, title)
    SELECT :schedule_id, :site_id, day, '08:00', '16:00', 'Europe/Berlin',
           (day + time '08:00') AT TIME ZONE 'Europe/Berlin',
           (day + time '16:00') AT TIME ZONE 'Europe/Berlin', 2, format('Team %s', n)
    FROM generate_series(0, :shifts - 1) AS n, LATERAL (SELECT CAST(:week AS date) + n % 5) AS of (day)
""")
# Two people work in a team from Monday to Friday.
_ASSIGN = text("""
    INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at)
    SELECT shifts.schedule_id, shifts.id, people.id, shifts.starts_at, shifts.ends_at
    FROM (SELECT *, dense_rank() OVER (PARTITION BY local_date ORDER BY id) AS team FROM shifts) AS shifts
    JOIN (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 2 + 1 AS team
          FROM employees WHERE site_id = :site_id AND role = 'employee') AS people USING (team)
    WHERE shifts.schedule_id = :schedule_id
""")

_COPIED = text("""
    SELECT count(*) FROM schedule_assignments AS held JOIN schedules ON schedules.id = held.schedule_id
    WHERE schedules.week_start > :week
""")


async def _make(shifts: int, week: date) -> tuple[Actor, int]:
    async with unit_of_work() as session:
        site_id = (await session.execute(_MAKE_SITE)).scalar_one()
        values: dict[str, Any] = {"site_id": site_id, "week": week, "shifts": shifts, "people": 2 * shifts // 5}
        manager_id = (await session.scalars(_MAKE_PEOPLE, values)).first()
        assert manager_id is not None
        await session.execute(_MAKE_RULES, values)
        values["schedule_id"] = (await session.execute(_MAKE_WEEK, values)).scalar_one()
        await session.execute(_MAKE_SHIFTS, values)
        await session.execute(_ASSIGN, values)
    return Actor(manager_id, Role.MANAGER, site_id, None), site_id


class _Waiting:
    """How long the loop did not get round to anything else, at the most; in seconds."""

    longest = 0.0


@asynccontextmanager
async def _watched() -> AsyncIterator[_Waiting]:
    waiting = _Waiting()

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            waiting.longest = max(waiting.longest, time.perf_counter() - before - TICK_SECONDS)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    try:
        yield waiting
    finally:
        ticking.cancel()


async def _timed(step: Awaitable[Any]) -> dict[str, float]:
    async with _watched() as waiting:
        before = time.perf_counter()
        await step
        taken = time.perf_counter() - before
    return {"seconds": round(taken, 2), "longest_wait_ms": round(waiting.longest * 1000)}


async def _run(shifts: int) -> dict[str, Any]:
    week = week_start_of(datetime.now(UTC).date()) + timedelta(weeks=2)
    actor, site_id = await _make(shifts, week)
    copy = DaysCopy(week, week + timedelta(days=6), week + timedelta(days=7), with_people=True)
    found: dict[str, Any] = {"bench": "copies", "shifts": shifts}
    found["preview"] = await _timed(preview_copy(actor, site_id, copy))
    found["copy"] = await _timed(copy_days(actor, site_id, copy))
    async with read_session() as session:
        found["people"] = await session.scalar(_COPIED, {"week": week})
    found["undo"] = await _timed(undo(actor, site_id))
    found["redo"] = await _timed(redo(actor, site_id))
    await dispose()
    return found


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shifts", type=int, default=1000)
    with database(os.environ):
        print(json.dumps(asyncio.run(_run(parser.parse_args().shifts))))


if __name__ == "__main__":
    main()
