"""The dialog that says who can cover a shift."""

from datetime import time
from typing import Any

import pytest

from schedule_app.models import Shift
from schedule_app.ui.board.assign_state import AssignState
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.board.state import BoardState
from tests.db.services.scene import WEEK, Scene, execute, make_scene, make_week, rows, writing
from tests.support.builders import build_rule
from tests.support.database import Database
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def opened(tab: Tab, scene: Scene, shift: Shift) -> None:
    await tab.open(f"/schedule/{scene.site.id}/{WEEK}")
    await tab.send(CoverState.open, {"shift_id": shift.id})


def names(tab: Tab, part: str = "able") -> list[str]:
    return [each["name"] for each in tab.shows(CoverState).get(part, [])]


def person(tab: Tab, name: str) -> dict[str, Any]:
    shown = tab.shows(CoverState)
    return next(each for each in (*shown["able"], *shown["others"]) if each["name"] == name)


async def holders(shift: Shift) -> list[str]:
    found = await rows(
        "SELECT employees.name FROM schedule_assignments JOIN employees ON employees.id = employee_id"
        " WHERE shift_id = :id ORDER BY 1",
        id=shift.id,
    )
    return [name for [name] in found]


async def test_one_click_assigns_and_the_last_place_closes_the_list(scene: Scene):
    _, [shift] = await make_week(scene, {"required_staff": 2})
    async with browser_of(scene.manager.id) as tab:
        await opened(tab, scene, shift)
        await tab.send(CoverState.assign, {"employee_id": scene.bob.id})
        assert await holders(shift) == ["Bob Worker"]
        assert "Bob Worker" not in names(tab)
        assert (tab.shows(CoverState)["said"], tab.shows(CoverState)["is_open"]) == (
            "Bob Worker has the shift now.",
            True,
        )
        assert tab.shows(CoverState)["staffing"] == "1 of 2 people."
        assert tab.shows(BoardState)["staffed"] == {str(shift.id): 1}

        await tab.send(CoverState.assign, {"employee_id": scene.carol.id})
        assert await holders(shift) == ["Bob Worker", "Carol Worker"]
        assert not tab.shows(CoverState)["is_open"]


async def test_a_warning_asks_a_manager_for_a_reason_and_sends_a_supervisor_to_one(scene: Scene):
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    _, [_, shift] = await make_week(scene, {}, {"start": time(20), "end": time(23)}, held={0: [scene.bob]})
    async with browser_of(scene.supervisor.id) as tab:
        await opened(tab, scene, shift)
        await tab.send(CoverState.assign, {"employee_id": scene.bob.id})
        assert tab.shows(CoverState)["error"].endswith("A manager may assign it all the same, with a reason.")
        assert not tab.shows(CoverState)["reason_for"]
        await tab.send(CoverState.assign_anyway, {"reason": "I say so"})
        assert tab.alert == "You are not allowed to do this."
    assert await holders(shift) == []

    async with browser_of(scene.manager.id) as tab:
        await opened(tab, scene, shift)
        await tab.send(CoverState.assign_anyway, {"reason": "Nobody was chosen"})
        assert await holders(shift) == []
        await tab.send(CoverState.assign, {"employee_id": scene.bob.id})
        assert (tab.shows(CoverState)["reason_for"], tab.shows(CoverState)["reason_name"]) == (
            scene.bob.id,
            "Bob Worker",
        )
        await tab.send(CoverState.leave_it)
        assert tab.shows(CoverState)["reason_for"] == 0
        await tab.send(CoverState.assign, {"employee_id": scene.bob.id})
        await tab.send(CoverState.assign_anyway, {"reason": "Agreed with Bob"})
        assert await holders(shift) == ["Bob Worker"]
        assert not tab.shows(CoverState)["is_open"]


async def test_who_cannot_is_refused_in_words(scene: Scene):
    _, [_, shift] = await make_week(scene, {}, {"start": time(16), "end": time(20)}, held={0: [scene.bob]})
    async with browser_of(scene.manager.id) as tab:
        await opened(tab, scene, shift)
        assert names(tab, "others") == ["Bob Worker"]
        assert "overlaps this shift" in person(tab, "Bob Worker")["problems"][0]
        await tab.send(CoverState.assign, {"employee_id": scene.bob.id})
        assert "overlaps this shift" in tab.shows(CoverState)["error"]
        await tab.send(CoverState.assign, {"employee_id": scene.stranger.id})
        assert tab.shows(CoverState)["error"] == "This does not exist, or you may not see it."
    assert await holders(shift) == []


async def test_the_rules_of_a_person_open_and_close(scene: Scene):
    _, [shift] = await make_week(scene)
    async with browser_of(scene.manager.id) as tab:
        await opened(tab, scene, shift)
        assert person(tab, "Bob Worker")["checks"] == []
        await tab.send(CoverState.explain, {"employee_id": scene.bob.id})
        assert {line["state"] for line in person(tab, "Bob Worker")["checks"]} == {"met"}
        assert person(tab, "Carol Worker")["checks"] == []
        await tab.send(CoverState.explain, {"employee_id": scene.bob.id})
        assert person(tab, "Bob Worker")["checks"] == []


async def test_others_changes_rank_anew_and_a_shift_that_is_gone_closes_the_list(scene: Scene):
    _, [other, shift] = await make_week(scene, {"day": 1}, {"required_staff": 2})
    async with live_pushes(), browser_of(scene.manager.id) as tab:
        await opened(tab, scene, shift)
        await tab.send(CoverState.explain, {"employee_id": scene.bob.id})
        await execute("UPDATE employees SET contracted_minutes = 2400 WHERE id = :id", id=scene.carol.id)
        await eventually(lambda: names(tab)[0] == "Carol Worker")
        assert person(tab, "Bob Worker")["checks"]
        await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)
        await eventually(lambda: "Carol Worker" not in names(tab))
        await execute("DELETE FROM shifts WHERE id = :id", id=other.id)
        await execute("DELETE FROM shifts WHERE id = :id", id=shift.id)
        await eventually(lambda: not tab.shows(CoverState)["is_open"])


async def test_foreign_shifts_and_staff_get_nothing(scene: Scene):
    _, [shift] = await make_week(scene)
    for who in (scene.bob, scene.stranger):
        async with browser_of(who.id) as tab:
            await tab.open(f"/schedule/{scene.site.id}/{WEEK}")
            await tab.send(CoverState.open, {"shift_id": shift.id})
            assert tab.alert
            await tab.send(CoverState.assign, {"employee_id": scene.carol.id})
            assert tab.alert
            assert names(tab) == []
    assert await holders(shift) == []


async def test_from_the_form_it_is_about_the_shift_chosen_last(scene: Scene):
    _, [_, other] = await make_week(scene, {}, {"day": 1})
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"/schedule/{scene.site.id}/{WEEK}")
        await tab.send(AssignState.open_form, {})
        await tab.send(AssignState.choose_shift, {"shift_id": other.id})
        await tab.send(AssignState.cover)

        assert not tab.shows(AssignState)["is_open"]
        assert tab.shows(CoverState)["is_open"]
        await tab.send(CoverState.assign, {"employee_id": scene.bob.id})
        assert await holders(other) == ["Bob Worker"]
