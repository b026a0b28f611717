"""Dialogs and messages: what is entered stays, what is refused is heard, and leaving the page ends them."""

import re

from playwright.async_api import Page, expect

from tests.e2e.pages import chip, open_shift, row_of, status
from tests.e2e.screens import Screens, loaded
from tests.e2e.world import World, assign, build_draft, build_world, fetch, publish

SHIFTS = ({"title": "Morning"}, {"title": "Second", "day": 1})


async def test_person_chosen_before_the_shift_is_changed_stays_chosen(screens: Screens) -> None:
    world = await build_world()
    page = await _open_board(screens, world)
    await page.get_by_role("button", name="Assign", exact=True).click()
    form = page.get_by_role("dialog", name="Assign a shift")
    ben = form.get_by_role("radio", name="Ben Brook")
    await ben.check()

    await form.get_by_label("Shift", exact=True).select_option(value=str(world.shifts[1]))
    await expect(form.get_by_label("Shift", exact=True)).to_have_value(str(world.shifts[1]))
    await expect(ben).to_be_checked()
    await form.get_by_role("button", name="Assign").click()
    await expect(row_of(page, world.staff[1]).get_by_role("button", name="07:00–15:00 Second, planned")).to_be_visible()


async def test_day_without_shifts_says_so(screens: Screens) -> None:
    world = await build_world()
    page = await _open_board(screens, world)
    await row_of(page, world.staff[0]).get_by_role("gridcell").nth(4).click()

    form = page.get_by_role("dialog", name="Assign a shift")
    await expect(form).to_contain_text("No shift begins on this day.")
    await expect(form.get_by_role("button", name="Assign")).to_have_count(0)


async def test_refusal_is_heard_over_the_dialog_and_can_be_closed(screens: Screens) -> None:
    world = await build_world()
    page = await _open_board(screens, world)
    await page.get_by_role("button", name="Submit for approval").click()
    await page.get_by_role("button", name="Send back").click()
    dialog = page.get_by_role("dialog", name="Send this week back")
    await dialog.get_by_label("What has to change").fill("     ")
    await dialog.get_by_role("button", name="Send back").click()

    await expect(page.get_by_role("alert")).to_contain_text("reason: string should have at least 3 characters")
    await page.get_by_role("button", name="Close message").click()
    await expect(page.get_by_role("alert")).to_have_text("")
    await expect(dialog.get_by_label("What has to change")).to_have_value("     ")


async def test_draft_is_discarded_only_when_asked_again(screens: Screens) -> None:
    world = await build_world()
    page = await _open_board(screens, world)
    drafts = "SELECT count(*) FROM schedules WHERE site_id = :id"
    question = page.get_by_role("dialog", name="Discard this draft?")
    await page.get_by_role("button", name="Discard draft").click()
    await question.get_by_role("button", name="Keep it").click()
    await expect(question).to_be_hidden()
    assert await fetch(drafts, id=world.site_id) == 1

    await page.get_by_role("button", name="Discard draft").click()
    await question.get_by_role("button", name="Discard the draft").click()
    await expect(page.get_by_text("Nothing planned for this week yet")).to_be_visible()
    assert await fetch(drafts, id=world.site_id) == 0


async def test_staff_are_offered_nothing_that_they_would_be_refused(screens: Screens) -> None:
    world = await build_world()
    schedule_id = await build_draft(world, SHIFTS)
    ann = world.staff[0]
    await assign(world, 0, ann)
    await publish(world, schedule_id)
    page = await screens.open(ann, world.board)
    for shift in (chip(page, ann, "07:00–15:00 Morning, not answered yet"), open_shift(page, "07:00–15:00 Second")):
        await expect(shift).to_be_disabled()
        await shift.press("Enter")
        await shift.press("Shift+Enter")
    await page.get_by_role("link", name="Inbox").click()
    await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_text("")


async def test_going_to_another_page_closes_what_is_open(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.manager, "/inbox")
    await build_draft(world, SHIFTS)
    await page.get_by_role("link", name="Schedule").click()
    await page.get_by_role("link", name="Next week").click()
    await expect(status(page, "Draft")).to_be_visible()
    await page.get_by_role("button", name="Assign", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await page.go_forward()
    await expect(status(page, "Draft")).to_be_visible()
    await page.get_by_role("link", name="Coverage").first.click()
    # The page that is left has a link to the next week as well.
    await expect(page.get_by_role("heading", name="Coverage", level=1)).to_be_visible()
    await page.get_by_role("link", name="Next week").click()
    await page.get_by_role("table").get_by_role("button").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.go_back()
    await page.go_forward()
    await expect(page.get_by_role("table").get_by_role("button")).not_to_have_count(0)
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_message_of_a_page_is_not_carried_to_the_next(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.manager, f"/schedule/{world.site_id}/1066-10-14")
    await expect(page.get_by_role("alert")).to_have_text("There is no such week.")
    await page.get_by_role("link", name="Go to this week").click()
    await expect(page.get_by_text("Nothing planned for this week yet")).to_be_visible()
    await expect(page.get_by_role("alert")).to_have_text("")


async def test_an_address_that_is_none_says_so_and_leads_back(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.manager, "/nowhere/at/all")
    await expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    # What it says to the server is understood there, and answered.
    async with page.expect_websocket() as begun:
        await page.reload()
    await (await begun.value).wait_for_event("framereceived", lambda frame: str(frame).startswith("42"))
    await page.get_by_role("link", name="Go to my start page").click()
    await expect(page).to_have_url(re.compile(f"/schedule/{world.site_id}/"))
    # The browser's own word on the answer's status.
    assert all("404" in said for said in screens.errors)
    screens.errors.clear()


async def test_search_for_people_says_what_it_looks_for_after_coming_back(screens: Screens) -> None:
    world = await build_world()
    page = await _open_board(screens, world)
    search = page.get_by_role("searchbox")
    await search.fill("Ben")
    await expect(page.get_by_role("rowheader")).to_have_count(2)
    await page.get_by_role("link", name="Inbox").click()
    await expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    await page.go_back()
    await loaded(page)
    await expect(page.get_by_role("rowheader")).to_have_count(2)
    await expect(search).to_have_value("Ben")


async def _open_board(screens: Screens, world: World) -> Page:
    await build_draft(world, SHIFTS)
    return await screens.open(world.manager, world.board)
