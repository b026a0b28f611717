"""Whoever acts by keyboard goes on from there, also where the action took its own button away."""

from playwright.async_api import Page, expect

from schedule_app.services.notifications import mark_read
from tests.e2e.pages import status
from tests.e2e.screens import Screens
from tests.e2e.world import Person, assign, build_draft, build_world, fetch, publish


async def test_focus_goes_to_the_content_when_the_step_of_a_week_is_taken(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board)

    await page.get_by_role("button", name="Submit for approval").press("Enter")
    await expect(status(page, "Waiting for approval")).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()


async def test_focus_stays_in_the_list_from_which_a_message_goes(screens: Screens) -> None:
    page, _ = await _unread(screens)
    messages = page.get_by_role("list", name="Messages")
    for _ in range(2):
        count = await messages.get_by_role("listitem").count()
        await messages.get_by_role("button", name="Mark as read").first.press("Enter")
        await expect(messages.get_by_role("listitem")).to_have_count(count - 1)
        if count > 1:
            await expect(messages).to_be_focused()
    await expect(page.get_by_text("Nothing here")).to_be_visible()
    await expect(page.get_by_role("main")).to_be_focused()


async def test_focus_is_not_given_to_who_had_none(screens: Screens) -> None:
    page, ann = await _unread(screens)
    messages = page.get_by_role("list", name="Messages")
    latest = await fetch("SELECT max(id) FROM notifications WHERE recipient_id = :id", id=ann.id)
    await messages.get_by_role("button", name="Mark as read").first.focus()
    await page.evaluate("document.activeElement.blur()")

    await mark_read(ann.actor, [latest])
    await expect(messages.get_by_role("listitem")).to_have_count(1)
    # The focus would be given in the next frame.
    await page.evaluate("new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)))")
    assert await page.evaluate("document.activeElement === document.body")


async def _unread(screens: Screens) -> tuple[Page, Person]:
    """The inbox of somebody with two unread messages, narrowed to those."""
    world = await build_world()
    ann = world.staff[0]
    schedule_id = await build_draft(world, [{}, {"day": 1}])
    await assign(world, 0, ann)
    await publish(world, schedule_id)
    await assign(world, 1, ann)
    page = await screens.open(ann, "/inbox")
    await page.get_by_role("button", name="Unread", exact=True).click()
    await expect(page.get_by_role("list", name="Messages").get_by_role("listitem")).to_have_count(2)
    return page, ann
