"""How the work beside the pages goes; what is asked for that does not grow with what went out before."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from schedule_app.db.engine import engine, read_session, unit_of_work
from schedule_app.domain.delivery import Channel
from schedule_app.queries.operation import operation_view, read_figures
from schedule_app.services.delivering import claim_message
from schedule_app.services.dispatching import pick_up_lost
from schedule_app.services.operating import note_channels
from tests.db.services.scene import Scene, execute, make_scene

pytestmark = pytest.mark.usefixtures("database")

MANY = 5_000


@contextmanager
def reads() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of the database while the block runs."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        if statement.split()[0] in ("SELECT", "WITH") and "advisory" not in statement:
            asked.append((statement, values))

    event.listen(engine().sync_engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine().sync_engine, "before_cursor_execute", note)


def most_rows(plan: dict[str, Any]) -> float:
    """The most rows that any step of a plan has looked at."""
    looked_at = sum(
        plan.get(each, 0) for each in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter")
    )
    return max([looked_at * plan["Actual Loops"], *map(most_rows, plan.get("Plans", []))])


async def figures(_: Scene) -> None:
    async with read_session() as session:
        await read_figures(session)


async def page(scene: Scene) -> None:
    async with read_session() as session:
        await operation_view(session, scene.site.id)


async def claim(scene: Scene) -> None:
    assert await claim_message(scene.bob.id, Channel.PUSH) is None


async def sweep(_: Scene) -> None:
    await pick_up_lost()


async def test_a_full_history_is_not_read_through():
    """Many messages that went out to one person, and three that wait."""
    scene = await make_scene()
    await execute(
        "INSERT INTO notifications (recipient_id, type, category, payload)"
        " SELECT :id, 'assignment_removed', 'assignment', '{}' FROM generate_series(1, :many)",
        id=scene.bob.id,
        many=MANY,
    )
    await execute(
        "INSERT INTO notification_deliveries (notification_id, channel, status, sent_at)"
        " SELECT id, channel, 'sent', now() - interval '2 days'"
        " FROM notifications, (VALUES ('in_app'), ('email')) AS via (channel)"
    )
    await execute(
        "INSERT INTO notification_deliveries (notification_id, channel) SELECT id, 'push' FROM notifications LIMIT 3"
    )
    await execute("ANALYZE notifications, notification_deliveries")
    looks: tuple[Callable[[Scene], Awaitable[None]], ...] = (figures, page, claim, sweep)
    for look in looks:
        with reads() as asked:
            await look(scene)
        await execute("UPDATE notification_deliveries SET status = 'created', due_at = now() WHERE channel = 'push'")
        assert asked
        for statement, values in asked:
            async with unit_of_work() as session:
                connection = await session.connection()
                explained = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
                [plan] = explained.scalar_one()
            assert most_rows(plan["Plan"]) < 100, statement


async def test_a_channel_that_not_every_worker_can_send_over_is_named():
    scene = await make_scene()
    for channels in ({Channel.EMAIL, Channel.SMS}, {Channel.EMAIL}):
        await note_channels(uuid4(), {Channel.IN_APP, *channels})
    await note_channels(gone := uuid4(), {Channel.IN_APP, Channel.EMAIL})
    await execute("UPDATE worker_channels SET heard_at = now() - interval '1 hour' WHERE worker = :id", id=gone)

    async with read_session() as session:
        view = await operation_view(session, scene.site.id)
    assert view.able == {"in_app": 2, "email": 2, "sms": 1}
