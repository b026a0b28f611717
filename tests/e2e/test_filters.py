"""Showing only some of the people and shifts of the board, an address that says which, and what they come to."""

import re

from playwright.async_api import Locator, Page, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from tests.e2e.pages import open_shift, row_of
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import World, assign, build_draft, build_world, execute, publish
from tests.support.builders import build_department


async def test_filters_narrow_people_and_open_shifts_and_live_in_the_address(screens: Screens) -> None:
    world = await _two_departments()
    page = await screens.open(world.manager, world.board)
    await expect(_people(page)).to_have_count(5)

    await page.get_by_label("Filter by department").select_option("Kitchen")
    await expect(_people(page)).to_have_text([re.compile("Ann Archer"), re.compile("Cem Demir")])
    await expect(page.get_by_text("2 of 5 people").first).to_be_visible()
    await expect(open_shift(page, "07:00–15:00 Grill")).to_be_visible()
    await expect(open_shift(page, "07:00–15:00 Till")).to_have_count(0)
    await page.get_by_label("Filter by status").select_option("No shifts")
    await expect(_people(page)).to_have_text([re.compile("Cem Demir")])
    assert page.url.endswith("?department=Kitchen&status=free")

    await page.reload()
    await expect(_people(page)).to_have_text([re.compile("Cem Demir")])
    shared = await screens.open(world.supervisor, page.url.removeprefix(page.url.split("/schedule")[0]))
    await expect(_people(shared)).to_have_text([re.compile("Cem Demir")])

    await page.get_by_role("button", name="Clear filters").click()
    await expect(_people(page)).to_have_count(5)
    assert "?" not in page.url


async def test_filters_stay_in_another_week_and_another_version(screens: Screens) -> None:
    world = await _two_departments()
    page = await screens.open(world.manager, world.board)
    await page.get_by_label("Filter by qualification").select_option("Forklift")
    await expect(_people(page)).to_have_text([re.compile("Ben Brook")])

    await page.get_by_role("link", name="Next week").click()
    await expect(page.get_by_text("Nothing planned for this week yet")).to_be_visible()
    await page.get_by_role("link", name="Previous week").click()
    await expect(_people(page)).to_have_text([re.compile("Ben Brook")])
    await expect(page).to_have_url(re.compile(r"\?qualification=Forklift$"))


async def test_what_the_week_does_not_know_is_left_out_in_words(screens: Screens) -> None:
    world = await _two_departments()
    crafted = f"{world.board}?department=%3Cb%3EMoon&status=__proto__&qualification={'x' * 500}&q=%20ann%20%20ARCH"
    page = await screens.open(world.manager, crafted)

    await expect(_people(page)).to_have_text([re.compile("Ann Archer")])
    note = "There is no such department or qualification or status in this week."
    await expect(page.get_by_role("note").filter(has_text=note)).to_be_visible()
    await page.get_by_role("button", name="Clear filters").click()
    await expect(page.get_by_role("note")).to_have_count(0)
    await expect(_people(page)).to_have_count(5)


async def test_staff_filter_without_what_only_planners_know(screens: Screens) -> None:
    world = await _two_departments(is_published=True)
    page = await screens.open(world.staff[0], f"{world.board}?status=over&qualification=Forklift")

    await expect(_people(page)).to_have_count(5)
    await expect(page.get_by_role("note").filter(has_text="no such qualification or status")).to_be_visible()
    offered = await page.get_by_label("Filter by status").locator("option").all_text_contents()
    assert offered == ["Any status", "Not in this week", "Not answered", "No shifts", "Department with open shifts"]
    await page.get_by_label("Filter by status").select_option("Not answered")
    await expect(_people(page)).to_have_text([re.compile("Ann Archer")])


async def test_totals_are_of_those_shown_and_cost_is_for_managers(screens: Screens) -> None:
    world = await _two_departments()
    await assign(world, 1, world.staff[1])
    rate = "UPDATE employees SET hourly_rate_cents = 2155 WHERE id = :id"
    await execute(rate, id=world.staff[0].id)
    page = await screens.open(world.manager, world.board)
    monday = page.get_by_role("columnheader", name=re.compile("^Monday"))
    week = page.locator(".board-corner")

    await expect(monday).to_have_accessible_name(re.compile("2 of 3 places filled, 16 h, €172.40$"))
    await expect(week).to_have_text(re.compile("5 people.*16 h.*€172.*1 person without a rate"))
    await expect(row_of(page, world.staff[0]).get_by_role("rowheader")).to_contain_text("€172")
    await expect(row_of(page, world.staff[1]).get_by_role("rowheader")).to_contain_text("no rate")
    await page.get_by_label("Filter by department").select_option("Kitchen")
    await expect(monday).to_have_accessible_name(re.compile("1 of 2 places filled, 8 h, €172.40 of those shown$"))
    await expect(week).to_have_text(re.compile("2 of 5 people.*Of those shown:.*8 h.*€172$"))

    other = await screens.open(world.supervisor, world.board)
    monday = other.get_by_role("columnheader", name=re.compile("^Monday"))
    await expect(monday).to_have_accessible_name(re.compile("2 of 3 places filled, 16 h$"))
    await expect(other.locator(".board-corner")).to_have_text("5 people16 h")
    await expect(other.locator(".board-cost")).to_have_count(0)


async def test_the_same_week_by_department_with_the_same_filters(screens: Screens) -> None:
    world = await _two_departments()
    page = await screens.open(world.manager, world.board)
    await page.get_by_role("button", name="Departments", exact=True).click()
    table = page.get_by_role("region", name=re.compile("by department$"))
    kitchen = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile("^Kitchen")))

    await expect(table.get_by_role("rowheader")).to_have_text([re.compile("^Front"), re.compile("^Kitchen")])
    await expect(kitchen.get_by_role("cell").first).to_have_text(
        re.compile("1/2 places filled.*8 h.*07:00–15:00 Grill.*1/2.*Ann Archer")
    )
    await expect(page.get_by_role("grid")).to_be_hidden()
    await page.get_by_label("Filter by department").select_option("Front")
    await expect(table.get_by_role("rowheader")).to_have_text([re.compile("^Front")])
    await expect(table.get_by_role("columnheader").first).to_have_text("1 department, hours of those shown")
    assert page.url.endswith("?view=departments&department=Front")

    await page.reload()
    await expect(table.get_by_role("rowheader")).to_have_text([re.compile("^Front")])
    await page.get_by_role("button", name="Clear filters").click()
    await expect(table.get_by_role("rowheader")).to_have_count(2)
    await table.get_by_role("button", name="07:00–15:00 Grill").click()
    await expect(page.get_by_role("dialog", name="Assign a shift")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="People", exact=True).click()
    await expect(_people(page)).to_have_count(5)


async def test_on_a_phone_the_choices_wait_behind_a_button(screens: Screens) -> None:
    world = await _two_departments()
    page = await screens.open(world.manager, world.board, PHONE)
    choice = page.get_by_label("Filter by department")
    await expect(choice).to_be_hidden()

    await page.get_by_role("button", name="Filters", exact=True).click()
    await choice.select_option("Kitchen")
    await expect(_people(page)).to_have_count(2)
    await page.get_by_role("button", name="Filters (1)").click()
    await expect(choice).to_be_hidden()
    await expect(_people(page)).to_have_count(2)


def _people(page: Page) -> Locator:
    return page.locator(".board-body").get_by_role("rowheader")


async def _two_departments(*, is_published: bool = False) -> World:
    """Ann and Cem of the kitchen, of whom Ann is on its shift; Ben with a licence; a shift of the front for nobody."""
    world = await build_world(["Ann Archer", "Ben Brook", "Cem Demir"])
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        kitchen, front = [await build_department(session, site, name=name) for name in ("Kitchen", "Front")]
    ann, ben, cem = (each.id for each in world.staff)
    await execute("UPDATE employees SET department_id = :id WHERE id IN (:ann, :cem)", id=kitchen.id, ann=ann, cem=cem)
    await execute("""UPDATE employees SET qualifications = '[{"name": "Forklift"}]' WHERE id = :id""", id=ben)
    schedule = await build_draft(
        world,
        [
            {"title": "Grill", "department_id": kitchen.id, "required_staff": 2},
            {"title": "Till", "department_id": front.id},
        ],
    )
    await assign(world, 0, world.staff[0])
    if is_published:
        await publish(world, schedule)
    return world
