"""Open shifts: what somebody sees, what taking one does, and the planners' side of it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.services.assignments import assign_employee
from schedule_app.services.claims import claim_shift
from schedule_app.ui.open.state import OpenState
from schedule_app.ui.requests.claims_state import ClaimsState
from tests.db.services.scene import WEEK, Scene, actor_of, execute, make_scene, make_week, rows
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes, push

pytestmark = pytest.mark.usefixtures("session")


@dataclass(frozen=True)
class Stage:
    """A published week with an early shift and a late one that nobody has."""

    scene: Scene
    early: int
    late: int


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    scene = await make_scene()
    _, [early, late] = await make_week(scene, {"title": "Early"}, {"day": 1, "title": "Late"}, status="published")
    return Stage(scene, early.id, late.id)


def titles(tab: Tab, part: str = "days") -> list[str]:
    shown = tab.shows(OpenState)
    shifts = [shift for day in shown["days"] for shift in day["shifts"]] if part == "days" else shown[part]
    return [shift["title"] for shift in shifts]


async def test_taking_a_shift_is_one_event_and_the_page_says_so(stage: Stage) -> None:
    async with browser_of(stage.scene.bob.id) as tab:
        await tab.open("/open")
        assert titles(tab) == ["Early", "Late"]
        await tab.send(OpenState.claim, {"shift_id": stage.early})
        assert titles(tab) == ["Late"]
        assert tab.shows(OpenState)["done"].startswith("Early, Monday")
    assert await rows("SELECT shift_id, status FROM schedule_assignments") == [(stage.early, "confirmed")]


async def test_who_comes_second_is_told_so_and_the_shift_is_gone(stage: Stage) -> None:
    async with browser_of(stage.scene.bob.id) as tab:
        await tab.open("/open")
        await claim_shift(actor_of(stage.scene.carol), stage.early)
        await tab.send(OpenState.claim, {"shift_id": stage.early})
        assert tab.alert == "Somebody else took the last place."
        assert titles(tab) == ["Late"]
        assert tab.shows(OpenState).get("done", "") == ""


async def test_asking_waiting_and_withdrawing(stage: Stage) -> None:
    await execute("UPDATE sites SET claims_need_approval = true")
    async with browser_of(stage.scene.bob.id) as tab:
        await tab.open("/open")
        await tab.send(OpenState.claim, {"shift_id": stage.early})
        assert (titles(tab), titles(tab, "waiting")) == (["Late"], ["Early"])
        [waiting] = tab.shows(OpenState)["waiting"]
        await tab.send(OpenState.withdraw, {"claim_id": waiting["claim_id"]})
        assert (titles(tab), titles(tab, "waiting")) == (["Early", "Late"], [])


async def test_whoever_takes_a_place_it_goes_from_every_open_page(stage: Stage) -> None:
    async with browser_of(stage.scene.carol.id) as tab, live_pushes():
        await tab.open("/open")
        await claim_shift(actor_of(stage.scene.bob), stage.early)
        await eventually(lambda: titles(tab) == ["Late"])
        # A week that is published while the page is open is on it, and followed too.
        next_week = WEEK + timedelta(days=7)
        _, [shift] = await make_week(stage.scene, {"title": "New"}, status="published", week_start=next_week)
        await eventually(lambda: titles(tab) == ["Late", "New"])
        await assign_employee(stage.scene.actor("manager"), shift.id, stage.scene.bob.id)
        await eventually(lambda: titles(tab) == ["Late"])
        followed = tab.shows(OpenState)
        async with browser_of(stage.scene.carol.id) as fresh:
            await fresh.open("/open")
            assert fresh.shows(OpenState) == followed


async def test_a_push_that_changes_nothing_sends_nothing(stage: Stage) -> None:
    async with browser_of(stage.scene.bob.id) as tab:
        await tab.open("/open")
        before = tab.bytes_received
        await push({f"employee:{stage.scene.bob.id}"})
        assert tab.bytes_received == before


async def test_planners_see_requests_come_and_decide_them(stage: Stage) -> None:
    await execute("UPDATE sites SET claims_need_approval = true")
    async with browser_of(stage.scene.supervisor.id) as tab, live_pushes():
        await tab.open("/requests")
        assert tab.shows(ClaimsState)["claims"] == []
        for person in (stage.scene.bob, stage.scene.carol):
            await claim_shift(actor_of(person), stage.early)
        await eventually(lambda: len(tab.shows(ClaimsState)["claims"]) == 2)
        bobs, carols = tab.shows(ClaimsState)["claims"]

        await tab.send(ClaimsState.ask, {"claim_id": carols["id"], "step": "reject"})
        assert tab.shows(ClaimsState)["asking_text"].startswith("Carol Worker, ")
        await tab.send(ClaimsState.reject, {"claim_id": str(carols["id"]), "note": "Next time"})
        await tab.send(ClaimsState.approve, {"claim_id": bobs["id"], "note": ""})

        assert tab.shows(ClaimsState)["claims"] == []
        assert tab.shows(ClaimsState)["done"] == "Bob Worker has the shift now, and has been told."
        await tab.send(ClaimsState.approve, {"claim_id": carols["id"], "note": ""})
        assert tab.alert == "This request was rejected already."


async def test_the_page_of_requests_follows_what_others_do(stage: Stage) -> None:
    await execute("UPDATE sites SET claims_need_approval = true")
    await claim_shift(actor_of(stage.scene.bob), stage.early)
    async with browser_of(stage.scene.manager.id) as tab, live_pushes():
        await tab.open("/requests")
        assert [claim["can_approve"] for claim in tab.shows(ClaimsState)["claims"]] == [True]
        await assign_employee(stage.scene.actor("manager"), stage.early, stage.scene.carol.id)
        await eventually(lambda: [claim["can_approve"] for claim in tab.shows(ClaimsState)["claims"]] == [False])
        followed = tab.shows(ClaimsState)["claims"]
        async with browser_of(stage.scene.manager.id) as fresh:
            await fresh.open("/requests")
            assert fresh.shows(ClaimsState)["claims"] == followed
