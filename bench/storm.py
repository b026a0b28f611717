"""Many clients book the same people at once: nobody may end up in two places, and nobody may wait long.

`python -m bench.storm` runs the whole of it on a server of its own and prints one line of JSON.
"""

import argparse
import asyncio
import gc
import json
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import text

from schedule_app.db import embedded
from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.db.migrate import run_migrations
from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.permissions import Actor, Role
from schedule_app.domain.time import week_start_of
from schedule_app.services.assignments import (
    assign_employee,
    confirm_assignment,
    decline_assignment,
    unassign_employee,
)
from schedule_app.services.schedules import (
    approve_schedule,
    create_schedule,
    publish_schedule,
    revise_schedule,
    submit_schedule,
)
from schedule_app.settings import get_settings

WEIGHTS = {"assign": 50, "unassign": 24, "confirm": 16, "decline": 9, "step": 1}
REREAD_EVERY = 200
SHIFTS = (("07:00", "15:00"), ("09:00", "17:00"), ("12:00", "20:00"), ("15:00", "23:00"), ("22:00", "06:00"))

_MAKE_SITE = text("INSERT INTO sites (name, time_zone) VALUES (:name, 'Europe/Berlin') RETURNING id")
_MAKE_PEOPLE = text("""
    INSERT INTO employees (site_id, email, name, role)
    SELECT :site_id, format('storm-%s-%s@example.com', :site_id, n), format('Person %s', n),
           CASE WHEN n <= 2 THEN 'manager' ELSE 'employee' END
    FROM generate_series(1, :people) AS n
    RETURNING id, role
""")
_MAKE_RULES = text("""
    INSERT INTO rules (site_id, rule_type, name, constraints, strict) VALUES
        (:site_id, 'rest_period', 'Eleven hours of rest', '{"min_minutes": 660}', true),
        (:site_id, 'workload', 'Sixty hours a week', '{"max_minutes_per_week": 3600}', true),
        (:site_id, 'consecutive_days', 'Ten days in a row', '{"max_days": 10}', true)
""")
_MAKE_SHIFTS = text("""
    INSERT INTO shifts
        (schedule_id, site_id, local_date, local_start, local_end, time_zone, starts_at, ends_at, required_staff)
    SELECT id, site_id, day, CAST(:start AS time), CAST(:end AS time), 'Europe/Berlin',
           (day + CAST(:start AS time)) AT TIME ZONE 'Europe/Berlin',
           (day + CAST(:end AS time) + CASE WHEN :end < :start THEN interval '1 day' ELSE interval '0' END)
               AT TIME ZONE 'Europe/Berlin', 3
    FROM schedules, generate_series(week_start, week_end, interval '1 day') AS each (at), LATERAL (SELECT each.at::date)
        AS of (day)
    WHERE id = :schedule_id
""")
_OVERLAPS = text("""
    SELECT count(*)
    FROM schedule_assignments AS one
    JOIN schedule_assignments AS other
        ON one.id < other.id AND one.employee_id = other.employee_id
        AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
        AND (one.schedule_id = other.schedule_id OR (one.in_force AND other.in_force))
    WHERE one.status IN ('assigned', 'pending', 'confirmed', 'completed')
      AND other.status IN ('assigned', 'pending', 'confirmed', 'completed')
""")
_DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
_SCHEDULES = text("SELECT id, site_id, status, version FROM schedules WHERE status <> 'archived' ORDER BY id")
_OPEN_SHIFTS = text("""
    SELECT shifts.id, shifts.site_id FROM shifts
    JOIN schedules ON schedules.id = shifts.schedule_id
    WHERE schedules.status IN ('draft', 'published') ORDER BY random() LIMIT 300
""")
# Every shift of the first day that covers noon: any two of them overlap.
_ONE_SLOT = text("""
    SELECT id FROM shifts
    WHERE site_id = :site_id AND local_date = (SELECT min(local_date) FROM shifts WHERE site_id = :site_id)
      AND local_start <= '12:00' AND local_end > '12:00'
    ORDER BY id
""")
_HELD = text("""
    SELECT held.id, held.employee_id, shifts.site_id FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE schedules.status IN ('draft', 'published') AND held.status <> 'cancelled'
    ORDER BY random() LIMIT 300
""")


@dataclass(slots=True)
class Arena:
    """The people who are booked, by site, and their managers."""

    people: dict[int, list[int]] = field(default_factory=dict)
    managers: dict[int, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What happened: milliseconds of every operation, successes by kind, typed refusals by code, and anything else."""

    by_kind: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    raw: list[str] = field(default_factory=list)

    @property
    def milliseconds(self) -> list[float]:
        """Of every operation, whatever came of it."""
        return list(chain.from_iterable(self.by_kind.values()))

    @property
    def count(self) -> int:
        """How many operations there were."""
        return sum(map(len, self.by_kind.values()))

    def add(self, other: "Outcome") -> None:
        """Take in what another process saw."""
        for kind, milliseconds in other.by_kind.items():
            self.by_kind[kind] += milliseconds
        self.done += other.done
        self.refused += other.refused
        self.raw += other.raw

    async def run(self, kind: str, operation: Awaitable[object]) -> None:
        """Time one operation and note how it ended."""
        started = time.perf_counter()
        try:
            await operation
            self.done[kind] += 1
        except ScheduleError as refusal:
            self.refused[refusal.code] += 1
        except Exception as error:  # noqa: BLE001 - whatever is no typed refusal is what the storm looks for
            self.raw.append(f"{kind}: {type(error).__name__}: {error}"[:300])
        self.by_kind[kind].append((time.perf_counter() - started) * 1000)


async def build_arena(*, sites: int, people: int, weeks: int) -> Arena:
    """Write sites with people, rules and empty drafts of coming weeks."""
    arena = Arena()
    first = week_start_of(datetime.now(UTC).date()) + timedelta(days=28)
    for number in range(sites):
        async with unit_of_work() as session:
            site_id = (await session.execute(_MAKE_SITE, {"name": f"Storm {number}"})).scalar_one()
            made = (await session.execute(_MAKE_PEOPLE, {"site_id": site_id, "people": people})).all()
            await session.execute(_MAKE_RULES, {"site_id": site_id})
        arena.people[site_id] = [row.id for row in made]
        arena.managers[site_id] = [row.id for row in made if row.role == "manager"]
        for week in range(weeks):
            await _build_week(arena, site_id, first + timedelta(days=7 * week))
    return arena


async def _build_week(arena: Arena, site_id: int, week_start: date) -> None:
    manager = Actor(arena.managers[site_id][0], Role.MANAGER, site_id, None)
    schedule_id = await create_schedule(manager, site_id, week_start)
    async with unit_of_work() as session:
        for start, end in SHIFTS:
            await session.execute(_MAKE_SHIFTS, {"schedule_id": schedule_id, "start": start, "end": end})


async def one_slot(arena: Arena, clients: int) -> Outcome:
    """Let all clients give the same person the same shift or one that overlaps it, at the same moment."""
    site_id = next(iter(arena.people))
    manager = Actor(arena.managers[site_id][0], Role.MANAGER, site_id, None)
    employee_id = arena.people[site_id][-1]
    async with read_session() as session:
        slot = (await session.scalars(_ONE_SLOT, {"site_id": site_id})).all()
    outcome = Outcome()
    await asyncio.gather(
        *(
            outcome.run("assign", assign_employee(manager, slot[index % len(slot)], employee_id))
            for index in range(clients)
        )
    )
    return outcome


async def storm(arena: Arena, *, clients: int, operations: int, seed: int) -> Outcome:
    """Run mixed operations from many clients until all together have done so many."""
    outcome = Outcome()
    known = _Known()
    await known.read()
    await asyncio.gather(
        *(_client(arena, known, outcome, operations, random.Random(f"{seed}-{each}")) for each in range(clients))
    )
    return outcome


async def count_overlaps() -> int:
    """Pairs of assignments that have one person in two places."""
    async with read_session() as session:
        return (await session.execute(_OVERLAPS)).scalar_one()


async def count_deadlocks() -> int:
    """How many deadlocks the database has broken up so far."""
    async with read_session() as session:
        return (await session.execute(_DEADLOCKS)).scalar_one()


class _Known:
    """What the clients of a process believe to be in the database; somewhat out of date, as screens are."""

    def __init__(self) -> None:
        self.schedules: Sequence[Any] = ()
        self.shifts: Sequence[Any] = ()
        self.held: Sequence[Any] = ()

    async def read(self) -> None:
        await self.read_schedules()
        async with read_session() as session:
            self.shifts = (await session.execute(_OPEN_SHIFTS)).all()
            self.held = (await session.execute(_HELD)).all()

    async def read_schedules(self) -> None:
        async with read_session() as session:
            self.schedules = (await session.execute(_SCHEDULES)).all()


async def _client(arena: Arena, known: _Known, outcome: Outcome, operations: int, dice: random.Random) -> None:
    kinds, weights = zip(*WEIGHTS.items(), strict=True)
    while outcome.count < operations:
        if outcome.count % REREAD_EVERY == 0:
            await known.read()
        [kind] = dice.choices(kinds, weights)
        operation = _operation(kind, arena, known, dice)
        await outcome.run(kind, operation)
        if kind == "step":
            await known.read_schedules()


def _operation(kind: str, arena: Arena, known: _Known, dice: random.Random) -> Awaitable[object]:
    if kind == "step" or not known.shifts:
        return _step(arena, dice.choice(known.schedules), dice)
    if kind == "assign" or not known.held:
        shift = dice.choice(known.shifts)
        return assign_employee(_manager(arena, shift.site_id, dice), shift.id, dice.choice(arena.people[shift.site_id]))
    held = dice.choice(known.held)
    if kind == "unassign":
        return unassign_employee(_manager(arena, held.site_id, dice), held.id)
    owner = Actor(held.employee_id, Role.EMPLOYEE, held.site_id, None)
    return confirm_assignment(owner, held.id) if kind == "confirm" else decline_assignment(owner, held.id, note="Ill")


def _step(arena: Arena, schedule: Any, dice: random.Random) -> Awaitable[object]:
    manager = _manager(arena, schedule.site_id, dice)
    if schedule.status == "published":
        return revise_schedule(manager, schedule.id)
    steps = {"draft": submit_schedule, "pending": approve_schedule, "approved": publish_schedule}
    return steps[schedule.status](manager, schedule.id, expected_version=schedule.version)


def _manager(arena: Arena, site_id: int, dice: random.Random) -> Actor:
    return Actor(dice.choice(arena.managers[site_id]), Role.MANAGER, site_id, None)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of all values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _process(arena: Arena, clients: int, operations: int, seed: int) -> Outcome:
    # As the server does.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)

    async def run() -> Outcome:
        try:
            return await storm(arena, clients=clients, operations=operations, seed=seed)
        finally:
            await dispose()

    return asyncio.run(run())


async def _prepare(people: int) -> tuple[Arena, Outcome]:
    try:
        arena = await build_arena(sites=2, people=people, weeks=4)
        return arena, await one_slot(arena, 64)
    finally:
        await dispose()


async def _look_after() -> tuple[int, int]:
    try:
        return await count_overlaps(), await count_deadlocks()
    finally:
        await dispose()


def main() -> None:
    """Run the whole storm and print what came of it."""
    parser = argparse.ArgumentParser(description="Booking storm")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--operations", type=int, default=50_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--people", type=int, default=100)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-storm-"))
    try:
        os.environ["DATABASE_URL"] = url = embedded.start(folder)
        get_settings.cache_clear()
        run_migrations(url)
        arena, slot = asyncio.run(_prepare(options.people))
        total = Outcome()
        started = time.perf_counter()
        share = options.operations // options.processes
        with multiprocessing.get_context("spawn").Pool(options.processes) as pool:
            clients = options.clients // options.processes
            tasks = [(arena, clients, share, seed) for seed in range(options.processes)]
            for outcome in pool.starmap(_process, tasks):
                total.add(outcome)
        seconds = time.perf_counter() - started
        overlaps, deadlocks = asyncio.run(_look_after())
        print(json.dumps(_report(options.clients, slot, total, seconds, overlaps, deadlocks)))
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder)


def _report(
    clients: int, slot: Outcome, total: Outcome, seconds: float, overlaps: int, deadlocks: int
) -> dict[str, object]:
    return {
        "bench": "storm",
        "clients": clients,
        "operations": len(total.milliseconds),
        "operations_per_second": round(len(total.milliseconds) / seconds),
        "p50_ms": round(percentile(total.milliseconds, 0.50), 1),
        "p95_ms": round(percentile(total.milliseconds, 0.95), 1),
        "p99_ms": round(percentile(total.milliseconds, 0.99), 1),
        "max_ms": round(max(total.milliseconds), 1),
        "p95_ms_by_kind": {kind: round(percentile(values, 0.95), 1) for kind, values in sorted(total.by_kind.items())},
        "done": dict(total.done),
        "refused": dict(total.refused),
        "overlaps": overlaps,
        "deadlocks": deadlocks,
        "raw_errors": len(total.raw),
        "first_raw_errors": total.raw[:3],
        "one_slot": {"done": slot.done.total(), "refused": dict(slot.refused), "raw_errors": len(slot.raw)},
    }


if __name__ == "__main__":
    main()
