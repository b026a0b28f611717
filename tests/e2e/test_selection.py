"""Several shifts at once on the board: selected by mouse, keyboard and touch, and what is then done with them."""

import re
from datetime import time

from playwright.async_api import Locator, Page, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from schedule_app.services.assignments import unassign_employee
from tests.e2e.pages import open_shift, row_of
from tests.e2e.screens import PHONE, Screens
from tests.e2e.test_board_drag import cell, holders
from tests.e2e.world import Person, World, assign, build_draft, build_world, fetch
from tests.support.builders import build_rule

MORNING = "07:00–15:00 Morning, planned"


async def test_mouse_selects_chips_ranges_and_rows_and_unassigns_after_asking(screens: Screens) -> None:
    world = await _week()
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)

    await _chip(page, ann, 1).click(modifiers=["Control"])
    await _chip(page, ben, 2).click(modifiers=["Control"])
    await expect(_bar(page)).to_contain_text("2 selected")
    await _chip(page, ben, 2).click(modifiers=["Control"])
    await expect(_bar(page)).to_contain_text("1 selected")
    await _chip(page, ann, 1).click(modifiers=["Shift"])
    await expect(_bar(page)).to_contain_text("4 selected")
    await row_of(page, ben).locator("[data-select]").click()
    await expect(_bar(page)).to_contain_text("2 selected")
    await expect(_chip(page, ann, 2)).to_have_accessible_name(f"{MORNING}, selected")

    unassign = _bar(page).get_by_role("button", name="Unassign 2 shifts")
    words = await unassign.inner_text()
    await unassign.click()
    dialog = page.get_by_role("dialog", name=words.strip(), exact=True)
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(_bar(page)).to_contain_text("2 selected")
    await _bar(page).get_by_role("button", name="Unassign 2 shifts").click()
    await dialog.get_by_role("button", name="Unassign 2 shifts").click()

    await expect(dialog).to_be_hidden()
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(0)
    await expect(_bar(page)).to_have_count(0)
    assert [await holders(world, shift) for shift in (0, 1)] == [[ben.id], [ben.id]]
    await page.get_by_role("button", name="Undo: unassign 2 shifts").click()
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(2)


async def test_a_plain_click_selects_nothing_and_picks_up_as_before(screens: Screens) -> None:
    world = await _week()
    ann, _ = world.staff
    page = await screens.open(world.manager, world.board)
    await _chip(page, ann, 1).click(modifiers=["Control"])
    await cell(page, ann, 5).click()
    await expect(_bar(page)).to_have_count(0)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await _chip(page, ann, 1).click(modifiers=["Control"])
    await _chip(page, ann, 2).click()
    await expect(page.locator(".board-placing")).to_contain_text("Moving Morning")
    await page.keyboard.press("Escape")
    await expect(page.locator(".board-placing")).to_have_count(0)


async def test_keyboard_alone_selects_and_assigns_with_one_reason_and_a_report(screens: Screens) -> None:
    world = await _week(rest=True)
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)
    await open_shift(page, "16:00–22:00 Late").first.focus()

    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Space")
    await expect(_bar(page)).to_contain_text("2 selected")
    await page.keyboard.press("Control+a")
    await expect(_bar(page)).to_contain_text("6 selected")
    await page.keyboard.press("Escape")
    await expect(_bar(page)).to_have_count(0)
    await page.keyboard.press("Shift+ArrowDown")
    await expect(_bar(page)).to_contain_text("2 selected")
    await page.keyboard.press("Shift+ArrowUp")
    await page.keyboard.press("Shift+ArrowLeft")
    await expect(_bar(page)).to_contain_text("2 selected")

    await page.keyboard.press("Control+k")
    await page.keyboard.type("assign 2")
    await page.get_by_role("option", name=re.compile("^Assign 2 shifts")).wait_for()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^Assign 2 shifts"))
    await expect(dialog.get_by_label("Person")).to_be_focused()
    await dialog.get_by_label("Person").select_option(label="Ben Brook")
    await expect(dialog.get_by_role("status")).to_have_text("2 shifts would be assigned.")
    await expect(dialog).to_contain_text("Go against a rule that warns (2)")
    await dialog.get_by_label(re.compile("^Reason")).focus()
    await page.keyboard.type("Agreed with Ben")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="Report")).to_contain_text("Assigned 2 shifts")
    await expect(row_of(page, ben).get_by_role("button")).to_have_count(4)
    assert [await holders(world, shift) for shift in (2, 3)] == [[ben.id], [ben.id]]

    await _chip(page, ann, 1).focus()
    await page.keyboard.press("Shift+Space")
    await page.keyboard.press("Delete")
    dialog = page.get_by_role("dialog", name=re.compile("^Unassign 2 shifts"))
    await dialog.get_by_role("button", name=re.compile("^Unassign")).press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(0)


async def test_several_are_copied_and_pasted_to_another_person_and_day(screens: Screens) -> None:
    world = await _week()
    ann, ben = world.staff
    await unassign_employee(world.manager.actor, await _held(world, 1, ben.id))
    page = await screens.open(world.manager, world.board)
    await _chip(page, ann, 1).focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Control+c")
    await page.keyboard.press("Escape")
    await cell(page, ben, 2).focus()
    await page.keyboard.press("Control+v")

    dialog = page.get_by_role("dialog", name=re.compile("^Move or copy 1 shift"))
    await expect(dialog.get_by_role("status")).to_have_text("1 shift would be copied.")
    await dialog.get_by_role("button", name=re.compile("^Copy")).press("Enter")
    await expect(_chip(page, ben, 2)).to_be_visible()
    assert await holders(world, 1) == [ann.id, ben.id]


async def test_what_is_filtered_or_taken_away_is_not_selected_any_more(screens: Screens) -> None:
    world = await _week()
    ann, _ = world.staff
    page = await screens.open(world.manager, world.board)
    heard = page.locator(".board > [role=status]")
    await _chip(page, ann, 1).focus()
    await page.keyboard.press("Control+a")
    await expect(_bar(page)).to_contain_text("6 selected")

    await unassign_employee(world.manager.actor, await _held(world, 0, ann.id))
    await expect(_bar(page)).to_contain_text("5 selected")
    await expect(heard).to_contain_text("1 no longer selected: it is gone, or not shown any more")
    await page.get_by_label(re.compile("^Find people")).fill("ben")
    await expect(_bar(page)).to_contain_text("4 selected")
    await expect(_bar(page).get_by_role("button", name="Unassign 2 shifts")).to_be_visible()
    await page.get_by_label(re.compile("^Find people")).fill("")
    await expect(_chip(page, ann, 2)).to_have_accessible_name(MORNING)


async def test_on_a_phone_taps_select_and_shifts_are_deleted(screens: Screens) -> None:
    world = await _week()
    page = await screens.open(world.manager, world.board, PHONE)
    await page.get_by_role("button", name="Select", exact=True).tap()
    await expect(_bar(page)).to_contain_text("Choose shifts, a name or a day")
    await open_shift(page, "16:00–22:00 Late").first.tap()
    await open_shift(page, "16:00–22:00 Late").nth(1).tap()
    await expect(_bar(page)).to_contain_text("2 selected")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE.width

    await _bar(page).get_by_role("button", name="Fill 2 shifts").tap()
    filling = page.get_by_role("dialog", name="Fill the selection")
    await expect(filling).to_contain_text("Only what is selected: 2 shifts")
    await filling.get_by_role("button", name="Cancel").tap()
    await _bar(page).get_by_role("button", name="Delete 2 shifts").tap()
    dialog = page.get_by_role("dialog", name=re.compile("^Delete 2 shifts"))
    await dialog.get_by_role("button", name="Delete 2 shifts").tap()
    await expect(dialog).to_be_hidden()
    await expect(open_shift(page, "16:00–22:00 Late")).to_have_count(0)
    await expect(_bar(page)).to_have_count(0)


def _bar(page: Page) -> Locator:
    return page.get_by_role("group", name="Selection")


def _chip(page: Page, person: Person, col: int) -> Locator:
    return cell(page, person, col).get_by_role("button").first


async def _held(world: World, shift: int, employee_id: int) -> int:
    return await fetch(
        "SELECT id FROM schedule_assignments WHERE shift_id = :shift AND employee_id = :person",
        shift=world.shifts[shift],
        person=employee_id,
    )


async def _week(*, rest: bool = False) -> World:
    """Ann and Ben on Monday's and Tuesday's morning; the late shifts of both days are open."""
    world = await build_world()
    late = {"title": "Late", "start": time(16), "end": time(22)}
    await build_draft(world, [{"required_staff": 2}, {"required_staff": 2, "day": 1}, late, {**late, "day": 1}])
    for shift in (0, 1):
        for person in world.staff:
            await assign(world, shift, person)
    if rest:
        async with unit_of_work() as session:
            await build_rule(session, await session.get_one(Site, world.site_id), strict=False)
    return world
