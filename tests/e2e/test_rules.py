"""Rules made by form, tried before they are switched on, and felt at once on a board that is open elsewhere."""

import re

from playwright.async_api import Page, expect

from tests.e2e.pages import chip, open_shift, row_of
from tests.e2e.screens import Screens
from tests.e2e.world import World, assign, build_draft, build_world, execute, fetch


async def busy_world() -> World:
    """Ann works three days in a row, and a fourth is open."""
    world = await build_world()
    await build_draft(world, [{"day": day, "title": f"Day {day + 1}"} for day in range(4)])
    for shift in range(3):
        await assign(world, shift, world.staff[0])
    return world


async def new_days_rule(page: Page, days: str) -> None:
    """Fill in the form of a rule about days in a row and have it checked."""
    await page.get_by_role("link", name="New rule: Days in a row").click()
    await expect(page.get_by_role("heading", name="New rule")).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("Two days at most")
    await page.get_by_label("Days in a row (days)", exact=True).fill(days)
    await page.get_by_role("button", name="Check and save").click()


async def test_a_rule_is_made_tried_and_switched_on_and_an_open_board_feels_it(screens: Screens) -> None:
    world = await busy_world()
    ann = world.staff[0]
    board = await screens.open(world.manager, world.board)
    await open_shift(board, "07:00–15:00 Day 4").click()
    can_take = row_of(board, ann).get_by_role("gridcell", name=re.compile("^Place here: .*Can take it"))
    await expect(can_take).to_be_visible()

    page = await screens.open(world.manager, "/manage/rules")
    await new_days_rule(page, "2")
    trial = page.get_by_role("dialog", name="Save and switch on: Two days at most")
    await expect(trial).to_contain_text("Nobody works more than 2 days in a row. Applies to everyone. Blocks.")
    await expect(trial.get_by_role("status")).to_have_text("1 breach appears.")
    await expect(trial.get_by_role("list", name="Breaches")).to_contain_text("Ann Archer would work 3 days in a row")
    assert await fetch("SELECT count(*) FROM rules WHERE site_id = :site", site=world.site_id) == 0
    await expect(can_take).to_be_visible()

    await trial.get_by_role("button", name="Save and switch on").click()
    await expect(page).to_have_url(re.compile(r"/manage/rules\?site="))
    await expect(page.get_by_role("link", name="1 breach now", exact=True).last).to_be_visible()
    blocked = row_of(board, ann).get_by_role("gridcell", name=re.compile("4 days in a row"))
    await expect(blocked).to_be_visible()

    await page.get_by_role("link", name="1 breach now", exact=True).last.click()
    await expect(page).to_have_url(re.compile("/manage/violations"))
    await page.get_by_role("link", name=re.compile("^Mon .*Day 1")).click()
    await expect(chip(page, ann, "07:00–15:00 Day 1, planned")).to_be_focused()
    await page.goto(page.url.split("/schedule")[0] + "/manage/rules")

    await page.get_by_role("button", name="Switch off Two days at most").click()
    off = page.get_by_role("dialog", name="Switch off: Two days at most")
    await expect(off.get_by_role("status")).to_have_text("1 breach disappears.")
    await off.get_by_role("button", name="Switch off").click()
    await expect(page.get_by_text("Off", exact=True)).to_be_visible()
    await expect(can_take).to_be_visible()


async def test_what_is_refused_is_said_at_its_field_and_nothing_typed_is_lost(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.manager, "/manage/rules")
    await page.get_by_role("link", name="New rule: Hours and shifts").click()
    day = page.get_by_label("Most work in a day (hours)")
    week = page.get_by_label("Most work in a week (hours)")
    await day.fill("25")
    await week.fill("many")
    await page.get_by_label("Priority").fill("7")
    await page.get_by_label("Applies to").select_option(label="Ben Brook alone")
    await page.get_by_role("button", name="Check and save").click()

    await expect(day).to_be_focused()
    await expect(day).to_have_accessible_description("Please enter a length from 1 min to 24 h.")
    await expect(week).to_have_accessible_description("Please enter hours, such as 11 or 7.5 or 7:30.")
    await expect(day).to_have_value("25")
    await expect(week).to_have_value("many")
    await expect(page.get_by_label("Priority")).to_have_value("7")

    await day.fill("7:30")
    await week.fill("37.5")
    await page.get_by_role("button", name="Check and save").click()
    trial = page.get_by_role("dialog")
    await expect(trial).to_contain_text("7 h 30 min a day, 37 h 30 min a week")
    await expect(trial).to_contain_text("Applies to Ben Brook alone. Blocks.")
    await trial.get_by_role("button", name="Back").click()
    await expect(page.get_by_role("button", name="Check and save")).to_be_focused()
    await expect(week).to_have_value("37.5")


async def test_somebody_elses_change_is_told_and_not_saved_over(screens: Screens) -> None:
    world = await build_world()
    await execute(
        "INSERT INTO rules (site_id, rule_type, name, constraints)"
        " VALUES (:site, 'rest_period', 'Rest', CAST(:limits AS jsonb))",
        site=world.site_id,
        limits='{"min_minutes": 660}',
    )
    rule_id = await fetch("SELECT id FROM rules WHERE site_id = :site", site=world.site_id)
    page = await screens.open(world.manager, f"/manage/rules/{rule_id}")
    await page.get_by_label("Rest between two shifts (hours)").fill("10")
    await execute("UPDATE rules SET name = 'Long rest' WHERE id = :id", id=rule_id)
    await expect(page.get_by_text("Somebody changed this rule in the meantime.")).to_be_visible()
    await page.get_by_role("button", name="Check and save").click()
    trial = page.get_by_role("dialog")
    await trial.get_by_role("button", name="Save", exact=True).click()
    await expect(trial.get_by_role("alert")).to_contain_text("Somebody else changed this in the meantime")
    await expect(trial.get_by_role("row", name="Name Rest Long rest")).to_be_visible()
    await trial.get_by_role("button", name="Back to the form").click()
    await expect(page.get_by_label("Rest between two shifts (hours)")).to_have_value("10")
    await page.get_by_role("button", name="Check and save").click()
    await trial.get_by_role("button", name="Save", exact=True).click()
    await trial.get_by_role("button", name="Take theirs").click()
    await expect(page.get_by_label("Rest between two shifts (hours)")).to_have_value("11")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("Long rest")

    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog", name="Delete this rule?").get_by_role("button", name="Delete rule").click()
    await expect(page).to_have_url(re.compile(r"/manage/rules\?site="))
    assert await fetch("SELECT count(*) FROM rules WHERE site_id = :site", site=world.site_id) == 0


async def test_a_rule_is_said_understood_and_saved_by_its_form(screens: Screens) -> None:
    world = await busy_world()
    page = await screens.open(world.manager, "/manage/rules")
    said = page.get_by_role("textbox", name="Say the rule")
    await said.fill("nobody works more than two Funday in a row")
    await said.press("Enter")
    await expect(said).to_have_accessible_description(re.compile("“Funday” is not understood here"))
    await expect(page.locator("mark")).to_have_text("Funday")
    assert await page.evaluate("window.getSelection().toString() || document.activeElement.selectionStart") in (
        "Funday",
        28,
    )

    await said.fill("nobody works more than two days in a row")
    await said.press("Enter")
    await expect(
        page.get_by_text("Nobody works more than 2 days in a row. Applies to everyone. Blocks.")
    ).to_be_visible()
    await expect(page.locator("mark")).to_have_count(0)
    await page.get_by_role("link", name="Check it in the form").click()
    await expect(page.get_by_label("Days in a row (days)", exact=True)).to_have_value("2")
    await expect(page.get_by_label("Name", exact=True)).to_have_value("nobody works more than two days in a row")
    await page.get_by_role("button", name="Check and save").click()
    trial = page.get_by_role("dialog")
    await expect(trial.get_by_role("status")).to_have_text("1 breach appears.")
    await trial.get_by_role("button", name="Save and switch on").click()
    await expect(page).to_have_url(re.compile(r"/manage/rules\?site="))
    assert await fetch("SELECT constraints ->> 'max_days' FROM rules WHERE site_id = :site", site=world.site_id) == "2"
