"""One app, one database and one browser for all tests of this folder; each test has a site and windows of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import async_playwright, expect

from tests.e2e.line import Line, open_line
from tests.e2e.screens import Desk, Screens
from tests.support.app import SECRET_KEY, App, running_app
from tests.support.browser import FLAGS, MISSING, find_chromium
from tests.support.database import Database, Server, fresh_database, in_use

# Two cores may have much to do beside the browser; a test that waits this long has failed anyway.
expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def served_database(postgres: Server) -> Iterator[Database]:
    """The database behind the app."""
    with fresh_database(postgres) as database:
        yield database


@pytest.fixture(scope="module", autouse=True)
async def _same_database(served_database: Database) -> AsyncIterator[None]:
    """Services called by a test write to the app's database too, and hash passwords as the app does.

    For one file at a time: the files of another folder have an app of their own, and they may be run in any order.
    """
    async with in_use(served_database, SECRET_KEY=SECRET_KEY):
        yield


@pytest.fixture(scope="session")
async def line() -> AsyncIterator[Line]:
    """A line to the app which can be cut; the app believes that its visitors come over it."""
    async with open_line() as line:
        yield line


@pytest.fixture(scope="session")
def app(served_database: Database, line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The running application."""
    log = tmp_path_factory.mktemp("app") / "log"
    # SMS go to a file, and nobody has a phone: a channel that can be chosen and is not used.
    channels = {"SMS_URL": "file", "VAPID_CONTACT": "admin@example.com"}
    with running_app(served_database.url, log, port=None, **{"PUBLIC_URL": line.origin, **channels}) as app:
        line.lead_to(app.origin)
        yield app


@pytest.fixture(scope="session")
async def desk(app: App) -> AsyncIterator[Desk]:
    """The browser, and windows that are used again because theirs holds the app's files already."""
    path = find_chromium()
    assert path is not None, MISSING
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--process-per-site"])
        desk = Desk(browser, app.origin)
        yield desk
        await browser.close()


@pytest.fixture
async def screens(desk: Desk, app: App) -> AsyncIterator[Screens]:
    """This test's windows. What a page reports as an error fails the test."""
    logged = len(app.log_text())
    screens = Screens(desk, app.origin)
    yield screens
    await screens.close()
    assert not screens.errors
    assert "unexpected error" not in app.log_text()[logged:]
