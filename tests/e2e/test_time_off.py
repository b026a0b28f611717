"""Time off from the phone to the manager and back, and a week said on the phone."""

import re
from datetime import timedelta

from playwright.async_api import Page, expect

from schedule_app.domain.errors import RuleBroken
from tests.e2e.pages import expect_unread, open_shift, target
from tests.e2e.screens import PHONE, Screens
from tests.e2e.test_board_drag import cell
from tests.e2e.world import LATE, World, assign, build_draft, build_world, publish

SHIFTS = (
    {"title": "Late", "day": 1, "start": LATE[0], "end": LATE[1], "required_staff": 2},
    {"title": "Spare", "day": 2},
)


async def test_time_off_is_asked_for_decided_and_in_the_way_of_shifts(screens: Screens) -> None:
    world = await build_world(staff=["Ann Archer", "Ben Brook"])
    ann, ben = world.staff
    schedule_id = await build_draft(world, SHIFTS)
    for person in (ann, ben):
        await assign(world, 0, person)
    await publish(world, schedule_id)
    phone = await screens.open(ann, "/me", PHONE)
    inbox = await screens.open(world.manager, "/inbox")
    board = await screens.open(world.supervisor, world.board)
    await expect(cell(board, ann, 2)).to_contain_text("Late")

    await phone.get_by_role("navigation", name="Main").get_by_role("link", name="Time off").tap()
    await _ask(phone, world)

    await expect_unread(inbox, 1)
    message = inbox.get_by_role("listitem").filter(has_text="Ann Archer asks for time off")
    await message.get_by_role("link", name="Open").click()
    request = inbox.get_by_role("listitem").filter(has=inbox.get_by_role("heading", name="Ann Archer"))
    await expect(request).to_contain_text("A wedding")
    late = request.get_by_role("row").filter(has_text="14:00–22:00 (Late)")
    await expect(late).to_contain_text("2 of 2")
    await expect(late).to_contain_text("1 of 2")
    await request.get_by_role("button", name="Approve").click()
    dialog = inbox.get_by_role("dialog", name="Approve this time off?")
    await dialog.get_by_label("Note to them").fill("Enjoy it")
    await dialog.get_by_role("button", name="Approve").click()
    await expect(inbox.get_by_role("status").get_by_text("open now")).to_be_visible()
    await expect(cell(board, ann, 2)).to_have_text("Off")

    mine = phone.get_by_role("region", name="Your requests").get_by_role("listitem")
    await expect(mine).to_contain_text("Approved by Mona Manager")
    await expect(mine).to_contain_text("Enjoy it")
    await expect(phone.get_by_role("table")).to_contain_text("3 days")
    await _expect_in_the_way(screens, world)


async def _ask(phone: Page, world: World) -> None:
    tuesday = world.week + timedelta(days=1)
    await phone.get_by_label("First day").fill(tuesday.isoformat())
    await phone.get_by_label("Last day").fill((tuesday + timedelta(days=2)).isoformat())
    await phone.get_by_label("Note").fill("A wedding")
    await phone.get_by_role("button", name="Next").tap()
    dialog = phone.get_by_role("dialog", name="Send this request?")
    await expect(dialog).to_contain_text("14:00–22:00 (Late): you would be taken off it; it stays yours until then.")
    await dialog.get_by_role("button", name="Send request").tap()
    mine = phone.get_by_role("region", name="Your requests").get_by_role("listitem")
    await expect(mine).to_contain_text("Waiting")


async def _expect_in_the_way(screens: Screens, world: World) -> None:
    """On the board and in words, whoever tries."""
    ann = world.staff[0]
    board = await screens.open(world.manager, world.board)
    await open_shift(board, "07:00–15:00 Spare").click()
    await expect(target(board, ann)).to_have_accessible_name(re.compile("Ann Archer has time off"))
    try:
        await assign(world, 1, ann)
    except RuleBroken as refused:
        assert refused.message.startswith("Ann Archer has time off: ")
    else:
        raise AssertionError("She was given a shift in her time off.")


async def test_a_week_said_on_the_phone_reaches_whoever_plans_it(screens: Screens) -> None:
    world = await build_world(staff=["Ann Archer"])
    ann = world.staff[0]
    schedule_id = await build_draft(world, SHIFTS)
    await assign(world, 0, ann)
    await publish(world, schedule_id)
    phone = await screens.open(ann, "/time-off", PHONE)
    inbox = await screens.open(world.manager, "/inbox")

    await phone.get_by_role("link", name="Availability").tap()
    await phone.get_by_role("checkbox", name="Can work on Monday").uncheck()
    await phone.get_by_role("button", name="Copy Monday to other days").tap()
    copies = phone.get_by_role("group", name="Copy Monday to")
    await copies.get_by_role("checkbox", name="Tuesday").check()
    await copies.get_by_role("button", name="Copy to 1 day").tap()
    await phone.get_by_role("button", name="Next").tap()
    dialog = phone.get_by_role("dialog", name="Save this change?")
    await expect(dialog).to_contain_text("14:00–22:00 (Late)")
    await dialog.get_by_role("button", name="Save").tap()
    await expect(phone.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    await expect(phone.get_by_role("checkbox", name="Can work on Tuesday")).not_to_be_checked()

    message = inbox.get_by_role("listitem").filter(has_text="Ann Archer changed when they can work")
    await expect(message).to_contain_text("14:00–22:00 (Late)")
