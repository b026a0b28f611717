"""Every handler against every kind of person: the table of permissions decides, and a denied call changes nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from structlog.testing import capture_logs

from schedule_app.domain.permissions import GRANTS, Role
from schedule_app.live.principals import principals
from tests.architecture.probing import Answer, ask, fingerprint, sample
from tests.db.services.scene import Scene, execute, make_scene
from tests.support.database import Database
from tests.support.handlers import own_handlers
from tests.support.reflex_events import Tab, browser_of, stranger

#: Those which end the session they are sent in come last.
HANDLERS = sorted(own_handlers(), key=lambda name: (name == "AccountState.end_all", name))


@pytest.fixture(scope="module")
async def scene(shared_database: Database) -> Scene:
    return await make_scene()


@pytest.mark.parametrize("who", ["admin", "manager", "supervisor", "bob", "stranger"])
async def test_the_table_decides_who_gets_through(scene: Scene, who: str):
    person = getattr(scene, who)
    allowed = {name for name in HANDLERS if Role(person.role) in GRANTS[own_handlers()[name].policy.permission]}
    let_through = set()
    async with browser_of(person.id) as tab:
        await tab.open("/account")
        for name in HANDLERS:
            before = await fingerprint()
            with capture_logs() as logs:
                answer = await call(tab, name)

            assert answer.is_sent_away == (name == "AccountState.end_all"), name
            denials = [log for log in logs if log["event"] == "denied"]
            if answer.is_denied:
                assert answer.changes == {}, name
                assert await fingerprint() == before, name
                permission = own_handlers()[name].policy.permission
                assert [(log["employee_id"], log["permission"]) for log in denials] == [(person.id, permission)], name
            else:
                let_through.add(name)
                assert denials == [], name

    assert let_through == allowed


async def by_revocation(scene: Scene) -> None:
    await execute("UPDATE auth_sessions SET revoked_at = now() WHERE employee_id = :id", id=scene.manager.id)


async def by_expiry(scene: Scene) -> None:
    await execute("UPDATE auth_sessions SET expires_at = now() WHERE employee_id = :id", id=scene.manager.id)


async def by_idling(scene: Scene) -> None:
    idle = "UPDATE auth_sessions SET last_seen_at = now() - interval '1 day' WHERE employee_id = :id"
    await execute(idle, id=scene.manager.id)


async def by_being_disabled(scene: Scene) -> None:
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.manager.id)


async def by_being_removed(scene: Scene) -> None:
    await execute("UPDATE employees SET deleted_at = now() WHERE id = :id", id=scene.manager.id)


End = Callable[[Scene], Awaitable[None]]


@asynccontextmanager
async def whose_session_ended(scene: Scene, end: End) -> AsyncIterator[Tab]:
    """A tab that a manager had open when it ended."""
    async with browser_of(scene.manager.id) as tab:
        await tab.open("/account")
        await end(scene)
        principals.forget(None)
        yield tab
    await execute("UPDATE employees SET is_active = true, deleted_at = NULL WHERE id = :id", id=scene.manager.id)


@asynccontextmanager
async def without_session(_scene: Scene) -> AsyncIterator[Tab]:
    """A tab of somebody who never signed in."""
    async with stranger() as tab:
        await tab.open("/account")
        yield tab


@pytest.mark.parametrize("end", [by_revocation, by_expiry, by_idling, by_being_disabled, by_being_removed])
async def test_who_is_no_longer_signed_in_gets_nowhere(scene: Scene, end: End):
    await assert_gets_nowhere(whose_session_ended(scene, end))


async def test_who_never_signed_in_gets_nowhere(scene: Scene):
    await assert_gets_nowhere(without_session(scene))


async def test_a_cookie_that_is_no_hash_gets_nowhere(scene: Scene):
    for cookie in ("session_hash=", "session_hash=00", f"session_hash={'0' * 64}", "other=1", "session_hash"):
        async with stranger() as tab:
            tab._headers["cookie"] = cookie
            await tab.open("/account")
            assert tab.redirects == ["/login"] * len(tab.redirects)
            assert tab.redirects


async def assert_gets_nowhere(opening: AbstractAsyncContextManager[Tab]) -> None:
    async with opening as tab:
        before = await fingerprint()
        for name in HANDLERS:
            answer = await call(tab, name)

            assert answer.is_sent_away, name
            assert (answer.alert, answer.changes) == ("", {}), name
        assert await fingerprint() == before


async def call(tab: Tab, name: str) -> Answer:
    """Send an event with a payload that is well formed and concerns nothing that there is."""
    policy = own_handlers()[name].policy
    return await (ask(tab, name) if policy.payload is None else ask(tab, name, payload=sample(name)))
