"""Beside the pages: open shifts are offered when it is time, and requests that were overtaken end, without anybody."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from schedule_app.jobs.offering import offer_when_due
from schedule_app.services.call_outs import call_out
from schedule_app.services.claims import claim_shift
from tests.db.services.scene import assignment_on, execute, make_scene, make_week, rows, told
from tests.support.database import Database


@pytest.fixture(autouse=True)
async def _database(database: Database) -> None:
    """Every test here has a database of its own."""


@contextlib.asynccontextmanager
async def workers(count: int) -> AsyncIterator[None]:
    """As many processes of the application."""
    tasks = [asyncio.create_task(offer_when_due()) for _ in range(count)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(is_so: Callable[[], Awaitable[bool]]) -> None:
    deadline = asyncio.get_running_loop().time() + 20
    while not await is_so():
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.05)


async def test_a_call_out_is_offered_by_itself_and_by_one_of_the_processes():
    scene = await make_scene(offer_waves=1)
    _, [shift] = await make_week(scene, held={0: [scene.bob]}, status="published")
    held = await assignment_on(shift, scene.bob)

    async def was_asked() -> bool:
        return bool(await rows("SELECT id FROM shift_offers"))

    async with workers(3):
        await call_out(scene.actor("employee"), held.id)
        await until(was_asked)

    assert len(await rows("SELECT id FROM shift_offers")) == 1
    assert len(await rows("SELECT id FROM notifications WHERE type = 'shift_offered'")) == 1


async def test_a_request_that_was_overtaken_ends_by_itself():
    scene = await make_scene(claims_need_approval=True)
    _, [shift] = await make_week(scene, status="published")
    await claim_shift(scene.actor("employee"), shift.id)
    # Whoever fills the place, and by whatever means.
    await execute(
        "INSERT INTO schedule_assignments (schedule_id, shift_id, employee_id, starts_at, ends_at, in_force)"
        " SELECT schedule_id, id, :id, starts_at, ends_at, true FROM shifts",
        id=scene.carol.id,
    )

    async def is_lost() -> bool:
        return await rows("SELECT status FROM claims") == [("lost",)]

    async with workers(2):
        await until(is_lost)

    assert await told(scene.bob) == ["claim_lost"]
