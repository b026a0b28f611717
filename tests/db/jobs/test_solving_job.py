"""The process beside the pages that searches: its plans arrive, it can be stopped, and its death harms nothing."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import psutil
import pytest

from schedule_app.domain.solve_run import SolveRunStatus
from schedule_app.jobs.solving import carry_out, solve_when_asked
from schedule_app.models import SolveRun
from schedule_app.optimizer import codec
from schedule_app.optimizer.reasons import Reasons
from schedule_app.services.filling import Filling
from schedule_app.services.schedules import revise_schedule
from schedule_app.services.solve_runs import LOST, claim_run, start_run, stop_run
from tests.db.services.scene import Scene, fetch, make_scene, make_week, rows, writing
from tests.support.builders import build_employee, build_rule
from tests.support.database import Database

# Long enough that whoever waits for its end has failed.
LONG = Filling(seconds=120)


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def hard_week(scene: Scene) -> int:
    """A draft whose best plan cannot be proved for a while."""
    async with writing() as session:
        for number in range(25):
            await build_employee(session, scene.site, name=f"Person {number}")
        for least in (3, 4, 5):
            await build_rule(
                session,
                scene.site,
                rule_type="workload",
                constraints={"max_minutes_per_week": 480 * least},
                strict=False,
                priority=least,
            )
        await build_rule(session, scene.site, rule_type="rest_period", constraints={"min_minutes": 660}, strict=False)
    shifts = [{"day": day, "required_staff": 7 + day % 3} for day in range(7) for _ in range(3)]
    schedule, _ = await make_week(scene, *shifts)
    return schedule.id


@contextlib.asynccontextmanager
async def worker() -> AsyncIterator[None]:
    """The process of the application that takes up runs."""
    task = asyncio.create_task(solve_when_asked())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def searching() -> list[psutil.Process]:
    """The processes that search for this one."""
    return [
        each
        for each in psutil.Process().children()
        if each.status() != psutil.STATUS_ZOMBIE and "schedule_app.optimizer.process" in each.cmdline()
    ]


async def until_searching() -> None:
    """Return as soon as a process searches."""
    deadline = asyncio.get_running_loop().time() + 60
    while not searching():
        assert asyncio.get_running_loop().time() < deadline, "Nothing searches."
        await asyncio.sleep(0.01)


async def until_nothing_searches() -> None:
    """Return as soon as no process searches."""
    deadline = asyncio.get_running_loop().time() + 60
    while searching():
        assert asyncio.get_running_loop().time() < deadline, "It still searches."
        await asyncio.sleep(0.01)


async def until(run_id: int, *statuses: SolveRunStatus, has_plan: bool = False, has_reasons: bool = False) -> SolveRun:
    """The run, as soon as it is there."""
    deadline = asyncio.get_running_loop().time() + 60
    while True:
        run: SolveRun = await fetch(SolveRun, run_id)
        is_there = (run.plan is not None or not has_plan) and (run.reasons is not None or not has_reasons)
        if run.status in statuses and is_there:
            return run
        assert asyncio.get_running_loop().time() < deadline, f"The run is {run.status} still: {run.message}"
        await asyncio.sleep(0.05)


async def test_a_run_is_taken_up_searched_and_proposed():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"day": 0}, {"day": 1})
    async with worker():
        run_id = await start_run(scene.actor("manager"), schedule.id, Filling(seconds=20))
        run = await until(run_id, SolveRunStatus.PROPOSED, SolveRunStatus.FAILED, has_reasons=True)
        await until_nothing_searches()

    assert run.status == "proposed"
    assert run.plan is not None
    told = codec.loads(Reasons, json.dumps(run.reasons))
    assert sorted([each.shift_id, each.employee_id] for each in told.chosen) == sorted(run.plan)
    assert len(run.plan) == 2
    assert (run.result["places"], run.result["missing"], run.result["status"]) == (2, 0, "optimal")
    assert run.started_at and run.ended_at and run.ended_at >= run.started_at


async def test_a_repair_proposes_each_of_its_ways_with_its_reasons():
    scene = await make_scene()
    published, _ = await make_week(
        scene, {"day": 0}, {"day": 1}, held={0: [scene.bob], 1: [scene.carol]}, status="published"
    )
    async with writing() as session:
        # Met only by changing what both were told.
        for person, day in ((scene.bob, 1), (scene.carol, 0)):
            await build_rule(
                session,
                scene.site,
                rule_type="preference",
                employee_id=person.id,
                constraints={"wanted_weekdays": [day]},
                strict=False,
            )
    draft_id = await revise_schedule(scene.actor("manager"), published.id)
    async with worker():
        run_id = await start_run(scene.actor("manager"), draft_id, Filling(seconds=20, keeping="repair"))
        first = await until(run_id, SolveRunStatus.PROPOSED, SolveRunStatus.FAILED, has_reasons=True)
        await until_nothing_searches()

    assert first.status == "proposed"
    ways = await rows("SELECT id, status, reasons IS NOT NULL FROM solve_runs ORDER BY id")
    assert [tuple(way) for way in ways] == [(run_id, "proposed", True), (ways[1][0], "proposed", True)]


async def test_a_search_that_is_told_to_stop_keeps_the_best_it_has():
    scene = await make_scene()
    schedule_id = await hard_week(scene)
    async with worker():
        run_id = await start_run(scene.actor("manager"), schedule_id, LONG)
        await until(run_id, SolveRunStatus.RUNNING, has_plan=True)
        await stop_run(scene.actor("manager"), run_id)
        run = await until(run_id, SolveRunStatus.PROPOSED, SolveRunStatus.FAILED)

    assert (run.status, run.message) == ("proposed", None)
    assert run.plan


async def test_a_killed_search_leaves_the_schedule_as_it_was_and_says_so():
    scene = await make_scene()
    schedule_id = await hard_week(scene)
    async with worker():
        run_id = await start_run(scene.actor("manager"), schedule_id, LONG)
        await until(run_id, SolveRunStatus.RUNNING)
        await until_searching()
        for process in searching():
            process.kill()
        run = await until(run_id, SolveRunStatus.PROPOSED, SolveRunStatus.FAILED)
        # The worker goes on with the next.
        again = await start_run(scene.actor("manager"), schedule_id, Filling(seconds=1))
        await until(again, SolveRunStatus.PROPOSED, SolveRunStatus.FAILED)

    assert run.message == LOST
    assert await rows("SELECT id FROM schedule_assignments") == []


async def test_a_search_ends_with_the_application():
    scene = await make_scene()
    await start_run(scene.actor("manager"), await hard_week(scene), LONG)
    claimed = await claim_run()
    assert claimed is not None
    task = asyncio.create_task(carry_out(claimed))
    await until_searching()

    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task

    assert searching() == []
