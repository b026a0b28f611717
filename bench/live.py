"""How long after its commit a change is on every screen it concerns: 20 boards and 200 employees' pages."""

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import statistics
import threading
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

import httpx
import psutil
import psycopg

from bench.storm import percentile
from bench.tabs import Tab
from bench.world import World, database, published_week, served, sign_in
from schedule_app.db.engine import dispose, read_session
from schedule_app.domain.permissions import Actor, Role
from schedule_app.queries.candidates import candidates
from schedule_app.seed import scale
from schedule_app.services.assignments import assign_employee, confirm_assignment

SETTLE_SECONDS = 3.0


def main() -> None:
    """Run it and print one JSON line."""
    parser = argparse.ArgumentParser(description="Latency of live changes")
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--boards", type=int, default=20)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between two changes")
    options = parser.parse_args()
    with database(os.environ) as url:
        asyncio.run(_seed(options.people))
        with served(url) as world:
            print(json.dumps(_measure(world, options)))


async def _seed(people: int) -> None:
    await scale.write_scale(people, 7, datetime.now(UTC).date())
    await dispose()


def _measure(world: World, options: argparse.Namespace) -> dict[str, Any]:
    schedule_id, site_id, week = published_week(world.dsn)
    with psycopg.connect(world.dsn) as connection:
        rows = connection.execute("SELECT id, role, department_id FROM employees ORDER BY id").fetchall()
    managers = [row[0] for row in rows if row[1] == "manager"]
    staff = [row[0] for row in rows if row[1] == "employee"]
    viewers = [managers[0]] * options.boards + [staff[number % len(staff)] for number in range(options.pages)]
    paths = [f"/schedule/{site_id}/{week.isoformat()}"] * options.boards + ["/me"] * options.pages
    cookies = sign_in(world.dsn, viewers)
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_watch, args=(there, world.app.origin, list(zip(cookies, paths, strict=True)))
    )
    process.start()
    try:
        assert here.poll(180), "The viewers did not get to see their pages."
        opened_seconds = here.recv()
        app = psutil.Process(world.app.process.pid)
        before, started = _cpu(app), time.monotonic()
        with _Pulse(world.app.origin) as pulse:
            changes = asyncio.run(_change(Actor(managers[0], Role.MANAGER, site_id, None), schedule_id, options))
        busy, seconds = _cpu(app) - before, time.monotonic() - started
        here.send("stop")
        assert here.poll(60)
        arrivals: list[list[tuple[float, str]]] = here.recv()
    finally:
        process.join(10)
        process.terminate()
    latencies, missed = _latencies(changes, arrivals, viewers, options.boards)
    bytes_each = [sum(len(text) for at, text in seen if at >= started) / len(changes) for seen in arrivals]
    return {
        "bench": "live",
        "people": options.people,
        "boards": options.boards,
        "pages": options.pages,
        "changes": len(changes),
        "open_all_seconds": round(opened_seconds, 1),
        "arrivals": len(latencies),
        "missed": missed,
        "p50_ms": round(percentile(latencies, 0.50), 1),
        "p95_ms": round(percentile(latencies, 0.95), 1),
        "p99_ms": round(percentile(latencies, 0.99), 1),
        "max_ms": round(max(latencies), 1),
        "bytes_per_board_per_change": round(statistics.mean(bytes_each[: options.boards])),
        "bytes_per_page_per_change": round(statistics.mean(bytes_each[options.boards :])),
        "server_cpu_share": round(busy / seconds, 2),
        "healthz_p95_ms": round(percentile(pulse.milliseconds, 0.95), 1),
        "healthz_max_ms": round(max(pulse.milliseconds), 1),
    }


async def _change(manager: Actor, schedule_id: int, options: argparse.Namespace) -> list[tuple[str, int, int, float]]:
    """Fill open places one after the other, and have every second one confirmed.

    Returns:
        What was done, to which assignment, whose it is, and when it was committed.
    """
    done: list[tuple[str, int, int, float]] = []
    async for shift_id, employee_id in _open_places(manager, schedule_id):
        assigned = await assign_employee(manager, shift_id, employee_id)
        done.append(("assigned", assigned.assignment_id, employee_id, time.monotonic()))
        await asyncio.sleep(options.pause)
        if len(done) % 2:
            await confirm_assignment(Actor(employee_id, Role.EMPLOYEE, manager.site_id, None), assigned.assignment_id)
            done.append(("confirmed", assigned.assignment_id, employee_id, time.monotonic()))
            await asyncio.sleep(options.pause)
        if len(done) >= options.changes:
            break
    await asyncio.sleep(SETTLE_SECONDS)
    await dispose()
    return done


async def _open_places(manager: Actor, schedule_id: int) -> AsyncIterator[tuple[int, int]]:
    async with read_session() as session:
        connection = await session.connection()
        shifts = (
            await connection.exec_driver_sql(
                "SELECT shifts.id FROM shifts WHERE schedule_id = %s AND starts_at > now() AND required_staff >"
                " (SELECT count(*) FROM schedule_assignments AS held WHERE held.shift_id = shifts.id"
                "  AND held.status IN ('pending', 'confirmed')) ORDER BY id",
                (schedule_id,),
            )
        ).scalars()
        shift_ids = list(shifts)
    for shift_id in shift_ids:
        async with read_session() as session:
            found = (await candidates(session, manager, shift_id)).people
        person = next((person for person in found if person.level == "ok"), None)
        if person is not None:
            yield shift_id, person.employee_id


def _latencies(
    changes: Sequence[tuple[str, int, int, float]],
    arrivals: Sequence[Sequence[tuple[float, str]]],
    viewers: Sequence[int],
    boards: int,
) -> tuple[list[float], int]:
    latencies: list[float] = []
    missed = 0
    for what, assignment_id, employee_id, committed_at in changes:
        # A view that is refreshed late may show the confirmation at once, and with it that somebody was assigned.
        statuses = "pending|confirmed" if what == "assigned" else "confirmed"
        shows = re.compile(rf'"id":\s*{assignment_id},[^{{}}]*"status":\s*"({statuses})"')
        own = [index for index in range(boards, len(viewers)) if viewers[index] == employee_id]
        for index in (*range(boards), *own):
            # A push can be there a moment before the writer hears that it has committed.
            seen = next((at for at, text in arrivals[index] if at > committed_at - 1 and shows.search(text)), None)
            if seen is None:
                missed += 1
            else:
                latencies.append(max(0.0, (seen - committed_at) * 1000))
    return latencies, missed


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _watch(pipe: Connection, origin: str, pages: list[tuple[str, str]]) -> None:
    """The viewers' process: open every page, say so, and hand over what arrived when told to stop."""

    async def watch() -> None:
        started = time.monotonic()
        tabs = [Tab(origin, cookie, path) for cookie, path in pages]
        tasks = []
        for start in range(0, len(tabs), 10):
            tasks += [asyncio.ensure_future(tab.run()) for tab in tabs[start : start + 10]]
            await asyncio.gather(*(tab.loaded.wait() for tab in tabs[start : start + 10]))
        pipe.send(time.monotonic() - started)
        await asyncio.to_thread(pipe.recv)
        pipe.send([[(arrival.at, arrival.text) for arrival in tab.arrivals] for tab in tabs])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(watch())


class _Pulse:
    """Asks the server how it is, all the time, from a thread of its own."""

    def __init__(self, origin: str) -> None:
        self.milliseconds: list[float] = []
        self._origin = origin
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "_Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._origin) as client:
            while not self._stop.wait(0.05):
                started = time.monotonic()
                client.get("/healthz")
                self.milliseconds.append((time.monotonic() - started) * 1000)


if __name__ == "__main__":
    main()
