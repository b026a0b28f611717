"""Moving, copying and swapping shifts without dragging: by picking and placing, by keys alone, and by form."""

import re

from playwright.async_api import expect

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from tests.e2e.pages import chip, row_of
from tests.e2e.screens import Screens
from tests.e2e.test_board_drag import PLANNED, cell, holders
from tests.e2e.world import LATE, World, assign, build_draft, build_world
from tests.support.builders import build_rule

LATE_PLANNED = "14:00–22:00 Late, planned"


async def test_pick_and_place_moves_swaps_and_takes_off(screens: Screens) -> None:
    world = await _week()
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)
    placing = page.locator(".board-placing")

    await chip(page, ann, PLANNED).click()
    await expect(placing).to_contain_text("Moving Morning 07:00–15:00 of Ann Archer, Mon")
    await cell(page, ann, 2).hover()
    await expect(cell(page, ann, 2)).to_have_accessible_name("Place here: Can take it")
    await cell(page, ann, 2).click()
    await expect(cell(page, ann, 2).get_by_role("button", name=PLANNED)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 1)) == ([], [ann.id])

    await chip(page, ann, PLANNED).click()
    await chip(page, ben, LATE_PLANNED).click()
    await page.get_by_role("dialog").get_by_role("button", name="Swap").click()
    await expect(chip(page, ben, PLANNED)).to_be_visible()
    assert (await holders(world, 1), await holders(world, 2)) == ([ben.id], [ann.id])

    await chip(page, ben, PLANNED).click()
    await page.keyboard.press("Escape")
    await expect(placing).to_have_count(0)
    await chip(page, ben, PLANNED).click()
    await page.locator("[data-cell='open:4']").click()
    await expect(row_of(page, ben).get_by_role("button")).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("^Undo: unassign"))).to_be_visible()
    assert await holders(world, 1) == []


async def test_keyboard_alone_moves_copies_and_swaps(screens: Screens) -> None:
    world = await _week()
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)
    focus = page.locator(":focus")
    heard = page.locator(".board > [role=status]")
    await chip(page, ann, PLANNED).focus()

    await page.keyboard.press("Enter")
    await expect(focus).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("ArrowRight")
    await expect(focus).to_have_accessible_name("Place here: Can take it")
    await expect(heard).to_contain_text("Can take it, Places 0/1 to 1/1 places")
    await page.keyboard.press("ArrowRight")
    await expect(focus).to_have_accessible_name(re.compile("Not possible, There is no Morning"))
    await page.keyboard.press("Escape")
    await expect(chip(page, ann, PLANNED)).to_be_focused()

    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowRight")
    await expect(focus).to_have_accessible_name("Place here: Can take it")
    await page.keyboard.press("Control+Enter")
    await expect(row_of(page, ann).get_by_role("button", name=PLANNED)).to_have_count(2)
    assert (await holders(world, 0), await holders(world, 1)) == ([ann.id], [ann.id])

    await expect(cell(page, ann, 2).get_by_role("button")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(focus).to_have_accessible_name(LATE_PLANNED)
    await expect(heard).to_contain_text("Swaps with Late 14:00–22:00 of Ben Brook; asks first, Ann Archer 16 h to 16 h")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Swap these two shifts?")
    await expect(dialog).to_contain_text("Ben Brook gets Morning")
    await dialog.get_by_role("button", name="Swap").press("Enter")
    await expect(cell(page, ben, 2).get_by_role("button", name=PLANNED)).to_be_visible()
    assert (await holders(world, 1), await holders(world, 2)) == ([ben.id], [ann.id])


async def test_keyboard_copies_pastes_and_deletes(screens: Screens) -> None:
    world = await _week()
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)
    await chip(page, ann, PLANNED).focus()

    await page.keyboard.press("Control+c")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Control+v")
    await expect(cell(page, ann, 2).get_by_role("button", name=PLANNED)).to_be_visible()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Control+v")
    await expect(page.locator(".board-notice")).to_contain_text("There is no Morning 07:00–15:00 on Wednesday")
    assert (await holders(world, 0), await holders(world, 1)) == ([ann.id], [ann.id])

    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Delete")
    await expect(cell(page, ann, 2).get_by_role("button")).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("^Undo: unassign"))).to_be_visible()
    assert await holders(world, 1) == []


async def test_form_moves_and_copies(screens: Screens) -> None:
    world = await _week()
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)

    await chip(page, ann, PLANNED).press("Shift+Enter")
    await page.get_by_role("dialog", name="Ann Archer").get_by_role("button", name="Move or copy").click()
    form = page.get_by_role("dialog", name="Move a shift")
    await expect(form).to_contain_text("Ann Archer has Morning 07:00–15:00")
    await form.get_by_label("Shift", exact=True).select_option(str(world.shifts[1]))
    await form.get_by_role("radio", name=re.compile("Ann Archer")).check()
    await form.get_by_role("button", name="Move", exact=True).click()
    await expect(cell(page, ann, 2).get_by_role("button", name=PLANNED)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 1)) == ([], [ann.id])

    await chip(page, ann, PLANNED).press("Shift+Enter")
    await page.get_by_role("button", name="Move or copy").click()
    await form.get_by_label("Shift", exact=True).select_option(str(world.shifts[0]))
    await form.get_by_label(re.compile("^Copy")).check()
    await form.get_by_role("radio", name=re.compile("Ann Archer")).check()
    await form.get_by_role("button", name="Move", exact=True).click()
    await expect(row_of(page, ann).get_by_role("button", name=PLANNED)).to_have_count(2)
    assert (await holders(world, 0), await holders(world, 1)) == ([ann.id], [ann.id])


async def test_form_swaps_by_one_click_and_a_warning_wants_a_reason(screens: Screens) -> None:
    world = await _week()
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)
    listed = page.get_by_role("dialog", name="Swap with …")

    await chip(page, ann, PLANNED).press("Shift+Enter")
    await page.get_by_role("button", name="Swap with …").press("Enter")
    await expect(listed).to_contain_text("Ann Archer has Morning 07:00–15:00")
    await listed.get_by_role("button", name="Swap with Ben Brook, Late 14:00–22:00").press("Enter")
    await expect(listed).to_be_hidden()
    await expect(chip(page, ben, PLANNED)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 2)) == ([ben.id], [ann.id])

    async with unit_of_work() as session:
        site, limits = await session.get_one(Site, world.site_id), {"forbidden_shift_types": ["general"]}
        await build_rule(session, site, rule_type="restriction", employee_id=ben.id, constraints=limits, strict=False)
    await chip(page, ann, LATE_PLANNED).press("Shift+Enter")
    await page.get_by_role("button", name="Swap with …").click()
    await listed.get_by_label("Search what to swap with").fill("ben monday")
    await listed.get_by_role("button", name="Swap … with Ben Brook, Morning 07:00–15:00").click()
    dialog = page.get_by_role("dialog", name="Swap these two shifts?")
    await dialog.get_by_label("Reason for swapping all the same").fill("They asked for it")
    await dialog.get_by_role("button", name="Swap", exact=True).click()
    await expect(dialog).to_be_hidden()
    assert (await holders(world, 0), await holders(world, 2)) == ([ann.id], [ben.id])


async def test_what_was_copied_and_is_gone_is_not_pasted(screens: Screens) -> None:
    world = await _week()
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)
    await chip(page, ann, PLANNED).focus()
    await page.keyboard.press("Control+c")
    await page.keyboard.press("Delete")
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("^Undo: unassign"))).to_be_visible()

    await page.keyboard.press("Control+v")
    await expect(page.locator(".board-notice")).to_contain_text("not there any more")
    assert await holders(world, 0) == []


async def _week() -> World:
    """Ann is on Monday's morning; Tuesday has the same, still open; Ben is on Tuesday's late shift."""
    world = await build_world()
    late = {"title": "Late", "start": LATE[0], "end": LATE[1]}
    await build_draft(world, [{}, {"day": 1}, late | {"day": 1}])
    await assign(world, 0, world.staff[0])
    await assign(world, 2, world.staff[1])
    return world
