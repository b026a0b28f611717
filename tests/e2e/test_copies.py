"""Days copied by the dialog, with mouse and keyboard, and the report that stays."""

from datetime import timedelta

from playwright.async_api import expect

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from tests.e2e.pages import chip, open_shift
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import LATE, World, assign, build_draft, build_world
from tests.support.builders import build_rule


async def test_a_week_is_copied_with_its_people_and_the_report_leads_to_the_gap(screens: Screens) -> None:
    world = await _world()
    ann = world.staff[0]
    page = await screens.open(world.manager, world.board)

    await page.get_by_role("button", name="Copy …").click()
    dialog = page.get_by_role("dialog", name="Copy shifts")
    await expect(dialog.get_by_role("status")).to_contain_text("3 shifts, 2 people; 1 place would be left open")
    await dialog.get_by_role("button", name="Copy", exact=True).click()
    await expect(dialog).to_be_hidden()

    report = page.get_by_role("region", name="Report")
    await expect(report).to_contain_text("Copied: 3 shifts, 2 people")
    await expect(report).to_contain_text("Ann Archer would have")
    await report.get_by_role("link", name="Show").click()
    await expect(chip(page, ann, "07:00–15:00 Morning, planned")).to_have_count(1)
    await expect(open_shift(page, "07:00–15:00 Early")).to_have_count(1)
    await expect(report).to_be_visible()

    await report.get_by_role("button", name="Early").click()
    form = page.get_by_role("dialog", name="Assign a shift")
    await expect(form.get_by_role("radio", name="Ann Archer")).to_be_checked()
    await page.keyboard.press("Escape")
    await report.get_by_role("button", name="Close the report").click()
    await expect(report).to_have_count(0)


async def test_one_day_is_copied_by_the_keyboard_alone(screens: Screens) -> None:
    world = await _world()
    page = await screens.open(world.manager, world.board)
    opener = page.get_by_role("button", name="Copy …")
    await opener.focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Copy shifts")
    what = dialog.get_by_label("Copy", exact=True)
    await what.focus()
    await page.keyboard.press("ArrowDown")
    await expect(dialog.get_by_label("Copy to")).to_have_value((world.week + timedelta(days=1)).isoformat())
    await dialog.get_by_role("button", name="Copy", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="Report")).to_contain_text("Copied: 1 shift, 0 people")
    await expect(open_shift(page, "07:00–15:00 Morning")).to_have_count(1)


async def test_on_a_phone_the_dialog_fits_and_says_what_refuses(screens: Screens) -> None:
    world = await _world()
    page = await screens.open(world.manager, world.board, PHONE)
    await page.get_by_role("button", name="Copy …").click()
    dialog = page.get_by_role("dialog", name="Copy shifts")
    await dialog.get_by_label("Copy to").fill(world.week.isoformat())
    await expect(dialog.get_by_text("overlap")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Copy", exact=True)).to_be_disabled()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE.width


async def _world() -> World:
    """A draft with Ann on a morning, a late shift, and an early one so soon after that a copy leaves it open."""
    world = await build_world()
    late = {"day": 1, "start": LATE[0], "end": LATE[1], "title": "Late"}
    await build_draft(world, ({}, late, {"day": 2, "title": "Early"}))
    for shift in (0, 1, 2):
        await assign(world, shift, world.staff[0])
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        await build_rule(session, site, name="Rest", constraints={"min_minutes": 20 * 60})
    return world
