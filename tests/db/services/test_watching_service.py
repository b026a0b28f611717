"""What changes about people after a week was published: the hit shifts are flagged, and planners are told once."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.queries.assignments import assignment_detail
from schedule_app.queries.availability import own_availability
from schedule_app.queries.board import week_board
from schedule_app.queries.operation import read_figures
from schedule_app.services.assignments import assign_employee
from schedule_app.services.availability import save_availability
from schedule_app.services.availability_details import AvailabilityDetails, as_text, stored_details
from schedule_app.services.forms import checked
from schedule_app.services.watching import watch_published
from tests.db.services.scene import WEEK, Scene, assignment_on, execute, make_scene, make_week, rows, told, writing
from tests.support.builders import build_rule, build_time_off
from tests.support.database import Database

NOT_ON_MONDAY = '{"monday": {"available": false, "time_slots": []}}'


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def published(*, rule: dict[str, Any] | None = None, **shift: Any) -> tuple[Scene, Any]:
    """Bob has a published Monday shift, and all is well; the shift."""
    scene = await make_scene()
    await execute('UPDATE employees SET qualifications = \'[{"name": "Forklift"}]\' WHERE id = :id', id=scene.bob.id)
    if rule:
        async with writing() as session:
            await build_rule(session, scene.site, **rule)
    _, [made] = await make_week(scene, shift, held={0: [scene.bob]}, status="published")
    assert await watch_published() == 0
    return scene, made


AVAILABILITY = {"rule_type": "availability", "constraints": {}}


async def take_time_off(scene: Scene) -> None:
    async with writing() as session:
        await build_time_off(session, scene.bob, WEEK)


async def change_availability(scene: Scene) -> None:
    await execute(
        "UPDATE employees SET availability = CAST(:week AS jsonb) WHERE id = :id", week=NOT_ON_MONDAY, id=scene.bob.id
    )


async def lose_qualification(scene: Scene) -> None:
    await execute("UPDATE employees SET qualifications = '[]' WHERE id = :id", id=scene.bob.id)


async def shorten_qualification(scene: Scene) -> None:
    day = (WEEK - timedelta(days=1)).isoformat()
    await execute(
        "UPDATE employees SET qualifications = jsonb_build_array(jsonb_build_object('name', 'Forklift',"
        " 'expires_on', CAST(:day AS text))) WHERE id = :id",
        day=day,
        id=scene.bob.id,
    )


async def leave(scene: Scene) -> None:
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)


CAUSES = pytest.mark.parametrize(
    ("cause", "rule_type"),
    [
        (take_time_off, "time_off"),
        (change_availability, "availability"),
        (lose_qualification, "qualification"),
        (shorten_qualification, "qualification"),
        (leave, "inactive"),
    ],
)


async def flags() -> list[str]:
    return [kind for [kind] in await rows("SELECT rule_type FROM rule_violations WHERE arose_at IS NOT NULL")]


@CAUSES
async def test_whatever_hits_a_published_shift_flags_it_and_is_told_to_the_planners_once(cause: Any, rule_type: str):
    scene, shift = await published(rule=AVAILABILITY, qualifications=("Forklift",))
    await cause(scene)

    found = await asyncio.gather(*(watch_published() for _ in range(4)))
    assert sum(found) == 1
    assert await watch_published() == 0

    assert await flags() == [rule_type]
    for planner in (scene.manager, scene.second_manager, scene.supervisor):
        assert await told(planner) == ["shift_in_doubt"]
    assert await told(scene.bob) == await told(scene.stranger) == []
    held = await assignment_on(shift, scene.bob)
    assert held.status == "pending"
    [[url]] = await rows("SELECT DISTINCT action_url FROM notifications")
    assert url == f"/schedule/{scene.site.id}/{WEEK}?replace={held.id}"


async def test_planners_who_were_told_of_the_change_itself_are_not_told_again_of_what_it_hits():
    scene, shift = await published(rule=AVAILABILITY, qualifications=("Forklift",))
    async with read_session() as session:
        row = await own_availability(session, scene.bob.id)
    seen = stored_details(row, row.today)
    off = seen.model_copy(
        update={"week": checked(AvailabilityDetails, {"week": {"monday": {"available": False}}}).week}
    )
    await save_availability(scene.actor("employee"), off, seen=as_text(seen))
    assert await watch_published() == 1

    assert await flags() == ["availability"]
    told_of_it = {each for [each] in await rows("SELECT recipient_id FROM notifications")}
    assert {scene.manager.id, scene.second_manager.id} <= told_of_it
    for planner in (scene.manager, scene.second_manager, scene.supervisor):
        assert len(await told(planner)) == 1

    # Of another cause they were not told.
    await lose_qualification(scene)
    assert await watch_published() == 1
    assert await told(scene.manager) == ["availability_changed", "shift_in_doubt"]
    assert (await assignment_on(shift, scene.bob)).status == "pending"


async def test_the_flag_is_on_the_board_and_says_why():
    scene, shift = await published(qualifications=("Forklift",))
    await lose_qualification(scene)
    await watch_published()

    held = await assignment_on(shift, scene.bob)
    async with read_session() as session:
        board = await week_board(session, scene.site.id, WEEK, drafts=True, cost=False, version="published", today=WEEK)
        detail = await assignment_detail(session, scene.actor("manager"), held.id)
    [chip] = next(row for row in board.rows if row["id"] == scene.bob.id)["cells"][0]
    assert chip["warn"] == 1
    assert detail.warnings == ("Bob Worker does not hold the qualification Forklift.",)


async def test_the_flag_goes_with_its_cause_and_comes_anew_with_another():
    scene, _ = await published()
    await take_time_off(scene)
    await watch_published()
    await execute("UPDATE time_off_requests SET status = 'withdrawn'")
    assert await watch_published() == 0
    assert await flags() == []

    await take_time_off(scene)
    assert await watch_published() == 1
    assert await told(scene.manager) == ["shift_in_doubt"] * 2


async def test_a_second_cause_is_told_and_the_first_is_not_repeated():
    scene, _ = await published(qualifications=("Forklift",))
    await lose_qualification(scene)
    await watch_published()
    await take_time_off(scene)
    assert await watch_published() == 1

    said = [each for [each] in await rows("SELECT payload ->> 'reasons' FROM notifications ORDER BY id")]
    assert all("Forklift" in each for each in said[:3])
    assert all("time off" in each and "Forklift" not in each for each in said[3:])


async def test_what_was_accepted_when_the_shift_was_given_is_no_doubt():
    scene = await make_scene()
    await change_availability(scene)
    async with writing() as session:
        await build_rule(session, scene.site, strict=False, **AVAILABILITY)
    _, [shift] = await make_week(scene, status="published")
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id, override_reason="He said that he can.")

    assert await watch_published() == 0
    assert await flags() == []
    assert "shift_in_doubt" not in await told(scene.manager)


async def test_shifts_of_drafts_and_those_that_are_over_are_not_looked_at():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})
    await make_week(scene, held={0: [scene.bob]}, status="published", week_start=WEEK - timedelta(weeks=8))
    await leave(scene)
    assert await watch_published() == 0


async def test_a_rule_that_cannot_be_read_holds_up_nobody_elses_shifts():
    scene, _ = await published()
    other = await make_scene()
    await make_week(other, held={0: [other.bob]}, status="published")
    await execute(
        "INSERT INTO rules (site_id, rule_type, name, constraints) VALUES (:id, 'rest_period', 'Broken', '{\"x\": 1}')",
        id=scene.site.id,
    )
    await leave(scene)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=other.bob.id)

    assert await watch_published() == 1
    assert await watch_published() == 0
    async with read_session() as session:
        assert (await read_figures(session)).unwatched == 1
    [[problem]] = await rows("SELECT problem FROM watched_people WHERE problem IS NOT NULL")
    assert "Broken" in problem
    await execute("DELETE FROM rules WHERE name = 'Broken'")
    assert await watch_published() == 1
    assert await told(scene.manager) == await told(other.manager) == ["shift_in_doubt"]
    async with read_session() as session:
        assert (await read_figures(session)).unwatched == 0


async def test_nobody_is_looked_at_again_about_whom_nothing_changed():
    await published()
    with_all = await rows("SELECT seen FROM watched_people")
    assert len(with_all) == 1
    await execute("UPDATE watched_people SET seen = seen")
    assert await watch_published() == 0
    assert await rows("SELECT seen FROM watched_people") == with_all


async def test_that_shifts_cannot_be_judged_ends_also_where_the_change_was_taken_back():
    scene, _ = await published()
    await watch_published()
    await execute(
        "INSERT INTO rules (site_id, rule_type, name, constraints) VALUES (:id, 'rest_period', 'Broken', '{\"x\": 1}')",
        id=scene.site.id,
    )
    await take_time_off(scene)
    await watch_published()
    await execute("UPDATE time_off_requests SET status = 'withdrawn'")
    await watch_published()
    async with read_session() as session:
        assert (await read_figures(session)).unwatched == 1
    await execute("DELETE FROM rules WHERE name = 'Broken'")
    await watch_published()

    async with read_session() as session:
        assert (await read_figures(session)).unwatched == 0
