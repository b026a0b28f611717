"""Two weeks and a month: one selection and one set of filters with the week, and the way to a week's cell."""

import re
from datetime import timedelta

from playwright.async_api import Locator, Page, expect

from tests.e2e.pages import row_of
from tests.e2e.screens import PHONE, Screens
from tests.e2e.versions_world import build_versions
from tests.e2e.world import NEXT_WEEK, World, assign, build_draft, build_world, execute, fetch, publish

AFTER = NEXT_WEEK + timedelta(days=7)


async def _two_weeks() -> World:
    """A published week in which Ann works Monday, and a draft with Tuesday open."""
    world = await build_world()
    published = await build_draft(world)
    await assign(world, 0, world.staff[0])
    await publish(world, published)
    world.week = AFTER
    await build_draft(world, [{"title": "Early", "day": 1, "required_staff": 2}])
    world.week = NEXT_WEEK
    return world


def _cell(page: Page, key: object, column: int) -> Locator:
    return page.locator(f'[data-cell="{key}:{column}"]')


def _week(page: Page, label: str) -> Locator:
    return page.get_by_role("columnheader").get_by_role("link", name=re.compile(label))


async def test_filters_are_kept_and_a_day_leads_to_its_cell_of_the_week(screens: Screens) -> None:
    world = await _two_weeks()
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)
    await page.get_by_label("Find people by name, role or department").fill("a")
    await page.get_by_role("button", name="Two weeks", exact=True).click()

    await expect(page).to_have_url(re.compile(r"\?view=two-weeks&q=a$|\?q=a&view=two-weeks$"))
    await expect(_week(page, "Published, version 1")).to_have_count(1)
    await expect(_week(page, "Draft, version 1")).to_have_count(1)
    await expect(page.get_by_role("columnheader", name=re.compile("0 of 2 places filled"))).to_have_count(1)
    await page.get_by_label("Find people by name, role or department").fill("ann")
    await expect(page.get_by_role("rowheader")).to_have_text([re.compile("^Open shifts"), re.compile("Ann Archer")])
    await page.reload()
    await expect(page.get_by_role("rowheader")).to_have_text([re.compile("^Open shifts"), re.compile("Ann Archer")])

    await page.get_by_role("link", name="Next week").click()
    await expect(page).to_have_url(re.compile(f"{NEXT_WEEK + timedelta(days=14)}.view=two-weeks&q=ann$"))
    await expect(_week(page, "Published")).to_have_count(0)
    await page.get_by_role("link", name="Previous week").click()
    await expect(_week(page, "Published")).to_have_count(1)
    await _cell(page, ann.id, 9).click()
    await expect(page).to_have_url(re.compile(f"{AFTER}.q=ann#cell-{ann.id}-2$"))
    await expect(_cell(page, ann.id, 2)).to_be_focused()
    await expect(row_of(page, ben)).to_have_count(0)

    await page.get_by_role("button", name="Month", exact=True).click()
    await expect(page.get_by_role("grid")).to_have_attribute("aria-colcount", re.compile("^(29|36|43)$"))
    await expect(page.get_by_role("rowheader")).to_have_text([re.compile("^Open shifts"), re.compile("Ann Archer")])
    await page.get_by_role("button", name="People", exact=True).click()
    await expect(page).to_have_url(re.compile(r"\?q=ann$"))


async def test_a_change_in_any_week_arrives_and_leaves_focus_and_scroll(screens: Screens) -> None:
    world = await _two_weeks()
    ann, ben = world.staff
    page = await screens.open(world.manager, f"{world.board}?view=month")
    tuesday = row_of(page, ben).get_by_role("button", name="07:00–15:00 Early, planned", exact=True)
    await _cell(page, ann.id, 3).focus()
    await expect(tuesday).to_have_count(0)
    await assign(world, 1, ben)

    await expect(tuesday).to_have_text("7–15")
    await expect(row_of(page, ben).get_by_role("rowheader")).to_contain_text("8 h")
    await expect(_cell(page, ann.id, 3)).to_be_focused()
    await execute("UPDATE schedule_assignments SET status = 'confirmed' WHERE employee_id = :id", id=ann.id)
    await expect(row_of(page, ann).get_by_role("button", name="07:00–15:00 Morning, confirmed")).to_have_count(1)


async def test_an_open_shift_is_placed_by_keys_and_an_assignment_is_opened(screens: Screens) -> None:
    world = await _two_weeks()
    ann, ben = world.staff
    page = await screens.open(world.manager, f"{world.board}?view=two-weeks")
    await expect(page.locator('[role=grid] [tabindex="0"]')).to_have_count(1)
    await _cell(page, "open", 1).focus()
    await page.keyboard.press("Control+Home")
    await expect(_cell(page, "weeks", 0)).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    await expect(_week(page, "Draft, version 1")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Home")
    for _ in range(9):
        await page.keyboard.press("ArrowRight")
    early = _cell(page, "open", 9).get_by_role("button", name=re.compile("^07:00–15:00 Early, 2 of 2 places open"))
    await expect(early).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("gridcell", name="Place here: Can take it")).not_to_have_count(0)
    await page.keyboard.press("ArrowDown")
    await expect(_cell(page, ann.id, 9)).to_be_focused()
    await page.keyboard.press("Enter")
    placed = row_of(page, ann).get_by_role("button", name="07:00–15:00 Early, planned", exact=True)
    await expect(placed).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("gridcell", name=re.compile("^Place here"))).to_have_count(0)
    assert await _assigned(ann.id) == 2

    await placed.click()
    dialog = page.get_by_role("dialog", name="Ann Archer")
    await expect(dialog.get_by_text("Early 07:00–15:00")).to_be_visible()
    await dialog.get_by_role("button", name="Show in the week").click()
    await expect(page).to_have_url(re.compile(f"{AFTER}#cell-{ann.id}-2$"))
    await expect(_cell(page, ann.id, 2).get_by_role("button")).to_be_focused()
    await expect(row_of(page, ben)).to_be_visible()


async def test_draft_and_published_take_turns_in_every_view_and_the_totals_follow(screens: Screens) -> None:
    world, _, _ = await build_versions()
    _, ben, cem = world.staff
    page = await screens.open(world.manager, f"{world.board}?view=two-weeks")
    version = page.get_by_role("group", name="Version")
    night = row_of(page, ben).get_by_role("button", name=re.compile("^22:00–06:00 .1 Night"))
    corner = page.locator(".board-corner")
    await expect(version.get_by_role("button", name="Draft")).to_have_attribute("aria-pressed", "true")
    await expect(_week(page, "Draft, version 2")).to_be_visible()
    await expect(night).to_be_visible()
    await expect(corner).to_contain_text("33 h")

    await version.get_by_role("button", name="Published").click()
    await expect(_week(page, "Published, version 1")).to_be_visible()
    await expect(page).to_have_url(re.compile("version=published"))
    await expect(night).to_have_count(0)
    await expect(corner).to_contain_text("16 h")
    await page.get_by_role("button", name="Month", exact=True).click()
    await expect(page.get_by_role("grid")).to_have_attribute("aria-colcount", re.compile("^(29|36|43)$"))
    await expect(_week(page, "Published, version 1")).to_be_visible()
    await expect(night).to_have_count(0)
    await page.reload()
    await expect(version.get_by_role("button", name="Published")).to_have_attribute("aria-pressed", "true")

    await _week(page, "Published, version 1").click()
    await expect(version.get_by_role("button", name="Published")).to_have_attribute("aria-pressed", "true")
    await expect(row_of(page, cem)).to_be_visible()
    await expect(night).to_have_count(0)
    await page.get_by_role("button", name="Two weeks", exact=True).click()
    await expect(corner).to_contain_text("16 h")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("show the draft")
    await page.keyboard.press("Enter")
    await expect(night).to_be_visible()
    await expect(corner).to_contain_text("33 h")
    await expect(page).not_to_have_url(re.compile("version="))


async def test_a_week_without_a_plan_leads_to_its_beginning(screens: Screens) -> None:
    world = await _two_weeks()
    page = await screens.open(world.manager, f"/schedule/{world.site_id}/{AFTER}?view=two-weeks")
    await _week(page, "No plan yet").click()
    await expect(page.get_by_text("Nothing planned for this week yet")).to_be_visible()
    await expect(page).to_have_url(re.compile(f"{AFTER + timedelta(days=7)}$"))


async def test_staff_on_a_phone_see_published_weeks_and_scroll_inside(screens: Screens) -> None:
    world = await _two_weeks()
    ann, _ = world.staff
    page = await screens.open(ann, f"{world.board}?view=two-weeks", PHONE)

    await expect(_week(page, "Not published yet")).to_have_count(1)
    await expect(row_of(page, ann).get_by_role("button", name="07:00–15:00 Morning, not answered yet")).to_be_attached()
    assert await page.locator(".board-scroll").evaluate("(box) => box.scrollWidth > box.clientWidth")
    await row_of(page, ann).get_by_role("button", name=re.compile("Morning")).click()
    await expect(page).to_have_url(re.compile(f"{NEXT_WEEK}#cell-{ann.id}-1$"))


async def _assigned(employee_id: int) -> int:
    return await fetch("SELECT count(*) FROM schedule_assignments WHERE employee_id = :id", id=employee_id)
