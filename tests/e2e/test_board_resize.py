"""Giving a shift other times on the board: by its edge and by keys."""

import re

from playwright.async_api import Page, expect

from tests.e2e.pages import open_shift
from tests.e2e.screens import Screens
from tests.e2e.test_board_drag import Finger, preview
from tests.e2e.world import World, build_draft, build_world, execute, fetch


async def test_an_edge_is_dragged_in_quarters_of_an_hour(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board)

    await pull(page, "end", 33)
    await expect(preview(page)).to_contain_text("07:00–16:00")
    await expect(preview(page)).to_contain_text("8 h → 9 h")
    await page.mouse.up()
    await expect(open_shift(page, "07:00–16:00 Morning")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("^Undo: "))).to_be_visible()
    assert await times(world) == "07:00-16:00"

    await open_shift(page, "07:00–16:00 Morning").focus()
    await page.keyboard.press("Shift+ArrowLeft")
    await expect(open_shift(page, "07:00–15:45 Morning")).to_be_focused()


async def test_a_finger_drags_an_edge(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board)
    touch, edge = await Finger.on(page), page.locator(".chip-edge[data-edge=end]")

    await touch.down(edge)
    for by in (8, 20, 33):
        await touch.move(edge, by=by)
    await expect(preview(page)).to_contain_text("07:00–16:00")
    await touch.up()
    await expect(open_shift(page, "07:00–16:00 Morning")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("^Undo: "))).to_be_visible()
    assert await times(world) == "07:00-16:00"


async def test_a_refusal_takes_the_old_times_back_and_says_why(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board)
    await pull(page, "start", -16)
    # Somebody else changes it while it is held.
    await execute("UPDATE shifts SET notes = 'changed' WHERE id = :id", id=world.shifts[0])
    await page.mouse.up()

    await expect(page.get_by_role("alert")).to_contain_text("in the meantime")
    await expect(open_shift(page, "07:00–15:00 Morning")).to_be_visible()
    assert await times(world) == "07:00-15:00"


async def pull(page: Page, edge: str, by: int) -> None:
    """Drag an edge of the one open shift so many pixels to the right, and hold it."""
    box = await page.locator(f".chip-edge[data-edge={edge}]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + by, y, steps=8)


async def times(world: World) -> str:
    """The shift's wall times in the database."""
    return await fetch(
        "SELECT to_char(local_start, 'HH24:MI') || '-' || to_char(local_end, 'HH24:MI') FROM shifts WHERE id = :id",
        id=world.shifts[0],
    )
