"""Templates of shifts and weeks: kept, changed, removed, and used in drafts."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from schedule_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from schedule_app.domain.permissions import Actor
from schedule_app.services.departments import delete_department
from schedule_app.services.shift_details import ShiftDetails
from schedule_app.services.templates import (
    apply_template,
    create_shift_template,
    delete_template,
    edit_template,
    preview_template,
    save_week,
)
from schedule_app.services.undo import undo
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, night, rows, writing
from tests.support.builders import build_department
from tests.support.database import Database

NEXT = WEEK + timedelta(days=7)
NIGHT = ShiftDetails(WEEK, time(22), time(6), "Night", "emergency", required_staff=2, qualifications=())


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


async def made(week: date = NEXT) -> list[tuple[Any, ...]]:
    found = await rows(
        "SELECT local_date - :week, local_start, local_end, title, required_staff, ARRAY("
        "  SELECT name FROM schedule_assignments AS held JOIN employees ON employees.id = held.employee_id"
        "  WHERE held.shift_id = shifts.id ORDER BY name)"
        " FROM shifts WHERE local_date BETWEEN :week AND :week + 6 ORDER BY starts_at, id",
        week=week,
    )
    return [tuple(row) for row in found]


async def test_a_shift_is_kept_and_made_on_several_days_in_one_step():
    scene = await make_scene()
    manager = scene.actor("manager")
    template_id = await create_shift_template(manager, scene.site.id, " Nights ", NIGHT)

    days = [NEXT, NEXT + timedelta(days=2), NEXT]
    foreseen = await preview_template(manager, template_id, days)
    outcome = await apply_template(manager, template_id, days)

    assert outcome == foreseen
    assert (outcome.shifts, outcome.new_weeks) == (2, (NEXT,))
    assert await made() == [(day, time(22), time(6), "Night", 2, []) for day in (0, 2)]
    await undo(manager, scene.site.id)
    assert await made() == []


async def test_a_week_is_kept_with_its_people_and_used_again():
    scene = await make_scene()
    await make_week(scene, {"title": "Early"}, night(3), held={0: [scene.bob], 1: [scene.carol]})
    manager = scene.actor("manager")
    template_id = await save_week(manager, scene.site.id, WEEK + timedelta(days=2), "Summer", with_people=True)

    outcome = await apply_template(manager, template_id, [NEXT + timedelta(days=5)])

    assert (outcome.shifts, outcome.people) == (2, 2)
    assert await made() == [
        (0, time(9), time(17), "Early", 1, ["Bob Worker"]),
        (3, time(22), time(6), None, 1, ["Carol Worker"]),
    ]


async def test_a_week_is_kept_without_people_unless_they_are_wanted():
    scene = await make_scene()
    await make_week(scene, held={0: [scene.bob]})
    manager = scene.actor("manager")
    template_id = await save_week(manager, scene.site.id, WEEK, "Empty")

    outcome = await apply_template(manager, template_id, [NEXT])

    assert (outcome.shifts, outcome.people) == (1, 0)


async def test_people_of_a_template_are_judged_and_who_has_left_is_named():
    scene = await make_scene()
    await make_week(scene, {"required_staff": 2}, held={0: [scene.bob, scene.carol]})
    await make_week(scene, {"start": time(12), "end": time(20)}, held={0: [scene.carol]}, week_start=NEXT)
    manager = scene.actor("manager")
    template_id = await save_week(manager, scene.site.id, WEEK, "Both", with_people=True)
    await execute("UPDATE employees SET deleted_at = now(), is_active = false WHERE id = :id", id=scene.bob.id)

    outcome = await apply_template(manager, template_id, [NEXT])

    assert [each.name for each in outcome.left_open] == ["Bob Worker", "Carol Worker"]
    assert "does not work at this site any more" in outcome.left_open[0].text
    assert "already works" in outcome.left_open[1].text


async def test_using_a_week_in_place_of_what_is_there_removes_that():
    scene = await make_scene()
    await make_week(scene, {"title": "New"})
    await make_week(scene, {"title": "Old"}, held={0: [scene.bob]}, week_start=NEXT)
    manager = scene.actor("manager")
    template_id = await save_week(manager, scene.site.id, WEEK, "New week")

    outcome = await apply_template(manager, template_id, [NEXT], replaces=True)

    assert (outcome.removed_shifts, outcome.removed_people) == (1, 1)
    assert [title for *_, title, _, _ in await made()] == ["New"]


async def test_a_template_of_a_removed_department_is_refused_until_another_is_chosen():
    scene = await make_scene()
    async with writing() as session:
        gone = await build_department(session, scene.site, name="Cellar")
    manager = scene.actor("manager")
    details = replace(NIGHT, department_id=gone.id)
    template_id = await create_shift_template(manager, scene.site.id, "Cellar nights", details)
    await delete_department(manager, gone.id, expected_version=1)

    for verb in (preview_template, apply_template):
        with pytest.raises(Conflict, match="department in the template “Cellar nights” was removed"):
            await verb(manager, template_id, [NEXT])
    assert await made() == []

    other = replace(details, department_id=scene.department.id)
    await edit_template(manager, template_id, "Nights", other, expected_version=1)
    await apply_template(manager, template_id, [NEXT])
    assert await rows("SELECT department_id FROM shifts") == [(scene.department.id,)]


async def test_another_department_takes_the_place_of_a_removed_one_in_a_week():
    scene = await make_scene()
    async with writing() as session:
        gone = await build_department(session, scene.site, name="Cellar")
    await make_week(scene, {"department_id": gone.id}, {"department_id": scene.department.id})
    manager = scene.actor("manager")
    template_id = await save_week(manager, scene.site.id, WEEK, "Summer")
    await execute("UPDATE shifts SET department_id = NULL WHERE department_id = :id", id=gone.id)
    await delete_department(manager, gone.id, expected_version=1)

    await edit_template(manager, template_id, "Winter", expected_version=1)
    with pytest.raises(InvalidInput) as refused:
        await edit_template(manager, template_id, "Spring", departments={gone.id: 2**40}, expected_version=2)
    assert refused.value.field == "department_id"
    await edit_template(manager, template_id, "Spring", departments={gone.id: None}, expected_version=2)

    await apply_template(manager, template_id, [NEXT])
    made_in = await rows("SELECT department_id FROM shifts WHERE local_date >= :next ORDER BY id", next=NEXT)
    assert [tuple(row) for row in made_in] == [(None,), (scene.department.id,)]


@pytest.mark.parametrize(
    ("name", "change", "field"),
    [
        ("", {}, "name"),
        ("  ", {}, "name"),
        ("x" * 101, {}, "name"),
        ("two\nlines", {}, "name"),
        ("Fine", {"required_staff": 0}, "required_staff"),
        ("Fine", {"shift_type": "holiday"}, "shift_type"),
        ("Fine", {"department_id": 2**40}, "department_id"),
        ("Fine", {"title": "x" * 201}, "title"),
    ],
)
async def test_what_cannot_be_accepted_is_refused_by_field(name: str, change: dict[str, Any], field: str):
    scene = await make_scene()
    with pytest.raises(InvalidInput) as refused:
        await create_shift_template(scene.actor("manager"), scene.site.id, name, replace(NIGHT, **change))
    assert refused.value.field == field
    assert await rows("SELECT id FROM templates") == []


async def test_names_are_taken_once_per_site_and_kind():
    scene = await make_scene()
    await make_week(scene)
    manager, markup = scene.actor("manager"), "<b>Nights</b>"
    await create_shift_template(manager, scene.site.id, markup, NIGHT)
    with pytest.raises(InvalidInput, match="exists already"):
        await create_shift_template(manager, scene.site.id, markup, NIGHT)
    await save_week(manager, scene.site.id, WEEK, markup)
    await create_shift_template(scene.actor("stranger"), scene.stranger.site_id, markup, NIGHT)
    assert await rows("SELECT name FROM templates") == [(markup,)] * 3


async def test_the_later_change_is_refused_and_says_by_whom():
    scene = await make_scene()
    manager = scene.actor("manager")
    template_id = await create_shift_template(manager, scene.site.id, "Nights", NIGHT)
    await edit_template(scene.actor("second_manager"), template_id, "Watches", expected_version=1)

    with pytest.raises(StaleVersion, match="Joan Manager changed it"):
        await edit_template(manager, template_id, "Mine", expected_version=1)
    with pytest.raises(StaleVersion, match="Joan Manager changed it"):
        await delete_template(manager, template_id, expected_version=1)
    assert await rows("SELECT name, version FROM templates") == [("Watches", 2)]

    await delete_template(manager, template_id, expected_version=2)
    assert await rows("SELECT id FROM templates") == []


@pytest.mark.parametrize("days", [[], [WEEK + timedelta(days=n) for n in range(63)], [date(9999, 12, 31)]])
async def test_days_that_make_no_sense_are_refused(days: list[date]):
    scene = await make_scene()
    manager = scene.actor("manager")
    template_id = await create_shift_template(manager, scene.site.id, "Nights", NIGHT)
    with pytest.raises(InvalidInput):
        await apply_template(manager, template_id, days)


Verb = Callable[[Actor, int], Awaitable[object]]
VERBS: dict[str, Verb] = {
    "edit": lambda actor, template_id: edit_template(actor, template_id, "Mine", NIGHT, expected_version=1),
    "delete": lambda actor, template_id: delete_template(actor, template_id, expected_version=1),
    "preview": lambda actor, template_id: preview_template(actor, template_id, [NEXT]),
    "apply": lambda actor, template_id: apply_template(actor, template_id, [NEXT]),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("who", "error"), [("stranger", NotFound), ("supervisor", NotAllowed), ("employee", NotAllowed)]
)
async def test_who_may_not_edit_shifts_uses_no_template(verb: str, who: str, error: type[Exception]):
    scene: Scene = await make_scene()
    template_id = await create_shift_template(scene.actor("manager"), scene.site.id, "Nights", NIGHT)
    with pytest.raises(error):
        await VERBS[verb](scene.actor(who), template_id)
    with pytest.raises(NotFound):
        await VERBS[verb](scene.actor("admin"), 2**40)
    assert await rows("SELECT name, version FROM templates") == [("Nights", 1)]
    assert await made() == []
