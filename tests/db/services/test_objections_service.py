"""What people have against a shift, and who reads it."""

from datetime import date, timedelta

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import DeadlinePassed, InvalidInput, NotFound
from schedule_app.models import ScheduleAssignment
from schedule_app.queries.assignments import assignment_detail
from schedule_app.queries.board import week_board
from schedule_app.services.objections import object_to_assignment, withdraw_objection
from schedule_app.services.schedules import revise_schedule
from tests.db.services.scene import (
    WEEK,
    Scene,
    assignment_on,
    audited,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    told,
)

pytestmark = pytest.mark.usefixtures("database")

REASON = "My course is that evening."


async def given(scene: Scene, week_start: date = WEEK) -> ScheduleAssignment:
    """A shift of Bob's in a published week."""
    of_department = {"department_id": scene.department.id}
    _, [shift] = await make_week(scene, of_department, held={0: [scene.bob]}, status="published", week_start=week_start)
    return await assignment_on(shift, scene.bob)


async def test_an_objection_reaches_those_who_plan_and_changes_nothing_else():
    scene = await make_scene()
    held = await given(scene)

    await object_to_assignment(scene.actor("bob"), held.id, f"  {REASON} ")

    after = await fetch(ScheduleAssignment, held.id)
    assert (after.objection, after.status) == (REASON, "pending")
    for planner in (scene.manager, scene.second_manager, scene.supervisor):
        assert await told(planner) == ["assignment_objected"]
    for other in (scene.bob, scene.carol, scene.stranger, scene.admin):
        assert await told(other) == []
    async with read_session() as session:
        assert (await assignment_detail(session, scene.actor("manager"), held.id)).objection == REASON
    [entry] = await audited("assignment", held.id)
    assert (entry.action, entry.reason) == ("object", REASON)


async def test_planners_see_it_on_the_board_and_others_do_not():
    scene = await make_scene()
    held = await given(scene)
    await object_to_assignment(scene.actor("bob"), held.id, REASON)

    shown = {}
    for drafts in (True, False):
        async with read_session() as session:
            board = await week_board(
                session, scene.site.id, WEEK, drafts=drafts, cost=False, version="working", today=WEEK
            )
        [row] = [row for row in board.rows if row["id"] == scene.bob.id]
        shown[drafts] = row["cells"][0][0].get("objects")

    assert shown == {True: True, False: None}


async def test_it_goes_along_into_the_next_version():
    scene = await make_scene()
    held = await given(scene)
    await object_to_assignment(scene.actor("bob"), held.id, REASON)

    schedule = await revise_schedule(scene.actor("manager"), held.schedule_id)

    found = await rows("SELECT objection FROM schedule_assignments WHERE schedule_id = :id", id=schedule)
    assert found == [(REASON,)]


async def test_the_same_said_again_tells_nobody_twice_and_it_can_be_taken_back():
    scene = await make_scene()
    held = await given(scene)
    bob = scene.actor("bob")
    await object_to_assignment(bob, held.id, REASON)
    await object_to_assignment(bob, held.id, REASON)
    assert await told(scene.manager) == ["assignment_objected"]

    await withdraw_objection(bob, held.id)

    after = await fetch(ScheduleAssignment, held.id)
    assert (after.objection, after.objected_at) == (None, None)


@pytest.mark.parametrize("reason", ["", "no", "x" * 501, "bell\x07"])
async def test_what_is_no_reason_is_refused(reason: str):
    scene = await make_scene()
    held = await given(scene)
    with pytest.raises(InvalidInput):
        await object_to_assignment(scene.actor("bob"), held.id, reason)
    assert (await fetch(ScheduleAssignment, held.id)).objection is None


async def test_others_and_missing_and_planned_shifts_are_none_of_ones_own():
    scene = await make_scene()
    held = await given(scene)
    _, [drafted] = await make_week(scene, held={0: [scene.bob]}, week_start=WEEK - timedelta(weeks=1))
    draft = await assignment_on(drafted, scene.bob)
    for who, assignment_id in (("carol", held.id), ("manager", held.id), ("bob", 999_999), ("bob", draft.id)):
        with pytest.raises(NotFound):
            await object_to_assignment(scene.actor(who), assignment_id, REASON)


async def test_it_is_too_late_once_the_shift_is_declined_or_has_begun():
    scene = await make_scene()
    declined, begun = await given(scene), await given(scene, WEEK - timedelta(weeks=8))
    await execute("UPDATE schedule_assignments SET status = 'declined' WHERE id = :id", id=declined.id)
    for held in (declined, begun):
        with pytest.raises(DeadlinePassed, match="talk to your manager"):
            await object_to_assignment(scene.actor("bob"), held.id, REASON)
