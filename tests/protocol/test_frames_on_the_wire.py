"""What a socket may carry: everything else closes it, harms nobody and leaves no trace but one line."""

import json

import pytest

from schedule_app.web.gate import MESSAGE_BURST
from tests.protocol.conftest import World
from tests.support.handlers import all_handlers
from tests.support.sockets import BOOT, Page, boot_frame, open_page, open_socket

POLICY_VIOLATION, TOO_LARGE, NOT_TEXT = 1008, 1009, 1007
ME = "reflex___state____state.schedule_app___ui___me___state____me_state"

NOT_OURS = {
    "nothing": "",
    "an Engine.IO ping": "2",
    "an Engine.IO upgrade": "5",
    "another namespace": '40/other,{"event":{}}',
    "the default namespace": "40",
    "an event of the default namespace": '42["event",{}]',
    "an acknowledgement": "43/_event,1[]",
    "a connect error": '44/_event,{"message":"no"}',
    "a binary event": '451-/_event,["event",{"_placeholder":true,"num":0}]',
    "an event with an id": '42/_event,7["event",{"name":"x"}]',
    "half a packet": '42/_event,["event",{"name"',
    "not a list": '42/_event,{"name":"x"}',
    "an unknown kind of event": '42/_event,["shout",{}]',
    "an event of no name": '42/_event,["event",{"payload":{}}]',
    "an event that is a text": '42/_event,["event","{}"]',
    "a name that is a list": '42/_event,["event",{"name":["x"],"payload":{}}]',
    "a payload that is a list": f'42/_event,["event",{{"name":"{ME}.load","payload":[1]}}]',
    "NaN": f'42/_event,["event",{{"name":"{ME}.confirm","payload":{{"payload":{{"assignment_id":NaN}}}}}}]',
    "a number of 5,000 digits": f'42/_event,["event",{{"name":"{ME}.load","payload":{{"payload":{"9" * 5000}}}}}]',
    "deep JSON": f'42/_event,["event",{{"name":"{ME}.load","payload":{{"payload":{"[" * 50_000}{"]" * 50_000}}}}}]',
    "a page that is a number": f'42/_event,["event",{{"name":"{ME}.load","router_data":{{"pathname":7}}}}]',
    "more about the page": f'42/_event,["event",{{"name":"{ME}.load","router_data":{{"headers":{{"cookie":"a=b"}}}}}}]',
    "half a form": (
        f'42/_event,["event",{{"name":"{ME}.confirm","payload":{{"payload":{{"__reflex_form_data__":[["a"]]}}}}}}]'
    ),
    "a boot with browser storage": (
        f'42/_event,["event",{{"name":"{BOOT}","payload":{{"vars":{{"{ME}.answered_rx_state_":"you won"}}}}}}]'
    ),
    "a frame that is too long": f'42/_event,["event",{{"name":"{ME}.load","filler":"{"x" * 200_000}"}}]',
}


@pytest.mark.parametrize("frame", NOT_OURS.values(), ids=NOT_OURS.keys())
async def test_a_frame_that_no_page_sends_closes_the_socket(world: World, frame: str):
    cookie = await world.browser(world.scene.bob)
    async with open_page(world.app, cookie, "/me") as page, open_page(world.app, cookie, "/inbox") as bystander:
        await page.send_frame(frame)
        await page.until(lambda: page.is_closed)

        assert page.close_code == POLICY_VIOLATION
        await assert_works(bystander)


async def test_binary_frames_close_the_socket(world: World):
    async with open_page(world.app, await world.browser(world.scene.bob), "/me") as page:
        await page.send_frame(b"\x04binary")
        await page.until(lambda: page.is_closed)

        assert page.close_code == POLICY_VIOLATION


async def test_text_that_is_none_closes_the_socket(world: World):
    async with open_page(world.app, await world.browser(world.scene.bob), "/me") as page:
        await page._connection.send(b"42/_event,\xff\xfe", text=True)
        await page.until(lambda: page.is_closed)

        assert page.close_code == NOT_TEXT


async def test_an_oversized_frame_closes_the_socket(world: World):
    async with open_page(world.app, await world.browser(world.scene.bob), "/me") as page:
        await page.send_frame("x" * 1_000_000)
        await page.until(lambda: page.is_closed)

        assert page.close_code == TOO_LARGE


async def test_an_event_before_the_handshake_reaches_nothing(world: World):
    async with open_socket(world.app, await world.browser(world.scene.bob), "/me") as page:
        await page.send("MeState.load")
        await page.send_frame(boot_frame("/me"))
        await page.until(lambda: page.is_loaded)

        assert page.shows("ShellState")["name"] == "Bob Worker"


FORBIDDEN = [
    *(handler.full_name for handler in all_handlers() if handler.name.endswith((".setvar", ".update_vars_internal"))),
    "reflex___state____state.set_is_hydrated",
    "reflex___state____state.hydrate",
    *(
        f"{ME}.{name}"
        for name in (
            "_read",
            "_words",
            "set_answered",
            "set_declining_id",
            "reset",
            "get_state",
            "get_delta",
            "dict",
            "__init__",
            "__class__",
            "no_such_handler",
            "load.func",
        )
    ),
    "MeState.load",
    "",
    "_redirect",
]


@pytest.mark.parametrize("name", FORBIDDEN)
async def test_names_that_are_no_handlers_of_ours_reach_nothing(world: World, name: str):
    async with open_page(world.app, await world.browser(world.scene.bob), "/me") as page:
        seen = len(page.received)
        await page.send_event(name, {"var_name": "answered", "value": "you won", "vars": {f"{ME}.answered": "you won"}})
        await page.until(lambda: page.is_closed)

        assert page.close_code == POLICY_VIOLATION
        assert page.received[seen:] == []


async def test_a_flood_closes_the_socket_and_is_felt_by_nobody_else(world: World):
    async with (
        open_page(world.app, await world.browser(world.scene.bob), "/me") as flood,
        open_page(world.app, await world.browser(world.scene.carol), "/me") as bystander,
    ):
        for _ in range(MESSAGE_BURST * 2):
            if flood.is_closed:
                break
            await flood.send_frame("3")
        await flood.until(lambda: flood.is_closed)

        assert flood.close_code == POLICY_VIOLATION
        await assert_works(bystander)


async def test_what_a_page_reports_as_its_error_is_one_line_of_the_log(world: World):
    forged = "oops\n2026-11-23T00:00:00Z [warning] forged line\r\n\x1b[31mred"
    name = "reflex___state____state.reflex___state____frontend_event_exception_state.handle_frontend_exception"
    async with open_page(world.app, await world.browser(world.scene.bob), "/me") as page:
        await page.send_event(name, {"info": forged, "component_stack": "at App"})
        await page.send_frame("42/_event," + json.dumps(["client_error", {"message": forged, "error_type": "x\ny"}]))
        await page.until(lambda: world.app.log_text().count("forged line") == 2)

    lines = [line for line in world.app.log_text().splitlines() if "forged line" in line]
    assert len(lines) == 2
    assert all("error in a page" in line and "\x1b[31mred" not in line for line in lines)


async def assert_works(page: Page) -> None:
    page._vars["reflex___state____state"]["is_hydrated"] = False
    await page.go("/inbox")
