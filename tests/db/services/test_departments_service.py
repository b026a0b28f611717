"""Departments made, renamed, emptied and removed."""

from datetime import timedelta

import pytest

from schedule_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, ScheduleError, StaleVersion
from schedule_app.models import Department, Employee, Rule, Shift
from schedule_app.queries.departments import Usage
from schedule_app.services.departments import (
    create_department,
    delete_department,
    move_department,
    rename_department,
)
from tests.db.services.scene import WEEK, Scene, audited, execute, fetch, make_scene, make_week, writing
from tests.support.builders import build_department, build_rule
from tests.support.database import Database


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def test_a_department_from_its_first_day_to_its_last(scene: Scene):
    manager = scene.actor("manager")
    made = await create_department(manager, scene.site.id, "  <b>Kitchen</b> ")
    await rename_department(manager, made, "Kitchen", expected_version=1)
    await rename_department(manager, made, "Kitchen", expected_version=2)
    await delete_department(manager, made, expected_version=2)

    assert await fetch(Department, made) is None
    assert [(each.action, each.before, each.after) for each in await audited("department", made)] == [
        ("create", None, {"name": "<b>Kitchen</b>"}),
        ("edit", {"name": "<b>Kitchen</b>"}, {"name": "Kitchen"}),
        ("delete", {"name": "Kitchen"}, None),
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "two\nlines", "null\0", "a\u202eb"])
async def test_names_that_are_none_are_refused(scene: Scene, name: str):
    with pytest.raises(InvalidInput) as refused:
        await create_department(scene.actor("manager"), scene.site.id, name)
    assert refused.value.field == "name"
    with pytest.raises(InvalidInput):
        await rename_department(scene.actor("manager"), scene.department.id, name, expected_version=1)


async def test_a_site_has_each_name_once(scene: Scene):
    with pytest.raises(InvalidInput, match="exists already"):
        await create_department(scene.actor("manager"), scene.site.id, scene.department.name)


async def make_used(scene: Scene) -> Department:
    """A department with a person, a rule, a shift in a draft and one in a published week."""
    department = {"department_id": scene.department.id}
    await make_week(scene, department)
    await make_week(scene, department, status="published", week_start=WEEK + timedelta(weeks=1))
    await execute("UPDATE employees SET department_id = :to WHERE id = :id", to=scene.department.id, id=scene.bob.id)
    async with writing() as session:
        await build_rule(session, scene.site, **department)
        return await build_department(session, scene.site)


async def test_a_department_in_use_is_not_removed(scene: Scene):
    await make_used(scene)
    with pytest.raises(Conflict, match=r"Still in .*: 1 person, 2 shifts, 1 rule. Move"):
        await delete_department(scene.actor("manager"), scene.department.id, expected_version=1)


async def test_moving_takes_along_what_can_still_change(scene: Scene):
    other = await make_used(scene)
    left = await move_department(scene.actor("manager"), scene.department.id, other.id)

    assert left == Usage(people=0, shifts=1, rules=0)
    assert (await fetch(Employee, scene.bob.id)).department_id == other.id
    [entry] = await audited("department", scene.department.id)
    assert entry.action == "move"
    assert entry.before["employee_ids"] == [scene.bob.id]
    assert (await fetch(Shift, entry.before["shift_ids"][0])).department_id == other.id
    assert (await fetch(Rule, entry.before["rule_ids"][0])).department_id == other.id


async def test_a_department_is_moved_into_another_of_its_site(scene: Scene):
    async with writing() as session:
        foreign = await build_department(session, await session.get_one(type(scene.site), scene.stranger.site_id))
    for into, refusal in ((scene.department.id, InvalidInput), (foreign.id, NotFound), (2**40, NotFound)):
        with pytest.raises(refusal):
            await move_department(scene.actor("manager"), scene.department.id, into)
    with pytest.raises(InvalidInput):
        await move_department(scene.actor("admin"), scene.department.id, foreign.id)


async def test_a_department_changed_meanwhile_is_looked_at_again(scene: Scene):
    manager = scene.actor("manager")
    await rename_department(manager, scene.department.id, "Other", expected_version=1)
    with pytest.raises(StaleVersion):
        await rename_department(manager, scene.department.id, "Mine", expected_version=1)
    with pytest.raises(StaleVersion):
        await delete_department(manager, scene.department.id, expected_version=1)


@pytest.mark.parametrize(
    ("who", "refusal"), [("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)]
)
async def test_others_change_no_department(scene: Scene, who: str, refusal: type[ScheduleError]):
    actor, department_id = scene.actor(who), scene.department.id
    for attempt in (
        create_department(actor, scene.site.id, "New"),
        rename_department(actor, department_id, "New", expected_version=1),
        delete_department(actor, department_id, expected_version=1),
        move_department(actor, department_id, 2**40),
    ):
        with pytest.raises(refusal):
            await attempt
