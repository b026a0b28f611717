"""The audit log as services write it."""

import asyncio
from datetime import time
from typing import Any

import pytest
from sqlalchemy import text

from schedule_app.db.engine import engine, unit_of_work
from schedule_app.models import ScheduleAssignment, Shift
from schedule_app.services.assignments import assign_employee, confirm_assignment
from schedule_app.services.audit import record
from schedule_app.services.schedules import (
    approve_schedule,
    discard_draft,
    publish_schedule,
    revise_schedule,
    submit_schedule,
)
from schedule_app.services.shifts import ShiftDetails, delete_shift, edit_shift
from tests.db.services.scene import WEEK, assignment_on, audited, fetch, make_scene, make_week, rows

DETAILS = ShiftDetails(WEEK, time(10), time(18))

pytestmark = pytest.mark.usefixtures("database")


async def test_record_keeps_who_what_and_why():
    scene = await make_scene()

    async with unit_of_work() as session:
        await record(
            session,
            scene.actor("manager"),
            "rename",
            "site",
            5,
            site_id=scene.site.id,
            before={"name": "Dépôt"},
            after={"name": 'Depot "2"', "tags": [1, None]},
            reason="<i>Merged</i>",
        )
        await record(session, None, "tidy", "site", 5, site_id=None)

    named, anonymous = await audited("site", 5)
    assert tuple(named) == (
        "rename",
        scene.manager.id,
        {"name": "Dépôt"},
        {"name": 'Depot "2"', "tags": [1, None]},
        "<i>Merged</i>",
        scene.site.id,
    )
    assert tuple(anonymous) == ("tidy", None, None, None, None, None)


async def changes_of(*actions: str) -> list[Any]:
    """What the entries of these actions, the oldest first, say that they changed: table, id, and what is there."""
    found = await rows(
        "SELECT changes FROM audit_entries WHERE action = ANY(:actions) ORDER BY id", actions=list(actions)
    )
    return [
        sorted((table, (before or after)["id"], before is not None, after is not None) for table, before, after in each)
        for [each] in found
        if each is not None
    ]


async def test_entry_holds_the_rows_that_its_command_changed():
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    manager = scene.actor("manager")
    assigned = await assign_employee(manager, shift.id, scene.bob.id)
    held = await fetch(ScheduleAssignment, assigned.assignment_id)
    await edit_shift(manager, shift.id, DETAILS, expected_version=1)
    await delete_shift(manager, shift.id, expected_version=2)

    there, gone = ("schedule_assignments", held.id), ("shifts", shift.id)
    assert await changes_of("assign", "edit", "delete") == [
        [(*there, False, True)],
        [(*there, True, True), (*gone, True, True)],
        [(*there, True, False), (*gone, True, False)],
    ]
    [[[[_, before, after]]]] = await rows("SELECT changes FROM audit_entries WHERE action = 'assign'")
    assert before is None
    assert (after["employee_id"], after["status"], after["version"]) == (scene.bob.id, "assigned", 1)


async def test_steps_of_the_workflow_and_answers_change_no_rows_that_could_be_undone():
    scene = await make_scene()
    week, [shift] = await make_week(scene)
    manager = scene.actor("manager")
    await assign_employee(manager, shift.id, scene.bob.id)
    for version, step in enumerate((submit_schedule, approve_schedule, publish_schedule), start=1):
        await step(manager, week.id, expected_version=version)
    await confirm_assignment(scene.actor("employee"), (await assignment_on(shift, scene.bob)).id)
    child = await revise_schedule(manager, week.id)
    await discard_draft(manager, child, expected_version=1)

    entries = await rows("SELECT action FROM audit_entries WHERE changes IS NOT NULL")
    assert [action for [action] in entries] == ["assign"]


async def test_entries_of_one_unit_of_work_are_one_command():
    scene = await make_scene()
    for _ in range(2):
        async with unit_of_work() as session:
            for number in range(2):
                await record(session, scene.actor("manager"), "count", "site", number, site_id=scene.site.id)

    commands = await rows("SELECT command_id FROM audit_entries ORDER BY id")
    assert (commands[0], commands[2]) == (commands[1], commands[3])
    assert commands[0] != commands[2]


async def test_what_was_rolled_back_is_in_no_later_entry():
    scene = await make_scene()
    _, [shift] = await make_week(scene)
    async with engine().connect() as connection:
        for ending in ("ROLLBACK", "COMMIT"):
            await connection.execute(text(f"UPDATE shifts SET title = '{ending}'"))
            await connection.execute(text(ending))
    async with unit_of_work() as session:
        await record(session, scene.actor("manager"), "count", "site", 1, site_id=scene.site.id)

    assert await changes_of("count") == []
    assert (await fetch(Shift, shift.id)).title == "COMMIT"


async def test_entries_written_at_once_make_one_chain():
    scene = await make_scene()

    async def write(number: int) -> None:
        async with unit_of_work() as session:
            await record(session, scene.actor("manager"), "count", "site", number, site_id=scene.site.id)

    await asyncio.gather(*(write(number) for number in range(20)))

    [[links]] = await rows(
        "SELECT count(*) FROM audit_entries AS next"
        " JOIN audit_entries AS previous ON next.previous_hash = previous.hash"
    )
    assert links == 19
