"""The page of the templates: made, changed, removed, live, and of the actor's site alone."""

from datetime import time
from typing import Any

import pytest

from schedule_app.services.departments import create_department, delete_department
from schedule_app.services.shift_details import ShiftDetails
from schedule_app.services.templates import create_shift_template, edit_template, save_week
from schedule_app.ui.templates.state import TemplatesState
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, rows
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("database")

NIGHT = ShiftDetails(WEEK, time(22), time(6), "Night", "emergency", required_staff=2, priority=8, notes="Torch")
FILLED: dict[str, Any] = {
    "name": "Lates",
    "title": "Late",
    "local_start": "14:00",
    "local_end": "22:30",
    "shift_type": "general",
    "department_id": "0",
    "required_staff": "3",
    "qualifications": "Till, Forklift",
    "notes": "",
}


def listed(tab: Tab, kind: str = "shifts") -> list[tuple[str, str]]:
    """The templates of a list, as the browser was told."""
    return [(each["name"], each["contents"]) for each in tab.shows(TemplatesState)[kind]]


async def with_removed(scene: Scene) -> tuple[int, int]:
    """A shift and a week of a department that was removed."""
    manager, site_id = scene.actor("manager"), scene.site.id
    cellar = await create_department(manager, site_id, "Cellar")
    shift_id = await create_shift_template(
        manager, site_id, "Nights", ShiftDetails(WEEK, time(22), time(6), department_id=cellar)
    )
    await make_week(scene, {"department_id": cellar}, {"department_id": scene.department.id})
    week_id = await save_week(manager, site_id, WEEK, "Usual")
    await execute("UPDATE shifts SET department_id = NULL WHERE department_id = :id", id=cellar)
    await delete_department(manager, cellar, expected_version=1)
    return shift_id, week_id


async def test_a_template_is_made_changed_and_deleted_and_others_see_it_live():
    scene = await make_scene()
    async with browser_of(scene.manager.id) as tab, browser_of(scene.second_manager.id) as other, live_pushes():
        await tab.open(f"/templates/{scene.site.id}")
        await other.open(f"/templates/{scene.site.id}")
        await tab.send(TemplatesState.begin)
        await tab.send(TemplatesState.save, FILLED)
        assert not tab.shows(TemplatesState)["is_open"]
        for each in (tab, other):
            await eventually(lambda each=each: listed(each) == [("Lates", "14:00–22:30")])

        [[template_id]] = await rows("SELECT id FROM templates")
        await other.send(TemplatesState.open, {"template_id": template_id})
        assert other.shows(TemplatesState)["fields"]["qualifications"] == "Till, Forklift"
        await other.send(TemplatesState.save, FILLED | {"name": "Evenings", "local_end": "02:00"})
        for each in (tab, other):
            await eventually(lambda each=each: listed(each) == [("Evenings", "14:00–02:00 +1")])

        await tab.send(TemplatesState.open, {"template_id": template_id})
        await tab.send(TemplatesState.ask_delete)
        assert tab.shows(TemplatesState)["is_deleting"]
        await tab.send(TemplatesState.keep)
        assert await rows("SELECT name FROM templates") == [("Evenings",)]
        await tab.send(TemplatesState.ask_delete)
        await tab.send(TemplatesState.delete)
        for each in (tab, other):
            await eventually(lambda each=each: listed(each) == [])


async def test_what_the_form_does_not_ask_for_is_kept():
    scene = await make_scene()
    template_id = await create_shift_template(scene.actor("manager"), scene.site.id, "Nights", NIGHT)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/templates/{scene.site.id}")
        await tab.send(TemplatesState.open, {"template_id": template_id})
        await tab.send(TemplatesState.save, FILLED | {"name": "Nights"})
    found = await rows("SELECT shifts -> 0 ->> 'priority', shifts -> 0 ->> 'title' FROM templates")
    assert found == [("8", "Late")]


async def test_of_two_who_save_the_later_is_refused_and_loses_nothing():
    scene = await make_scene()
    template_id = await create_shift_template(scene.actor("manager"), scene.site.id, "Nights", NIGHT)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/templates/{scene.site.id}")
        await tab.send(TemplatesState.open, {"template_id": template_id})
        await edit_template(scene.actor("second_manager"), template_id, "Watches", expected_version=1)
        for handler, payload in (("delete", None), ("save", FILLED)):
            await (tab.send(f"TemplatesState.{handler}", payload) if payload else tab.send(f"TemplatesState.{handler}"))
            assert "Joan Manager changed it" in tab.shows(TemplatesState)["problem"]
            assert tab.shows(TemplatesState)["is_open"]
        assert await rows("SELECT name FROM templates") == [("Watches",)]

        both = {each.label: (each.entered, each.stored) for each in tab.state(TemplatesState).differences}
        assert both["Name"] == (FILLED["name"], "Watches")
        assert both["Start"] == (FILLED["local_start"], "22:00")
        await tab.send(TemplatesState.save, FILLED)
        assert not tab.shows(TemplatesState)["is_open"]
    assert await rows("SELECT name FROM templates") == [(FILLED["name"],)]


async def test_a_removed_department_is_named_as_such_and_chosen_anew():
    scene = await make_scene()
    shift_id, week_id = await with_removed(scene)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/templates/{scene.site.id}")
        shown = tab.shows(TemplatesState)
        assert all(len(each["removed"]) == 1 for kind in ("shifts", "weeks") for each in shown[kind])
        for template_id, handler in ((shift_id, "save"), (week_id, "save_week")):
            await tab.send(TemplatesState.open, {"template_id": template_id})
            shown = tab.shows(TemplatesState)
            gone, label = shown["departments"][0]
            assert (shown["has_removed"], label) == (True, "Removed, please choose")
            assert shown["fields"]["department_id"] == gone
            sent = FILLED if handler == "save" else {"name": "Usual"}
            await tab.send(f"TemplatesState.{handler}", sent | {"department_id": gone})
            assert tab.shows(TemplatesState)["errors"]["department_id"] == "This department does not exist."
            await tab.send(f"TemplatesState.{handler}", sent | {"department_id": scene.department.id})
            assert not tab.shows(TemplatesState)["is_open"]
        shown = tab.shows(TemplatesState)
        assert all(each["removed"] == [] for kind in ("shifts", "weeks") for each in shown[kind])
    found = await rows("SELECT DISTINCT s ->> 'department_id' FROM templates, jsonb_array_elements(shifts) AS s")
    assert found == [(str(scene.department.id),)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "Taken"}, "name"),
        ({"title": "x" * 201}, "title"),
        ({"required_staff": 0}, "required_staff"),
        ({"shift_type": "holiday"}, "shift_type"),
        ({"department_id": 2**40}, "department_id"),
        ({"qualifications": "x" * 101}, "qualifications"),
    ],
)
async def test_what_cannot_be_accepted_is_said_beside_the_field(change: dict[str, Any], field: str):
    scene = await make_scene()
    await create_shift_template(scene.actor("manager"), scene.site.id, "Taken", NIGHT)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/templates/{scene.site.id}")
        await tab.send(TemplatesState.begin)
        await tab.send(TemplatesState.save, FILLED | change)
        assert tab.shows(TemplatesState)["errors"][field]
        assert tab.shows(TemplatesState)["is_open"]
    assert await rows("SELECT name FROM templates") == [("Taken",)]


async def test_templates_of_another_site_and_none_look_alike():
    scene = await make_scene()
    theirs = await create_shift_template(scene.actor("stranger"), scene.stranger.site_id, "Theirs", NIGHT)
    said = []
    for site_id, template_id in ((scene.stranger.site_id, theirs), (2**40, 2**40), ("0x1", 0)):
        async with browser_of(scene.manager.id) as tab:
            await tab.open(f"/templates/{site_id}")
            said.append(tab.alert)
            assert not tab.state(TemplatesState).is_ready
            if template_id:
                await tab.open(f"/templates/{scene.site.id}")
                await tab.send(TemplatesState.open, {"template_id": template_id})
                said.append(tab.alert)
                assert not tab.state(TemplatesState).is_open
    assert set(said) == {"This does not exist, or you may not see it."}


@pytest.mark.parametrize("who", ["supervisor", "bob"])
async def test_who_edits_no_shifts_has_no_templates(who: str):
    scene = await make_scene()
    async with browser_of(getattr(scene, who).id) as tab:
        await tab.open(f"/templates/{scene.site.id}")
        assert tab.alert == "You are not allowed to do this."
        assert not tab.state(TemplatesState).is_ready
