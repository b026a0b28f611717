"""Time off is approved while the same person is given a shift in it: afterwards nobody has one, and both sides know.

`python -m bench.time_off` runs it a thousand times on a server of its own and prints one line of JSON.
"""

import argparse
import asyncio
import json
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from bench.world import database
from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.domain.errors import RuleBroken
from schedule_app.domain.permissions import Actor, Role
from schedule_app.domain.time import week_start_of
from schedule_app.domain.time_off import TimeOffKind
from schedule_app.services.assignments import assign_employee
from schedule_app.services.time_offs import TimeOffAsked, approve_time_off, request_time_off

_MAKE = text("""
    WITH site AS (INSERT INTO sites (name, time_zone) VALUES ('Raced', 'Europe/Berlin') RETURNING id)
    INSERT INTO employees (site_id, email, name, role)
    SELECT site.id, format('raced-%s@example.com', n), format('Person %s', n),
           CASE WHEN n < 2 THEN 'manager' ELSE 'employee' END
    FROM site, generate_series(0, :people + 1) AS n
    RETURNING id, site_id
""")
# Every other race is about a week in force, where whoever is put on a shift is told.
_MAKE_WEEKS = text("""
    WITH weeks AS (
        INSERT INTO schedules (site_id, week_start, week_end, status, approved_by_id, approved_at)
        SELECT :site_id, day, day + 6, CASE WHEN n % 2 = 0 THEN 'draft' ELSE 'approved' END, :manager_id, now()
        FROM generate_series(0, 1) AS n, LATERAL (SELECT CAST(:week AS date) + n * 7) AS each (day)
        RETURNING id, site_id, week_start
    )
    INSERT INTO shifts (schedule_id, site_id, local_date, local_start, local_end, time_zone, starts_at, ends_at)
    SELECT id, site_id, week_start, '08:00', '16:00', 'Europe/Berlin',
           (week_start + time '08:00') AT TIME ZONE 'Europe/Berlin',
           (week_start + time '16:00') AT TIME ZONE 'Europe/Berlin'
    FROM weeks
    RETURNING id, local_date
""")
_PUBLISH = text("UPDATE schedules SET status = 'published' WHERE status = 'approved'")
_INSIDE = text("""
    SELECT count(*)
    FROM schedule_assignments AS held
    JOIN time_off_requests AS away ON away.employee_id = held.employee_id AND away.status = 'approved'
        AND away.starts_at < held.ends_at AND away.ends_at > held.starts_at
    WHERE held.status IN ('assigned', 'pending', 'confirmed')
""")
# Who lost a shift was told which by the decision; who was put on one in force was told of that.
_TOLD = text("""
    SELECT (SELECT count(*) FROM notifications WHERE type = 'time_off_decided') AS decided,
           (SELECT sum((payload ->> 'shift_count')::integer) FROM notifications
            WHERE type = 'time_off_decided') AS lost,
           (SELECT count(*) FROM notifications WHERE type = 'assignment_added') AS added,
           (SELECT count(*) FROM schedule_assignments WHERE status = 'cancelled') AS cancelled
""")


async def _run(runs: int) -> dict[str, Any]:
    week = week_start_of(datetime.now(UTC).date()) + timedelta(weeks=4)
    async with unit_of_work() as session:
        people = (await session.execute(_MAKE, {"people": runs})).all()
        site_id = people[0].site_id
        one, other = (Actor(each.id, Role.MANAGER, site_id, None) for each in people[:2])
        values = {"site_id": site_id, "week": week, "manager_id": one.employee_id}
        shifts = (await session.execute(_MAKE_WEEKS, values)).all()
        await session.execute(_PUBLISH)
    outcomes: Counter[str] = Counter()
    began = time.perf_counter()
    for turn, person in enumerate(people[2:]):
        shift = shifts[turn % 2]
        asked = TimeOffAsked(TimeOffKind.VACATION, shift.local_date, shift.local_date)
        request_id = await request_time_off(Actor(person.id, Role.EMPLOYEE, site_id, None), asked)
        approved, assigned = await asyncio.gather(
            approve_time_off(one, request_id), assign_employee(other, shift.id, person.id), return_exceptions=True
        )
        if isinstance(approved, BaseException):
            raise approved
        if isinstance(assigned, BaseException) and not isinstance(assigned, RuleBroken):
            raise assigned
        outcomes["refused" if isinstance(assigned, RuleBroken) else "taken off again"] += 1
    seconds = time.perf_counter() - began
    async with read_session() as session:
        inside = await session.scalar(_INSIDE)
        told = (await session.execute(_TOLD)).one()
    await dispose()
    matches = told.decided == runs and told.lost == told.added == told.cancelled
    return {
        "bench": "time_off",
        "runs": runs,
        "seconds": round(seconds, 1),
        **outcomes,
        "on_a_shift_in_their_time_off": inside,
        "messages_match": matches,
    }


def main() -> None:
    """Run it; anything but one outcome each is a failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    with database(os.environ):
        found = asyncio.run(_run(parser.parse_args().runs))
    print(json.dumps(found))
    if found["on_a_shift_in_their_time_off"] or not found["messages_match"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
