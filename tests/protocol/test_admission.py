"""Who gets a socket."""

import uuid

import pytest
from websockets.exceptions import InvalidStatus

from schedule_app.web.gate import SOCKETS_PER_SESSION
from tests.protocol.conftest import World
from tests.support.sockets import Page, open_page, open_socket


async def test_a_signed_in_browser_gets_its_page(world: World):
    cookie = await world.browser(world.scene.bob)

    async with open_page(world.app, cookie, "/me") as page:
        assert page.shows("ShellState")["name"] == "Bob Worker"
        assert page.redirects == []


COOKIES = ["", "schedule_session=", "schedule_session=not-a-token", "session_hash=" + "0" * 64]
TAB_NAMES = ["short", "x" * 37, "../../etc/passwd", "a_b_c_d_e_f_g", "tokenwith\nbreak", "ünïcödé-token"]


@pytest.mark.parametrize("cookie", COOKIES)
async def test_a_browser_that_is_not_signed_in_is_refused(world: World, cookie: str):
    await assert_refused(world, cookie)


async def test_the_hash_of_a_token_is_no_token(world: World):
    await world.browser(world.scene.bob)
    for told in list(world.told_nobody):
        await assert_refused(world, f"session_hash={told}")


async def test_no_page_of_another_site_gets_a_socket(world: World):
    cookie = await world.browser(world.scene.bob)
    own = world.app.origin
    port = own.rpartition(":")[2]
    strange = [
        "https://evil.example",
        "null",
        f"{own}.evil.example",
        f"{own}0",
        f"https://127.0.0.1:{port}",
        f"http://127.0.0.1.evil.example:{port}",
        f"http://evil.example#{own}",
        f"{own}/",
        own.upper(),
        "",
        None,
    ]

    for origin in strange:
        await assert_refused(world, cookie, origin=origin)


@pytest.mark.parametrize("token", TAB_NAMES)
async def test_a_tab_has_a_plain_name(world: World, token: str):
    await assert_refused(world, await world.browser(world.scene.bob), token=token)


async def test_one_session_holds_so_many_sockets_and_no_more(world: World):
    cookie = await world.browser(world.scene.bob)
    connections = []
    try:
        for _ in range(SOCKETS_PER_SESSION):
            connection = open_socket(world.app, cookie)
            await connection.__aenter__()
            connections.append(connection)

        await assert_refused(world, cookie)
        async with open_socket(world.app, await world.browser(world.scene.carol)) as other:
            await other.until(lambda: other.received)
    finally:
        for connection in connections:
            await connection.__aexit__(None, None, None)

    async with open_socket(world.app, cookie) as again:
        await again.until(lambda: again.received)


async def test_a_session_cannot_take_over_a_tab_of_another(world: World):
    token = str(uuid.uuid4())
    managers, bobs = await world.browser(world.scene.manager), await world.browser(world.scene.bob)
    async with open_page(world.app, managers, "/inbox", token=token) as page:
        assert page.shows("ShellState")["name"] == "John Manager"

        # Both while the tab is open and after it has gone.
        async with open_page(world.app, bobs, "/me", token=token) as thief:
            assert_sees_only_bob(thief)
    async with open_page(world.app, bobs, "/me", token=token) as thief:
        assert_sees_only_bob(thief)


async def test_a_browser_signed_in_anew_finds_nothing_of_the_session_before(world: World):
    token = str(uuid.uuid4())
    async with open_page(world.app, await world.browser(world.scene.manager), "/inbox", token=token):
        pass

    async with open_page(world.app, await world.browser(world.scene.bob), "/me", token=token) as page:
        assert_sees_only_bob(page)


async def test_the_name_that_a_tab_has_inside_opens_nothing(world: World):
    managers, bobs = await world.browser(world.scene.manager), await world.browser(world.scene.bob)
    token = str(uuid.uuid4())
    async with open_page(world.app, managers, "/inbox", token=token) as page:
        inside = page.shows("State")["rx_router_session"]["client_token"]
        assert inside.startswith(token)
        assert inside != token

        await assert_refused(world, bobs, token=inside)


def assert_sees_only_bob(page: Page) -> None:
    assert page.shows("ShellState")["name"] == "Bob Worker"
    assert "John Manager" not in "".join(page.received)


async def assert_refused(world: World, cookie: str, **connection: str | None) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with open_socket(world.app, cookie, **connection):  # type: ignore[arg-type]
            pass
    assert refusal.value.response.status_code == 403
