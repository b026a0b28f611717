"""The whole way of a week, in two browsers at once: a manager at a desk, an employee with a phone."""

import re
from datetime import timedelta

from playwright.async_api import Page, expect

from schedule_app.queries.labels import long_day, short_day
from schedule_app.services.passwords import hash_password
from tests.e2e.pages import chip, expect_unread, heat_cell, place, status
from tests.e2e.screens import DESKTOP, PHONE, Device, Screens, loaded
from tests.e2e.world import LATE, Person, World, build_draft, build_world, execute

PASSWORD = "a long and quiet password"
DRAFT = (
    {"title": "Morning", "day": 0},
    {"title": "Late", "day": 1, "start": LATE[0], "end": LATE[1]},
    {"title": "Weekend", "day": 5, "required_staff": 2},
)


async def test_journey_both_see_each_other_live(screens: Screens) -> None:
    world = await build_world(staff=["Ann Archer", "Ben Brook"])
    ann, ben = world.staff
    await build_draft(world, DRAFT)
    await _give_passwords(world.manager, ann)
    board = await _sign_in(screens, world.manager, world.board, DESKTOP)
    phone = await _sign_in(screens, ann, "/me", PHONE)
    heat = await screens.open(world.manager, world.coverage)
    inbox = await screens.open(world.manager, "/inbox")
    for page in (board, phone, heat, inbox):
        await page.evaluate("window.isStillTheFirstLoad = true")

    await _plan(board, world)
    await _take_through_approval(board, phone)
    monday, tuesday = long_day(world.week), long_day(world.week + timedelta(days=1))
    await _confirm(phone, f"{monday}, 07:00–15:00", note="See you there")
    await expect(chip(board, ann, "07:00–15:00 Morning, confirmed")).to_be_visible()
    await _expect_message(inbox, "Ann Archer confirmed a shift", "See you there")
    await expect_unread(board, 1)

    await execute(
        "UPDATE schedule_assignments SET status = 'confirmed', responded_at = now() WHERE employee_id = :id", id=ben.id
    )
    await expect(chip(board, ben, "07:00–15:00 Weekend, confirmed")).to_be_visible()

    await expect(heat_cell(heat, f"{tuesday}, 20:00: 1 of 1 needed, met")).to_be_attached()
    await _decline(phone, f"{tuesday}, 14:00–22:00", note="My train is late that day")
    await expect(chip(board, ann, "14:00–22:00 Late, declined")).to_be_visible()
    await expect(heat_cell(heat, f"{tuesday}, 20:00: 0 of 1 needed, 1 short")).to_be_attached()
    await _expect_message(inbox, "Ann Archer declined a shift", "My train is late that day")
    for page in (board, heat, inbox):
        await expect_unread(page, 2)

    await place(board, "14:00–22:00 Late", ben)
    await expect(chip(board, ben, "14:00–22:00 Late, not answered yet")).to_be_visible()
    await expect(heat_cell(heat, f"{tuesday}, 20:00: 1 of 1 needed, met")).to_be_attached()
    await inbox.get_by_role("button", name="Mark all as read").click()
    for page in (board, heat, inbox):
        await expect_unread(page, 0)
    for page in (board, phone, heat, inbox):
        assert await page.evaluate("window.isStillTheFirstLoad"), f"{page.url} was loaded again."


async def _plan(board: Page, world: World) -> None:
    """Fill the draft by picking and placing, and by the form."""
    ann, ben = world.staff
    await place(board, "07:00–15:00 Morning", ann)
    await expect(chip(board, ann, "07:00–15:00 Morning, planned")).to_be_visible()
    await place(board, "07:00–15:00 Weekend", ben)
    await expect(chip(board, ben, "07:00–15:00 Weekend, planned")).to_be_visible()

    await board.get_by_role("button", name="Assign", exact=True).click()
    form = board.get_by_role("dialog", name="Assign a shift")
    tuesday = short_day(world.week + timedelta(days=1))
    shift = form.get_by_label("Shift", exact=True)
    await shift.select_option(label=f"{tuesday} · Late 14:00–22:00 · 0 of 1")
    await expect(shift).to_have_value(str(world.shifts[1]))
    await form.get_by_role("radio", name="Ann Archer").check()
    await form.get_by_role("button", name="Assign").click()
    await expect(form).to_be_hidden()
    await expect(chip(board, ann, "14:00–22:00 Late, planned")).to_be_visible()


async def _take_through_approval(board: Page, phone: Page) -> None:
    """Submit, approve, publish; the phone learns of the last step only."""
    await expect(status(board, "Draft")).to_be_visible()
    await board.get_by_role("button", name="Submit for approval").click()
    await expect(status(board, "Waiting for approval")).to_be_visible()
    await board.get_by_role("button", name="Approve").click()
    await board.get_by_role("dialog").get_by_role("button", name="Approve week").click()
    await expect(status(board, "Approved")).to_be_visible()
    await expect(phone.get_by_text("No shifts yet")).to_be_visible()
    await expect_unread(phone, 0)
    await board.get_by_role("button", name="Publish").click()
    await board.get_by_role("dialog").get_by_role("button", name="Publish week").click()
    await expect(status(board, "Published")).to_be_visible()
    waiting = phone.get_by_role("region", name="Waiting for your answer")
    await expect(waiting.get_by_role("button", name="Confirm :")).to_have_count(2)
    await expect(waiting.get_by_role("button", name="Confirm all 2")).to_be_visible()
    await expect_unread(phone, 1)


async def _confirm(phone: Page, shift: str, *, note: str) -> None:
    question = phone.get_by_role("listitem").filter(has=phone.get_by_role("button", name=f"Confirm : {shift}"))
    await question.get_by_text("Add a note").tap()
    await question.get_by_label("Note to your manager").fill(note)
    await question.get_by_role("button", name="Confirm").tap()
    await expect(phone.get_by_role("status").get_by_text(f"You confirmed {shift}.")).to_be_visible()


async def _decline(phone: Page, shift: str, *, note: str) -> None:
    question = phone.get_by_role("listitem").filter(has=phone.get_by_role("button", name=f"Confirm : {shift}"))
    await question.get_by_role("button", name="Decline").tap()
    dialog = phone.get_by_role("dialog", name="Decline this shift?")
    await dialog.get_by_label("Note to your manager").fill(note)
    await dialog.get_by_role("button", name="Decline shift").tap()
    await expect(phone.get_by_role("status").get_by_text(f"You declined {shift}.")).to_be_visible()


async def _expect_message(inbox: Page, title: str, words: str) -> None:
    message = inbox.get_by_role("list", name="Messages").get_by_role("listitem").filter(has_text=title)
    await expect(message).to_contain_text(words)


async def _give_passwords(*people: Person) -> None:
    hashed = await hash_password(PASSWORD)
    for person in people:
        await execute("UPDATE employees SET password_hash = :hash WHERE id = :id", hash=hashed, id=person.id)


async def _sign_in(screens: Screens, person: Person, path: str, device: Device) -> Page:
    """Come to a page by way of the sign-in form."""
    page = await screens.open(None, path, device)
    await page.get_by_label(re.compile("^E-?mail$")).fill(person.email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(re.compile(re.escape(path) + "/?$"))
    await loaded(page)
    return page
