"""The end of a session is the end of its sockets, wherever it was ended."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import text
from websockets.exceptions import InvalidStatus

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Employee
from tests.db.services.scene import writing
from tests.protocol.conftest import PASSWORD, World
from tests.support.builders import build_employee
from tests.support.sockets import Page, boot_frame, get, open_page, open_socket, post, sign_in

#: The promise.
SECONDS = 5.0

End = Callable[[World, Employee, str], Awaitable[object]]


async def sql(statement: str, **values: object) -> None:
    async with unit_of_work() as session:
        await session.execute(text(statement), values)


async def by_logging_out(world: World, _person: Employee, cookie: str) -> None:
    assert (await post(world.app, "/logout", cookie)).status_code == 303


async def by_another_of_their_browsers(world: World, person: Employee, cookie: str) -> None:
    other = await world.browser(person)
    async with open_page(world.app, other, "/account") as page:
        ours = next(item for item in page.shows("AccountState")["sessions"] if not item["is_current"])
        await page.send("AccountState.end", {"id": ours["id"]})
        await page.until(lambda: len(page.shows("AccountState")["sessions"]) == 1)


async def by_signing_out_everywhere(world: World, person: Employee, _cookie: str) -> None:
    async with open_page(world.app, await world.browser(person), "/account") as page:
        await page.send("AccountState.end_all")
        await page.until(lambda: page.is_sent_to_sign_in)


async def by_being_disabled(_world: World, person: Employee, _cookie: str) -> None:
    await sql("UPDATE employees SET is_active = false WHERE id = :id", id=person.id)


async def by_being_removed(_world: World, person: Employee, _cookie: str) -> None:
    await sql("UPDATE employees SET deleted_at = now() WHERE id = :id", id=person.id)


async def at_a_sql_prompt(_world: World, person: Employee, _cookie: str) -> None:
    await sql("UPDATE auth_sessions SET revoked_at = now() WHERE employee_id = :id", id=person.id)


async def by_deletion(_world: World, person: Employee, _cookie: str) -> None:
    await sql("DELETE FROM auth_sessions WHERE employee_id = :id", id=person.id)


ENDINGS: list[End] = [
    by_logging_out,
    by_another_of_their_browsers,
    by_signing_out_everywhere,
    by_being_disabled,
    by_being_removed,
    at_a_sql_prompt,
    by_deletion,
]


@pytest.fixture
async def person(world: World) -> Employee:
    """Somebody of whom nothing is left over for other tests."""
    async with writing() as session:
        return await build_employee(session, world.scene.site, role="manager", name="Nora New")


@pytest.mark.parametrize("end", ENDINGS)
async def test_the_end_of_a_session_ends_its_sockets(world: World, person: Employee, end: End):
    cookie = await world.browser(person)
    bystander_cookie = await world.browser(world.scene.bob)
    async with (
        open_page(world.app, cookie, "/inbox") as page,
        # One that has never said hello, and one that looks at nothing.
        open_socket(world.app, cookie) as silent,
        opened_without_load(world, cookie) as bare,
        open_page(world.app, bystander_cookie, "/me") as bystander,
    ):
        await end(world, person, cookie)
        started = time.monotonic()

        for each in (page, silent, bare):
            await each.until(lambda each=each: each.is_closed)
        assert time.monotonic() - started < SECONDS
        assert page.close_code == silent.close_code == bare.close_code == 1008
        assert not bystander.is_closed
        await assert_locked_out(world, cookie)


async def test_the_page_of_an_ended_session_is_sent_to_sign_in(world: World, person: Employee):
    cookie = await world.browser(person)
    async with open_page(world.app, cookie, "/inbox") as page:
        await at_a_sql_prompt(world, person, cookie)

        # It hears of it through the socket; if that was quicker to close, it asks.
        await page.until(lambda: page.is_closed)
        answer = await get(world.app, "/session", cookie=cookie)
        assert answer.status_code == 401


async def test_an_idle_session_ends(world: World, person: Employee):
    cookie = await world.browser(person)
    async with open_page(world.app, cookie, "/inbox") as page:
        statement = "UPDATE auth_sessions SET last_seen_at = now() - interval '9 hours' WHERE employee_id = :id"
        await sql(statement, id=person.id)
        # Nobody tells of an hour that has passed; whatever is pushed next finds out.
        await sql("UPDATE employees SET phone = '1' WHERE id = :id", id=person.id)
        await page.until(lambda: page.is_closed)

    await assert_locked_out(world, cookie)


async def test_a_disabled_person_hears_nothing_of_what_comes_after(world: World, person: Employee):
    cookie = await world.browser(person)
    async with open_page(world.app, cookie, "/inbox") as page:
        await by_being_disabled(world, person, cookie)
        await page.until(lambda: page.is_closed)
        async with writing() as session:
            await session.execute(
                text("INSERT INTO notifications (recipient_id, type, category) VALUES (:id, 'too_late', 'system')"),
                {"id": person.id},
            )

        assert "too_late" not in "".join(page.received)


async def test_signing_in_ends_the_session_that_the_browser_had(world: World):
    before = await sign_in(world.app, world.scene.carol.email, PASSWORD)
    async with open_page(world.app, before, "/me") as page:
        form = {"email": world.scene.carol.email, "password": PASSWORD}
        answer = await post(world.app, "/login", before, **form)
        assert answer.status_code == 303
        after = answer.headers["set-cookie"].partition(";")[0]
        world.told_nobody |= {each.partition("=")[2] for each in (before, after)}
        assert after != before

        await page.until(lambda: page.is_closed)
    await assert_locked_out(world, before)
    async with open_page(world.app, after, "/me") as page:
        assert page.is_loaded


async def test_a_token_planted_before_sign_in_is_worth_nothing_after(world: World):
    planted = "schedule_session=" + "planted-by-somebody-else-0123456789"
    answer = await post(world.app, "/login", planted, email=world.scene.carol.email, password=PASSWORD)

    assert answer.status_code == 303
    given = answer.headers["set-cookie"].partition(";")[0]
    world.told_nobody.add(given.partition("=")[2])
    assert given != planted
    await assert_locked_out(world, planted)


async def test_a_changed_role_counts_at_the_next_event(world: World, person: Employee):
    async with open_page(world.app, await world.browser(person), "/inbox") as page:
        await page.send("RejectState.ask")
        await page.until(lambda: page.shows("RejectState").get("is_open"))

        await sql("UPDATE employees SET role = 'employee' WHERE id = :id", id=person.id)
        await page.until(lambda: page.shows("ShellState")["role"] == "employee")
        await page.send("RejectState.ask")
        await page.until(lambda: "not allowed" in page.shows("AlertState").get("message", ""))


async def test_many_sessions_that_end_at_once_leave_the_others_alone(world: World, person: Employee):
    cookies = await asyncio.gather(*(world.browser(person) for _ in range(20)))
    async with contextlib.AsyncExitStack() as stack:
        bystander = await stack.enter_async_context(open_page(world.app, await world.browser(world.scene.bob), "/me"))
        pages = [await stack.enter_async_context(open_page(world.app, cookie, "/me")) for cookie in cookies]
        await at_a_sql_prompt(world, person, "")
        started = time.monotonic()
        for page in pages:
            await page.until(lambda page=page: page.is_closed)

        assert time.monotonic() - started < SECONDS
        assert not bystander.is_closed


@contextlib.asynccontextmanager
async def opened_without_load(world: World, cookie: str) -> AsyncIterator[Page]:
    """A tab that looks at nothing: the address is of no page, so nothing is loaded and nothing watched."""
    async with open_socket(world.app, cookie, "/nowhere") as socket:
        await socket.send_frame(boot_frame("/nowhere"))
        await socket.until(lambda: socket.is_loaded)
        assert not socket.shows("ShellState")["name"]
        yield socket


async def assert_locked_out(world: World, cookie: str) -> None:
    assert (await get(world.app, "/session", cookie=cookie)).status_code == 401
    assert (await get(world.app, "/me", cookie=cookie, accept="text/html")).headers["location"].startswith("/login")
    with pytest.raises(InvalidStatus):
        async with open_socket(world.app, cookie):
            pass
