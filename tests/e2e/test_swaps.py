"""Giving a shift away, from one phone to another by way of a manager's screen, everybody watching."""

import re
from datetime import timedelta

from playwright.async_api import expect

from schedule_app.queries.labels import long_day
from tests.e2e.pages import chip, expect_unread
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import assign, build_draft, build_world, publish


async def test_a_shift_goes_from_phone_to_phone_with_a_managers_word(screens: Screens) -> None:
    world = await build_world(staff=["Ann Archer", "Ben Brook"])
    ann, ben = world.staff
    schedule_id = await build_draft(world, [{"title": "Morning"}, {"title": "Weekend", "day": 5}])
    await assign(world, 0, ann)
    await assign(world, 1, ben)
    await publish(world, schedule_id)
    monday, saturday = long_day(world.week), long_day(world.week + timedelta(days=5))
    anns = await screens.open(ann, "/me", PHONE)
    bens = await screens.open(ben, "/swaps", PHONE)
    board = await screens.open(world.manager, world.board)
    requests = await screens.open(world.manager, "/requests")
    await expect(bens.get_by_text("Nobody asks you for anything")).to_be_visible()
    await expect(chip(board, ann, "07:00–15:00 Morning, not answered yet")).to_be_visible()

    await anns.get_by_role("button", name=f"Offer or swap : {monday}, 07:00–15:00").tap()
    dialog = anns.get_by_role("dialog", name="Offer or swap this shift")
    await dialog.get_by_role("button", name="Swap it").tap()
    await expect(dialog.get_by_role("radio", name=re.compile("Ben Brook"))).to_be_visible()
    await dialog.get_by_role("button", name="Give it away").tap()
    await dialog.get_by_role("button", name="Some by name").tap()
    await dialog.get_by_role("checkbox", name="Ben Brook").tap()
    await dialog.get_by_label("Note to whom you ask").fill("My daughter's first day of school")
    await dialog.get_by_role("button", name="Offer it").tap()
    await expect(dialog).to_be_hidden()
    await expect(anns.get_by_text(f"{monday}, 07:00–15:00 is offered.")).to_be_visible()
    await expect(anns.get_by_role("link", name="Offered to colleagues")).to_be_visible()

    asked = bens.get_by_role("region", name="Asked of you").get_by_role("listitem")
    await expect(asked).to_contain_text("Ann Archer offers you a shift")
    await expect(asked).to_contain_text("My daughter's first day of school")
    await expect(asked).to_contain_text("8 h → 16 h")
    take = asked.get_by_role("button", name=re.compile("^Take it"))
    for button in (take, asked.get_by_role("button", name=re.compile("^No"))):
        box = await button.bounding_box()
        assert box is not None
        assert box["height"] >= 48
    await take.tap()
    await expect(bens.get_by_text("You said yes. A manager decides, and you are told.")).to_be_visible()
    await expect(chip(board, ann, "07:00–15:00 Morning, not answered yet")).to_be_visible()
    await expect(anns.get_by_role("link", name="Waiting for approval to change hands")).to_be_visible()

    waiting = requests.get_by_role("region", name="Offers and swaps").get_by_role("listitem").first
    await expect(waiting).to_contain_text("Ann Archer to Ben Brook")
    await waiting.get_by_role("button", name=re.compile("^Approve")).click()
    await requests.get_by_role("dialog").get_by_label("Note to both").fill("Have a good day")
    await requests.get_by_role("dialog").get_by_role("button", name="Approve").click()
    await expect(requests.get_by_text("Approved: Ann Archer and Ben Brook. Both have been told.")).to_be_visible()

    await expect(chip(board, ben, "07:00–15:00 Morning, confirmed")).to_be_visible()
    await expect(chip(board, ann, "07:00–15:00 Morning, not answered yet")).to_have_count(0)
    await expect(anns.get_by_text("No shifts yet")).to_be_visible()
    await expect(bens.get_by_role("region", name="The last 30 days")).to_contain_text("Approved")
    await expect_unread(anns, 3)

    await bens.get_by_role("navigation", name="Main").get_by_role("link", name="My shifts").tap()
    for day in (monday, saturday):
        await expect(bens.get_by_role("listitem").filter(has_text=day).first).to_be_visible()
