"""The list of people: who is found, and what is said of them."""

from datetime import date, timedelta
from typing import Any

import pytest

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.queries.people import PeopleFilter, PersonItem, get_person, list_people
from schedule_app.services.invitations import invite
from tests.db.services.scene import Scene, execute, make_scene, writing
from tests.support.builders import build_employee
from tests.support.database import Database
from tests.support.queries import count_statements

TODAY = date(2026, 11, 23)


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def found(scene: Scene, at_most: int = 100, **wanted: Any) -> tuple[list[PersonItem], int]:
    async with read_session() as session:
        wanted_people = PeopleFilter(**wanted)
        return await list_people(session, scene.site.id, wanted_people, today=TODAY, at_most=at_most)


async def names(scene: Scene, **wanted: Any) -> list[str]:
    items, total = await found(scene, **wanted)
    assert total == len(items)
    return [item.name for item in items]


async def test_people_are_found_by_what_they_are(scene: Scene):
    async with writing() as session:
        columns = {"department_id": scene.department.id, "qualifications": [{"name": "First Aid", "expires_on": None}]}
        await build_employee(session, scene.site, name="Zoe 100%_Zed", email="zoe@example.com", **columns)
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.bob.id)
    await execute("UPDATE employees SET deleted_at = now() WHERE id = :id", id=scene.carol.id)
    leaders = ["Alice Supervisor", "Joan Manager", "John Manager"]

    assert await names(scene) == [*leaders, "Zoe 100%_Zed"]
    assert await names(scene, standing="inactive") == ["Bob Worker"]
    assert await names(scene, standing="all") == [leaders[0], "Bob Worker", *leaders[1:], "Zoe 100%_Zed"]
    assert await names(scene, role="manager") == leaders[1:]
    assert await names(scene, department_id=scene.department.id) == ["Zoe 100%_Zed"]
    for words in ("zoe", " ZOE@ ", "first aid", "100%_", "%"):
        assert await names(scene, words=words) == ["Zoe 100%_Zed"], words
    for words in ("'; --", "nobody", "z%d"):
        assert await names(scene, words=words) == [], words


async def test_a_page_says_how_many_there_are(scene: Scene):
    with count_statements() as statements:
        items, total = await found(scene, at_most=2)
    assert len(statements) == 1
    assert ([item.name for item in items], total) == (["Alice Supervisor", "Bob Worker"], 5)


@pytest.mark.parametrize(
    ("days", "words", "has_expired"),
    [(-1, "Keys ended 22 Nov 2026", True), (0, "Keys until 23 Nov 2026", False), (60, "Keys until 22 Jan 2027", False)],
)
async def test_what_ends_soon_is_said(scene: Scene, days: int, words: str, has_expired: bool):
    held = f'[{{"name": "Keys", "expires_on": "{TODAY + timedelta(days=days)}"}}]'
    await execute(
        "UPDATE employees SET qualifications = CAST(:held AS jsonb) WHERE id = :id", held=held, id=scene.bob.id
    )
    [item], _ = await found(scene, words="bob")
    assert (item.qualifications, item.expiring, item.has_expired) == ("Keys", words, has_expired)


async def test_what_ends_later_is_not(scene: Scene):
    held = f'[{{"name": "Keys", "expires_on": "{TODAY + timedelta(days=61)}"}}]'
    await execute(
        "UPDATE employees SET qualifications = CAST(:held AS jsonb) WHERE id = :id", held=held, id=scene.bob.id
    )
    [item], _ = await found(scene, words="bob")
    assert (item.expiring, item.has_expired) == ("", False)


async def test_who_may_sign_in_is_said(scene: Scene):
    await invite(scene.actor("manager"), scene.bob.id)
    await execute("UPDATE employees SET password_hash = 'x' WHERE id = :id", id=scene.carol.id)
    items, _ = await found(scene, role="employee")
    assert [(item.name, item.access) for item in items] == [("Bob Worker", "Invited"), ("Carol Worker", "")]
    async with read_session() as session:
        assert (await get_person(session, scene.actor("manager"), scene.bob.id)).access == "invited"
        assert (await get_person(session, scene.actor("manager"), scene.carol.id)).access == "yes"


async def test_only_those_who_manage_the_site_see_a_person(scene: Scene):
    async with read_session() as session:
        for who in ("supervisor", "employee", "stranger"):
            with pytest.raises(NotFound):
                await get_person(session, scene.actor(who), scene.carol.id)
        with pytest.raises(NotFound):
            await get_person(session, scene.actor("admin"), 2**40)
        assert (await get_person(session, scene.actor("manager"), scene.second_manager.id)).name == "Joan Manager"
