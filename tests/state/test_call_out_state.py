"""Saying that one cannot come, and what the manager does then."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Shift
from schedule_app.services.shift_offers import advance_waves
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.call_out.state import CallOutState
from schedule_app.ui.me.state import MeState
from schedule_app.ui.open.state import OpenState
from tests.db.services.scene import WEEK, Scene, assignment_on, execute, make_scene, make_week, rows
from tests.support.reflex_events import browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
async def scene(session: AsyncSession) -> Scene:
    return await make_scene()


async def bobs_shift(scene: Scene) -> tuple[Shift, int]:
    """A published shift of Bob's, and its assignment."""
    _, [shift] = await make_week(scene, {"title": "Early"}, held={0: [scene.bob]}, status="published")
    return shift, (await assignment_on(shift, scene.bob)).id


async def test_it_is_asked_once_with_the_shift_in_words_and_then_said(scene: Scene) -> None:
    _, held = await bobs_shift(scene)
    async with browser_of(scene.bob.id) as tab, live_pushes():
        await tab.open("/me")
        assert tab.shows(MeState)["next_shift"]["can_call_out"]
        await tab.send(CallOutState.ask, {"assignment_id": held})
        assert tab.shows(CallOutState)["text"].endswith("09:00–17:00 (Early)")
        assert await rows("SELECT id FROM call_outs") == []

        await tab.send(CallOutState.say, {"assignment_id": str(held), "note": " Fever "})
        assert tab.shows(CallOutState)["is_done"]
        await eventually(lambda: tab.shows(MeState)["next_shift"] is None)
    assert await rows("SELECT status, response_note FROM schedule_assignments") == [("declined", "Fever")]


async def test_other_peoples_shifts_and_none_look_the_same(scene: Scene) -> None:
    _, held = await bobs_shift(scene)
    async with browser_of(scene.carol.id) as tab:
        await tab.open("/me")
        for handler in (CallOutState.ask, CallOutState.say):
            for assignment_id in (held, 2**40):
                await tab.send(handler, {"assignment_id": assignment_id})
                assert tab.alert == "This does not exist, or you may not see it."
                assert tab.state(CallOutState).assignment_id == 0


async def test_the_address_of_a_notice_opens_who_can_cover_for_those_who_plan(scene: Scene) -> None:
    shift, _ = await bobs_shift(scene)
    board = f"/schedule/{scene.site.id}/{WEEK}"
    async with browser_of(scene.manager.id) as tab:
        await tab.open(f"{board}?cover={shift.id}")
        assert tab.state(CoverState).is_open
        await tab.open(f"{board}?cover=;DROP")
        assert tab.alert == ""
    _, [foreign] = await make_week(await make_scene(), status="published")
    said = set()
    for missing in (foreign.id, 2**40):
        async with browser_of(scene.manager.id) as tab:
            await tab.open(f"{board}?cover={missing}")
            said.add((tab.alert, tab.state(CoverState).is_open))
    assert said == {("This does not exist, or you may not see it.", False)}
    async with browser_of(scene.carol.id) as tab:
        await tab.open(f"{board}?cover={shift.id}")
        assert (tab.alert, tab.state(CoverState).is_open) == ("", False)


async def test_a_manager_offers_and_sees_how_it_goes(scene: Scene) -> None:
    shift, held = await bobs_shift(scene)
    await execute("UPDATE schedule_assignments SET status = 'declined', responded_at = now() WHERE id = :id", id=held)
    async with browser_of(scene.manager.id) as tab, browser_of(scene.carol.id) as carols, live_pushes():
        await carols.open("/open")
        await tab.open(f"/schedule/{scene.site.id}/{WEEK}")
        await tab.send(CoverState.open, {"shift_id": shift.id})
        assert tab.state(CoverState).can_be_offered
        await tab.send(CoverState.offer)
        assert tab.state(CoverState).is_offering
        await advance_waves()
        await eventually(lambda: tab.shows(CoverState)["offered"] == 2)
        await eventually(lambda: [each["title"] for each in carols.shows(OpenState)["asked"]] == ["Early"])
        await tab.send(CoverState.offer)
        assert tab.state(CoverState).error == "This shift is being offered already."
