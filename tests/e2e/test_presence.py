"""Two managers on one week see each other before they collide."""

import re
from pathlib import Path

from playwright.async_api import expect

from tests.e2e.pages import row_of
from tests.e2e.screens import Screens
from tests.e2e.world import build_draft, build_world
from tests.support.app import running_app
from tests.support.database import Database

# How much of a cell's width the tag takes that names who else is there.
_NAME_TAG = "(cell) => parseFloat(getComputedStyle(cell, '::after').width) / cell.clientWidth"


async def test_two_people_on_one_cell_are_told_and_who_leaves_is_gone(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann = world.staff[0]
    mona = await screens.open(world.manager, world.board)
    again = await screens.open(world.manager, world.board)
    sam = await screens.open(world.supervisor, world.board)
    people = mona.get_by_role("list", name="Also looking at this week").get_by_role("listitem")

    await expect(people).to_have_count(1)
    await expect(people).to_contain_text("Sam Supervisor")
    await row_of(sam, ann).get_by_role("gridcell").nth(2).focus()
    await row_of(mona, ann).get_by_role("gridcell").nth(2).focus()
    await expect(mona.get_by_text("Sam Supervisor is here")).to_be_visible()
    await expect(sam.get_by_text("Mona Manager is here")).to_be_visible()
    await row_of(mona, ann).get_by_role("gridcell").nth(2).hover()
    assert await row_of(mona, ann).get_by_role("gridcell").nth(2).evaluate(_NAME_TAG) < 0.5
    cell = row_of(mona, ann).get_by_role("gridcell").nth(2)
    await expect(cell).to_have_accessible_name(re.compile("Sam Supervisor is here"))
    assert await sam.locator("[role=status]", has_text="is here").count() == 0
    await row_of(sam, ann).get_by_role("gridcell").nth(3).focus()
    await expect(mona.get_by_text("Sam Supervisor is here")).to_have_count(0)

    await sam.close()
    await expect(people).to_have_count(0, timeout=10_000)
    await again.close()


async def test_staff_see_nobody(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    worker = await screens.open(world.staff[0], world.board)
    manager = await screens.open(world.manager, world.board)
    supervisor = await screens.open(world.supervisor, world.board)
    await expect(manager.get_by_text("Also here")).to_be_visible()
    await expect(supervisor.get_by_text("Also here")).to_be_visible()
    await expect(worker.get_by_text("Also here")).to_have_count(0)


async def test_people_on_another_process_are_seen_until_it_dies(
    screens: Screens, served_database: Database, tmp_path: Path
) -> None:
    world = await build_world()
    await build_draft(world)
    mona = await screens.open(world.manager, world.board)
    with running_app(served_database.url, tmp_path / "log") as other:
        sam = await screens.open(world.supervisor, world.board, origin=other.origin)
        await expect(mona.get_by_text("Also here")).to_be_visible()
        await expect(sam.get_by_text("Also here")).to_be_visible()
        await row_of(sam, world.staff[0]).get_by_role("gridcell").nth(2).focus()
        await row_of(mona, world.staff[0]).get_by_role("gridcell").nth(2).focus()
        await expect(mona.get_by_text("Sam Supervisor is here")).to_be_visible()
        other.process.kill()
        await expect(mona.get_by_text("Sam Supervisor is here")).to_have_count(0, timeout=12_000)
        await sam.close()
    screens.forgive_lost_line()
