"""The insight page in the browser: figures, their numbers, and the file to download."""

import re

from playwright.async_api import expect

from schedule_app.queries.labels import long_day
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import add_shifts, assign, build_draft, build_world, execute, publish


async def test_a_manager_reads_the_figures_and_takes_the_numbers_home(screens: Screens) -> None:
    world = await build_world()
    ann, ben = world.staff
    await execute("UPDATE employees SET contracted_minutes = 600, hourly_rate_cents = 1550 WHERE id = :id", id=ann.id)
    draft = await build_draft(world, [{}, {"day": 1, "required_staff": 2}])
    await assign(world, 0, ann)
    await assign(world, 1, ann)
    await publish(world, draft)

    page = await screens.open(world.manager, f"/insight/{world.site_id}")
    await expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Insight")).to_be_visible()
    await page.get_by_label("From").fill(str(world.week))
    await page.get_by_label("To", exact=True).fill(str(world.week))
    await page.get_by_role("button", name="Show", exact=True).click()

    coverage = page.get_by_role("region", name="Coverage", exact=True)
    await expect(coverage.get_by_role("img", name=re.compile("^8 h short and 0 h over"))).to_be_visible()
    await expect(page.get_by_role("region", name="Overtime", exact=True)).to_contain_text("6 h by 1 person.")
    await expect(page).to_have_url(re.compile(f"from={world.week}&to={world.week}"))

    cost = page.get_by_role("region", name="Cost", exact=True)
    await expect(cost).to_contain_text("€248")
    show = page.get_by_role("button", name="Show the numbers of Cost")
    await show.focus()
    await page.keyboard.press("Enter")
    hide = page.get_by_role("button", name="Hide the numbers of Cost")
    await expect(hide).to_be_focused()
    await expect(page.get_by_role("table", name="Cost")).to_contain_text("248.00")
    async with page.expect_download() as started:
        await page.get_by_role("link", name="CSV of Cost").click()
    download = await started.value
    assert download.suggested_filename == f"cost-{world.week}-to-{world.week}.csv"
    assert "No department,248.00" in (await download.path()).read_text(encoding="utf-8-sig")

    # What another manager does appears by itself, and takes the focus from nothing.
    await hide.focus()
    await assign(world, 1, ben)
    await expect(coverage).to_contain_text("Every shift has its people")
    await expect(hide).to_be_focused()

    await page.reload()
    await expect(page.get_by_label("From")).to_have_value(str(world.week))
    await expect(cost).to_contain_text("€248")


async def test_a_supervisor_has_the_page_without_cost_and_staff_has_none(screens: Screens) -> None:
    world = await build_world()
    draft = await build_draft(world)
    await assign(world, 0, world.staff[0])
    await add_shifts(world, draft, [{"day": 2}])
    address = f"/insight/{world.site_id}?from={world.week}&to={world.week}&drafts=1"

    page = await screens.open(world.supervisor, address, PHONE)
    await expect(page.get_by_role("region", name="Coverage", exact=True)).to_contain_text(long_day(world.week)[:3])
    await expect(page.get_by_role("region", name="Cost", exact=True)).to_have_count(0)
    await page.goto(page.url.replace(f"from={world.week}", "from=2016-01-01"))
    await expect(page.get_by_role("alert").filter(has_text="Choose at most 26.")).to_be_visible()

    page = await screens.open(world.staff[0], address)
    await expect(page.get_by_text("There is nothing here for you")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="Insight")).to_have_count(0)
