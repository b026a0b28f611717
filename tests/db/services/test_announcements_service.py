"""Announcements: who is told, once, what they read, who has seen it, and taking one back."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.announcement import Audience
from schedule_app.domain.errors import IllegalTransition, InvalidInput, NotAllowed, NotFound
from schedule_app.domain.permissions import Actor
from schedule_app.models import Employee
from schedule_app.queries.announcements import Addressed, get_announcement, list_announcements, reach
from schedule_app.queries.inbox import inbox
from schedule_app.services.announcements import AnnouncementDetails, announce, withdraw_announcement
from schedule_app.services.forms import checked
from schedule_app.services.notifications import mark_read, mark_unread
from tests.db.services.scene import Scene, actor_of, audited, execute, make_scene, make_week, rows, told, writing
from tests.support.builders import build_department, build_employee
from tests.support.queries import count_statements

pytestmark = pytest.mark.usefixtures("database")
TEXT = {"subject": "Fire drill", "body": "On Monday at ten.\n\nPlease use the stairs."}


def details(scene: Scene, audience: str = "site", **columns: Any) -> AnnouncementDetails:
    """What somebody wrote."""
    return checked(AnnouncementDetails, {"audience": audience, "site_id": scene.site.id, **TEXT, **columns})


async def only_id() -> int:
    """The one announcement there is."""
    [[announcement_id]] = await rows("SELECT id FROM announcements")
    return announcement_id


async def seen_by(actor: Actor) -> list[tuple[str, bool]]:
    """Who was told of the one announcement, and whether they have seen it."""
    async with read_session() as session:
        _, people = await get_announcement(session, actor, await only_id())
    return [(person.name, person.is_seen) for person in people]


async def read_it(person: Employee) -> None:
    """The person has read what they were told."""
    ids = await rows("SELECT id FROM notifications WHERE recipient_id = :id", id=person.id)
    await mark_read(actor_of(person), [each for [each] in ids])


async def test_everybody_of_a_site_is_told_once_and_the_author_is_not():
    scene = await make_scene()
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.carol.id)

    assert await announce(scene.actor("manager"), details(scene, priority="urgent")) == 3

    for person in (scene.second_manager, scene.supervisor, scene.bob):
        assert await told(person) == ["announced"]
    for person in (scene.manager, scene.carol, scene.stranger, scene.admin):
        assert await told(person) == []
    async with read_session() as session:
        [item] = (await inbox(session, scene.bob.id)).items
    assert (item.title, item.priority, item.category) == ("Fire drill", "urgent", "announcement")
    assert item.text == "John Manager to everybody at {}:\n{}".format(scene.site.name, TEXT["body"])
    [entry] = await audited("announcement", await only_id())
    assert (entry.action, entry.after["told"], entry.site_id) == ("announce", 3, scene.site.id)


async def test_a_department_and_the_people_of_a_shift():
    scene = await make_scene()
    async with writing() as session:
        cook = await build_employee(session, scene.site, department_id=scene.department.id, name="Cora Cook")
    _, [shift, other] = await make_week(
        scene, {}, {"day": 2}, held={0: [scene.bob], 1: [scene.carol]}, status="published"
    )

    assert await announce(scene.actor("manager"), details(scene, "department", department_id=scene.department.id)) == 1
    assert await told(cook) == ["announced"]
    assert await announce(scene.actor("manager"), details(scene, "shift", shift_id=shift.id)) == 1
    assert await told(scene.bob) == ["announced"]
    assert await told(scene.carol) == []
    # Whoever has declined is not one of its people any more.
    await execute(
        "UPDATE schedule_assignments SET status = 'declined', responded_at = now() WHERE shift_id = :id", id=other.id
    )
    with pytest.raises(InvalidInput) as refused:
        await announce(scene.actor("manager"), details(scene, "shift", shift_id=other.id))
    assert refused.value.field == "audience"


async def test_a_supervisor_writes_to_their_department_alone_and_others_not_at_all():
    scene = await make_scene()
    async with writing() as session:
        other = await build_department(session, scene.site)
        own = await build_employee(session, scene.site, role="supervisor", department_id=scene.department.id)
        await build_employee(session, scene.site, department_id=scene.department.id)
        await build_employee(session, scene.site, department_id=other.id)
    _, [shift, free] = await make_week(
        scene,
        {"department_id": scene.department.id},
        {"day": 2},
        held={0: [scene.bob], 1: [scene.bob]},
        status="published",
    )

    assert await announce(actor_of(own), details(scene, "department", department_id=scene.department.id)) == 1
    assert await announce(actor_of(own), details(scene, "shift", shift_id=shift.id)) == 1
    for refused in (
        details(scene),
        details(scene, "department", department_id=other.id),
        details(scene, "shift", shift_id=free.id),
    ):
        with pytest.raises(NotAllowed):
            await announce(actor_of(own), refused)
        with pytest.raises(NotAllowed):
            await announce(scene.actor("employee"), refused)
    assert await announce(scene.actor("supervisor"), details(scene)) == 7


async def test_what_is_not_the_actors_looks_as_if_it_were_not_there():
    scene, elsewhere = await make_scene(), await make_scene()
    _, [draft] = await make_week(scene, held={0: [scene.bob]})
    _, [theirs] = await make_week(elsewhere, held={0: [elsewhere.bob]}, status="published")

    for wanted in (
        details(scene, "department", department_id=elsewhere.department.id),
        details(scene, "department", department_id=2**40),
        details(scene, "department"),
        details(scene, "shift", shift_id=theirs.id),
        details(scene, "shift", shift_id=draft.id),
        details(scene, "shift"),
        details(elsewhere),
    ):
        with pytest.raises(NotFound):
            await announce(scene.actor("manager"), wanted)
        addressed = Addressed(wanted.audience, wanted.site_id, wanted.department_id, wanted.shift_id)
        with pytest.raises(NotFound):
            async with read_session() as session:
                await reach(session, scene.actor("manager"), addressed)
    assert await rows("SELECT 1 FROM announcements") == []
    assert await announce(scene.actor("manager"), details(scene)) == 4
    async with read_session() as session:
        assert await list_announcements(session, scene.actor("supervisor"), scene.site.id) != []
        with pytest.raises(NotFound):
            await list_announcements(session, scene.actor("stranger"), scene.site.id)
        with pytest.raises(NotFound):
            await get_announcement(session, scene.actor("stranger"), await only_id())
        with pytest.raises(NotAllowed):
            await get_announcement(session, scene.actor("employee"), await only_id())
    with pytest.raises(NotFound):
        await withdraw_announcement(scene.actor("stranger"), await only_id())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"subject": "a\nb"}, "subject"),
        ({"subject": "a" * 121}, "subject"),
        ({"body": "\n"}, "body"),
        ({"body": "a" * 4001}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"priority": "low"}, "priority"),
        ({"priority": "loud"}, "priority"),
    ],
)
async def test_what_cannot_be_announced_is_refused_beside_its_field(wrong: dict[str, str], field: str):
    with pytest.raises(InvalidInput) as refused:
        checked(AnnouncementDetails, {"audience": "site", "site_id": 1, **TEXT, **wrong})
    assert refused.value.field == field


async def test_reach_says_before_what_is_told_after():
    scene = await make_scene()
    async with read_session() as session:
        expected = await reach(session, scene.actor("manager"), Addressed(Audience.SITE, scene.site.id))

    assert await announce(scene.actor("manager"), details(scene)) == expected == 4


async def test_sent_twice_it_is_told_once():
    scene, key = await make_scene(), uuid4()

    assert (
        await asyncio.gather(*(announce(scene.actor("manager"), details(scene), key=key) for _ in range(4))) == [4] * 4
    )

    assert await told(scene.bob) == ["announced"]


async def test_who_has_seen_it_stays_known_when_they_mark_it_unread():
    scene = await make_scene()
    await announce(scene.actor("manager"), details(scene))

    await read_it(scene.carol)

    assert await seen_by(scene.actor("supervisor")) == [
        ("Alice Supervisor", False),
        ("Bob Worker", False),
        ("Joan Manager", False),
        ("Carol Worker", True),
    ]
    ids = await rows("SELECT id FROM notifications WHERE recipient_id = :id", id=scene.carol.id)
    await mark_unread(actor_of(scene.carol), [each for [each] in ids])
    async with read_session() as session:
        [item] = await list_announcements(session, scene.actor("manager"), scene.site.id)
    assert (item.seen, item.told, item.kept) == (1, 4, 4)


async def test_taken_back_it_is_gone_where_nobody_saw_it_and_said_where_somebody_did():
    scene = await make_scene()
    await announce(scene.actor("manager"), details(scene))
    await read_it(scene.carol)
    # Alice was sent a mail of it; one to Joan still waits.
    for person, status in ((scene.supervisor, "sent"), (scene.second_manager, "created")):
        await execute(
            "INSERT INTO notification_deliveries (notification_id, channel, status)"
            " SELECT id, 'email', :status FROM notifications WHERE recipient_id = :id",
            id=person.id,
            status=status,
        )

    await withdraw_announcement(scene.actor("second_manager"), await only_id())

    for person in (scene.bob, scene.second_manager):
        assert await told(person) == []
    for person in (scene.carol, scene.supervisor):
        async with read_session() as session:
            view = await inbox(session, person.id)
        assert [(item.title, item.body) for item in view.items] == [
            ("An announcement was taken back", "Joan Manager took back “Fire drill”.")
        ]
        assert view.unread == 1
    assert TEXT["body"] not in str(await rows("SELECT payload FROM notifications"))
    with pytest.raises(IllegalTransition):
        await withdraw_announcement(scene.actor("manager"), await only_id())
    async with read_session() as session:
        [item] = await list_announcements(session, scene.actor("manager"), scene.site.id)
    assert item.withdrawn.startswith("Taken back by Joan Manager, ")
    assert not item.can_withdraw


async def test_the_page_of_planners_takes_as_many_statements_for_many_as_for_few():
    scene = await make_scene()

    async def count() -> int:
        with count_statements() as statements:
            async with read_session() as session:
                await list_announcements(session, scene.actor("manager"), scene.site.id)
                await get_announcement(session, scene.actor("manager"), announcement_id)
        return len(statements)

    await announce(scene.actor("manager"), details(scene))
    announcement_id = await only_id()
    few = await count()
    async with writing() as session:
        for _ in range(20):
            await build_employee(session, scene.site)
    for _ in range(3):
        await announce(scene.actor("manager"), details(scene))

    assert await count() == few


async def test_a_department_that_is_no_more_leaves_its_announcement():
    scene = await make_scene()
    async with writing() as session:
        kitchen = await build_department(session, scene.site)
        await build_employee(session, scene.site, department_id=kitchen.id)
    await announce(scene.actor("manager"), details(scene, "department", department_id=kitchen.id))
    await execute("UPDATE employees SET department_id = NULL WHERE department_id = :id", id=kitchen.id)

    await execute("DELETE FROM departments WHERE id = :id", id=kitchen.id)

    async with read_session() as session:
        [item] = await list_announcements(session, scene.actor("manager"), scene.site.id)
    assert item.whom == "A department that is no more"
