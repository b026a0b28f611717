"""Races that people run against each other, many times over: one outcome each time, and everybody told that one.

`python -m bench races [claim] [call_out] [missed_answer]` runs those named, or all of them, on a server of its own and
prints one line of JSON for each.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.storm import Arena, build_arena, count_deadlocks, count_overlaps
from schedule_app.db import embedded
from schedule_app.db.engine import dispose, read_session, unit_of_work
from schedule_app.db.migrate import run_migrations
from schedule_app.domain.errors import ScheduleError
from schedule_app.domain.permissions import Actor, Role
from schedule_app.services.assignments import assign_employee, confirm_assignment, unassign_employee
from schedule_app.services.call_outs import call_out
from schedule_app.services.claims import claim_shift
from schedule_app.services.missed_answers import expire_missed_answers
from schedule_app.services.schedules import approve_schedule, publish_schedule, submit_schedule
from schedule_app.settings import get_settings

_SHIFT = text("SELECT id, schedule_id FROM shifts WHERE site_id = :site_id ORDER BY starts_at LIMIT 1")
_ONE_PLACE = text("UPDATE shifts SET required_staff = 1")
_RUN_OUT = text("""
    UPDATE schedule_assignments SET confirm_by = clock_timestamp() + make_interval(secs => :milliseconds / 1000.0)
""")
_VERSION = text("SELECT version FROM schedules WHERE id = :id")
_CLEAR = (
    text("DELETE FROM schedule_assignments"),
    text("DELETE FROM call_outs"),
    text("DELETE FROM notification_deliveries"),
    text("DELETE FROM notifications"),
)
_HELD = text("""
    SELECT held.employee_id, held.status, employees.name FROM schedule_assignments AS held
    JOIN employees ON employees.id = held.employee_id
    ORDER BY held.id
""")
_TOLD = text("SELECT recipient_id, type, payload FROM notifications ORDER BY id")


@dataclass(frozen=True, slots=True)
class Ground:
    """A published week with a shift of one place that nobody has, its manager and who may run."""

    shift_id: int
    manager: Actor
    people: list[Actor]


class WrongOutcomeError(Exception):
    """What was left behind is none of the outcomes there may be, or somebody was told of another."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a race has left behind."""

    held: list[Any]
    told: list[Any]


async def claim(ground: Ground) -> str:
    """Everybody claims the last place: one has it, the others are told that somebody else has."""
    outcomes = await _all(*(claim_shift(person, ground.shift_id) for person in ground.people))
    left = await _left()
    _require(outcomes == Counter({"done": 1, "place_taken": len(ground.people) - 1}), outcomes)
    _require([each.status for each in left.held] == ["confirmed"], left.held)
    winner = left.held[0].name
    told = [(each.type, each.payload["employee_name"]) for each in left.told]
    _require(set(told) == {("shift_claimed", winner)}, told)
    return "one winner"


async def call_out_against_taking_off(ground: Ground) -> str:
    """Somebody cannot come while a manager gives their shift to another: whoever comes second is told how it is."""
    first, second = ground.people[:2]
    held = (await assign_employee(ground.manager, ground.shift_id, first.employee_id)).assignment_id
    async with unit_of_work() as session:
        for statement in _CLEAR[2:]:
            await session.execute(statement)

    async def reassign() -> None:
        await unassign_employee(ground.manager, held)
        await assign_employee(ground.manager, ground.shift_id, second.employee_id)

    called, reassigned = await asyncio.gather(call_out(first, held), reassign(), return_exceptions=True)
    left = await _left()
    _require(reassigned is None, reassigned)
    _require(
        {(each.employee_id, each.status) for each in left.held if each.status != "cancelled"}
        == {(second.employee_id, "pending")},
        left.held,
    )
    kinds = Counter((each.type, each.recipient_id) for each in left.told)
    was_first = called is None
    _require(was_first or getattr(called, "code", "") == "illegal_transition", called)
    _require(bool([kind for kind, _ in kinds if kind == "called_out"]) == was_first, kinds)
    _require(kinds["assignment_removed", first.employee_id] == (0 if was_first else 1), kinds)
    _require(kinds["assignment_added", second.employee_id] == 1, kinds)
    return "called out, then given to another" if was_first else "given to another, then refused"


async def confirm_against_expiry(ground: Ground) -> str:
    """Somebody confirms as the time to answer runs out: they were in time, or are told that they were not."""
    person = ground.people[0]
    held = (await assign_employee(ground.manager, ground.shift_id, person.employee_id)).assignment_id
    async with unit_of_work() as session:
        for statement in _CLEAR[2:]:
            await session.execute(statement)
        # About as long as an answer takes.
        await session.execute(_RUN_OUT, {"milliseconds": random.randint(0, 20)})
    confirming = asyncio.create_task(_ended(confirm_assignment(person, held)))
    while not confirming.done():
        await asyncio.gather(expire_missed_answers(), expire_missed_answers())
    answer = await confirming
    await asyncio.sleep(0.02)
    await expire_missed_answers()
    left = await _left()
    [status] = [each.status for each in left.held]
    kinds = Counter(each.type for each in left.told)
    was_in_time = status == "confirmed"
    _require(status in ("confirmed", "expired"), left.held)
    _require(answer == ("done" if was_in_time else "deadline_passed"), answer)
    _require(kinds["answer_missed"] == (0 if was_in_time else 1), kinds)
    _require(
        (kinds["place_reopened"] == 0) == was_in_time and (kinds["assignment_confirmed"] > 0) == was_in_time, kinds
    )
    return "confirmed in time" if was_in_time else "too late"


RACES: dict[str, Callable[[Ground], Awaitable[str]]] = {
    "claim": claim,
    "call_out": call_out_against_taking_off,
    "missed_answer": confirm_against_expiry,
}


async def run(name: str, runs: int, people: int) -> dict[str, object]:
    """Run a race so many times, each from the same beginning."""
    ground = await _ground(await build_arena(sites=1, people=people + 2, weeks=1))
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    began = time.perf_counter()
    for _ in range(runs):
        async with unit_of_work() as session:
            for statement in _CLEAR:
                await session.execute(statement)
        try:
            outcomes[await RACES[name](ground)] += 1
        except WrongOutcomeError as error:
            wrong.append(str(error)[:300])
    return {
        "bench": "races",
        "race": name,
        "runs": runs,
        "people": people,
        "outcomes": dict(outcomes),
        "wrong": len(wrong),
        "first_wrong": wrong[:3],
        "overlaps": await count_overlaps(),
        "deadlocks": await count_deadlocks(),
        "seconds": round(time.perf_counter() - began, 1),
    }


async def _ground(arena: Arena) -> Ground:
    [(site_id, people)] = arena.people.items()
    manager = Actor(arena.managers[site_id][0], Role.MANAGER, site_id, None)
    async with unit_of_work() as session:
        await session.execute(_ONE_PLACE)
        shift = (await session.execute(_SHIFT, {"site_id": site_id})).one()
    for step in (submit_schedule, approve_schedule, publish_schedule):
        async with read_session() as session:
            version = (await session.execute(_VERSION, {"id": shift.schedule_id})).scalar_one()
        await step(manager, shift.schedule_id, expected_version=version)
    staff = [Actor(each, Role.EMPLOYEE, site_id, None) for each in people if each not in arena.managers[site_id]]
    return Ground(shift.id, manager, staff)


async def _all(*attempts: Awaitable[object]) -> Counter[str]:
    """How often each ending came; see `_ended`."""
    return Counter(await asyncio.gather(*(_ended(each) for each in attempts)))


async def _ended(attempt: Awaitable[object]) -> str:
    """What became of it: "done", or the code of its refusal. Anything else is an accident and raises."""
    try:
        await attempt
    except ScheduleError as error:
        return error.code
    return "done"


async def _left() -> Left:
    async with read_session() as session:
        return Left(
            list((await session.execute(_HELD)).all()),
            list((await session.execute(_TOLD)).all()),
        )


def _require(is_so: bool, found: object) -> None:
    if not is_so:
        raise WrongOutcomeError(str(found))


async def _run(name: str, runs: int, people: int) -> dict[str, object]:
    try:
        return await run(name, runs, people)
    finally:
        await dispose()


def main() -> int:
    """Run the races and print what came of each; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description="Races")
    parser.add_argument("races", nargs="*", choices=[*RACES, []], help="which; all of them when left out")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--people", type=int, default=50)
    options = parser.parse_args()
    is_right = True
    for name in options.races or RACES:
        folder = Path(tempfile.mkdtemp(prefix="schedule-app-races-"))
        try:
            os.environ["DATABASE_URL"] = url = embedded.start(folder)
            # All at once, and none waits for a connection to be opened.
            os.environ["DB_POOL_SIZE"] = str(options.people + 10)
            get_settings.cache_clear()
            run_migrations(url)
            found = asyncio.run(_run(name, options.runs, options.people))
            print(json.dumps(found), flush=True)
            is_right = is_right and not (found["wrong"] or found["overlaps"] or found["deadlocks"])
        finally:
            embedded.stop(folder)
            shutil.rmtree(folder)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
