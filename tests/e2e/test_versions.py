"""The versions of a week in a browser: looked at, compared, restored; signed at approval and foretold at publishing."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from schedule_app.services.assignments import assign_employee
from schedule_app.services.schedules import submit_schedule
from tests.e2e.pages import chip, row_of, status
from tests.e2e.screens import DESKTOP, PHONE, Device, Screens, loaded
from tests.e2e.versions_world import build_versions, shift_in
from tests.e2e.world import execute, fetch, version_of


def table(page: Page | Locator, caption: str) -> Locator:
    """One of the tables of a comparison."""
    return page.get_by_role("table", name=caption)


async def test_two_versions_are_compared_and_the_page_follows(screens: Screens) -> None:
    world, published, draft = await build_versions()
    board = await screens.open(world.manager, world.board)
    await board.get_by_role("link", name="Versions").click()
    await expect(board.get_by_role("heading", name="Versions", exact=True)).to_be_visible()
    page = board

    figures = table(page, "Figures").get_by_role("row")
    await expect(figures.filter(has_text="Hours of work")).to_have_text(re.compile("16 h.*33 h.*\\+17 h"))
    await expect(figures.filter(has_text="Cost")).to_contain_text("+€365.50")
    people = table(page, "People").get_by_role("row")
    await expect(people.filter(has_text="Early")).to_contain_text("by Mona Manager, comes back")
    await expect(people.filter(has_text="Morning")).to_contain_text("instead of Ann Archer")
    await expect(people.filter(has_text="Late")).to_have_text(re.compile("Other time.*Ann Archer.*was .*14:00–22:00"))
    grid = table(page, "Whose week differs").get_by_role("row")
    await expect(grid.filter(has=page.get_by_role("rowheader", name="Ben Brook"))).to_contain_text(
        "Added22:00–06:00 +1"
    )

    await page.get_by_label("From version").select_option(label="An empty week")
    await expect(page).to_have_url(re.compile(f"one=0&other={draft}$"))
    await expect(people.filter(has_text="Late")).to_contain_text("Added")
    await page.reload()
    await loaded(page)
    await expect(page.get_by_label("From version")).to_have_value("0")
    await page.get_by_label("To version").select_option(label="Version 1 · Published")
    await page.get_by_label("From version").select_option(label="Version 2 · Draft")
    await expect(page).to_have_url(re.compile(f"one={draft}&other={published}$"))
    await page.get_by_role("button", name="Swap the two versions").click()
    await expect(page).to_have_url(re.compile(f"one={published}&other={draft}$"))

    await assign_employee(world.manager.actor, await shift_in(draft, "Early"), world.staff[2].id)
    await expect(people.filter(has_text="Cem Demir")).to_contain_text("Added")


async def test_staff_are_shown_no_versions(screens: Screens) -> None:
    world, _, _ = await build_versions()
    phone = await screens.open(world.staff[0], f"/versions/{world.site_id}/{world.week}", PHONE)
    await expect(phone.get_by_text("There is no such week here")).to_be_visible()
    await phone.goto(phone.url.replace("versions", "schedule"))
    await loaded(phone)
    await expect(phone.get_by_role("link", name="Versions")).to_have_count(0)


async def test_who_approves_sees_what_and_who_publishes_sees_whom_it_tells(screens: Screens) -> None:
    world, published, draft = await build_versions()
    board = await screens.open(world.manager, world.board)
    await board.get_by_role("button", name="Submit for approval").click()
    await board.get_by_role("button", name="Approve").click()
    dialog = board.get_by_role("dialog", name="Approve this week?")
    people = table(dialog, "People").get_by_role("row")
    await expect(people.filter(has_text="Morning")).to_contain_text("instead of Ann Archer")
    await expect(dialog.get_by_text("Ben Brook was taken off")).to_be_visible()

    # While the manager reads, somebody changes the published week; what is signed is what is shown.
    await execute(
        "UPDATE schedule_assignments SET status = 'cancelled', updated_by_id = :by"
        " WHERE id = (SELECT min(id) FROM schedule_assignments WHERE schedule_id = :id AND status = 'confirmed')",
        by=world.supervisor.id,
        id=published,
    )
    await expect(dialog.get_by_text("This week changed while you were looking")).to_be_visible()
    await expect(people.filter(has_text="Morning")).to_contain_text("Added")
    await dialog.get_by_role("button", name="Approve week").click()
    await expect(dialog).to_be_hidden()
    await expect(status(board, "Approved")).to_be_visible()
    signed = "SELECT after -> 'compared' ->> 'one_id' FROM audit_entries WHERE action = 'approve' AND entity_id = :id"
    assert await fetch(signed, id=draft) == str(published)

    await board.get_by_role("button", name="Publish", exact=True).click()
    dialog = board.get_by_role("dialog", name="Publish this week?")
    told = dialog.get_by_role("list", name="Who is told what").get_by_role("listitem")
    await expect(told).to_have_count(2)
    ann = told.filter(has=board.get_by_text("Ann Archer", exact=True))
    await expect(ann).to_contain_text("Your shifts: 1 changed.")
    disturbed = dialog.get_by_text(re.compile("Ann Archer has confirmed .* which is now .*13:00–22:00"))
    await expect(disturbed).to_be_visible()
    words = await ann.locator("p").last.inner_text()
    await dialog.get_by_role("button", name="Publish week").click()
    await expect(status(board, "Published")).to_be_visible()
    inbox = await screens.open(world.staff[0], "/inbox", PHONE)
    await expect(inbox.get_by_text(words, exact=True)).to_be_visible()


async def test_an_older_version_is_restored_once_the_draft_in_work_is_discarded(screens: Screens) -> None:
    world, published, _ = await build_versions()
    await execute("UPDATE employees SET is_active = false WHERE id = :id", id=world.staff[0].id)
    page = await screens.open(world.manager, f"/versions/{world.site_id}/{world.week}")
    await page.get_by_role("button", name="Restore as new draft of version 1").click()
    dialog = page.get_by_role("dialog", name="Restore version 1?")
    await expect(dialog).to_contain_text("Version 2 is a draft in work")
    await dialog.get_by_role("button", name="Discard version 2").click()
    await dialog.get_by_role("button", name="Restore as new draft").click()

    await expect(page.get_by_text("Version 2 is a new draft with the shifts and people of version 1.")).to_be_visible()
    await expect(page.get_by_text("Left out, as they no longer work here: Ann Archer.")).to_be_visible()
    await expect(page).to_have_url(re.compile(f"one={published}&other="))
    await expect(table(page, "People").get_by_role("row").filter(has_text="Ann Archer")).to_have_count(2)
    await page.get_by_role("link", name="Open the draft on the board").click()
    await expect(status(page, "Draft")).to_be_visible()


async def test_the_board_marks_what_differs_from_the_published_week(screens: Screens) -> None:
    world, published, _ = await build_versions()
    ann, ben, _ = world.staff
    board = await screens.open(world.manager, world.board)
    toggle = board.get_by_role("button", name="Show changes")
    await toggle.click()
    await expect(chip(board, ben, "07:00–15:00 Morning, planned, added, was Ann Archer")).to_be_visible()
    await expect(chip(board, ben, "07:00–15:00 Early, planned, comes back")).to_be_visible()
    await expect(chip(board, ann, "13:00–22:00 Late, planned, other time, was 14:00–22:00")).to_be_visible()
    gone = row_of(board, ann).get_by_text("07:00–15:00 Morning, removed, now Ben Brook")
    await expect(gone).to_be_attached()
    await expect(board).to_have_url(re.compile(f"compare={published}$"))
    await board.reload()
    await loaded(board)
    await expect(gone).to_be_attached()
    await toggle.click()
    await expect(gone).to_have_count(0)
    await expect(chip(board, ben, "07:00–15:00 Morning, planned")).to_be_visible()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_axe_finds_nothing_where_weeks_are_compared_signed_and_foretold(screens: Screens, device: Device) -> None:
    world, published, draft = await build_versions()
    manager = world.manager
    await _expect_accessible(await screens.open(manager, f"{world.board}?compare={published}", device))
    versions = await screens.open(manager, f"/versions/{world.site_id}/{world.week}", device)
    await versions.get_by_role("button", name="Restore as new draft of version 1").click()
    await expect(versions.get_by_role("dialog", name="Restore version 1?")).to_be_visible()
    await _expect_accessible(versions)

    await submit_schedule(manager.actor, draft, expected_version=await version_of(draft))
    board = await screens.open(manager, world.board, device)
    await board.get_by_role("button", name="Approve").click()
    await expect(board.get_by_role("dialog", name="Approve this week?")).to_be_visible()
    await _expect_accessible(board)
    await board.get_by_role("button", name="Approve week").click()
    await board.get_by_role("button", name="Publish", exact=True).click()
    await expect(board.get_by_role("dialog", name="Publish this week?")).to_be_visible()
    await _expect_accessible(board)


async def _expect_accessible(page: Page) -> None:
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await expect(page.locator("html")).to_have_class(theme)
        found = await Axe().run(page)
        assert not found.violations_count, f"{theme}\n{found.generate_report()}"
