"""The board without a mouse, and what it says when a rule is against it."""

import re
from typing import Any

from playwright.async_api import Page, expect
from sqlalchemy import text

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from tests.e2e.pages import chip, open_shift, row_of, target
from tests.e2e.screens import Screens
from tests.e2e.world import LATE, World, assign, build_draft, build_world, execute
from tests.support.builders import build_rule

MORNING_OPEN = "07:00–15:00 Morning, 1 of 1 place open"
IS_IN_GRID = "document.activeElement.closest('[role=grid]') !== null"
#: Whether what has the focus can be seen: nothing sticky lies over its middle.
IS_UNCOVERED = """() => {
    const box = document.activeElement.getBoundingClientRect();
    const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return document.activeElement === there || document.activeElement.contains(there);
}"""


async def test_keyboard_alone_assigns_and_unassigns(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world, [{"title": "Morning"}, {"title": "Tuesday", "day": 1}])
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)
    focus = page.locator(":focus")

    await _tab_into_grid(page)
    await expect(page.get_by_role("grid").locator("[tabindex='0']")).to_have_count(1)
    await expect(focus).to_have_accessible_name(MORNING_OPEN)
    await page.keyboard.press("Tab")
    assert not await page.evaluate(IS_IN_GRID)
    await page.keyboard.press("Shift+Tab")
    await expect(focus).to_have_accessible_name(MORNING_OPEN)

    await page.keyboard.press("Enter")
    await expect(focus).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("ArrowDown")
    await expect(focus).to_have_accessible_name("Place here: Can take it")
    await page.keyboard.press("Escape")
    await expect(focus).to_have_accessible_name(MORNING_OPEN)
    await expect(focus).to_have_attribute("aria-pressed", "false")

    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await expect(focus).to_have_accessible_name("Place here: Can take it")
    await page.keyboard.press("Enter")
    await expect(chip(page, ann, "07:00–15:00 Morning, planned")).to_be_focused()
    await page.keyboard.press("Delete")
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(0)
    await expect(focus).to_have_attribute("data-cell", f"{ann.id}:1")
    await expect(open_shift(page, MORNING_OPEN)).to_be_visible()


async def test_keyboard_moves_over_the_whole_board(screens: Screens) -> None:
    world = await build_world(staff=[f"Person {number:03}" for number in range(80)])
    await build_draft(world)
    page = await screens.open(world.manager, world.board)
    focus = page.locator(":focus")
    first, last = world.staff[0], world.supervisor
    await _tab_into_grid(page)

    for key, cell in (
        ("ArrowRight", "open:2"),
        ("End", "open:7"),
        ("Home", "open:0"),
        ("Control+End", f"{last.id}:7"),
        ("Home", f"{last.id}:0"),
        ("ArrowUp", f"{world.staff[-1].id}:0"),
        ("Control+Home", "open:0"),
    ):
        await page.keyboard.press(key)
        await expect(page.locator(f"[data-cell='{cell}']")).to_have_count(1)
        assert await _focused_cell(page) == cell, key
        assert await page.evaluate(IS_UNCOVERED), key
    for _ in range(3):
        await page.keyboard.press("PageDown")
    assert await _focused_cell(page) not in {"open:0", f"{first.id}:0"}
    assert await page.evaluate(IS_UNCOVERED)
    await page.get_by_label(re.compile("^Find people")).fill("Person 079")
    await expect(page.get_by_role("rowheader", name=re.compile("^Person|079"))).to_have_count(1)
    await expect(focus).to_have_role("searchbox")


async def test_keyboard_focus_stays_where_it_is_when_others_change_the_board(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world, [{"title": "Morning"}, {"title": "Late", "start": LATE[0], "end": LATE[1]}])
    ben = world.staff[1]
    page = await screens.open(world.manager, world.board)
    await _tab_into_grid(page)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    assert await _focused_cell(page) == f"{ben.id}:1"

    await execute(
        "INSERT INTO employees (site_id, name, email) VALUES (:site, 'Aaron First', :email)",
        site=world.site_id,
        email=f"aaron{world.site_id}@example.com",
    )
    await expect(page.get_by_role("rowheader", name=re.compile("Aaron First"))).to_be_visible()
    assert await _focused_cell(page) == f"{ben.id}:1"
    await assign(world, 1, ben)
    await expect(chip(page, ben, "14:00–22:00 Late, planned")).to_be_focused()


async def test_keyboard_blocking_rule_gives_its_reason_and_nothing_changes(screens: Screens) -> None:
    world = await _world_with_too_short_a_night(strict=True)
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)

    await open_shift(page, "07:00–15:00 Early").focus()
    await page.keyboard.press("Enter")
    await expect(target(page, ann)).to_have_accessible_name(re.compile("Not possible, .*rest"))
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("rest")
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(1)
    await expect(open_shift(page, "07:00–15:00 Early, 1 of 1 place open")).to_be_visible()


async def test_keyboard_refusal_nobody_expected_is_rolled_back_with_its_reason(screens: Screens) -> None:
    world = await _world_with_too_short_a_night(strict=None)
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)
    await open_shift(page, "07:00–15:00 Early").focus()
    await page.keyboard.press("Enter")
    await expect(target(page, ann)).to_have_accessible_name(re.compile("Can take it"))

    # Its triggers off, the database does not tell: the page cannot know that Ann no longer can.
    await _make_rule(world, strict=True, silently=True)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("rest")
    await expect(row_of(page, ann).get_by_text("Saving…")).to_have_count(0)
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(1)
    await expect(open_shift(page, "07:00–15:00 Early, 1 of 1 place open")).to_be_visible()


async def test_keyboard_warning_asks_for_a_reason_and_then_assigns(screens: Screens) -> None:
    world = await _world_with_too_short_a_night(strict=False)
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)
    dialog = page.get_by_role("dialog", name="Assign all the same?")
    await open_shift(page, "07:00–15:00 Early").focus()
    await page.keyboard.press("Enter")
    await expect(target(page, ann)).to_have_accessible_name(re.compile("Breaks a soft rule, .*rest"))
    await page.keyboard.press("ArrowDown")

    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("rest")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(1)

    await expect(target(page, ann)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_label("Reason")).to_be_focused()
    await page.keyboard.type("Agreed with Ann")
    await page.keyboard.press("Enter")
    early = chip(page, ann, "07:00–15:00 Early, planned, 1 warning")
    await expect(early).to_be_visible()
    await early.dblclick()
    await expect(page.get_by_role("dialog", name="Ann Archer")).to_contain_text("Agreed with Ann")


async def _tab_into_grid(page: Page) -> None:
    for _ in range(50):
        if await page.evaluate(IS_IN_GRID):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("The Tab key does not lead into the board.")


async def _focused_cell(page: Page) -> str:
    return await page.evaluate("document.activeElement.closest('[data-cell]')?.dataset.cell")


async def _world_with_too_short_a_night(*, strict: bool | None) -> World:
    """Ann works till ten on Monday; Tuesday's open shift begins at seven. The rule of rest is None: not there."""
    world = await build_world()
    late: dict[str, Any] = {"title": "Late", "start": LATE[0], "end": LATE[1]}
    await build_draft(world, [late, {"title": "Early", "day": 1}])
    await assign(world, 0, world.staff[0])
    if strict is not None:
        await _make_rule(world, strict=strict)
    return world


async def _make_rule(world: World, *, strict: bool, silently: bool = False) -> None:
    async with unit_of_work() as session:
        if silently:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
        await build_rule(
            session, await session.get_one(Site, world.site_id), name="Eleven hours of rest", strict=strict
        )
