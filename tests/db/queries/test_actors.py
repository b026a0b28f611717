"""Who a session token belongs to, and when it no longer opens anything."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from schedule_app.db.engine import read_session, unit_of_work
from schedule_app.domain.permissions import Actor, Role
from schedule_app.models import AuthSession, Employee
from schedule_app.queries.actors import SignedIn, actors_of_sessions
from schedule_app.settings import get_settings
from tests.db.services.scene import Scene, execute, make_scene
from tests.support.database import Database
from tests.support.queries import count_statements

TOKEN_HASH = secrets.token_bytes(32)


@pytest.fixture
async def scene(database: Database) -> Scene:
    """Alice Supervisor has just signed in."""
    scene = await make_scene()
    await open_session(scene.supervisor, TOKEN_HASH)
    return scene


async def open_session(person: Employee, token_hash: bytes) -> None:
    values = {"employee_id": person.id, "token_hash": token_hash, "expires_at": datetime.now(UTC) + timedelta(days=14)}
    async with unit_of_work() as session:
        await session.execute(insert(AuthSession).values(values))


async def found(token_hash: bytes = TOKEN_HASH) -> SignedIn | None:
    async with read_session() as session:
        return (await actors_of_sessions(session, [token_hash])).get(token_hash)


async def test_a_session_tells_who_acts_and_where(scene: Scene):
    await execute("UPDATE employees SET department_id = :d WHERE role = 'supervisor'", d=scene.department.id)

    signed_in = await found()

    assert signed_in is not None
    assert signed_in.actor.session_id is not None
    assert signed_in.actor == Actor(
        scene.supervisor.id, Role.SUPERVISOR, scene.site.id, scene.department.id, signed_in.actor.session_id
    )
    assert (signed_in.name, signed_in.email) == ("Alice Supervisor", scene.supervisor.email)
    assert (signed_in.site_name, signed_in.time_zone) == (scene.site.name, "Europe/Berlin")
    assert not signed_in.is_touch_due


async def test_it_takes_one_statement(scene: Scene):
    with count_statements() as statements:
        await found()

    assert len(statements) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE auth_sessions SET revoked_at = now()",
        "UPDATE auth_sessions SET expires_at = now()",
        "UPDATE auth_sessions SET created_at = now() - interval '15 days', expires_at = now() - interval '1 second'",
        "UPDATE auth_sessions SET last_seen_at = now() - interval '8 hours 1 second'",
        "UPDATE employees SET is_active = false",
        "UPDATE employees SET deleted_at = now()",
        "DELETE FROM auth_sessions",
    ],
)
async def test_an_ended_session_opens_nothing(scene: Scene, change: str):
    assert await found() is not None
    await execute(change)

    assert await found() is None


@pytest.mark.parametrize(
    "token_hash",
    [b"", b"\0" * 32, secrets.token_bytes(32), TOKEN_HASH[:-1], TOKEN_HASH + b"\0"],
    ids=["empty", "zeros", "random", "cut short", "longer"],
)
async def test_another_token_opens_nothing(scene: Scene, token_hash: bytes):
    assert await found(token_hash) is None


async def test_a_session_lives_up_to_its_limits(scene: Scene):
    await execute("UPDATE auth_sessions SET last_seen_at = now() - interval '7 hours 59 minutes'")
    await execute("UPDATE auth_sessions SET expires_at = now() + interval '1 minute'")

    signed_in = await found()

    assert signed_in is not None
    assert signed_in.is_touch_due


async def test_settings_say_how_long_a_session_may_idle(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    await execute("UPDATE auth_sessions SET last_seen_at = now() - interval '6 minutes'")
    assert await found() is not None

    monkeypatch.setenv("SESSION_IDLE_MINUTES", "5")
    get_settings.cache_clear()
    assert await found() is None


async def test_everybody_finds_themselves(scene: Scene):
    others = secrets.token_bytes(32)
    await open_session(scene.bob, others)

    signed_in, other = await found(), await found(others)

    assert signed_in is not None
    assert other is not None
    assert (signed_in.actor.employee_id, other.actor.employee_id) == (scene.supervisor.id, scene.bob.id)
