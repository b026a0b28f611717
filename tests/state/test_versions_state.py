"""The page of a week's versions: which two are compared, for whom, and that it stays true while they change."""

from datetime import timedelta
from typing import Any

import pytest

from schedule_app.models import Schedule
from schedule_app.services.assignments import assign_employee, unassign_employee
from schedule_app.services.schedules import discard_draft, revise_schedule
from schedule_app.ui.board.changes_state import ChangesState
from schedule_app.ui.versions.restore_state import RestoreState
from schedule_app.ui.versions.state import VersionsState
from tests.db.services.scene import WEEK, Scene, execute, fetch, make_scene, make_week, rows
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("database")


async def two_versions(scene: Scene) -> tuple[int, int]:
    first, _ = await make_week(scene, {"title": "Day"}, held={0: [scene.bob]}, status="published")
    return first.id, await revise_schedule(scene.actor("manager"), first.id)


def address(scene: Scene, query: str = "") -> str:
    return f"/versions/{scene.site.id}/{WEEK}{query}"


def shown(tab: Tab) -> dict[str, Any]:
    return tab.shows(VersionsState)


async def test_the_newest_version_is_compared_with_the_one_in_force_unless_the_address_says_otherwise():
    scene = await make_scene()
    first, child = await two_versions(scene)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene))
        assert [each["number"] for each in shown(tab)["versions"]] == [2, 1]
        assert (shown(tab)["one_id"], shown(tab)["other_id"]) == (first, child)
        assert shown(tab)["view"]["is_same"]

        await tab.open(address(scene, f"?one=0&other={first}"))
        assert tab.state(VersionsState).one_id == 0
        assert [row["name"] for row in shown(tab)["view"]["people"]] == ["Bob Worker"]

        await tab.send(VersionsState.compare, {"one_id": child, "other_id": first})
        assert f"one={child}&other={first}" in str(tab.events[-1].payload)
        assert shown(tab)["view"]["one"]["title"] == "Version 2"


@pytest.mark.parametrize("query", ["?one=x&other=y", "?one=-1&other=0", f"?one=1&other={2**40}", f"?other={'9' * 40}"])
async def test_an_address_that_names_no_version_of_this_week_shows_the_usual_two(query: str):
    scene = await make_scene()
    first, child = await two_versions(scene)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene, query))
        assert (shown(tab)["one_id"], shown(tab)["other_id"]) == (first, child)


async def test_versions_of_other_weeks_and_sites_are_not_compared_here():
    scene, elsewhere = await make_scene(), await make_scene()
    first, child = await two_versions(scene)
    theirs, _ = await make_week(elsewhere)
    later, _ = await make_week(scene, week_start=WEEK + timedelta(days=7))
    async with browser_of(scene.admin.id) as tab:
        await tab.open(address(scene))
        for other in (theirs.id, later.id, 2**40):
            await tab.send(VersionsState.compare, {"one_id": first, "other_id": other})
            assert tab.alert == "This does not exist, or you may not see it."
            assert tab.state(VersionsState).other_id == child


async def test_it_is_a_page_for_planners_of_the_site():
    scene = await make_scene()
    first, _ = await two_versions(scene)
    for person in (scene.bob, scene.stranger):
        async with browser_of(person.id) as tab:
            await tab.open(address(scene))
            assert not tab.state(VersionsState).is_found
            assert tab.state(VersionsState).versions == []
            await tab.send(VersionsState.compare, {"one_id": 0, "other_id": first})
            assert tab.alert
            assert tab.state(VersionsState).view.people == []
    async with browser_of(scene.supervisor.id) as tab:
        await tab.open(address(scene))
        assert len(tab.state(VersionsState).versions) == 2
        assert not tab.state(VersionsState).can_restore
        assert "Cost" not in str(shown(tab)["view"])


async def test_a_week_without_versions_has_nothing_to_compare():
    scene = await make_scene()
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene))
        assert (tab.state(VersionsState).versions, tab.state(VersionsState).other_id) == ([], 0)


async def test_the_page_follows_the_week():
    scene = await make_scene()
    first, child = await two_versions(scene)
    [[shift_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=child)
    async with browser_of(scene.manager.id) as tab, live_pushes():
        await tab.open(address(scene))
        await assign_employee(scene.actor("manager"), shift_id, scene.carol.id)
        await eventually(lambda: [row["name"] for row in shown(tab)["view"]["people"]] == ["Carol Worker"])

        await discard_draft(scene.actor("manager"), child, expected_version=(await fetch(Schedule, child)).version)
        await eventually(lambda: tab.state(VersionsState).other_id == first)
        assert len(tab.state(VersionsState).versions) == 1


async def test_restoring_asks_first_and_says_what_became_of_it():
    scene = await make_scene()
    first, child = await two_versions(scene)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene, f"?one=0&other={child}"))
        await tab.send(RestoreState.ask, {"schedule_id": first})
        assert tab.state(RestoreState).is_open
        assert (shown(tab)["working"]["number"], shown(tab)["working"]["status"]) == (2, "draft")
        await tab.send(RestoreState.restore)
        assert "version 2, draft" in tab.alert
        assert tab.state(RestoreState).restored_number == 0

        await tab.send(RestoreState.ask, {"schedule_id": first})
        await tab.send(RestoreState.discard)
        assert tab.state(VersionsState).working.number == 0
        assert [each.number for each in tab.state(VersionsState).versions] == [1]
        await tab.send(RestoreState.restore)

        report = tab.state(RestoreState).report
        assert (tab.state(RestoreState).restored_number, report.version_number) == (1, 2)
        assert report.left_out == ("Bob Worker",)
        assert (tab.state(VersionsState).one_id, tab.state(VersionsState).other_id) == (first, report.schedule_id)
        assert f"one={first}&other={report.schedule_id}" in str(tab.events[-1].payload)
        await tab.open(address(scene))
        assert tab.state(RestoreState).restored_number == 0


async def test_versions_of_other_pages_are_not_restored_here():
    scene = await make_scene()
    await two_versions(scene)
    later, _ = await make_week(scene, week_start=WEEK + timedelta(days=7), status="published")
    async with browser_of(scene.manager.id) as tab:
        await tab.open(address(scene))
        for other in (later.id, 2**40):
            await tab.send(RestoreState.ask, {"schedule_id": other})
            assert tab.alert == "This does not exist, or you may not see it."
            assert not tab.state(RestoreState).is_open
        await tab.send(RestoreState.restore)
        assert await rows("SELECT count(*) FROM schedules") == [(3,)]


async def test_changes_on_the_board_are_for_planners_and_of_this_week():
    scene, elsewhere = await make_scene(), await make_scene()
    first, child = await two_versions(scene)
    theirs, _ = await make_week(elsewhere)
    later, _ = await make_week(scene, week_start=WEEK + timedelta(days=7))
    [[shift_id]] = await rows("SELECT id FROM shifts WHERE schedule_id = :id", id=child)
    added = await assign_employee(scene.actor("manager"), shift_id, scene.carol.id)
    board = f"/schedule/{scene.site.id}/{WEEK}"
    async with browser_of(scene.manager.id) as tab, live_pushes():
        for other in (theirs.id, later.id, 2**40):
            await tab.open(f"{board}?compare={other}")
            assert tab.alert
            assert tab.state(ChangesState).schedule_id == 0
        await tab.open(f"{board}?compare={first}")
        assert tab.state(ChangesState).schedule_id == child
        assert tab.shows(ChangesState)["changes"]["marks"] == {
            str(added.assignment_id): {"kind": "added", "text": "added"}
        }
        [[held]] = await rows(
            "SELECT id FROM schedule_assignments WHERE schedule_id = :id AND employee_id = :who",
            id=child,
            who=scene.bob.id,
        )
        await unassign_employee(scene.actor("manager"), held)
        await eventually(lambda: str(scene.bob.id) in tab.shows(ChangesState)["changes"]["ghosts"])
    async with browser_of(scene.bob.id) as tab:
        await tab.open(f"{board}?compare={first}")
        await tab.send(ChangesState.toggle)
        assert tab.alert == "You are not allowed to do this."
        assert tab.state(ChangesState).schedule_id == 0
