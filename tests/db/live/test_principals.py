"""Who a browser belongs to is remembered, and forgotten in time."""

import asyncio
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.permissions import Role
from schedule_app.live import principals as principals_module
from schedule_app.live.principals import MAX_AGE_SECONDS, Principals
from schedule_app.models import AuthSession
from schedule_app.queries.actors import SignedIn, actors_of_sessions
from tests.db.services.scene import Scene, execute, make_scene
from tests.support.database import Database
from tests.support.queries import count_statements

TOKEN_HASH = secrets.token_hex(32)
REVOKE = "UPDATE auth_sessions SET revoked_at = now()"


@pytest.fixture
async def scene(database: Database) -> Scene:
    """Bob is signed in."""
    scene = await make_scene()
    values = {
        "employee_id": scene.bob.id,
        "token_hash": bytes.fromhex(TOKEN_HASH),
        "expires_at": datetime.now(UTC) + timedelta(days=1),
    }
    async with unit_of_work() as session:
        await session.execute(insert(AuthSession).values(values))
    return scene


async def test_who_was_just_found_is_not_looked_up_again(scene: Scene):
    principals = Principals()
    with count_statements() as statements:
        found = [await principals.find(TOKEN_HASH) for _ in range(5)]

    assert {each.actor.employee_id for each in found if each} == {scene.bob.id}
    assert len(statements) == 1


async def test_many_who_ask_at_once_are_looked_up_together(scene: Scene):
    principals = Principals()
    unknown = [secrets.token_hex(32) for _ in range(20)]
    with count_statements() as statements:
        found = await asyncio.gather(*(principals.find(each) for each in [*unknown, TOKEN_HASH, TOKEN_HASH]))

    assert found[:20] == [None] * 20
    assert [each.actor.employee_id for each in found if each] == [scene.bob.id] * 2
    assert len(statements) <= 2


async def test_a_database_that_is_away_is_told_to_everybody_who_asked(scene: Scene):
    principals = Principals()
    await execute("ALTER TABLE auth_sessions RENAME TO away")
    found = await asyncio.gather(*(principals.find(TOKEN_HASH) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(each, SQLAlchemyError) for each in found)

    await execute("ALTER TABLE away RENAME TO auth_sessions")
    assert await principals.find(TOKEN_HASH) is not None


async def test_nobody_is_remembered_for_long(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    principals = Principals()
    await principals.find(TOKEN_HASH)
    await execute(REVOKE)
    now = principals_module.time.monotonic()
    monkeypatch.setattr(principals_module.time, "monotonic", lambda: now + MAX_AGE_SECONDS)

    assert MAX_AGE_SECONDS < 5
    assert await principals.find(TOKEN_HASH) is None


async def test_whom_a_change_concerns_is_looked_up_again(scene: Scene):
    principals = Principals()
    known = await principals.find(TOKEN_HASH)
    assert known is not None
    session_id, own_site = known.actor.session_id, scene.site.id
    await execute("UPDATE employees SET role = 'manager' WHERE id = :id", id=scene.bob.id)
    for topics in ({"employee:0"}, {f"session:{scene.bob.id + 10**6}"}, {f"week:{own_site}:2026-11-23"}, set()):
        principals.forget(frozenset(topics))
        remembered = await principals.find(TOKEN_HASH)
        assert remembered is not None
        assert remembered.actor.role == Role.EMPLOYEE

    for topics in ({f"session:{session_id}"}, {f"employee:{scene.bob.id}", "x"}, {f"site:{own_site}"}, None):
        await principals.find(TOKEN_HASH)
        with count_statements() as statements:
            principals.forget(frozenset(topics) if topics is not None else None)
            found = await principals.find(TOKEN_HASH)
        assert len(statements) == 1, topics
        assert found is not None
        assert found.actor.role == Role.MANAGER


async def test_an_answer_from_before_a_change_is_not_remembered(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    principals, is_asked, may_answer = Principals(), asyncio.Event(), asyncio.Event()

    async def slow(session: AsyncSession, token_hashes: Collection[bytes]) -> dict[bytes, SignedIn]:
        found = await actors_of_sessions(session, token_hashes)
        is_asked.set()
        await may_answer.wait()
        return found

    monkeypatch.setattr(principals_module, "actors_of_sessions", slow)
    asking = asyncio.create_task(principals.find(TOKEN_HASH))
    await is_asked.wait()
    await execute(REVOKE)
    principals.forget(frozenset({f"employee:{scene.bob.id}"}))
    may_answer.set()

    assert await asking is not None
    assert await principals.find(TOKEN_HASH) is None


async def test_who_is_signed_out_is_not_remembered_as_such(scene: Scene):
    principals = Principals()
    await execute(REVOKE)
    assert await principals.find(TOKEN_HASH) is None

    await execute("UPDATE auth_sessions SET revoked_at = NULL")
    assert await principals.find(TOKEN_HASH) is not None
