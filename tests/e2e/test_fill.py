"""Filling the week from the board: watched, stopped, kept, undone; and a search that dies says so."""

import re

import psutil
from playwright.async_api import Locator, Page, expect
from sqlalchemy import text

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from tests.e2e.screens import Screens
from tests.e2e.world import World, build_draft, build_world
from tests.support.app import App
from tests.support.builders import build_rule

_CROWD = text("""
    INSERT INTO employees (site_id, email, name, role)
    SELECT :site_id, format('crowd-%s-%s@example.com', :site_id, n), format('Person %s', n), 'employee'
    FROM generate_series(1, 250) AS n
""")

# The first search of a new installation compiles its inner loops.
FIRST_SEARCH_MS = 60_000


def panel(page: Page) -> Locator:
    """What follows the search."""
    return page.get_by_role("region", name="Filling the week")


async def fill(page: Page, seconds: str = "10 seconds") -> None:
    """Ask for the week to be filled."""
    await page.get_by_role("button", name="Fill …").click()
    dialog = page.get_by_role("dialog", name="Fill the week")
    await dialog.get_by_label("Search for at most").select_option(label=seconds)
    await dialog.get_by_role("button", name="Search").click()
    await expect(dialog).not_to_be_visible()


async def hard_world() -> World:
    """A week whose best plan is not proved for a while."""
    world = await build_world([f"Person {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX"])
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        await session.execute(_CROWD, {"site_id": world.site_id})
        for hours in (16, 24, 32):
            limits = {"max_minutes_per_week": 60 * hours}
            await build_rule(session, site, rule_type="workload", constraints=limits, strict=False)
    await build_draft(world, [{"day": day, "required_staff": 60 + day % 3} for day in range(7) for _ in range(3)])
    return world


async def test_a_week_is_filled_seen_kept_and_undone(screens: Screens):
    world = await build_world(["Ann Archer"])
    await build_draft(world, [{"day": 0}, {"day": 1}])
    page = await screens.open(world.manager, world.board)
    other = await screens.open(world.supervisor, world.board)
    await fill(page)

    await expect(panel(page)).to_contain_text("Proposal: 2 places filled", timeout=FIRST_SEARCH_MS)
    await expect(panel(other)).to_contain_text("Proposal: 2 places filled")
    await expect(page.locator("[data-ghost=proposed]")).to_have_count(2)
    await expect(page.get_by_role("button", name=re.compile("Morning, planned"))).to_have_count(0)

    await panel(page).get_by_role("button", name="Keep").click()

    await expect(panel(page)).to_have_count(0)
    await expect(page.locator("[data-ghost=proposed]")).to_have_count(0)
    await expect(other.get_by_role("button", name=re.compile("Morning, planned$"))).to_have_count(2)
    await page.get_by_role("button", name=re.compile("^Undo")).click()
    await expect(page.get_by_role("button", name=re.compile("Morning, planned$"))).to_have_count(0)


async def test_a_proposal_says_why_it_is_as_it_is(screens: Screens):
    world = await build_world(["Ann Archer"])
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        await build_rule(
            session, site, rule_type="restriction", constraints={"forbidden_shift_types": ["training"]}, strict=True
        )
    await build_draft(world, [{"day": 0}, {"day": 1, "shift_type": "training"}])
    page = await screens.open(world.manager, world.board)
    await fill(page)
    await page.get_by_role("button", name="Why this plan?").click(timeout=FIRST_SEARCH_MS)

    dialog = page.get_by_role("dialog", name="Why this plan?")
    await expect(dialog.get_by_role("row", name=re.compile("People missing"))).to_be_visible()
    await dialog.get_by_text("Person by person").click()
    await expect(dialog.locator("[data-kind=blocked]").filter(has_text="Ann Archer")).to_contain_text("training")

    await dialog.get_by_label("Shift").select_option(index=1)

    await expect(dialog.get_by_text("Breaks nothing")).to_be_visible()


async def test_two_scenarios_are_compared_and_one_is_kept(screens: Screens):
    world = await build_world(["Ann Archer", "Ben Brook"])
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        limits = {"max_shifts_per_week": 1}
        await build_rule(session, site, rule_type="workload", constraints=limits, strict=False)
    await build_draft(world, [{"day": 0}, {"day": 1}])
    page = await screens.open(world.manager, world.board)
    await fill(page)
    await expect(panel(page)).to_contain_text("Proposal: 2 places filled", timeout=FIRST_SEARCH_MS)

    await page.get_by_role("button", name="Fill …").click()
    dialog = page.get_by_role("dialog", name="Fill the week")
    await dialog.get_by_text("Try other weights or another demand").click()
    await dialog.get_by_label("People to plan for").select_option(value="150")
    await dialog.get_by_label("Hours and shifts").fill("9")
    await dialog.get_by_label("Search for at most").select_option(label="10 seconds")
    await dialog.get_by_role("button", name="Search").click()

    await expect(panel(page)).to_contain_text("150 % of the people needed, hours and shifts weighs 9")
    await expect(panel(page)).to_contain_text("Proposal: 3 places filled", timeout=FIRST_SEARCH_MS)
    await expect(page.locator("[data-ghost=proposed]")).to_have_count(3)
    await panel(page).get_by_role("button", name="Proposal 1").click()
    await expect(page.locator("[data-ghost=proposed]")).to_have_count(2)

    await panel(page).get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name="Compare proposals")
    await expect(dialog.get_by_role("row", name=re.compile("Places filled"))).to_contain_text("2 of 2")
    await expect(dialog.get_by_role("row", name=re.compile("Hours of work"))).to_contain_text("24 h")
    await dialog.get_by_role("button", name="Keep Proposal 1").click()

    await expect(panel(page)).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("Morning, planned$"))).to_have_count(2)


async def test_a_search_is_watched_and_stopped_and_its_best_is_kept(screens: Screens):
    world = await hard_world()
    page = await screens.open(world.manager, world.board)
    await fill(page, "10 minutes")
    await expect(panel(page)).to_contain_text(re.compile(r"Searching … \d+ of 600 s"))
    await expect(panel(page)).to_contain_text("Places filled", timeout=FIRST_SEARCH_MS)

    await panel(page).get_by_role("button", name="Stop").click()

    await expect(panel(page)).to_contain_text(re.compile("Proposal: [0-9]+ places filled"), timeout=FIRST_SEARCH_MS)
    await panel(page).get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("button", name=re.compile("Morning, planned")).first).to_be_visible()


async def test_a_search_that_is_killed_says_so_and_the_week_is_as_it_was(screens: Screens, app: App):
    world = await hard_world()
    page = await screens.open(world.manager, world.board)
    await fill(page, "10 minutes")
    await expect(panel(page)).to_contain_text("Searching")

    for process in psutil.Process(app.process.pid).children(recursive=True):
        if "schedule_app.optimizer.process" in process.cmdline():
            process.kill()

    await expect(panel(page)).to_contain_text("ended from outside")
    await expect(page.get_by_role("button", name=re.compile("Morning, planned"))).to_have_count(0)
