"""The dialog about what is selected: what it shows, what it does, what it refuses and loses nothing."""

from datetime import time, timedelta
from typing import Any

import pytest

from schedule_app.models import ScheduleAssignment, Shift
from schedule_app.services.assignments import confirm_assignment, unassign_employee
from schedule_app.ui.board.bulk_state import BulkState
from schedule_app.ui.board.report_state import ReportState
from schedule_app.ui.board.state import BoardState
from tests.db.services.scene import WEEK, Scene, actor_of, assignment_on, make_scene, make_week, rows, writing
from tests.support.builders import build_rule
from tests.support.reflex_events import browser_of

pytestmark = pytest.mark.usefixtures("database")

EARLY: dict[str, Any] = {"start": time(6), "end": time(14), "title": "Early"}
LATE: dict[str, Any] = {"start": time(16), "end": time(22), "title": "Late"}


async def a_week(scene: Scene, status: str = "draft") -> tuple[list[Shift], list[ScheduleAssignment]]:
    """Bob and Carol on Monday's early shift; Monday's late and Tuesday's early one are open."""
    shifts = {**EARLY, "required_staff": 2}, LATE, {**EARLY, "day": 1}
    _, made = await make_week(scene, *shifts, held={0: [scene.bob, scene.carol]}, status=status)
    return made, [await assignment_on(made[0], person) for person in (scene.bob, scene.carol)]


def path(scene: Scene) -> str:
    return f"/schedule/{scene.site.id}/{WEEK}"


def ids(*things: ScheduleAssignment | Shift) -> list[int]:
    return [each.id or 0 for each in things]


async def staffed() -> int:
    [[number]] = await rows("SELECT count(*) FROM schedule_assignments WHERE status <> 'cancelled'")
    return number


async def test_it_lists_what_it_touches_those_first_who_would_be_disturbed():
    scene = await make_scene()
    _, held = await a_week(scene, "published")
    await confirm_assignment(actor_of(scene.carol), held[1].id or 0)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(path(scene))
        await tab.send(BulkState.begin, {"action": "unassign", "ids": ids(*held)})
        asked = tab.shows(BulkState)["asked"]
        assert asked["title"].startswith("Unassign 2 shifts, Mon")
        assert asked["text"].endswith("1 of these is confirmed already and would be disturbed.")
        assert [(each["name"], each["status"]) for each in asked["lines"]] == [
            ("Carol Worker", "confirmed"),
            ("Bob Worker", "pending"),
        ]
        await tab.send(BulkState.go_ahead, {"reason": ""})
        assert not tab.state(BulkState).is_open
        assert tab.shows(BulkState)["done"]["text"] == asked["title"].replace("Unassign", "Unassigned")
        assert tab.shows(ReportState)["title"] == ""
        assert all(not any(row["cells"]) for row in tab.state(BoardState).patch.values() if row)
    assert await staffed() == 0


async def test_what_changed_since_it_was_shown_is_said_and_shown_anew():
    scene = await make_scene()
    _, held = await a_week(scene)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(path(scene))
        await tab.send(BulkState.begin, {"action": "unassign", "ids": ids(*held)})
        await unassign_employee(scene.actor("second_manager"), held[0].id or 0)
        await tab.send(BulkState.go_ahead, {"reason": ""})

        shown = tab.shows(BulkState)
        assert "Joan Manager took it away in the meantime" in shown["problem"]
        assert shown["is_open"]
        assert [each["name"] for each in shown["asked"]["lines"]] == ["Carol Worker"]
        assert await staffed() == 1
        await tab.send(BulkState.go_ahead, {"reason": ""})
        assert not tab.state(BulkState).is_open
    assert await staffed() == 0


async def test_one_reason_is_asked_for_and_what_is_blocked_is_reported():
    scene = await make_scene()
    shifts, _ = await a_week(scene)
    async with writing() as session:
        await build_rule(session, scene.site, strict=False)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(path(scene))
        await tab.send(BulkState.begin, {"action": "assign", "ids": ids(*shifts)})
        assert not tab.shows(BulkState)["foreseen"]["is_ready"]
        await tab.send(BulkState.choose, {"employee_id": str(scene.bob.id)})
        foreseen = tab.shows(BulkState)["foreseen"]
        assert foreseen["text"] == "2 shifts would be assigned; 1 would stay as it is."
        assert (len(foreseen["refused"]), len(foreseen["warned"])) == (1, 2)

        await tab.send(BulkState.go_ahead, {"reason": ""})
        assert tab.shows(BulkState)["problem"] == "Please say why it shall be done all the same."
        assert await staffed() == 2
        await tab.send(BulkState.go_ahead, {"reason": "Nobody else can"})
        report = tab.shows(ReportState)
        assert report["title"].startswith("Assigned 2 shifts")
        assert [each["text"] for each in report["left_open"]] == ["Bob Worker already has this shift."]
        assert len(report["warned"]) == 2
        await tab.send(ReportState.dismiss)
        assert tab.shows(ReportState)["title"] == ""
    assert await staffed() == 4


async def test_moving_and_copying_are_foretold_and_done():
    scene = await make_scene()
    _, held = await a_week(scene)
    tuesday = (WEEK + timedelta(days=1)).isoformat()
    async with browser_of(scene.manager.id) as tab:
        await tab.open(path(scene))
        await tab.send(BulkState.begin, {"action": "move", "ids": ids(*held), "day": tuesday, "keep": True})
        assert tab.shows(BulkState)["foreseen"]["text"] == "2 shifts would be copied."
        await tab.send(BulkState.choose, {"mode": "move", "employee_id": str(scene.supervisor.id), "day": ""})
        assert tab.shows(BulkState)["foreseen"]["text"] == "1 shift would be moved; 1 would stay as it is."
        await tab.send(BulkState.choose, {"employee_id": "0", "day": WEEK.isoformat()})
        assert tab.shows(BulkState)["problem"] == "Please choose another person or another day."
        await tab.send(BulkState.choose, {"day": tuesday})
        await tab.send(BulkState.go_ahead, {"reason": ""})
        assert tab.shows(BulkState)["done"]["text"].startswith("Moved 2 shifts")
    found = await rows(
        "SELECT employee_id FROM schedule_assignments JOIN shifts ON shifts.id = shift_id WHERE local_date > :day",
        day=WEEK,
    )
    assert len(found) == 2


async def test_shifts_are_copied_and_deleted_by_those_who_may_edit_them():
    scene = await make_scene()
    shifts, _ = await a_week(scene)
    to = WEEK + timedelta(days=9)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(path(scene))
        await tab.send(BulkState.begin, {"action": "copy", "ids": ids(*shifts[1:])})
        await tab.send(BulkState.choose, {"day": to.isoformat()})
        assert tab.shows(BulkState)["foreseen"]["text"].startswith("2 shifts, 0 people. A draft would be begun")
        await tab.send(BulkState.copy_shifts)
        await tab.send(BulkState.begin, {"action": "delete", "ids": ids(*shifts)})
        assert "2 places on them are filled" in tab.shows(BulkState)["asked"]["text"]
        await tab.send(BulkState.delete_shifts)
        assert tab.shows(BulkState)["done"] == {"nonce": 2, "text": tab.shows(BulkState)["done"]["text"]}
    assert [each for [each] in await rows("SELECT local_date FROM shifts ORDER BY 1")] == [to, to + timedelta(days=1)]


@pytest.mark.parametrize("action", ["delete", "copy"])
async def test_a_supervisor_does_not_change_shifts(action: str):
    scene = await make_scene()
    shifts, _ = await a_week(scene)
    async with browser_of(scene.supervisor.id) as tab:
        await tab.open(path(scene))
        await tab.send(BulkState.begin, {"action": action, "ids": ids(*shifts), "day": WEEK.isoformat()})
        assert tab.alert == "You are not allowed to do this."
        assert not tab.state(BulkState).is_open


async def test_what_is_of_another_site_or_never_was_is_not_there():
    scene, elsewhere = await make_scene(), await make_scene()
    await a_week(scene)
    shifts, held = await a_week(elsewhere)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(path(scene))
        for action, numbers in (("unassign", ids(*held)), ("assign", ids(*shifts)), ("move", [2**40]), ("delete", [])):
            await tab.send(BulkState.begin, {"action": action, "ids": numbers})
            assert tab.alert == "What was selected is not there any more."
            await tab.send(BulkState.go_ahead, {"reason": ""})
            assert not tab.state(BulkState).is_open
    assert await staffed() == 4


async def test_closing_it_forgets_what_was_asked():
    scene = await make_scene()
    _, held = await a_week(scene)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(path(scene))
        await tab.send(BulkState.begin, {"action": "unassign", "ids": ids(*held)})
        await tab.send(BulkState.show, {"is_open": False})
        for handler, *payload in ((BulkState.go_ahead, {"reason": ""}), (BulkState.delete_shifts,)):
            await tab.send(handler, *payload)
        await tab.send(BulkState.show, {"is_open": True})
        assert not tab.state(BulkState).is_open
    assert await staffed() == 2
