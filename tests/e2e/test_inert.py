"""Names, notes and reasons full of markup are shown as they were typed, and do nothing, on every page they reach."""

import re
from urllib.parse import quote

from playwright.async_api import Page, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from schedule_app.services.schedules import submit_schedule
from tests.e2e.pages import open_shift, row_of, target
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import LATE, World, assign, build_draft, build_world, execute, fetch, publish, version_of
from tests.support.builders import build_department, build_rule

#: Elements, handlers, scripts, quotes, comments, templates, entities and a switch of the direction of writing.
HOSTILE = '<img src=x onerror="isPwned=1"><script>isPwned=1</script>\'"`<!--{{7*7}}&lt;\u202etfel'
NAME, SITE, DEPARTMENT, TITLE, NOTE, REASON, OVERRIDE = (
    f"{place} {HOSTILE}" for place in ("Name", "Site", "Department", "Title", "Note", "Reason", "Override")
)
#: What the app itself never puts on a page.
FOREIGN = ":is(main, [role=dialog]) :is(img, script, iframe, title, [onerror], [onload], [href^='javascript:'])"


async def test_inert_what_managers_type_and_staff_read(screens: Screens) -> None:
    world = await _hostile_world()
    ann = world.staff[0]
    schedule_id = await _draft(world)
    board = await screens.open(world.manager, world.board)
    await _expect_inert(board, NAME, SITE, DEPARTMENT, TITLE)

    await open_shift(board, "07:00–15:00").click()
    await expect(target(board, ann)).to_have_accessible_name(re.compile("Breaks a soft rule"))
    await target(board, ann).click()
    await board.get_by_role("dialog").get_by_label("Reason").fill(OVERRIDE)
    await board.get_by_role("dialog").get_by_role("button", name="Assign all the same").click()
    await expect(row_of(board, ann).get_by_role("button")).to_have_count(2)
    await row_of(board, ann).get_by_role("button", name=re.compile("1 warning")).dblclick()
    await _expect_inert(board, NAME, TITLE, DEPARTMENT, OVERRIDE)
    await board.keyboard.press("Escape")

    await submit_schedule(world.supervisor.actor, schedule_id, expected_version=await version_of(schedule_id))
    await board.get_by_role("button", name="Send back").click()
    await board.get_by_role("dialog").get_by_label("What has to change").fill(REASON)
    await board.get_by_role("dialog").get_by_role("button", name="Send back").click()
    await expect(board.locator("main")).to_contain_text(REASON)
    await _expect_inert(board, REASON)
    await _expect_inert(await screens.open(world.supervisor, "/inbox"), REASON, SITE)

    await publish(world, schedule_id)
    await _expect_inert(await screens.open(ann, "/me", PHONE), SITE, DEPARTMENT, TITLE)
    await _expect_inert(await screens.open(ann, "/inbox", PHONE), TITLE)
    await _expect_inert(await screens.open(world.staff[1], world.board, PHONE), NAME, SITE, DEPARTMENT, TITLE)


async def test_inert_what_staff_type_and_managers_read(screens: Screens) -> None:
    world = await _hostile_world()
    ann = world.staff[0]
    schedule_id = await _draft(world)
    await publish(world, schedule_id)
    phone = await screens.open(ann, "/me", PHONE)
    board = await screens.open(world.manager, world.board)

    await phone.get_by_text("Add a note").tap()
    await phone.get_by_label("Note to your manager").fill(NOTE)
    await phone.get_by_role("button", name="Confirm").tap()
    await expect(phone.get_by_role("button", name="Confirm")).to_have_count(0)
    await _expect_inert(phone, NOTE)
    await row_of(board, ann).get_by_role("button", name=re.compile("confirmed")).dblclick()
    await _expect_inert(board, NAME, NOTE, TITLE)
    await _expect_inert(await screens.open(world.manager, "/inbox"), NAME, NOTE)

    heat = await screens.open(world.manager, world.coverage)
    await heat.get_by_role("table").get_by_role("button", name=re.compile("1 of 1 needed")).first.click()
    await _expect_inert(heat, NAME, SITE, DEPARTMENT, TITLE)


async def test_inert_account_addresses_and_search(screens: Screens) -> None:
    world = await _hostile_world()
    ann = world.staff[0]
    account = await screens.open(ann, "/account")
    await execute("UPDATE auth_sessions SET user_agent = :agent WHERE employee_id = :id", agent=HOSTILE, id=ann.id)
    await account.reload()
    await expect(account.locator("main")).to_contain_text(NAME)
    await _expect_inert(account, NAME, SITE)

    await _expect_inert(await screens.open(None, "/login?next=" + quote(f'/"><{HOSTILE}')))
    await _expect_inert(await screens.open(ann, f"/schedule/{world.site_id}/{quote(HOSTILE.replace('/', ''))}"))

    await _draft(world)
    board = await screens.open(world.manager, world.board)
    await board.get_by_label(re.compile("^Find people")).fill(f"Nobody {HOSTILE}")
    await expect(board.locator("main")).to_contain_text(f"Nobody here matches “Nobody {HOSTILE}”")
    await _expect_inert(board)


async def _hostile_world() -> World:
    world = await build_world(staff=[NAME, "Ben Brook"], name=SITE)
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        department = await build_department(session, site, name=DEPARTMENT)
        await build_rule(session, site, name=f"Rule {HOSTILE}", strict=False)
    await execute("UPDATE employees SET department_id = :to WHERE id = :id", to=department.id, id=world.staff[0].id)
    return world


async def _draft(world: World) -> int:
    """Two shifts so near each other that a soft rule warns; the first is given to the person with the hostile name."""
    find = "SELECT max(id) FROM departments WHERE site_id = :id"
    shift = {"title": TITLE, "department_id": await fetch(find, id=world.site_id)}
    schedule_id = await build_draft(world, [{**shift, "start": LATE[0], "end": LATE[1]}, {**shift, "day": 1}])
    await assign(world, 0, world.staff[0])
    return schedule_id


async def _expect_inert(page: Page, *texts: str) -> None:
    for text in texts:
        await expect(page.locator("body")).to_contain_text(text)
    await expect(page.locator(FOREIGN)).to_have_count(0)
    assert await page.evaluate("typeof isPwned") == "undefined"
