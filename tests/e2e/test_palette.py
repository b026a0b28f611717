"""The palette and the keys, by keyboard alone."""

from datetime import timedelta

from playwright.async_api import Locator, Page, expect

from tests.e2e.pages import row_of, status
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import build_draft, build_world


def field(page: Page) -> Locator:
    """Where one types."""
    return page.get_by_role("combobox", name="Find an action, a person or a week")


def option(page: Page, name: str) -> Locator:
    """Something found."""
    return page.get_by_role("option", name=name)


async def selected(page: Page) -> str:
    """The text of what Enter would do, as a screen reader is told it."""
    active = await field(page).get_attribute("aria-activedescendant")
    return await page.locator(f'[id="{active}"] .palette-option-text').inner_text()


async def test_an_action_is_found_and_done_and_the_focus_comes_back(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board)
    await row_of(page, world.staff[0]).get_by_role("gridcell").first.focus()
    before = await page.evaluate("document.activeElement.dataset.cell")

    await page.keyboard.press("Control+k")
    await expect(field(page)).to_be_focused()
    await expect(option(page, "Submit for approval")).to_be_visible()
    # Not a step of a draft.
    await expect(option(page, "Publish")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(field(page)).to_have_count(0)
    assert await page.evaluate("document.activeElement.dataset.cell") == before

    await page.keyboard.press("Control+k")
    await page.keyboard.type("NEW SH")
    assert await selected(page) == "New shift"
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="New shift")).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(field(page)).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await page.evaluate("document.activeElement.dataset.cell") == before

    await page.keyboard.press("Control+k")
    await page.keyboard.type("sbmt")
    await page.keyboard.press("Enter")
    await expect(status(page, "Waiting for approval")).to_be_visible()


async def test_people_and_weeks_are_gone_to(screens: Screens) -> None:
    world = await build_world(("Ann Archer", "Ben Brook", "Élodie Müller"))
    await build_draft(world)
    elodie = world.staff[2]
    page = await screens.open(world.manager, "/inbox")

    await page.keyboard.press("Control+k")
    await page.keyboard.type("elodie mul")
    await option(page, elodie.name).wait_for()
    await page.keyboard.press("Enter")
    # This week has no plan, so there is no row yet; the next one has.
    await page.wait_for_url(f"**/schedule/{world.site_id}/*?person={elodie.id}")
    await expect(page.get_by_text("Nothing planned for this week yet")).to_be_visible()
    await page.keyboard.press("Control+k")
    await expect(field(page)).to_be_focused()
    await page.keyboard.type("next week")
    await expect(page.get_by_role("group", name="Weeks").get_by_role("option")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    while await selected(page) not in await page.get_by_role("group", name="Weeks").inner_text():
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{world.board}")

    await expect(row_of(page, elodie)).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("elodie")
    await option(page, elodie.name).wait_for()
    await page.keyboard.press("Enter")
    await expect(page.locator(f'[data-cell="{elodie.id}:0"]')).to_be_focused()
    await page.keyboard.press("t")
    await page.wait_for_url(f"**/schedule/{world.site_id}/{world.week - timedelta(days=7)}")


async def test_staff_are_offered_what_they_may_do(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.staff[0], "/me")
    await page.keyboard.press("Control+k")
    await expect(option(page, "Go to Inbox")).to_be_visible()
    await expect(option(page, "Go to Coverage")).to_have_count(0)
    await page.keyboard.type("zzzzz")
    await expect(page.get_by_text("Nothing here is called that.")).to_be_visible()
    await field(page).fill("sign out")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/login*")


async def test_the_keys_rest_while_somebody_types_and_can_be_switched_off(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board)
    await page.get_by_role("searchbox").click()
    await page.keyboard.type("t?")
    await expect(page.get_by_role("searchbox")).to_have_value("t?")
    assert world.board in page.url
    await page.get_by_role("searchbox").fill("")

    await page.get_by_role("heading", level=1).click()
    await page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(help_.get_by_text("Go to the current week")).to_be_visible()
    await expect(help_.get_by_text("Move between cells")).to_be_visible()
    await page.keyboard.press("t")
    await help_.get_by_role("checkbox").uncheck()
    await page.keyboard.press("Escape")
    await expect(help_).to_have_count(0)
    await page.keyboard.press("?")
    await page.keyboard.press("t")
    await page.reload()
    await expect(row_of(page, world.staff[0])).to_be_visible()
    await page.keyboard.press("?")
    await page.keyboard.press("t")
    await page.keyboard.press("Control+k")
    await expect(field(page)).to_be_focused()
    await expect(help_).to_have_count(0)
    assert world.board in page.url
    await page.keyboard.type("keys")
    await page.keyboard.press("Enter")
    await help_.get_by_role("checkbox").check()
    await page.keyboard.press("Escape")
    await expect(help_).to_have_count(0)
    await page.keyboard.press("t")
    await page.wait_for_url(f"**/schedule/{world.site_id}/{world.week - timedelta(days=7)}")


async def test_a_finger_opens_the_palette_too(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.staff[0], "/me", PHONE)
    await page.get_by_role("button", name="Find or do").tap()
    box = await option(page, "Go to Inbox").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    await option(page, "Go to Inbox").tap()
    await page.wait_for_url("**/inbox")
