"""An inbox with 100,000 notifications is opened, narrowed and paged through: time in the database, and statements.

`python -m bench.inbox` measures on a server of its own and prints one line of JSON. A view is all the statements that
it takes; its time is what PostgreSQL says they took, planning included.
"""

import argparse
import asyncio
import json
import math
import os
from typing import Any, Final

from sqlalchemy import event, text

from bench.world import database
from schedule_app.db.engine import dispose, engine, read_session, unit_of_work
from schedule_app.queries.inbox import inbox

LIMIT_MS: Final = 50
_MAKE_PEOPLE = text("""
    WITH site AS (INSERT INTO sites (name, time_zone) VALUES ('Full', 'Europe/Berlin') RETURNING id)
    INSERT INTO employees (site_id, email, name)
    SELECT site.id, format('full-%s@example.com', n), format('Person %s', n) FROM site, generate_series(1, 100) AS n
    RETURNING id
""")
# One in a thousand is about approvals and one in a thousand urgent, for filters that match next to nothing; the oldest
# of all is the only one about the program. What is unread lies at the far end, too.
_FILL = text("""
    WITH told AS (
        INSERT INTO notifications (recipient_id, type, payload, priority, category, read_at, expires_at, created_at)
        SELECT :recipient, 'assignment_removed', jsonb_build_object('shift', 'Mon 8 Jun, 07:00–15:00'),
               CASE WHEN n % 1000 = 7 THEN 'urgent' WHEN n % 3 = 0 THEN 'high' ELSE 'normal' END,
               CASE WHEN n = 1 THEN 'system' WHEN n % 1000 = 3 THEN 'approval' WHEN n % 2 = 0 THEN 'schedule'
                    ELSE 'assignment' END,
               CASE WHEN :read AND n > 20 THEN now() END,
               now() + interval '30 days', now() - make_interval(mins => :many - n)
        FROM generate_series(1, :many) AS n
        RETURNING id
    )
    INSERT INTO notification_deliveries (notification_id, channel, status)
    SELECT id, 'in_app', 'sent' FROM told
""")
_FIRST = text("SELECT min(id) FROM notifications WHERE recipient_id = :recipient")


async def _views(recipient: int, many: int) -> dict[str, dict[str, Any]]:
    async with read_session() as session:
        first = (await session.execute(_FIRST, {"recipient": recipient})).scalar_one()
    return {
        "newest": {},
        "newest 500": {"limit": 500},
        "halfway": {"before_id": first + many // 2},
        "oldest": {"before_id": first + 60},
        "unread": {"unread_only": True},
        "a kind": {"category": "schedule"},
        "a rare kind": {"category": "approval"},
        "a kind of one": {"category": "system"},
        "a rare priority": {"priority": "urgent"},
        "a rare kind and priority": {"category": "approval", "priority": "high"},
        "no match": {"category": "system", "priority": "urgent"},
        "no match, unread": {"category": "schedule", "priority": "urgent", "unread_only": True},
    }


async def _measure(recipient: int, filters: dict[str, Any], runs: int) -> tuple[list[float], int]:
    """The milliseconds of each run of a view in the database, and how many statements it takes."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        sent.append((statement, values))

    event.listen(engine().sync_engine, "before_cursor_execute", note)
    async with read_session() as session:
        await inbox(session, recipient, **filters)
    event.remove(engine().sync_engine, "before_cursor_execute", note)
    reads = [(statement, values) for statement, values in sent if "SELECT" in statement]
    times = []
    async with engine().connect() as connection:
        for _ in range(runs):
            took = 0.0
            for statement, values in reads:
                explained = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
                [plan] = explained.scalar_one()
                took += plan["Planning Time"] + plan["Execution Time"]
            times.append(took)
    return times, len(reads)


def _p95(times: list[float]) -> float:
    return round(sorted(times)[math.ceil(0.95 * len(times)) - 1], 2)


async def _run(many: int, runs: int) -> dict[str, Any]:
    async with unit_of_work() as session:
        people = [row.id for row in await session.execute(_MAKE_PEOPLE)]
        read_one, unread_one = people[:2]
        for recipient in people:
            count = many if recipient in (read_one, unread_one) else many // 1000
            await session.execute(_FILL, {"recipient": recipient, "many": count, "read": recipient != unread_one})
    async with engine().connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("VACUUM ANALYZE")
    found: dict[str, float] = {}
    statements = set()
    for who, recipient in (("", read_one), (", all unread", unread_one)):
        for name, filters in (await _views(recipient, many)).items():
            times, count = await _measure(recipient, filters, runs)
            found[name + who] = _p95(times)
            statements.add(count)
    await dispose()
    return {
        "bench": "inbox",
        "notifications": many,
        "statements": sorted(statements),
        "worst_p95_ms": max(found.values()),
        "p95_ms": found,
    }


def main() -> None:
    """Run it; a view that takes too long, or another number of statements than the rest, is a failure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notifications", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=40)
    wanted = parser.parse_args()
    with database(os.environ):
        found = asyncio.run(_run(wanted.notifications, wanted.runs))
    print(json.dumps(found))
    if found["worst_p95_ms"] > LIMIT_MS or len(found["statements"]) > 1:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
