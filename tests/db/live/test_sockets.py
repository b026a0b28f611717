"""Sockets end with their session."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.permissions import Actor
from schedule_app.live.principals import principals
from schedule_app.live.sockets import Sockets
from schedule_app.models import AuthSession, Employee
from tests.db.services.scene import Scene, execute, make_scene
from tests.support.database import Database

HASHES = [secrets.token_hex(32) for _ in range(2)]


@pytest.fixture
async def actors(database: Database) -> list[Actor]:
    """Bob and Carol, each signed in, by the hash of the same place."""
    scene: Scene = await make_scene()
    people: list[Employee] = [scene.bob, scene.carol]
    found = []
    for person, token_hash in zip(people, HASHES, strict=True):
        values = {
            "employee_id": person.id,
            "token_hash": bytes.fromhex(token_hash),
            "expires_at": datetime.now(UTC) + timedelta(days=1),
        }
        async with unit_of_work() as session:
            await session.execute(insert(AuthSession).values(values))
        signed_in = await principals.find(token_hash)
        assert signed_in is not None
        found.append(signed_in.actor)
    return found


async def test_only_the_sockets_of_ended_sessions_end(actors: list[Actor]):
    sockets, ended = Sockets(), []
    with (
        sockets.opened(HASHES[0], actors[0], lambda why: ended.append(("bob", why))),
        sockets.opened(HASHES[0], actors[0], lambda why: ended.append(("bob again", why))),
        sockets.opened(HASHES[1], actors[1], lambda why: ended.append(("carol", why))),
    ):
        await execute("UPDATE auth_sessions SET revoked_at = now() WHERE employee_id = :id", id=actors[0].employee_id)
        topics = frozenset({f"session:{actors[0].session_id}", f"employee:{actors[1].employee_id}"})
        principals.forget(topics)
        await sockets.end_signed_out(topics)

    assert ended == [("bob", "signed out"), ("bob again", "signed out")]


async def test_what_concerns_nobody_is_not_looked_up(actors: list[Actor]):
    sockets, ended = Sockets(), []
    with sockets.opened(HASHES[0], actors[0], ended.append):
        await execute("UPDATE auth_sessions SET revoked_at = now()")
        principals.forget(None)
        await sockets.end_signed_out(frozenset({"week:1:2026-11-23", "employee:0"}))
        assert ended == []

        await sockets.end_signed_out(None)
        assert ended == ["signed out"]


async def test_a_closed_socket_is_known_no_more(actors: list[Actor]):
    sockets, ended = Sockets(), []
    with sockets.opened(HASHES[0], actors[0], ended.append):
        with sockets.opened(HASHES[0], actors[0], ended.append):
            assert sockets.count(HASHES[0]) == 2
        assert (sockets.count(HASHES[0]), sockets.count(HASHES[1])) == (1, 0)
    with pytest.raises(ZeroDivisionError), sockets.opened(HASHES[0], actors[0], ended.append):
        raise ZeroDivisionError
    assert sockets.count(HASHES[0]) == 0

    await execute("UPDATE auth_sessions SET revoked_at = now()")
    principals.forget(None)
    await sockets.end_signed_out(None)
    assert ended == []
