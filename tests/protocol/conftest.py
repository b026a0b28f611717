"""One app for the whole folder, the people who sign in to it, and a look at its log when all is over."""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, text

from schedule_app.db.engine import unit_of_work
from schedule_app.models import AuthSession, Employee
from schedule_app.services.passwords import hash_password
from schedule_app.services.sign_in import hash_token
from tests.db.services.scene import Scene, make_scene
from tests.support.app import SECRET_KEY, App, running_app
from tests.support.database import Database, Server, fresh_database, in_use

PASSWORD = "a-password-for-all-of-them"


@dataclass(slots=True)
class World:
    """The running app and the people of its database.

    Attributes:
        told_nobody: What the app was given and must never log.
    """

    app: App
    scene: Scene
    told_nobody: set[str] = field(default_factory=set)

    async def browser(self, person: Employee) -> str:
        """Sign somebody in, and return the cookie header of their browser."""
        token = secrets.token_urlsafe(32)
        self.told_nobody |= {token, hash_token(token).hex()}
        values = {
            "employee_id": person.id,
            "token_hash": hash_token(token),
            "expires_at": datetime.now(UTC) + timedelta(days=1),
            "user_agent": "Test",
            "ip": "127.0.0.1",
        }
        async with unit_of_work() as session:
            await session.execute(insert(AuthSession).values(values))
        return f"schedule_session={token}"


@pytest.fixture(scope="session")
def served_database(postgres: Server) -> Iterator[Database]:
    """The database behind the app."""
    with fresh_database(postgres) as database:
        yield database


@pytest.fixture(scope="module", autouse=True)
async def _same_database(served_database: Database) -> AsyncIterator[None]:
    """Services called by a test write to the app's database too.

    For one file at a time: the files of another folder have an app of their own, and they may be run in any order.
    """
    async with in_use(served_database, SECRET_KEY=SECRET_KEY):
        yield


@pytest.fixture(scope="session")
def app(served_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The running application."""
    with running_app(served_database.url, tmp_path_factory.mktemp("app") / "log") as app:
        yield app


@pytest.fixture(scope="session")
async def world(app: App, served_database: Database) -> AsyncIterator[World]:
    """The people; whatever the tests have done to the app, its log keeps their secrets and shows no accident."""
    async with in_use(served_database, SECRET_KEY=SECRET_KEY):
        world = World(app, await make_scene(), {PASSWORD, SECRET_KEY})
        stored = await hash_password(PASSWORD)
        world.told_nobody.add(stored)
        async with unit_of_work() as session:
            await session.execute(text("UPDATE employees SET password_hash = :stored"), {"stored": stored})
    yield world
    assert_log_is_clean(app.log_text(), world.told_nobody)


def assert_log_is_clean(log: str, told_nobody: set[str]) -> None:
    """Nothing went wrong that nobody foresaw, and nothing is told that was confided."""
    for word in ("Traceback", "unexpected error", "schedule_session", "session_hash", "Exception in"):
        assert word not in log, log[max(0, log.index(word) - 500) :][:3000]
    for secret in told_nobody:
        assert secret not in log
