"""A person's notifications."""

import pytest
from sqlalchemy import event

from schedule_app.db.engine import engine, read_session, unit_of_work
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.notices import AssignmentDeclined, ShiftsPublished
from schedule_app.queries.inbox import MOST_COUNTED, InboxView, inbox, unread_count
from schedule_app.services.notifications import mark_all_read, mark_read, notify
from tests.db.services.scene import Scene, execute, make_scene, writing
from tests.support.builders import build_notification
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")


async def read(scene: Scene, **filters: object) -> InboxView:
    """Bob's inbox."""
    async with read_session() as session:
        return await inbox(session, scene.bob.id, **filters)  # type: ignore[arg-type]


async def told_three(scene: Scene) -> list[int]:
    """Three notifications of Bob's and one of Carol's; the ids of Bob's, newest first."""
    week = ShiftsPublished("23–29 Nov 2026", 2, 0, 0, ("Mon 23 Nov, 07:00–15:00",), "Wed 25 Nov, 14:00")
    declined = AssignmentDeclined("Carol <i>", "Mon 23 Nov, 07:00–15:00", "Ill\n& tired")
    for notice in (week, declined, declined):
        async with unit_of_work() as session:
            await notify(session, [scene.bob.id], notice, action_url="/me")
    async with unit_of_work() as session:
        await notify(session, [scene.carol.id], week)
    return [item.id for item in (await read(scene)).items]


async def test_newest_first_in_words():
    scene = await make_scene()
    await told_three(scene)

    view = await read(scene)

    assert (len(view.items), view.unread, view.has_more) == (3, 3, False)
    newest, _, oldest = view.items
    assert newest.title == "Carol <i> declined a shift"
    assert newest.body == "Mon 23 Nov, 07:00–15:00. Note: Ill & tired"
    assert oldest.title == "Your shifts for 23–29 Nov 2026 are published"
    assert (oldest.category, oldest.priority, oldest.is_read, oldest.action_url) == ("schedule", "high", False, "/me")
    assert oldest.when.endswith("+00:00")
    assert ", " in oldest.when_label


async def test_filters_and_paging():
    scene = await make_scene()
    newest, middle, oldest = await told_three(scene)
    await mark_read(scene.actor("employee"), [middle])

    assert [item.id for item in (await read(scene, unread_only=True)).items] == [newest, oldest]
    assert [item.id for item in (await read(scene, category="schedule")).items] == [oldest]
    assert [item.id for item in (await read(scene, category="assignment", unread_only=True)).items] == [newest]
    assert (await read(scene, priority="low")).items == []
    first = await read(scene, limit=2)
    assert ([item.id for item in first.items], first.has_more, first.unread) == ([newest, middle], True, 2)
    rest = await read(scene, limit=2, before_id=middle)
    assert ([item.id for item in rest.items], rest.has_more) == ([oldest], False)
    assert (await read(scene, category="nonsense'; --")).items == []
    for limit in (0, -1, 501):
        with pytest.raises(InvalidInput):
            await read(scene, limit=limit)


async def test_expired_ones_are_gone_everywhere():
    scene = await make_scene()
    newest, *_ = await told_three(scene)
    await execute(
        "UPDATE notifications SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second'"
        " WHERE id = :id",
        id=newest,
    )

    view = await read(scene)

    assert newest not in [item.id for item in view.items]
    assert view.unread == 2
    async with read_session() as session:
        assert await unread_count(session, scene.bob.id) == 2


async def test_unread_counts_the_own_ones():
    scene = await make_scene()
    await told_three(scene)
    await mark_all_read(scene.actor("employee"))

    async with read_session() as session:
        assert await unread_count(session, scene.bob.id) == 0
        assert await unread_count(session, scene.carol.id) == 1
        assert await unread_count(session, scene.manager.id) == 0


async def test_a_message_nobody_can_read_does_not_take_the_others_along():
    scene = await make_scene()
    await told_three(scene)
    async with writing() as session:
        await build_notification(session, scene.bob, type="carrier_pigeon", payload={"from": "afar"})

    view = await read(scene)

    assert len(view.items) == 4
    assert view.items[0].title == "This message cannot be shown"
    assert view.items[1].title == "Carol <i> declined a shift"


async def test_a_full_inbox_takes_two_statements_each_along_one_index():
    scene = await make_scene()
    await told_three(scene)
    await execute(
        "INSERT INTO notifications (recipient_id, type, payload, category, priority)"
        " SELECT :bob, 'schedule_approved', '{}', (ARRAY['schedule', 'approval'])[1 + n % 2], 'normal'"
        " FROM generate_series(1, 5000) AS n",
        bob=scene.bob.id,
    )
    await execute("ANALYZE notifications")
    filters: list[dict[str, object]] = [
        {},
        {"unread_only": True},
        {"category": "assignment"},
        {"priority": "low"},
        {"category": "schedule", "priority": "urgent"},
        {"before_id": 20},
    ]

    for narrowed in filters:
        with count_statements() as statements:
            view = await read(scene, **narrowed)
        assert len([each for each in statements if "SELECT" in each]) == 2, narrowed
        assert view.unread == MOST_COUNTED
        plan = await planned(scene, **narrowed)
        assert "Seq Scan on notifications" not in plan, narrowed
        assert "pk_notifications" not in plan, narrowed


async def planned(scene: Scene, **narrowed: object) -> str:
    """How PostgreSQL reads Bob's inbox."""
    sent: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        sent.append((statement, values))

    event.listen(engine().sync_engine, "before_cursor_execute", note)
    try:
        await read(scene, **narrowed)
    finally:
        event.remove(engine().sync_engine, "before_cursor_execute", note)
    async with engine().connect() as connection:
        plans = [
            (await connection.exec_driver_sql(f"EXPLAIN {statement}", values)).scalars().all()  # type: ignore[arg-type]
            for statement, values in sent
            if "FROM notifications" in statement
        ]
    return "\n".join(line for plan in plans for line in plan)
