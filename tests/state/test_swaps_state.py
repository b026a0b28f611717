"""Offers and swaps: what each of the people concerned sees of them, and what their buttons do."""

import json
from typing import Any

import pytest

from schedule_app.services.assignments import unassign_employee
from schedule_app.services.swap_requests import accept_request, approve_request
from schedule_app.services.undo import undo
from schedule_app.ui.requests.swaps_state import SwapRequestsState
from schedule_app.ui.swaps.propose_state import ProposeState
from schedule_app.ui.swaps.state import SwapsState
from tests.db.services.scene import actor_of, execute, rows, writing
from tests.db.services.swapping import Between, behind_triggers, make_between, status_of
from tests.support.builders import build_rule
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("database")

NOT_THERE = "This does not exist, or you may not see it."


async def newest() -> int:
    """The request made last."""
    [[request_id]] = await rows("SELECT max(id) FROM swap_requests")
    return request_id


async def propose(tab: Tab, between: Between, *, to: int | None = None, wanted: int | None = None) -> None:
    """Bob opens the dialog at his shift and asks."""
    await tab.open("/me")
    await tab.send(ProposeState.open, {"assignment_id": between.bobs.id})
    if to:
        await tab.send(ProposeState.choose_audience, {"to_all": False})
        await tab.send(ProposeState.name_one, {"employee_id": to, "is_asked": True})
    if wanted:
        await tab.send(ProposeState.choose_way, {"way": "swap"})
        await tab.send(ProposeState.want, {"other_assignment_id": wanted})
    await tab.send(ProposeState.send, {"note": "Please"})


async def test_the_dialog_names_who_may_take_it_and_what_it_could_be_swapped_for():
    between = await make_between()
    async with browser_of(between.scene.bob.id) as tab:
        await tab.open("/me")
        assert tab.shows(ProposeState)["offers"] == {str(between.bobs.id): ""}

        await tab.send(ProposeState.open, {"assignment_id": between.bobs.id})

        view = tab.shows(ProposeState)["view"]
        names = [each["name"] for each in view["colleagues"]]
        assert names == ["Alice Supervisor", "Carol Worker", "Dora Worker", "Joan Manager", "John Manager"]
        [day] = view["days"]
        assert day["shifts"] == [{"id": between.carols.id, "name": "Carol Worker", "times": "14:00–22:00"}]
        assert tab.shows(ProposeState)["is_open"]


async def test_an_offer_to_all_is_on_every_screen_at_once_and_settled_by_a_manager():
    between = await make_between()
    scene = between.scene
    async with (
        browser_of(scene.bob.id) as bob,
        browser_of(scene.carol.id) as carol,
        browser_of(between.dora.id) as dora,
        browser_of(scene.manager.id) as manager,
        live_pushes(),
    ):
        await carol.open("/swaps")
        await dora.open("/swaps")
        await manager.open("/requests")
        assert carol.state(SwapsState).asked == []
        await propose(bob, between)
        assert bob.shows(ProposeState)["offers"] == {str(between.bobs.id): "Offered to colleagues"}
        assert bob.shows(ProposeState)["done"].endswith("is offered. It stays yours until it is settled.")

        await eventually(lambda: len(carol.state(SwapsState).asked) == len(dora.state(SwapsState).asked) == 1)
        [asked] = carol.shows(SwapsState)["asked"]
        assert (asked["name"], asked["note"], asked["shift"]["times"]) == ("Bob Worker", "Please", "06:00–14:00")
        assert asked["hours"][0].endswith("8 h → 16 h")
        await carol.send(SwapsState.accept, {"request_id": asked["id"]})
        assert carol.shows(SwapsState)["said"].startswith("You said yes.")

        await eventually(lambda: dora.state(SwapsState).asked == [])
        await eventually(lambda: len(manager.state(SwapRequestsState).swaps) == 1)
        [waiting] = manager.shows(SwapRequestsState)["swaps"]
        assert [side["name"] for side in waiting["sides"]] == ["Bob Worker", "Carol Worker"]
        assert [side["hours"][0].split(": ")[1] for side in waiting["sides"]] == ["8 h → 0 h", "8 h → 16 h"]
        await bob.open("/swaps")
        assert bob.state(SwapsState).mine[0].says.startswith("Carol Worker has said yes. It stays yours until")

        await manager.send(SwapRequestsState.ask_approve, {"request_id": waiting["id"]})
        await manager.send(SwapRequestsState.approve, {"request_id": waiting["id"], "note": ""})

        assert manager.shows(SwapRequestsState)["decided"] == (
            "Approved: Bob Worker and Carol Worker. Both have been told."
        )
        assert manager.state(SwapRequestsState).swaps == []
        await eventually(lambda: [each.status for each in bob.state(SwapsState).past] == ["approved"])
        await eventually(lambda: [each.status for each in carol.state(SwapsState).past] == ["approved"])
        for person, tab, path, state in (
            (scene.bob, bob, "/swaps", SwapsState),
            (scene.carol, carol, "/swaps", SwapsState),
            (between.dora, dora, "/swaps", SwapsState),
        ):
            async with browser_of(person.id) as fresh:
                await fresh.open(path)
                assert {**fresh.shows(state), "said": ""} == {**tab.shows(state), "said": ""}


async def test_every_step_reaches_open_pages_as_a_fresh_one_reads_it():
    between = await make_between()
    scene = between.scene
    async with browser_of(scene.bob.id) as bob, browser_of(scene.carol.id) as carol, live_pushes():
        await carol.open("/swaps")
        await propose(bob, between, wanted=between.carols.id)
        assert bob.shows(ProposeState)["done"].startswith("Your colleague has been asked to swap")
        await eventually(lambda: len(carol.state(SwapsState).asked) == 1)
        assert carol.state(SwapsState).asked[0].hours[0].endswith("8 h → 8 h")
        await same_as_fresh(carol, scene.carol.id)

        await bob.open("/swaps")
        await bob.send(SwapsState.withdraw, {"request_id": await newest()})
        await eventually(lambda: carol.state(SwapsState).asked == [])
        await same_as_fresh(carol, scene.carol.id)

        await propose(bob, between, wanted=between.carols.id)
        await eventually(lambda: len(carol.state(SwapsState).asked) == 1)
        await carol.send(SwapsState.decline, {"request_id": await newest()})
        await bob.open("/swaps")
        assert [each.status_words for each in bob.state(SwapsState).past] == ["Declined", "Withdrawn"]
        assert [each.status_words for each in carol.state(SwapsState).past] == ["You said no"]

        await propose(bob, between, to=scene.carol.id)
        await eventually(lambda: len(carol.state(SwapsState).asked) == 1)
        await execute("UPDATE schedule_assignments SET status = 'cancelled' WHERE id = :id", id=between.bobs.id)
        await eventually(lambda: carol.state(SwapsState).asked == [])
        await same_as_fresh(carol, scene.carol.id)
        assert await status_of(await newest()) == "void"


async def same_as_fresh(tab: Tab, person_id: int) -> None:
    """The page as it has been followed is the page as it would be opened."""
    async with browser_of(person_id) as fresh:
        await fresh.open("/swaps")
        assert {**fresh.shows(SwapsState), "said": ""} == {**tab.shows(SwapsState), "said": ""}


async def test_planners_see_warnings_and_have_to_say_why():
    between = await make_between()
    scene = between.scene
    async with writing() as session:
        limits = {"weekly_minutes": 600}
        await build_rule(session, scene.site, rule_type="overtime", constraints=limits, strict=False)
    async with browser_of(scene.bob.id) as bob:
        await propose(bob, between, to=scene.carol.id)
    await accept_request(actor_of(scene.carol), await newest())
    one = {"request_id": await newest()}

    async with browser_of(scene.supervisor.id) as supervisor:
        await supervisor.open("/requests")
        assert not supervisor.state(SwapRequestsState).may_override
        await supervisor.send(SwapRequestsState.approve, {**one, "note": "Fine"})
        assert supervisor.shows(SwapRequestsState)["problem"] == "Only managers may go against a rule."
    async with browser_of(scene.manager.id) as manager:
        await manager.open("/requests")
        [waiting] = manager.shows(SwapRequestsState)["swaps"]
        assert waiting["level"] == "warn"
        assert "Carol Worker" in waiting["sides"][1]["problems"][0]
        await manager.send(SwapRequestsState.ask_approve, one)
        await manager.send(SwapRequestsState.approve, {**one, "note": ""})
        assert manager.shows(SwapRequestsState)["deciding_id"] == one["request_id"]
        assert manager.shows(SwapRequestsState)["problem"]
        await manager.send(SwapRequestsState.approve, {**one, "note": "She asked for it"})
        assert manager.shows(SwapRequestsState)["deciding_id"] == 0
    assert await status_of(one["request_id"]) == "approved"


async def test_a_request_rejected_elsewhere_is_said_and_goes_from_the_page():
    between = await make_between()
    scene = between.scene
    async with browser_of(scene.bob.id) as bob, browser_of(scene.manager.id) as one:
        await propose(bob, between, to=scene.carol.id)
        await accept_request(actor_of(scene.carol), await newest())
        payload = {"request_id": await newest(), "note": "Too few people"}
        await one.open("/requests")
        async with browser_of(scene.second_manager.id) as other:
            await other.open("/requests")
            await other.send(SwapRequestsState.reject, payload)
        await one.send(SwapRequestsState.approve, payload)
        assert one.alert == "This was refused; everything stays as it was."
        assert one.state(SwapRequestsState).swaps == []
        await bob.open("/swaps")
        assert [(each.status_words, each.note) for each in bob.state(SwapsState).past] == [
            ("Not approved", "Too few people")
        ]


async def test_what_the_rules_forbid_by_now_is_not_shown_but_said():
    between = await make_between()
    scene = between.scene
    async with browser_of(scene.bob.id) as bob, browser_of(scene.carol.id) as carol, live_pushes():
        await propose(bob, between)
        await carol.open("/swaps")
        assert len(carol.state(SwapsState).asked) == 1
        async with writing() as session:
            limits = {"forbidden_shift_types": ["general"]}
            await build_rule(session, scene.site, rule_type="restriction", constraints=limits)
        await eventually(lambda: carol.state(SwapsState).asked == [])
        assert carol.shows(SwapsState)["hidden"] == 1


async def test_a_colleague_learns_names_shifts_and_the_note_and_nothing_else():
    between = await make_between()
    scene = between.scene
    await execute(
        "UPDATE employees SET phone = '555-0199', hourly_rate_cents = 987654, contracted_minutes = 7777"
        " WHERE id IN (:bob, :dora)",
        bob=scene.bob.id,
        dora=between.dora.id,
    )
    await behind_triggers("UPDATE shifts SET notes = 'The alarm code'")
    async with browser_of(scene.bob.id) as bob, browser_of(scene.carol.id) as carol:
        await propose(bob, between)
        await carol.open("/swaps")
        await bob.send(ProposeState.open, {"assignment_id": between.bobs.id})
        for tab in (carol, bob):
            sent = json.dumps({name: values for name, values in tab._vars.items() if "swaps" in name})
            for secret in ("555-0199", "987654", "7777", "129 h", "alarm", "@example.com"):
                assert secret not in sent


async def test_a_yes_can_be_taken_back_and_what_was_undone_is_not_called_approved():
    between = await make_between()
    scene = between.scene
    async with browser_of(scene.bob.id) as bob, browser_of(scene.carol.id) as carol, live_pushes():
        await propose(bob, between, wanted=between.carols.id)
        await bob.open("/swaps")
        await carol.open("/swaps")
        await carol.send(SwapsState.accept, {"request_id": await newest()})
        await carol.send(SwapsState.withdraw, {"request_id": await newest()})
        assert carol.state(SwapsState).mine == []
        assert [each.status_words for each in carol.state(SwapsState).past] == ["You took it back"]
        await eventually(lambda: bool(bob.state(SwapsState).past))
        assert [each.status_words for each in bob.state(SwapsState).past] == ["Carol Worker took it back"]

        await propose(bob, between, wanted=between.carols.id)
        await accept_request(actor_of(scene.carol), await newest())
        await approve_request(actor_of(scene.manager), await newest())
        await bob.open("/swaps")
        assert bob.state(SwapsState).past[0].status_words == "Approved"

        await undo(actor_of(scene.manager), scene.site.id)
        assert await between.is_untouched()
        for tab in (bob, carol):
            await eventually(lambda tab=tab: tab.state(SwapsState).past[0].status_words == "Approved, then undone")
            assert tab.state(SwapsState).past[0].status == "changed"

        await unassign_employee(actor_of(scene.manager), between.bobs.id)
        await eventually(lambda: bob.state(SwapsState).past[0].status_words == "Approved, changed since")


@pytest.mark.parametrize("handler", [SwapsState.accept, SwapsState.decline, SwapsState.withdraw])
async def test_other_peoples_and_missing_requests_look_the_same(handler: Any):
    between = await make_between()
    async with browser_of(between.scene.bob.id) as bob, browser_of(between.dora.id) as dora:
        await propose(bob, between, wanted=between.carols.id)
        for request_id in (await newest(), 2**40):
            await dora.open("/swaps")
            await dora.send(handler, {"request_id": request_id})
            assert dora.alert == NOT_THERE
    assert await status_of(await newest()) == "open"


async def test_the_dialog_says_what_is_missing_and_what_refuses():
    between = await make_between()
    scene = between.scene
    async with browser_of(scene.bob.id) as tab:
        await tab.open("/me")
        await tab.send(ProposeState.send, {"note": ""})
        assert await rows("SELECT id FROM swap_requests") == []
        await tab.send(ProposeState.open, {"assignment_id": between.carols.id})
        assert tab.alert == NOT_THERE
        await tab.send(ProposeState.open, {"assignment_id": between.bobs.id})
        await tab.send(ProposeState.choose_audience, {"to_all": False})
        await tab.send(ProposeState.name_one, {"employee_id": scene.stranger.id, "is_asked": True})
        await tab.send(ProposeState.send, {"note": ""})
        assert tab.shows(ProposeState)["problem"] == "Please choose whom to ask."
        await tab.send(ProposeState.choose_way, {"way": "swap"})
        await tab.send(ProposeState.want, {"other_assignment_id": between.bobs.id})
        await tab.send(ProposeState.send, {"note": ""})
        assert tab.shows(ProposeState)["problem"] == "Please choose the shift you would like to have instead."
        await tab.send(ProposeState.want, {"other_assignment_id": between.carols.id})
        await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)
        await tab.send(ProposeState.send, {"note": ""})
        assert "do not allow Carol Worker" in tab.shows(ProposeState)["problem"]
        assert tab.shows(ProposeState)["is_open"]
    assert await rows("SELECT id FROM swap_requests") == []
