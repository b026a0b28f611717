"""Requests whose time has run out end by themselves."""

import asyncio
import contextlib

import pytest

from schedule_app.jobs.swap_expiry import expire_in_time
from tests.db.services.scene import told
from tests.db.services.swapping import make_between, pass_cutoff, status_of

pytestmark = pytest.mark.usefixtures("database")


async def test_the_running_application_ends_what_is_overdue():
    between = await make_between()
    request_id = await between.offer(between.scene.carol)
    await pass_cutoff(between)

    running = asyncio.create_task(expire_in_time())
    try:
        deadline = asyncio.get_running_loop().time() + 20
        while await status_of(request_id) == "open":
            assert asyncio.get_running_loop().time() < deadline, "Nobody ends it."
            await asyncio.sleep(0.02)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    assert await status_of(request_id) == "expired"
    assert await told(between.scene.bob) == ["swap_ended"]
