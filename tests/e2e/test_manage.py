"""Managing people, in the browser: somebody is added, invited, comes in, and leaves."""

import re

from playwright.async_api import Page, expect

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor, Role
from schedule_app.queries.people import get_person
from schedule_app.services.departments import create_department
from schedule_app.services.people import edit_person
from schedule_app.services.person_details import PersonDetails
from tests.e2e.screens import PHONE, Screens, loaded
from tests.e2e.world import Person, World, assign, build_draft, build_world, execute, fetch, publish

PASSWORD = "a password of my own"


async def add(page: Page, name: str, email: str) -> None:
    """Fill in the form of a new person."""
    await page.get_by_role("link", name="Add a person").click()
    await expect(page.get_by_role("heading", name="New person")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("E-mail").fill(email)


async def test_somebody_is_added_invited_and_comes_in(screens: Screens) -> None:
    world = await build_world()
    await create_department(world.manager.actor, world.site_id, "Kitchen")
    page = await screens.open(world.manager, "/account")
    await page.get_by_role("navigation", name="Main").get_by_role("link", name="Manage").click()
    email = f"nina{world.site_id}@example.com"
    await add(page, "Nina New", email)
    await page.get_by_label("Department").select_option("Kitchen")
    await page.get_by_label("Contracted hours a week").fill("38,5")
    await page.get_by_role("button", name="Add a qualification").click()
    await page.get_by_label("Qualification 1", exact=True).fill("First aid")
    await page.get_by_label("First aid, good until").fill("2031-01-31")
    await page.get_by_role("button", name="Add a time on Monday").click()
    await page.get_by_label("Monday, time 1, from").fill("22:00")
    await page.get_by_label("Monday, time 1, until").fill("06:00")
    await page.get_by_label("Monday, time 1, how it suits").select_option("Likes to work")
    await page.get_by_role("button", name="Copy Monday to other days").click()
    await page.get_by_role("group", name="Copy Monday to").get_by_label("Friday").check()
    await page.get_by_role("button", name="Copy to 1 day").click()
    await page.get_by_role("group", name="Sunday").get_by_label("Can work on Sunday").uncheck()
    await page.get_by_role("button", name="Add this person").click()

    await expect(page.get_by_role("heading", name="Nina New", level=1)).to_be_visible()
    kept = await fetch("SELECT to_jsonb(e) FROM employees AS e WHERE email = :email", email=email)
    slot = {"start": "22:00:00", "end": "06:00:00", "preference": "preferred"}
    night = {"available": True, "time_slots": [slot]}
    off = {"available": False, "time_slots": []}
    assert kept["availability"] == {"monday": night, "friday": night, "sunday": off}
    assert kept["qualifications"] == [{"name": "First aid", "expires_on": "2031-01-31"}]
    assert kept["contracted_minutes"] == 2310

    await page.get_by_role("button", name="Invite").click()
    link = await page.get_by_role("dialog").get_by_label("Link").input_value()
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("The link is good until")).to_be_visible()

    phone = await screens.open(None, "/" + link.split("/", 3)[3], PHONE)
    await expect(phone.get_by_text("Welcome, Nina New")).to_be_visible()
    await phone.get_by_label("New password").fill(PASSWORD)
    await phone.get_by_label("The same once more").fill(PASSWORD)
    await phone.get_by_role("button", name="Set password and sign in").click()
    await loaded(phone)
    await expect(phone).to_have_url(re.compile("/me$"))
    await expect(page.get_by_text("Has set a password.")).to_be_visible()

    await page.get_by_role("link", name="Back to the people").click()
    await page.get_by_label("Search people").fill("first AID")
    await expect(page.get_by_role("table", name="People").get_by_role("rowheader")).to_have_count(1)
    await expect(page.get_by_role("link", name="Nina New")).to_be_visible()


async def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.manager, "/manage/people")
    await add(page, "<b>Bob</b>", world.staff[0].email)
    await page.get_by_label("Most hours a week").fill("lots")
    await page.get_by_role("button", name="Add this person").click()
    await expect(page.get_by_text("Please enter hours as a number")).to_be_visible()
    await page.get_by_label("Most hours a week").fill("40")
    await page.get_by_role("button", name="Add this person").click()
    await expect(page.get_by_text("Somebody with this e-mail address exists already.")).to_be_visible()
    await expect(page.get_by_label("E-mail")).to_be_focused()
    await expect(page.get_by_label("Name", exact=True)).to_have_value("<b>Bob</b>")

    await page.get_by_label("E-mail").fill(f"bob{world.site_id}@example.com")
    await page.get_by_role("button", name="Add this person").click()
    await expect(page.get_by_role("heading", name="<b>Bob</b>", level=1)).to_be_visible()


async def test_of_two_who_save_the_later_sees_both_versions(screens: Screens) -> None:
    world = await build_world()
    ann = world.staff[0]
    page = await screens.open(world.manager, f"/manage/people/{ann.id}")
    await page.get_by_label("Phone").fill("111")
    boss = await _admin(world)
    async with read_session() as session:
        seen = await get_person(session, boss, ann.id)
    theirs = PersonDetails(name=ann.name, email=ann.email, phone="222")
    await edit_person(boss, ann.id, theirs, expected_version=seen.version)

    await expect(page.get_by_text("Somebody changed this person in the meantime.")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    both = page.get_by_role("region", name="Both versions")
    await expect(both.get_by_role("row", name="Phone 111 222")).to_be_visible()
    await expect(page.get_by_label("Phone")).to_have_value("111")
    await page.get_by_role("button", name="Take what is stored").click()
    await expect(page.get_by_label("Phone")).to_have_value("222")
    await page.get_by_label("Phone").fill("333")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    assert await fetch("SELECT phone FROM employees WHERE id = :id", id=ann.id) == "333"


async def test_who_leaves_is_signed_out_and_their_shifts_are_open(screens: Screens) -> None:
    world = await build_world()
    ann = world.staff[0]
    draft = await build_draft(world)
    await assign(world, 0, ann)
    await publish(world, draft)
    phone = await screens.open(ann, "/me", PHONE)
    page = await screens.open(world.manager, f"/manage/people/{ann.id}")
    await page.get_by_role("button", name="Deactivate …").click()
    question = page.get_by_role("dialog", name="Deactivate Ann Archer?")
    await expect(question.get_by_role("heading", name="Cancelled in published weeks")).to_contain_text("(1)")
    await question.get_by_role("button", name="Deactivate").click()

    await expect(page.get_by_role("heading", name="Not active")).to_be_visible()
    await expect(phone).to_have_url(re.compile("/login"))
    screens.errors[:] = [error for error in screens.errors if not ("/_event" in error or "401" in error)]
    assert await fetch("SELECT status FROM schedule_assignments WHERE employee_id = :id", id=ann.id) == "cancelled"

    await page.get_by_role("button", name="Reactivate").click()
    await expect(page.get_by_role("button", name="Deactivate …")).to_be_visible()


async def test_departments_and_the_site(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.manager, "/manage/departments")
    for name in ("Kitchen", "Bar"):
        await page.get_by_role("button", name="Add a department").click()
        await page.get_by_role("dialog").get_by_label("Name").fill(name)
        await page.get_by_role("dialog").get_by_role("button", name="Save").click()
        await expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    kitchen = await fetch("SELECT id FROM departments WHERE site_id = :id AND name = 'Kitchen'", id=world.site_id)
    await execute("UPDATE employees SET department_id = :to WHERE id = :id", to=kitchen, id=world.staff[0].id)
    await expect(page.get_by_role("listitem").filter(has_text="Kitchen")).to_contain_text("1 person")
    await page.get_by_role("button", name="Edit Kitchen").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    await dialog.get_by_label("Move all into").select_option("Bar")
    await dialog.get_by_role("button", name="Move", exact=True).click()
    await dialog.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("listitem").filter(has_text="Kitchen")).to_have_count(0)
    await expect(page.get_by_role("listitem").filter(has_text="Bar")).to_contain_text("1 person")

    await page.get_by_role("link", name="Site", exact=True).click()
    await page.get_by_label("Time zone").fill("Mars/Olympus")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Please choose a time zone from the list")).to_be_visible()
    await page.get_by_label("Time zone").fill("America/New_York")
    await page.get_by_label("Clock").select_option("12")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    zone = await fetch("SELECT time_zone || clock_24h FROM sites WHERE id = :id", id=world.site_id)
    assert zone == "America/New_Yorkfalse"


async def test_an_admin_opens_a_site_and_chooses_it(screens: Screens) -> None:
    world = await build_world()
    await execute("UPDATE employees SET role = 'admin' WHERE id = :id", id=world.supervisor.id)
    boss = Person(world.supervisor.id, world.supervisor.name, world.supervisor.email, await _admin(world))
    page = await screens.open(boss, "/manage/site")
    await page.get_by_role("button", name="Add a site").click()
    await expect(page.get_by_role("heading", name="New site")).to_be_visible()
    name = f"Depot {world.site_id}"
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_role("button", name="Add this site").click()
    await expect(page.get_by_label("Site", exact=True).locator("option:checked")).to_have_text(name)
    await expect(page.get_by_label("Name", exact=True)).to_have_value(name)


async def _admin(world: World) -> Actor:
    await execute("UPDATE employees SET role = 'admin' WHERE id = :id", id=world.supervisor.id)
    return Actor(world.supervisor.id, Role.ADMIN, world.site_id, None)
