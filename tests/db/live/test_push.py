"""Pushing goes on for as long as the process does."""

import asyncio
import contextlib
import secrets
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import insert
from structlog.testing import capture_logs

from schedule_app.db.engine import unit_of_work
from schedule_app.live.principals import principals
from schedule_app.live.push import push_changes
from schedule_app.live.sockets import sockets
from schedule_app.models import AuthSession
from tests.db.services.scene import execute, make_scene
from tests.support.database import Database
from tests.support.reflex_events import eventually

TOKEN_HASH = secrets.token_hex(32)


async def test_a_schema_that_is_away_for_a_moment_does_not_end_it(database: Database):
    scene = await make_scene()
    expires_at = datetime.now(UTC) + timedelta(days=1)
    async with unit_of_work() as session:
        values = {"employee_id": scene.bob.id, "token_hash": bytes.fromhex(TOKEN_HASH), "expires_at": expires_at}
        await session.execute(insert(AuthSession).values(values))
    signed_in = await principals.find(TOKEN_HASH)
    assert signed_in is not None
    ended: list[str] = []
    rename = "UPDATE employees SET name = name || 'x' WHERE id = :id"
    with sockets.opened(TOKEN_HASH, signed_in.actor, ended.append), capture_logs() as logs:
        pushing = asyncio.create_task(push_changes(cast("Any", SimpleNamespace(event_namespace=None))))
        await execute("ALTER TABLE auth_sessions RENAME TO away")
        await execute(rename, id=scene.bob.id)
        await eventually(lambda: pushing.done() or any("not checked" in log["event"] for log in logs))
        await execute("ALTER TABLE away RENAME TO auth_sessions")
        await execute("UPDATE auth_sessions SET revoked_at = now()")
        await eventually(lambda: pushing.done() or bool(ended))
        pushing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pushing

    assert ended == ["signed out"]
