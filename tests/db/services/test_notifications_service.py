"""What readers do with their notifications, and what is written when somebody is told."""

from datetime import timedelta

import pytest

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.errors import InvalidInput, NotFound
from schedule_app.domain.notices import AssignmentRemoved
from schedule_app.models import Notification
from schedule_app.services.notifications import mark_all_read, mark_read, mark_unread, notify, notify_each
from tests.db.services.scene import execute, fetch, make_scene, rows, told, writing
from tests.support.builders import build_notification

pytestmark = pytest.mark.usefixtures("database")


async def test_told_people_hear_once_each_and_in_the_same_transaction():
    scene = await make_scene()

    with pytest.raises(ZeroDivisionError):
        async with unit_of_work() as session:
            await notify(session, [scene.bob.id], AssignmentRemoved("Mon"))
            raise ZeroDivisionError
    assert await told(scene.bob) == []

    async with unit_of_work() as session:
        notice = AssignmentRemoved("Mon 23 Nov, 07:00–15:00")
        twice = [scene.bob.id, scene.carol.id, scene.bob.id]
        await notify(session, twice, notice, related=("assignment", 7), action_url="/me")
        await notify(session, [], notice)
        await notify_each(session, {})

    assert await told(scene.bob) == await told(scene.carol) == ["assignment_removed"]
    [row] = await rows(
        "SELECT payload, priority, category, related_type, related_id, read_at, expires_at - created_at AS kept,"
        " (SELECT array_agg(channel || ' ' || status || ' ' || attempts) FROM notification_deliveries"
        "  WHERE notification_id = n.id) AS deliveries FROM notifications AS n WHERE recipient_id = :id",
        id=scene.bob.id,
    )
    assert row.payload == {"shift": "Mon 23 Nov, 07:00–15:00"}
    assert (row.priority, row.category, row.related_type, row.related_id) == ("high", "assignment", "assignment", 7)
    assert (row.read_at, row.kept, row.deliveries) == (None, timedelta(days=90), ["in_app sent 1"])


async def test_marking_read_is_seen_and_can_be_taken_back():
    scene = await make_scene()
    async with unit_of_work() as session:
        await notify(session, [scene.bob.id, scene.carol.id], AssignmentRemoved("Mon"))
    [[bobs]] = await rows("SELECT id FROM notifications WHERE recipient_id = :id", id=scene.bob.id)
    bob = scene.actor("employee")

    await mark_read(bob, [bobs, bobs])
    first = (await fetch(Notification, bobs)).read_at
    await mark_read(bob, [bobs])

    assert first is not None
    assert (await fetch(Notification, bobs)).read_at == first
    seen = await rows("SELECT status FROM notification_deliveries ORDER BY notification_id = :id", id=bobs)
    assert [row.status for row in seen] == ["sent", "seen"]

    await mark_unread(bob, [bobs])
    assert (await fetch(Notification, bobs)).read_at is None


@pytest.mark.parametrize("verb", [mark_read, mark_unread])
async def test_nobody_marks_what_is_not_theirs(verb: object):
    assert verb in (mark_read, mark_unread)
    scene = await make_scene()
    async with writing() as session:
        own = await build_notification(session, scene.bob)
        theirs = await build_notification(session, scene.carol)
    await execute("UPDATE notifications SET read_at = now() WHERE :read", read=verb is mark_unread)
    before = (await fetch(Notification, own.id)).read_at

    messages: set[str] = set()
    for ids in ([own.id, theirs.id], [own.id, 2**70], [0], [-1]):
        with pytest.raises(NotFound) as refused:
            await verb(scene.actor("employee"), ids)  # type: ignore[operator]
        messages.add(refused.value.message)

    assert len(messages) == 1
    assert (await fetch(Notification, own.id)).read_at == before


async def test_marking_all_reads_the_own_inbox_alone():
    scene = await make_scene()
    async with writing() as session:
        for _ in range(3):
            await build_notification(session, scene.bob)
        await build_notification(session, scene.carol)

    await mark_all_read(scene.actor("employee"))

    unread = await rows("SELECT recipient_id FROM notifications WHERE read_at IS NULL")
    assert unread == [(scene.carol.id,)]


async def test_marking_nothing_is_fine_and_marking_too_much_is_not():
    scene = await make_scene()

    await mark_read(scene.actor("employee"), [])
    with pytest.raises(InvalidInput, match="At most 500"):
        await mark_read(scene.actor("employee"), range(501))
