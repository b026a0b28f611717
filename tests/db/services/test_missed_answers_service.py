"""Answers that are missed: the place is open again, and everybody concerned is told once."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bench import races
from schedule_app.db.engine import read_session
from schedule_app.domain.errors import DeadlinePassed, IllegalTransition, StaleVersion
from schedule_app.queries.me import my_week
from schedule_app.queries.open_shifts import open_shifts
from schedule_app.services.assignments import assign_employee, confirm_assignment, decline_assignment
from schedule_app.services.call_outs import call_out
from schedule_app.services.claims import claim_shift
from schedule_app.services.missed_answers import expire_missed_answers
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.undo import undo
from tests.db.services.scene import Scene, assignment_on, audited, execute, fetch, make_scene, make_week, rows, told
from tests.support.database import Database

OVERDUE = "UPDATE schedule_assignments SET confirm_by = now() - interval '1 minute' WHERE status = 'pending'"


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def missed(scene: Scene, **shift: Any) -> tuple[Any, Any]:
    """Bob has a published shift and has let the time to answer pass; the shift and his assignment."""
    _, [made] = await make_week(scene, shift, held={0: [scene.bob]}, status="published")
    await execute(OVERDUE)
    return made, await assignment_on(made, scene.bob)


async def test_a_shift_that_nobody_answered_in_time_is_open_again_and_all_are_told_once():
    scene = await make_scene()
    shift, held = await missed(scene)

    assert sorted(await asyncio.gather(*(expire_missed_answers() for _ in range(4)))) == [0, 0, 0, 1]
    assert await expire_missed_answers() == 0

    assert (await assignment_on(shift, scene.bob)).status == "expired"
    assert await told(scene.bob) == ["answer_missed"]
    for planner in (scene.manager, scene.second_manager, scene.supervisor):
        assert await told(planner) == ["place_reopened"]
    assert await told(scene.carol) == await told(scene.stranger) == []
    [[action, actor_id, before, after, _, site_id]] = await audited("assignment", held.id)
    assert (action, actor_id, before, after) == ("expire", None, {"status": "pending"}, {"status": "expired"})
    assert site_id == scene.site.id


async def test_the_planners_are_led_to_who_can_cover_the_shift():
    scene = await make_scene()
    shift, _ = await missed(scene)
    await expire_missed_answers()

    [[url]] = await rows("SELECT DISTINCT action_url FROM notifications WHERE type = 'place_reopened'")
    assert url.endswith(f"?cover={shift.id}")


@pytest.mark.parametrize(
    "otherwise",
    [
        "UPDATE schedule_assignments SET confirm_by = now() + interval '1 minute'",
        "UPDATE schedule_assignments SET status = 'confirmed'",
        "UPDATE schedule_assignments SET status = 'declined'",
    ],
)
async def test_whoever_has_time_or_has_answered_keeps_what_they_said(otherwise: str):
    scene = await make_scene()
    _, held = await missed(scene)
    await execute(otherwise)
    before = (await fetch(type(held), held.id)).status

    assert await expire_missed_answers() == 0
    assert (await fetch(type(held), held.id)).status == before


async def test_a_shift_that_has_begun_is_left_as_it_is():
    scene = await make_scene()
    today = datetime.now(UTC).date()
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published", week_start=today)
    await execute(OVERDUE)
    await execute("ALTER TABLE shifts DISABLE TRIGGER USER")
    await execute("UPDATE shifts SET starts_at = now() - interval '1 hour', ends_at = now() + interval '5 hours'")

    assert await expire_missed_answers() == 0
    assert (await assignment_on(shift, scene.bob)).status == "pending"


async def test_drafts_and_replaced_versions_are_left_alone():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]}, status="archived")
    assert await expire_missed_answers() == 0


async def test_many_people_are_settled_in_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("schedule_app.services.missed_answers.BATCH", 2)
    scene = await make_scene()
    people = [scene.bob, scene.carol, scene.supervisor, scene.second_manager, scene.manager]
    await make_week(scene, held={0: people}, status="published")
    await execute(OVERDUE)

    assert await expire_missed_answers() == len(people)
    # Whoever plans is not told of their own twice.
    assert (await told(scene.manager)).count("answer_missed") == 1
    assert (await told(scene.manager)).count("place_reopened") == len(people) - 1


@pytest.mark.parametrize("answer", [confirm_assignment, decline_assignment])
async def test_an_answer_after_that_is_told_that_it_is_too_late(answer: Any):
    scene = await make_scene()
    _, held = await missed(scene)
    await expire_missed_answers()

    with pytest.raises(DeadlinePassed) as refused:
        await answer(scene.actor("employee"), held.id)
    assert refused.value.message.startswith("The time to answer ended on ")
    with pytest.raises(IllegalTransition):
        await call_out(scene.actor("employee"), held.id)


async def test_the_person_is_told_on_their_page_and_may_take_the_shift_after_all():
    scene = await make_scene()
    shift, held = await missed(scene)
    await expire_missed_answers()

    async with read_session() as session:
        week = await my_week(session, scene.bob.id, now=datetime.now(UTC))
        view = await open_shifts(session, scene.actor("employee"))
    [own] = week.weeks[-1].shifts
    assert (own.status, own.can_confirm, own.can_decline, own.can_call_out) == ("expired", False, False, False)
    assert own.deadline_text.startswith("There was no answer by ")
    assert week.weeks[-1].minutes == 0
    assert [each.id for day in view.days for each in day.shifts] == [shift.id]

    await claim_shift(scene.actor("employee"), shift.id)
    again = await assignment_on(shift, scene.bob)
    assert (again.status, again.id == held.id) == ("confirmed", False)


async def test_what_expired_cannot_be_undone_by_whoever_assigned_it():
    scene = await make_scene()
    _, [shift] = await make_week(scene, status="published")
    await assign_employee(scene.actor("manager"), shift.id, scene.bob.id)
    await execute(OVERDUE)
    await expire_missed_answers()

    with pytest.raises(StaleVersion) as refused:
        await undo(scene.actor("manager"), scene.site.id)
    assert "There was no answer in time" in refused.value.message
    assert (await assignment_on(shift, scene.bob)).status == "expired"


async def test_a_new_version_of_the_week_asks_whoever_is_on_it_anew():
    scene = await make_scene()
    schedule, _ = await make_week(scene, held={0: [scene.bob]}, status="published")
    manager = scene.actor("manager")
    draft = await revise_schedule(manager, schedule.id)
    await execute(OVERDUE)
    await expire_missed_answers()
    for step in (submit_schedule, approve_schedule, publish_schedule):
        [[version]] = await rows("SELECT version FROM schedules WHERE id = :id", id=draft)
        await step(manager, draft, expected_version=version)

    [[status, is_ahead]] = await rows(
        "SELECT status, confirm_by > now() FROM schedule_assignments WHERE in_force AND employee_id = :id",
        id=scene.bob.id,
    )
    assert (status, is_ahead) == ("pending", True)
    assert (await told(scene.bob))[-1] == "shifts_published"


async def test_confirming_at_the_last_moment_either_wins_or_is_too_late():
    found = await races.run("missed_answer", runs=25, people=3)

    assert (found["wrong"], found["deadlocks"]) == (0, 0), found["first_wrong"]
