"""A run as the board shows it: what keeping it would change, and how its score came down."""

import json
import re
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.models import Schedule
from schedule_app.queries.proposals import compare_proposals
from schedule_app.queries.solve_runs import HEIGHT, Proposed, shown_run
from schedule_app.services.filling import Filling
from schedule_app.services.schedules import submit_schedule
from schedule_app.services.solve_runs import claim_run, keep_run, start_run
from tests.db.services.scene import Scene, execute, make_scene, make_week
from tests.support.database import Database


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def propose(scene: Scene, schedule: Schedule, plan: list[Any], *, progress: str = "[]") -> int:
    """What a search would have found that may plan anew."""
    run_id = await start_run(scene.actor("manager"), schedule.id, Filling(seconds=10, keeping="told"))
    await claim_run()
    await execute(
        "UPDATE solve_runs SET status = 'proposed', plan = CAST(:plan AS jsonb), result = CAST(:result AS jsonb),"
        " progress = CAST(:progress AS jsonb), ended_at = now() WHERE id = :id",
        plan=json.dumps(plan),
        result='{"score": 1, "bound": 0, "places": 1, "missing": 1, "status": "feasible"}',
        progress=progress,
        id=run_id,
    )
    return run_id


async def shown(scene: Scene, schedule: Schedule) -> Proposed:
    async with read_session() as session:
        return await shown_run(session, scene.actor("manager"), schedule.id)


async def test_a_plan_with_nobody_on_it_says_whom_it_takes_off():
    scene = await make_scene()
    schedule, _ = await make_week(scene, {"day": 0}, held={0: [scene.bob]})
    run_id = await propose(scene, schedule, [])

    found = await shown(scene, schedule)
    kept = await keep_run(scene.actor("manager"), run_id)

    assert kept.taken == 1
    assert [mark["kind"] for mark in found.changes.marks.values()] == ["taken"]
    assert found.run.title == "Proposal: 0 places filled, 1 taken off"


async def test_the_curve_stays_in_its_picture_where_a_dearer_plan_came_later():
    scene = await make_scene()
    schedule, [shift] = await make_week(scene, {"day": 0})
    points = "[[0.1, 1000, 0, 1], [0.2, 5000, 0, 1], [0.3, 400, 0, 1]]"
    await propose(scene, schedule, [[shift.id, scene.bob.id]], progress=points)

    curve = (await shown(scene, schedule)).run.curve

    heights = [float(each) for each in re.findall(r"V (\S+)", curve)]
    assert all(0 <= height <= HEIGHT for height in heights), curve


async def test_a_week_that_is_no_draft_any_more_has_no_proposals():
    scene = await make_scene()
    schedule, [shift] = await make_week(scene, {"day": 0})
    run_id = await propose(scene, schedule, [[shift.id, scene.bob.id]])
    assert (await shown(scene, schedule)).run.id == run_id

    await submit_schedule(scene.actor("manager"), schedule.id, expected_version=schedule.version)

    found = await shown(scene, schedule)
    assert (found.run.id, found.runs, found.changes.ghosts) == (0, [], {})
    async with read_session() as session:
        view = await compare_proposals(session, scene.actor("manager"), schedule.id)
    assert [each.name for each in view.columns] == ["Now"]
