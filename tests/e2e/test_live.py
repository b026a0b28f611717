"""Pages change by themselves, whoever wrote, and catch up after a line was down."""

import re
import time
from datetime import timedelta

from playwright.async_api import Locator, Page, expect

from schedule_app.queries.labels import long_day
from schedule_app.services.assignments import decline_assignment
from schedule_app.services.notifications import mark_all_read, mark_read
from schedule_app.services.schedules import revise_schedule
from schedule_app.services.sign_in import sign_out_everywhere
from tests.e2e.line import Line
from tests.e2e.pages import chip, expect_unread, heat_cell, open_shift, row_of, status
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import LATE, World, assign, build_draft, build_world, execute, fetch, publish

#: How soon a page says that its line is down, and how soon after its return it is up to date.
SECONDS_TO_TELL, SECONDS_TO_CATCH_UP = 2.0, 2.0
#: The line stays down until the browser has tried in vain this often; by then it tries at its slowest pace.
ATTEMPTS_IN_VAIN = 6


async def test_live_board_and_heatmap_follow_services_and_sql(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world, [{"title": "Morning"}, {"title": "Late", "start": LATE[0], "end": LATE[1]}])
    ann, ben = world.staff
    board = await screens.open(world.manager, world.board)
    heat = await screens.open(world.supervisor, world.coverage)
    monday = long_day(world.week)

    await assign(world, 0, ann)
    await expect(chip(board, ann, "07:00–15:00 Morning, planned")).to_be_visible()
    await expect(heat_cell(heat, f"{monday}, 08:00: 1 of 1 needed, met")).to_be_attached()

    await execute("UPDATE shifts SET title = 'Early', required_staff = 2 WHERE id = :id", id=world.shifts[0])
    await expect(chip(board, ann, "07:00–15:00 Early, planned")).to_be_visible()
    await expect(open_shift(board, "07:00–15:00 Early, 1 of 2 places open")).to_be_visible()
    await expect(heat_cell(heat, f"{monday}, 08:00: 1 of 2 needed, 1 short")).to_be_attached()

    await execute("UPDATE schedule_assignments SET employee_id = :to WHERE employee_id = :of", to=ben.id, of=ann.id)
    await expect(chip(board, ben, "07:00–15:00 Early, planned")).to_be_visible()
    await expect(row_of(board, ann).get_by_role("button")).to_have_count(0)

    await execute("DELETE FROM shifts WHERE id = :id", id=world.shifts[1])
    await expect(open_shift(board, "14:00–22:00 Late")).to_have_count(0)
    await expect(heat_cell(heat, f"{monday}, 20:00: nobody needed")).to_have_count(0)


async def test_live_phone_follows_services_and_sql(screens: Screens) -> None:
    world = await build_world()
    schedule_id = await build_draft(world, [{"title": "Morning"}, {"title": "Weekend", "day": 5}])
    ann = world.staff[0]
    await assign(world, 0, ann)
    phone = await screens.open(ann, "/me", PHONE)
    inbox = await screens.open(ann, "/inbox", PHONE)
    await expect(phone.get_by_text("No shifts yet")).to_be_visible()
    messages = inbox.get_by_role("list", name="Messages").get_by_role("listitem")

    await publish(world, schedule_id)
    await expect(phone.get_by_role("button", name="Confirm :")).to_have_count(1)
    await expect(messages).to_have_count(1)
    for page in (phone, inbox):
        await expect_unread(page, 1)

    weekend = await assign(world, 1, ann)
    await expect(phone.get_by_role("button", name="Confirm :")).to_have_count(2)
    await expect(messages).to_have_count(2)
    await decline_assignment(ann.actor, weekend, note="By way of another device")
    await expect(phone.get_by_role("button", name="Confirm :")).to_have_count(1)
    await expect(phone.get_by_text("By way of another device")).to_be_visible()

    await mark_read(ann.actor, [await fetch("SELECT max(id) FROM notifications WHERE recipient_id = :id", id=ann.id)])
    for page in (phone, inbox):
        await expect_unread(page, 1)
    await mark_all_read(ann.actor)
    await expect(inbox.get_by_role("button", name="Mark as unread")).to_have_count(2)
    for page in (phone, inbox):
        await expect_unread(page, 0)

    await execute("DELETE FROM notifications WHERE recipient_id = :id", id=ann.id)
    await expect(messages).to_have_count(0)
    await execute(
        "UPDATE schedule_assignments SET status = 'confirmed' WHERE employee_id = :id AND status = 'pending'", id=ann.id
    )
    await expect(phone.get_by_role("button", name="Confirm :")).to_have_count(0)


async def test_live_person_signed_out_elsewhere_is_at_the_sign_in_page(screens: Screens) -> None:
    world = await build_world()
    page = await screens.open(world.manager, "/inbox")

    await sign_out_everywhere(world.manager.actor)

    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    # The browser itself writes down that the old session is refused, when its page asks before it is gone.
    screens.errors[:] = [error for error in screens.errors if not ("/_event" in error or "401" in error)]


async def test_live_link_to_the_database_lost_is_made_up_for(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    board = await screens.open(world.manager, world.board)

    await execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await assign(world, 0, world.staff[0])

    await expect(chip(board, world.staff[0], "07:00–15:00 Morning, planned")).to_be_visible()


async def test_live_needs_no_network_on_the_machine_that_serves(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    board = await screens.open(world.manager, world.board)
    await board.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    await board.reload()

    await assign(world, 0, world.staff[0])

    await expect(chip(board, world.staff[0], "07:00–15:00 Morning, planned")).to_be_visible()
    await expect(_banner(board)).to_be_hidden()


async def test_live_line_down_is_told_and_made_up_for(screens: Screens, line: Line) -> None:
    world = await build_world()
    schedule_id = await build_draft(world, [{"title": "Morning"}, {"title": "Late", "day": 1}])
    ann = world.staff[0]
    board = await screens.open(world.manager, world.board, origin=line.origin)
    phone = await screens.open(ann, "/me", PHONE, origin=line.origin)

    line.cut()
    try:
        cut_at = time.monotonic()
        for page in (board, phone):
            await expect(_banner(page)).to_be_visible()
        told_after = time.monotonic() - cut_at
        await assign(world, 0, ann)
        await publish(world, schedule_id)
        await line.refuse(ATTEMPTS_IN_VAIN)
        await expect(row_of(board, ann).get_by_role("button")).to_have_count(0)
    finally:
        line.mend()
    mended_at = time.monotonic()
    await expect(chip(board, ann, "07:00–15:00 Morning, not answered yet")).to_be_visible()
    await expect(phone.get_by_role("button", name="Confirm")).to_be_visible()
    caught_up_after = time.monotonic() - mended_at
    for page in (board, phone):
        await expect(_banner(page)).to_be_hidden()
        await expect_unread(page, int(page is phone))
    await _expect_still_live(world, board, phone)

    screens.forgive_lost_line()
    assert told_after <= SECONDS_TO_TELL
    assert caught_up_after <= SECONDS_TO_CATCH_UP


async def test_live_edit_made_while_the_line_is_down_is_marked_and_kept(screens: Screens, line: Line) -> None:
    world = await build_world()
    await build_draft(world)
    ann = world.staff[0]
    board = await screens.open(world.manager, world.board, origin=line.origin)

    line.cut()
    try:
        await expect(_banner(board)).to_be_visible()
        await open_shift(board, "07:00–15:00 Morning").click()
        await row_of(board, ann).get_by_role("gridcell", name=re.compile("^Place here")).click()
        await expect(row_of(board, ann).get_by_text("Saving…")).to_be_visible()
        await line.refuse(ATTEMPTS_IN_VAIN)
    finally:
        line.mend()

    await expect(chip(board, ann, "07:00–15:00 Morning, planned")).to_be_visible()
    await expect(row_of(board, ann).get_by_role("button")).to_have_count(1)
    assert await fetch("SELECT count(*) FROM schedule_assignments WHERE employee_id = :id", id=ann.id) == 1
    screens.forgive_lost_line()


async def test_live_line_down_keeps_what_is_half_typed_and_what_is_looked_at(screens: Screens, line: Line) -> None:
    world = await build_world()
    schedule_id = await build_draft(world)
    ann = world.staff[0]
    await assign(world, 0, ann)
    await publish(world, schedule_id)
    await revise_schedule(world.manager.actor, schedule_id)
    board = await screens.open(world.manager, world.board, origin=line.origin)
    await board.get_by_role("button", name="Published").click()
    await expect(status(board, "Published")).to_be_visible()
    phone = await screens.open(ann, "/me", PHONE, origin=line.origin)
    await phone.get_by_role("button", name="Decline").first.tap()
    note = phone.get_by_role("dialog").get_by_label("Note to your manager")
    await note.fill("I am at")

    line.cut()
    try:
        for page in (board, phone):
            await expect(_banner(page)).to_be_visible()
        await execute("UPDATE sites SET name = 'Elsewhere' WHERE id = :id", id=world.site_id)
        await line.refuse(ATTEMPTS_IN_VAIN)
    finally:
        line.mend()

    await expect(board.get_by_role("heading", name="Elsewhere")).to_be_visible()
    await expect(phone.get_by_text("Elsewhere").first).to_be_visible()
    await expect(status(board, "Published")).to_be_visible()
    await expect(note).to_have_value("I am at")
    screens.forgive_lost_line()


async def _expect_still_live(world: World, board: Page, phone: Page) -> None:
    """Changes after the line's return arrive as before."""
    ann = world.staff[0]
    await assign(world, 1, ann)
    await expect(chip(board, ann, "07:00–15:00 Late, not answered yet")).to_be_visible()
    tuesday = long_day(world.week + timedelta(days=1))
    await expect(phone.get_by_role("button", name=f"Confirm : {tuesday}, 07:00–15:00")).to_be_visible()


def _banner(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Connection lost")
