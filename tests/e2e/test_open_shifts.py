"""Somebody cannot come: from their phone to the manager's desk to the phone of whoever takes the shift."""

from playwright.async_api import expect

from schedule_app.queries.labels import long_day
from schedule_app.services.call_outs import call_out
from tests.e2e.pages import chip
from tests.e2e.screens import PHONE, Device, Screens, loaded
from tests.e2e.world import assign, build_draft, build_world, execute, publish

SMALL_PHONE = Device(360, 640, has_touch=True)


async def test_a_shift_that_somebody_cannot_work_is_taken_by_another(screens: Screens) -> None:
    world = await build_world(["Ann Archer", "Ben Brook"], offer_waves=1)
    ann, ben = world.staff
    await execute("UPDATE employees SET contracted_minutes = 2400 WHERE id = :id", id=ben.id)
    draft = await build_draft(world, [{"title": "Morning"}])
    held = await assign(world, 0, ann)
    await publish(world, draft)
    # She said yes, and the time to say no is over.
    await execute(
        "UPDATE schedule_assignments SET status = 'confirmed', responded_at = now(), confirm_by = now() WHERE id = :id",
        id=held,
    )
    board = await screens.open(world.manager, world.board)
    inbox = await screens.open(world.manager, "/inbox")
    anns = await screens.open(ann, "/me", PHONE)
    bens = await screens.open(ben, "/open", SMALL_PHONE)
    await expect(bens.get_by_text("No open shifts for you")).to_be_visible()

    day = long_day(world.week)
    week = anns.get_by_role("list").get_by_role("listitem").filter(has_text=day)
    await week.get_by_role("button", name=f"I cannot come : {day}, 07:00–15:00").tap()
    dialog = anns.get_by_role("dialog", name="You cannot come to this shift?")
    await dialog.get_by_label("Note to your managers").fill("Fever")
    await dialog.get_by_role("button", name="I cannot come").tap()
    said = anns.get_by_role("dialog", name="You cannot come")
    await expect(said.get_by_text("Your managers have been told.")).to_be_visible()
    await said.get_by_role("button", name="Close").last.tap()
    await expect(week.get_by_text("Declined")).to_be_visible()

    await expect(chip(board, ann, "07:00–15:00 Morning, declined")).to_be_visible()
    message = (
        inbox.get_by_role("list", name="Messages").get_by_role("listitem").filter(has_text="Ann Archer cannot come")
    )
    await expect(message).to_contain_text("Could take it: Ben Brook")
    await expect(message).to_contain_text("Note: Fever")
    await message.get_by_role("link", name="Open").click()
    cover = inbox.get_by_role("dialog", name="Who can cover?")
    await expect(cover.get_by_role("listitem").first).to_contain_text("Ben Brook")
    await expect(cover.get_by_text("1 person was asked, and nobody has taken it yet.")).to_be_visible()

    asked = bens.get_by_role("region", name="You were asked")
    await expect(asked).to_contain_text("0 h → 8 h that week")
    take = asked.get_by_role("button", name="Take this shift")
    box = await take.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    await take.tap()
    await expect(bens.get_by_role("status").get_by_text("is yours. Your managers have been told.")).to_be_visible()
    assert await bens.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE.width

    await expect(chip(board, ben, "07:00–15:00 Morning, confirmed")).to_be_visible()
    await expect(cover.get_by_text("This shift has all its people.")).to_be_visible()
    await bens.get_by_role("link", name="My shifts").last.tap()
    await loaded(bens)
    await expect(bens.get_by_role("region", name="Next shift")).to_contain_text("07:00–15:00")


async def test_a_request_is_asked_for_and_approved_by_hand(screens: Screens) -> None:
    world = await build_world(["Ann Archer", "Ben Brook"], claims_need_approval=True)
    ann, ben = world.staff
    draft = await build_draft(world, [{"title": "Morning"}])
    held = await assign(world, 0, ben)
    await publish(world, draft)
    phone = await screens.open(ann, "/open", PHONE)
    desk = await screens.open(world.manager, "/requests")
    await expect(desk.get_by_text("Nobody asks for an open shift.")).to_be_visible()

    await call_out(ben.actor, held)
    await phone.get_by_role("button", name="Ask for this shift").tap()
    await expect(phone.get_by_role("region", name="Waiting for your manager")).to_contain_text("Morning")

    request = desk.get_by_role("listitem").filter(has_text="Ann Archer")
    await expect(request).to_contain_text("0 h → 8 h that week")
    await request.get_by_role("button", name="Approve").click()
    await expect(desk.get_by_text("Ann Archer has the shift now, and has been told.")).to_be_visible()
    await expect(phone.get_by_text("No open shifts for you")).to_be_visible()
