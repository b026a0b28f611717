"""Restoring a version: the same week again, without those who left, and judged anew."""

from datetime import time

import pytest

from schedule_app.domain.errors import Conflict, NotAllowed, NotFound
from schedule_app.models import Schedule
from schedule_app.services.assignments import unassign_employee
from schedule_app.services.restoring import restore_version
from schedule_app.services.schedules import (
    approve_schedule,
    discard_draft,
    publish_schedule,
    revise_schedule,
    submit_schedule,
)
from tests.db.services.scene import Scene, audited, execute, fetch, make_scene, make_week, rows, writing
from tests.support.builders import build_rule

pytestmark = pytest.mark.usefixtures("database")


async def version(schedule_id: int) -> int:
    return (await fetch(Schedule, schedule_id)).version


async def two_published(scene: Scene) -> tuple[int, int]:
    """An archived version with Bob and Carol, and the published one without them."""
    manager = scene.actor("manager")
    first, _ = await make_week(
        scene,
        {"title": "Day", "required_staff": 2},
        {"title": "Late", "start": time(20), "end": time(23)},
        held={0: [scene.bob, scene.carol], 1: [scene.bob]},
        status="published",
    )
    child = await revise_schedule(manager, first.id)
    for [held] in await rows("SELECT id FROM schedule_assignments WHERE schedule_id = :id", id=child):
        await unassign_employee(manager, held)
    for step in (submit_schedule, approve_schedule, publish_schedule):
        await step(manager, child, expected_version=await version(child))
    return first.id, child


async def people_of(schedule_id: int) -> set[tuple[str, int]]:
    found = await rows(
        "SELECT shifts.lineage_id::text, employee_id FROM schedule_assignments AS held"
        " JOIN shifts ON shifts.id = held.shift_id WHERE held.schedule_id = :id",
        id=schedule_id,
    )
    return {tuple(row) for row in found}


async def shifts_of(schedule_id: int) -> list[str]:
    bookkeeping = "'{id,schedule_id,version,created_at,updated_at,created_by_id,updated_by_id}'::text[]"
    found = await rows(
        f"SELECT (to_jsonb(shifts) - {bookkeeping})::text FROM shifts WHERE schedule_id = :id ORDER BY lineage_id",
        id=schedule_id,
    )
    return [row for [row] in found]


async def test_a_restored_version_is_a_draft_with_the_same_shifts_and_people():
    scene = await make_scene()
    first, second = await two_published(scene)

    restored = await restore_version(scene.actor("manager"), first)

    draft = await fetch(Schedule, restored.schedule_id)
    assert (draft.status, draft.version_number, draft.parent_id) == ("draft", 3, first)
    assert restored.version_number == 3
    assert await shifts_of(draft.id) == await shifts_of(first)
    assert await people_of(draft.id) == await people_of(first)
    assert len(await people_of(first)) == 3
    statuses = "SELECT DISTINCT status FROM schedule_assignments WHERE schedule_id = :id"
    assert await rows(statuses, id=draft.id) == [("assigned",)]
    assert (restored.left_out, restored.overlaps, restored.findings) == ((), (), ())
    assert (await fetch(Schedule, second)).status == "published"
    [entry] = await audited("schedule", draft.id)
    assert (entry.action, entry.actor_id, entry.after["restored_from"]) == ("restore", scene.manager.id, first)


async def test_a_restored_version_can_be_published():
    scene = await make_scene()
    first, second = await two_published(scene)
    draft = (await restore_version(scene.actor("manager"), first)).schedule_id

    for step in (submit_schedule, approve_schedule, publish_schedule):
        await step(scene.actor("manager"), draft, expected_version=await version(draft))

    assert [(await fetch(Schedule, each)).status for each in (second, draft)] == ["archived", "published"]


@pytest.mark.parametrize(
    "leaving",
    ["is_active = false", "deleted_at = now()", "site_id = (SELECT max(id) FROM sites), department_id = NULL"],
    ids=["inactive", "removed", "gone to another site"],
)
async def test_who_left_is_left_out_and_named(leaving: str):
    scene = await make_scene()
    first, _ = await two_published(scene)
    await execute(f"UPDATE employees SET {leaving} WHERE id = :id", id=scene.carol.id)

    restored = await restore_version(scene.actor("manager"), first)

    assert restored.left_out == ("Carol Worker",)
    assert {employee for _, employee in await people_of(restored.schedule_id)} == {scene.bob.id}
    assert (await audited("schedule", restored.schedule_id))[0].after["left_out"] == ["Carol Worker"]


async def test_rules_are_judged_as_they_are_now_and_what_they_find_is_kept():
    scene = await make_scene()
    first, _ = await two_published(scene)
    async with writing() as session:
        strict = await build_rule(session, scene.site)

    restored = await restore_version(scene.actor("manager"), first)

    assert restored.findings
    assert all("Bob Worker" in sentence for sentence in restored.findings)
    kept = await rows(
        "SELECT found.rule_id, found.severity, held.employee_id, found.message FROM rule_violations AS found"
        " JOIN schedule_assignments AS held ON held.id = found.assignment_id WHERE found.schedule_id = :id",
        id=restored.schedule_id,
    )
    assert {(row.rule_id, row.severity, row.employee_id) for row in kept} == {(strict.id, "block", scene.bob.id)}
    assert {row.message for row in kept} == set(restored.findings)


async def test_who_works_in_another_published_week_at_that_time_is_named():
    scene = await make_scene()
    first, _ = await two_published(scene)
    elsewhere = await make_scene()
    await make_week(elsewhere, {"start": time(10), "end": time(12)}, held={0: [scene.bob]}, status="published")

    restored = await restore_version(scene.actor("manager"), first)

    [sentence] = restored.overlaps
    assert "Bob Worker already works" in sentence
    assert "10:00–12:00" in sentence
    assert restored.findings == ()


@pytest.mark.parametrize("steps", [[], [submit_schedule], [submit_schedule, approve_schedule]])
async def test_a_week_with_a_version_in_work_is_not_restored_and_the_version_is_named(steps: list):
    scene = await make_scene()
    manager = scene.actor("manager")
    first, second = await two_published(scene)
    working = await revise_schedule(manager, second)
    for step in steps:
        await step(manager, working, expected_version=await version(working))
    before = await rows("SELECT count(*) FROM shifts")

    with pytest.raises(Conflict, match=f"version 3, {(await fetch(Schedule, working)).status}"):
        await restore_version(manager, first)

    assert await rows("SELECT count(*) FROM shifts") == before
    if not steps:
        await discard_draft(manager, working, expected_version=await version(working))
        assert (await restore_version(manager, first)).version_number == 3


async def test_what_was_never_published_is_not_restored():
    scene = await make_scene()
    schedule, _ = await make_week(scene)

    with pytest.raises(Conflict):
        await restore_version(scene.actor("manager"), schedule.id)


async def test_only_planners_of_the_site_restore():
    scene = await make_scene()
    first, _ = await two_published(scene)

    for who, refusal in (("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)):
        with pytest.raises(refusal):
            await restore_version(scene.actor(who), first)
    with pytest.raises(NotFound):
        await restore_version(scene.actor("admin"), 2**40)


async def test_an_empty_version_is_restored_empty():
    scene = await make_scene()
    first, _ = await make_week(scene, status="published")
    child = await revise_schedule(scene.actor("manager"), first.id)
    await execute("DELETE FROM shifts WHERE schedule_id = :id", id=child)
    for step in (submit_schedule, approve_schedule, publish_schedule):
        await step(scene.actor("manager"), child, expected_version=await version(child))

    restored = await restore_version(scene.actor("manager"), child)

    assert await shifts_of(restored.schedule_id) == []
