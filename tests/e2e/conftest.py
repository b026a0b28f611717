"""One app, one database and one browser for all tests of this folder; each test has a site and windows of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import async_playwright, expect

from tests.e2e.line import Line, open_line
from tests.e2e.screens import Desk, Screens
from tests.support.app import SECRET_KEY, App, running_app
from tests.support.browser import MISSING, find_chromium
from tests.support.database import Database, Server, application_database

# Two cores may have much to do beside the browser; a test that waits this long has failed anyway.
expect.set_options(timeout=10_000)


@pytest.fixture(scope="package")
async def served_database(postgres: Server) -> AsyncIterator[Database]:
    """The database behind the app; services called by a test write to it too, and hash passwords as the app does."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SECRET_KEY", SECRET_KEY)
        async with application_database(postgres) as database:
            yield database


@pytest.fixture(scope="package")
async def line(served_database: Database) -> AsyncIterator[Line]:
    """A line to the app which can be cut; the app believes that its visitors come over it."""
    async with open_line() as line:
        yield line


@pytest.fixture(scope="package")
def app(served_database: Database, line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The running application."""
    log = tmp_path_factory.mktemp("app") / "log"
    with running_app(served_database.url, log, PUBLIC_URL=line.origin) as app:
        line.lead_to(app.origin)
        yield app


@pytest.fixture(scope="package")
async def desk(app: App) -> AsyncIterator[Desk]:
    """The browser, and windows that are used again because theirs holds the app's files already."""
    path = find_chromium()
    assert path is not None, MISSING
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        desk = Desk(browser)
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
