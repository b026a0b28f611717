"""Who can cover? From the board to the person, by keyboard, while others work on the same week."""

import re

from playwright.async_api import Page, expect

from tests.e2e.pages import chip
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import assign, build_draft, build_world, execute


async def open_cover(page: Page) -> None:
    await page.get_by_role("button", name="Assign", exact=True).click()
    await page.get_by_role("button", name="Who can cover?").click()
    await expect(page.get_by_role("dialog", name="Who can cover?")).to_be_visible()


async def test_the_first_of_the_list_is_assigned_with_one_click(screens: Screens) -> None:
    world = await build_world(["Ann Archer", "Ben Brook", "Cem Demir"])
    ann, ben, cem = world.staff
    await execute("UPDATE employees SET contracted_minutes = 2400, hourly_rate_cents = 1550 WHERE id = :id", id=ben.id)
    await build_draft(world, [{}, {"title": "Other"}])
    await assign(world, 1, cem)
    page = await screens.open(world.manager, world.board)
    await open_cover(page)
    dialog = page.get_by_role("dialog", name="Who can cover?")
    first = dialog.get_by_role("listitem").first
    await expect(first).to_contain_text("Ben Brook")
    await expect(first).to_contain_text("0 h of 40 h this week · €124")

    rules = dialog.get_by_role("button", name="Rules asked about Ann Archer")
    await rules.press("Enter")
    await expect(dialog.get_by_text("Met: Has no other shift at that time.")).to_be_visible()
    await expect(rules).to_be_focused()

    # Somebody else's change puts Ann first; the focus stays on her button.
    await execute("UPDATE employees SET contracted_minutes = 4800 WHERE id = :id", id=ann.id)
    await expect(first).to_contain_text("Ann Archer")
    await expect(rules).to_be_focused()

    await dialog.get_by_text(re.compile("^Why not the others")).click()
    await expect(dialog.get_by_text("Cem Demir already works on")).to_be_visible()

    await dialog.get_by_role("button", name="Assign Ann Archer").press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(chip(page, ann, "07:00–15:00 Morning, planned")).to_be_visible()


async def test_a_supervisor_sees_no_cost_and_a_phone_no_sideways_scrolling(screens: Screens) -> None:
    world = await build_world()
    await execute("UPDATE employees SET hourly_rate_cents = 1550 WHERE site_id = :id", id=world.site_id)
    await build_draft(world)
    page = await screens.open(world.supervisor, world.board, PHONE)
    await open_cover(page)
    dialog = page.get_by_role("dialog", name="Who can cover?")
    await expect(dialog.get_by_role("button", name="Assign Ann Archer")).to_be_visible()
    await expect(dialog).not_to_contain_text("€")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE.width
