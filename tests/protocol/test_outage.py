"""PostgreSQL goes away under the running app and comes back."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from websockets.exceptions import InvalidStatus

from schedule_app.db import embedded
from schedule_app.db.engine import dispose
from schedule_app.db.migrate import run_migrations
from tests.db.services.scene import make_scene
from tests.protocol.conftest import World, assert_log_is_clean
from tests.support.app import running_app
from tests.support.database import HASTY, Database, Server, application_database, memory_folder
from tests.support.sockets import get, open_page, open_socket, post

TELL = "INSERT INTO notifications (recipient_id, type, category) VALUES (%s, 'schedule_approved', 'approval')"


@dataclass(frozen=True)
class Fragile:
    """An app whose database server is this test's own."""

    world: World
    database: Database
    folder: Path

    def stop(self) -> None:
        embedded.stop(self.folder)

    def start(self) -> None:
        embedded.start(self.folder, options=HASTY)

    def tell(self, employee_id: int) -> None:
        """Write a notification at a SQL prompt."""
        with psycopg.connect(self.database.dsn, autocommit=True) as connection:
            connection.execute(TELL, [employee_id])


@pytest.fixture
async def fragile(tmp_path: Path) -> AsyncIterator[Fragile]:
    folder = Path(tempfile.mkdtemp(prefix="schedule-app-tests-", dir=memory_folder()))
    try:
        url = await asyncio.to_thread(embedded.start, folder, options=HASTY)
        await asyncio.to_thread(run_migrations, url)
        # The connections of this process lead to the other tests' server.
        await dispose()
        async with application_database(Server(url)) as database:
            with running_app(database.url, tmp_path / "log") as app:
                yield Fragile(World(app, await make_scene()), database, folder)
    finally:
        embedded.stop(folder)
        shutil.rmtree(folder)


async def test_a_restart_of_the_database_is_survived(fragile: Fragile):
    world, bob = fragile.world, fragile.world.scene.bob
    cookie = await world.browser(bob)
    async with open_page(world.app, cookie, "/inbox") as page:
        await asyncio.to_thread(fragile.stop)

        assert (await get(world.app, "/healthz")).status_code == 200
        assert (await get(world.app, "/readyz")).status_code == 503
        answer = await post(world.app, "/login", email="a@example.com", password="b")
        assert answer.status_code == 503
        assert "The database cannot be reached" in answer.text
        await page.send("InboxState.read_all")
        await page.until(lambda: "cannot be reached" in page.shows("AlertState").get("message", ""))
        assert not page.is_closed

        await asyncio.to_thread(fragile.start)
        # Perhaps before anybody listens again, and heard of all the same.
        await asyncio.to_thread(fragile.tell, bob.id)
        await page.until(lambda: page.shows("ShellState")["unread"] == 1)
        assert (await get(world.app, "/readyz")).status_code == 200

        await page.until(lambda: "live link restored" in world.app.log_text())
        await asyncio.to_thread(fragile.tell, bob.id)
        await page.until(lambda: page.shows("ShellState")["unread"] == 2, within=2)
        await page.send("InboxState.read_all")
        await page.until(lambda: page.shows("ShellState")["unread"] == 0)
    assert_log_is_clean(world.app.log_text(), world.told_nobody)


async def test_nobody_is_signed_out_or_let_in_by_an_outage(fragile: Fragile):
    world = fragile.world
    cookie = await world.browser(world.scene.bob)
    await asyncio.to_thread(fragile.stop)

    assert (await get(world.app, "/session", cookie=cookie)).status_code == 503
    assert (await get(world.app, "/me", cookie=cookie, accept="text/html")).status_code == 503
    assert (await post(world.app, "/logout", cookie)).status_code == 503
    with pytest.raises(InvalidStatus):
        async with open_socket(world.app, cookie):
            pass

    await asyncio.to_thread(fragile.start)
    async with open_page(world.app, cookie, "/me") as page:
        assert page.shows("ShellState")["name"] == "Bob Worker"
    assert_log_is_clean(world.app.log_text(), world.told_nobody)
