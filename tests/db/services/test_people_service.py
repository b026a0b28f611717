"""People made and changed: by whom, with what, and against whose newer version."""

import asyncio
from typing import Any

import pytest

from schedule_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Role
from schedule_app.models import Employee
from schedule_app.services.forms import checked
from schedule_app.services.people import create_person, edit_person
from schedule_app.services.person_details import PersonDetails, details_of
from tests.db.services.scene import Scene, actor_of, audited, execute, fetch, make_scene, rows, writing
from tests.support.builders import build_department, build_employee
from tests.support.database import Database

BOB = {"name": "Bob New", "email": "bob.new@example.com"}


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


def person(**values: Any) -> PersonDetails:
    return checked(PersonDetails, BOB | values)


async def changed(employee: Employee, **values: Any) -> PersonDetails:
    """The employee as they are, but for these values."""
    if "role" in values:
        values["role"] = Role(values["role"])
    return details_of(await fetch(Employee, employee.id)).model_copy(update=values)


async def test_a_person_is_kept_as_entered(scene: Scene):
    details = person(
        role="supervisor",
        department_id=scene.department.id,
        phone="+49 30 1234-5",
        qualifications=[{"name": " First aid ", "expires_on": "2027-01-31"}, {"name": "Keys"}],
        availability={
            "monday": {
                "available": True,
                "time_slots": [{"start": "22:00", "end": "06:00", "preference": "preferred"}],
            },
            "sunday": {"available": False},
            "tuesday": {"available": True},
        },
        contracted_minutes=2310,
        max_minutes=2880,
        hourly_rate_cents=1850,
    )
    employee_id = await create_person(scene.actor("manager"), scene.site.id, details)

    kept = await fetch(Employee, employee_id)
    assert details_of(kept) == details
    assert kept.qualifications == [
        {"name": "First aid", "expires_on": "2027-01-31"},
        {"name": "Keys", "expires_on": None},
    ]
    assert set(kept.availability) == {"monday", "sunday"}
    assert (kept.is_active, kept.password_hash, kept.site_id) == (True, None, scene.site.id)
    assert kept.created_by_id == scene.manager.id
    [entry] = await audited("employee", employee_id)
    assert (entry.action, entry.actor_id, entry.after["email"]) == ("create", scene.manager.id, "bob.new@example.com")


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "Robert'); DROP TABLE employees;--", "José 李 🦄"])
async def test_markup_in_a_name_is_a_name(scene: Scene, words: str):
    employee_id = await create_person(scene.actor("manager"), scene.site.id, person(name=words))
    assert (await fetch(Employee, employee_id)).name == words


NAME = "name"
BAD: list[tuple[str, Any, str]] = [
    (NAME, "", "at least 2 characters"),
    (NAME, "B", "at least 2 characters"),
    (NAME, "x" * 201, "200 characters"),
    (NAME, "two\nlines", "one line"),
    (NAME, "null\0byte", "cannot be stored"),
    (NAME, 7, "could not be read"),
    (NAME, None, "could not be read"),
    *(
        (NAME, f"Bob{mark}boB", "direction of text")
        for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    ),
    ("email", "", "e-mail address"),
    ("email", "bob", "e-mail address"),
    ("email", "bob@x", "e-mail address"),
    ("email", "b@x.y" + "z" * 300, "e-mail address"),
    ("email", "b@x.com\n", ""),
    ("role", "king", "from the list"),
    ("department_id", -1, "at least 1"),
    ("department_id", 2**63, "could not be read"),
    ("phone", "call me", "phone number"),
    ("phone", "1" * 41, "40 characters"),
    ("contracted_minutes", -1, "at least 0"),
    ("contracted_minutes", 10081, "at most 10080"),
    ("contracted_minutes", "many", "could not be read"),
    ("max_minutes", 10**30, "at most 10080"),
    ("hourly_rate_cents", -1, "at least 0"),
    ("hourly_rate_cents", 10**9, "at most 1000000"),
    ("hourly_rate_cents", float("nan"), "could not be read"),
    ("qualifications", "none", "could not be read"),
    ("qualifications", [{"name": ""}], "Line 1"),
    ("qualifications", [{"name": "Keys"}, {"name": "keys"}], "listed twice"),
    ("qualifications", [{"name": "a\u202eb"}], "direction of text"),
    ("qualifications", [{"name": "Keys", "expires_on": "soon"}], "the date"),
    ("qualifications", [{"name": "Keys", "level": 9}], "does not belong"),
    ("qualifications", [{"name": f"No {number}"} for number in range(101)], "at most 100"),
    ("availability", {"someday": {"available": True}}, "from the list"),
    ("availability", {"monday": {}}, "Monday"),
    ("availability", {"monday": {"available": True, "time_slots": [{"start": "25:00", "end": "26:00"}]}}, "the start"),
    ("availability", {"monday": {"available": False, "time_slots": [{"start": "09:00", "end": "17:00"}]}}, "day off"),
    ("availability", {"monday": {"available": True, "time_slots": [{"start": "09:00:01", "end": "17:00"}]}}, "minutes"),
    ("availability", {"monday": {"available": True, "time_slots": [{"start": "09:00+02:00", "end": "17:00"}]}}, "min"),
    ("availability", {"monday": {"available": True, "time_slots": [{"start": "09:00", "end": "10:00"}] * 9}}, "most 8"),
]


@pytest.mark.parametrize(("field", "value", "words"), BAD)
def test_values_that_cannot_be_are_refused_beside_their_field(field: str, value: Any, words: str):
    if not words:
        assert getattr(person(**{field: value}), field) == value.strip()
        return
    with pytest.raises(InvalidInput) as refused:
        person(**{field: value})

    assert list(refused.value.problems) == [field]
    assert words in refused.value.problems[field]


def test_every_field_that_is_wrong_is_named_at_once():
    with pytest.raises(InvalidInput) as refused:
        person(name="", email="x", phone="y")
    assert set(refused.value.problems) == {"name", "email", "phone"}


def test_fields_nobody_asked_for_are_refused():
    with pytest.raises(InvalidInput, match="does not belong"):
        person(password_hash="x")


def test_nobody_is_contracted_for_more_than_they_may_work():
    with pytest.raises(InvalidInput, match="more than the most") as refused:
        person(contracted_minutes=2400, max_minutes=2399)
    assert refused.value.field == "max_minutes"


async def test_an_e_mail_address_belongs_to_one_person(scene: Scene):
    with pytest.raises(InvalidInput, match="exists already") as refused:
        await create_person(scene.actor("manager"), scene.site.id, person(email=scene.carol.email.upper()))
    assert refused.value.field == "email"


async def test_a_department_of_elsewhere_is_no_department(scene: Scene):
    async with writing() as session:
        elsewhere = await build_department(session, await session.get_one(type(scene.site), scene.stranger.site_id))
    for department_id in (elsewhere.id, 2**40):
        with pytest.raises(InvalidInput) as refused:
            await create_person(scene.actor("manager"), scene.site.id, person(department_id=department_id))
        assert refused.value.field == "department_id"


@pytest.mark.parametrize(
    ("who", "refusal"), [("supervisor", NotAllowed), ("employee", NotAllowed), ("stranger", NotFound)]
)
async def test_others_neither_make_nor_change_people(scene: Scene, who: str, refusal: type[ScheduleError]):
    with pytest.raises(refusal):
        await create_person(scene.actor(who), scene.site.id, person())
    with pytest.raises(refusal):
        await edit_person(scene.actor(who), scene.carol.id, person(), expected_version=1)
    assert (await fetch(Employee, scene.carol.id)).version == 1


async def test_a_site_or_a_person_that_is_not_there(scene: Scene):
    with pytest.raises(NotFound):
        await create_person(scene.actor("admin"), 2**40, person())
    with pytest.raises(NotFound):
        await edit_person(scene.actor("admin"), 2**40, person(), expected_version=1)
    await execute("UPDATE employees SET deleted_at = now() WHERE id = :id", id=scene.carol.id)
    with pytest.raises(NotFound):
        await edit_person(scene.actor("manager"), scene.carol.id, person(), expected_version=2)


async def test_an_admin_makes_people_anywhere(scene: Scene):
    assert await create_person(scene.actor("admin"), scene.site.id, person(role="admin"))


async def test_a_manager_makes_no_admin(scene: Scene):
    with pytest.raises(InvalidInput, match="above your own") as refused:
        await create_person(scene.actor("manager"), scene.site.id, person(role="admin"))
    assert refused.value.field == "role"
    with pytest.raises(InvalidInput, match="above your own"):
        wanted = await changed(scene.carol, role="admin")
        await edit_person(scene.actor("manager"), scene.carol.id, wanted, expected_version=1)


async def test_a_manager_changes_no_admin(scene: Scene):
    async with writing() as session:
        boss = await build_employee(session, scene.site, role="admin")
    with pytest.raises(NotAllowed, match="Only admins"):
        await edit_person(scene.actor("manager"), boss.id, await changed(boss, name="Mister X"), expected_version=1)


async def test_a_change_is_recorded_with_what_changed_alone(scene: Scene):
    wanted = await changed(scene.carol, name="Carol Newname", max_minutes=600)
    await edit_person(scene.actor("manager"), scene.carol.id, wanted, expected_version=1)

    [entry] = await audited("employee", scene.carol.id)
    assert (entry.action, entry.before, entry.after) == (
        "edit",
        {"name": "Carol Worker", "max_minutes": None},
        {"name": "Carol Newname", "max_minutes": 600},
    )
    assert (await fetch(Employee, scene.carol.id)).updated_by_id == scene.manager.id


async def test_saving_what_is_there_changes_nothing(scene: Scene):
    await edit_person(scene.actor("manager"), scene.carol.id, await changed(scene.carol), expected_version=1)
    assert (await fetch(Employee, scene.carol.id)).version == 1
    assert await audited("employee", scene.carol.id) == []


async def test_of_two_who_save_the_later_sees_both_versions(scene: Scene):
    mine, theirs = await changed(scene.carol, phone="111"), await changed(scene.carol, phone="222", name="Carola")
    await edit_person(actor_of(scene.second_manager), scene.carol.id, theirs, expected_version=1)
    with pytest.raises(StaleVersion, match="Joan Manager changed it") as refused:
        await edit_person(scene.actor("manager"), scene.carol.id, mine, expected_version=1)

    assert refused.value.version == 2
    assert [(each.label, each.entered, each.stored) for each in refused.value.differences] == [
        ("Name", "Carol Worker", "Carola"),
        ("Phone", "111", "222"),
    ]
    assert (await fetch(Employee, scene.carol.id)).phone == "222"


async def test_nobody_changes_their_own_role_but_the_rest_of_themselves(scene: Scene):
    manager = scene.actor("manager")
    with pytest.raises(NotAllowed, match="your own role"):
        wanted = await changed(scene.manager, role="employee")
        await edit_person(manager, scene.manager.id, wanted, expected_version=1)
    await edit_person(manager, scene.manager.id, await changed(scene.manager, phone="1"), expected_version=1)
    assert (await fetch(Employee, scene.manager.id)).phone == "1"


async def test_the_last_who_lead_a_site_or_all_of_them_stay(scene: Scene):
    admin = scene.actor("admin")
    demoted = await changed(scene.second_manager, role="employee")
    await edit_person(admin, scene.second_manager.id, demoted, expected_version=1)
    with pytest.raises(Conflict, match="last manager of this site"):
        await edit_person(admin, scene.manager.id, await changed(scene.manager, role="employee"), expected_version=1)
    async with writing() as session:
        second = await build_employee(session, scene.site, role="admin")
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=scene.admin.id)
    with pytest.raises(Conflict, match="last admin"):
        await edit_person(admin, second.id, await changed(second, role="manager"), expected_version=1)


async def test_of_two_managers_who_demote_each_other_one_stays(scene: Scene):
    first, second = scene.manager, scene.second_manager
    outcomes = await asyncio.gather(
        edit_person(actor_of(first), second.id, await changed(second, role="employee"), expected_version=1),
        edit_person(actor_of(second), first.id, await changed(first, role="employee"), expected_version=1),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]
    left = await rows("SELECT id FROM employees WHERE site_id = :id AND role = 'manager'", id=scene.site.id)
    assert len(left) == 1
