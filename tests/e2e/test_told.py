"""Who is told: an announcement to the people of a shift, the ledger of a week, and how somebody wishes to be told."""

from playwright.async_api import Page, expect

from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import World, assign, build_draft, build_world, publish


async def published_world() -> World:
    """A week in force with Ann and Ben on its shift."""
    world = await build_world()
    draft = await build_draft(world, [{"required_staff": 2}])
    for person in world.staff:
        await assign(world, 0, person)
    await publish(world, draft)
    return world


def ledger(board: Page):
    """The numbers beside the week's state."""
    return board.get_by_role("button", name="told,")


async def test_what_is_seen_moves_the_numbers_on_the_schedule_and_the_list_behind_them(screens: Screens):
    world = await published_world()
    ann, _ = world.staff
    board = await screens.open(world.manager, world.board)
    await expect(ledger(board)).to_contain_text("2 told, 0 seen, 0 confirmed")
    await ledger(board).click()
    listed = board.get_by_role("dialog").get_by_role("listitem")
    await expect(listed).to_have_count(2)

    phone = await screens.open(ann, "/inbox", PHONE)
    await phone.get_by_role("button", name="Mark as read").first.click()

    await expect(listed.filter(has_text="Ann Archer")).to_contain_text("In the app: seen")
    await board.get_by_role("dialog").get_by_role("button", name="Not seen").click()
    await expect(listed).to_have_count(1)
    await board.keyboard.press("Escape")
    await expect(ledger(board)).to_contain_text("2 told, 1 seen, 0 confirmed")

    await phone.get_by_role("link", name="My shifts").click()
    await phone.get_by_role("button", name="Confirm").first.click()
    await expect(ledger(board)).to_contain_text("2 told, 1 seen, 1 confirmed")


async def test_a_planner_tells_the_people_of_a_shift_and_sees_who_has_read_it(screens: Screens):
    world = await published_world()
    ann, _ = world.staff
    phone = await screens.open(ann, "/inbox", PHONE)
    board = await screens.open(world.manager, world.board)
    await board.get_by_role("button", name="Assign", exact=True).click()
    await board.get_by_role("link", name="Tell these people").click()

    form = board.get_by_role("dialog", name="Write an announcement")
    await expect(form.get_by_role("status")).to_have_text("This reaches 2 people.")
    await form.get_by_label("Subject").fill("Side door")
    await form.get_by_label("Message").fill("The front door is locked.\nPlease use the side door.")
    await form.get_by_role("button", name="Send to 2 people").click()

    await expect(board.get_by_text("Sent to 2 people.")).to_be_visible()
    item = board.get_by_role("list", name="Announcements").get_by_role("listitem")
    await expect(item).to_contain_text("0 of 2 seen")
    message = phone.get_by_role("listitem").filter(has_text="Side door")
    await expect(message).to_contain_text("Mona Manager to those who work")
    await message.get_by_role("button", name="I have read it").click()
    await expect(item).to_contain_text("1 of 2 seen")

    await item.get_by_role("button", name="Who has seen it").click()
    reading = board.get_by_role("dialog", name="Side door")
    await expect(reading.locator("[data-seen=true]")).to_contain_text("Ann Archer")
    await reading.get_by_role("button", name="Take it back").click()
    await reading.get_by_role("button", name="Take it back").click()
    await expect(board.get_by_text("Taken back.", exact=True)).to_be_visible()
    await expect(phone.get_by_text("An announcement was taken back", exact=True)).to_be_visible()


async def test_somebody_says_how_they_wish_to_be_told_and_the_site_what_they_cannot_switch_off(screens: Screens):
    world = await build_world()
    ann, _ = world.staff
    phone = await screens.open(ann, "/account/notifications", PHONE)
    box = phone.get_by_role("checkbox", name="Announcements: SMS")
    await expect(phone.get_by_text("Off here, because the program is not set up for it: E-mail.")).to_be_visible()
    await box.check()
    await phone.get_by_label("Quiet from").fill("22:00")
    await phone.get_by_role("button", name="Save").click()
    await expect(phone.get_by_text("Please give both times, or none.")).to_be_visible()
    await phone.get_by_label("Quiet until").fill("06:30")
    await phone.get_by_role("button", name="Save").click()
    await expect(phone.get_by_text("Saved. It holds")).to_be_visible()
    await phone.reload()
    await expect(box).to_be_checked()
    await box.uncheck()
    await phone.get_by_role("button", name="Save").click()
    await expect(phone.get_by_text("Saved. It holds")).to_be_visible()
    await expect(phone.get_by_label("Quiet until")).to_have_value("06:30")

    site = await screens.open(world.manager, f"/manage/site/messages?site={world.site_id}")
    await site.get_by_role("group", name="Announcements").get_by_label("SMS").select_option("Always")
    await site.get_by_role("button", name="Save").click()
    await expect(site.get_by_text("Saved.", exact=True)).to_be_visible()

    await phone.get_by_role("button", name="Show the newest").click()
    await expect(box).to_be_checked()
    await expect(box).to_be_disabled()
