"""Taking back the last step by button and by key, live in one's other windows, and what another's edit makes of it."""

from playwright.async_api import Locator, Page, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.permissions import Actor, Role
from schedule_app.models import Site
from schedule_app.queries.labels import short_day
from schedule_app.services.assignments import unassign_employee
from tests.e2e.pages import chip, open_shift, place
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import Person, World, assign, build_draft, build_world
from tests.support.builders import build_employee

MORNING = "07:00–15:00 Morning"


async def test_a_step_is_taken_back_and_done_again_by_button_and_by_key(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann = world.staff[0]
    step = f"assign Ann Archer to Morning {short_day(world.week)}"
    desk = await screens.open(world.manager, world.board)
    phone = await screens.open(world.manager, world.board, PHONE)
    await expect(_button(desk, "Nothing to undo")).to_be_disabled()
    await desk.keyboard.press("Control+z")
    await expect(_told(desk)).to_have_text("Nothing to undo.")
    await place(desk, MORNING, ann)

    await expect(_button(phone, f"Undo: {step}")).to_be_enabled()
    await _button(desk, f"Undo: {step}").click()
    await expect(_told(desk)).to_have_text(f"Undone: {step}.")
    for page in (desk, phone):
        await expect(open_shift(page, MORNING)).to_have_count(1)
        await expect(_button(page, f"Redo: {step}")).to_have_count(1)
    await expect(_button(desk, "Nothing to undo")).to_be_focused()
    await expect(_told(phone)).to_have_text("")

    await desk.keyboard.press("Control+Shift+Z")
    await expect(_told(desk)).to_have_text(f"Done again: {step}.")
    await expect(chip(desk, ann, f"{MORNING}, planned")).to_have_count(1)
    await desk.keyboard.press("Control+z")
    await expect(open_shift(desk, MORNING)).to_have_count(1)
    await desk.keyboard.press("Control+y")
    for page in (desk, phone):
        await expect(chip(page, ann, f"{MORNING}, planned")).to_have_count(1)

    await desk.reload()
    await expect(_button(desk, f"Undo: {step}")).to_be_enabled()
    await desk.keyboard.press("Control+z")
    await expect(open_shift(desk, MORNING)).to_have_count(1)


async def test_the_keys_belong_to_a_field_or_a_dialog_while_one_is_used(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    await assign(world, 0, world.staff[0])
    desk = await screens.open(world.manager, world.board)
    await expect(_button(desk, "Undo: ")).to_be_enabled()

    await desk.get_by_role("searchbox").fill("Ann")
    await desk.keyboard.press("Control+z")
    await expect(desk.get_by_role("searchbox")).to_have_value("")
    await desk.get_by_role("button", name="Assign", exact=True).click()
    await expect(desk.get_by_role("dialog")).to_be_visible()
    await desk.keyboard.press("Control+z")
    await desk.keyboard.press("Escape")
    await expect(desk.get_by_role("dialog")).to_be_hidden()
    await expect(chip(desk, world.staff[0], f"{MORNING}, planned")).to_have_count(1)
    await expect(_told(desk)).to_have_text("")


async def test_after_anothers_edit_the_refusal_says_who_and_what(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann = world.staff[0]
    desk = await screens.open(world.manager, world.board)
    theirs = await screens.open(await _second_manager(world), world.board)
    await place(desk, MORNING, ann)
    await expect(_button(desk, "Undo: assign")).to_be_enabled()
    await expect(_button(theirs, "Nothing to undo")).to_have_count(1)
    await chip(theirs, ann, f"{MORNING}, planned").focus()
    await theirs.keyboard.press("Delete")
    await expect(open_shift(desk, MORNING)).to_have_count(1)

    await desk.keyboard.press("Control+z")
    refusal = desk.get_by_role("dialog", name="This step was not undone")
    await expect(refusal).to_contain_text("This cannot be undone any more. Ann Archer, Morning")
    await expect(refusal).to_contain_text("Nina Manager took it away in the meantime")
    await desk.keyboard.press("Escape")
    await expect(refusal).to_be_hidden()
    await expect(open_shift(desk, MORNING)).to_have_count(1)

    await theirs.keyboard.press("Control+z")
    for page in (desk, theirs):
        await expect(chip(page, ann, f"{MORNING}, planned")).to_have_count(1)
    await desk.keyboard.press("Control+z")
    await expect(_told(desk)).to_contain_text("Undone: assign Ann Archer")


async def test_a_refused_step_can_be_skipped(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world, [{}, {"day": 1}])
    ann, ben = world.staff
    desk = await screens.open(world.manager, world.board)
    for person, shift in ((ann, 0), (ben, 1)):
        held = await assign(world, shift, person)
    await expect(_button(desk, "Undo: assign Ben Brook")).to_be_enabled()
    await unassign_employee((await _second_manager(world)).actor, held)

    await desk.keyboard.press("Control+z")
    refusal = desk.get_by_role("dialog", name="This step was not undone")
    await refusal.get_by_role("button", name="Skip this step").press("Enter")
    await expect(refusal).to_be_hidden()
    await expect(_button(desk, "Undo: assign Ann Archer")).to_be_enabled()
    await desk.keyboard.press("Control+z")
    await expect(_told(desk)).to_contain_text("Undone: assign Ann Archer")
    await expect(chip(desk, ann, f"{MORNING}, planned")).to_have_count(0)


async def test_who_may_not_change_the_week_is_offered_nothing(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.staff[0], world.board)

    await expect(page.get_by_role("main")).to_contain_text("Nothing published")
    await expect(page.get_by_role("group", name="Undo and redo")).to_have_count(0)


def _button(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Undo and redo").get_by_role("button", name=name)


def _told(page: Page) -> Locator:
    return page.get_by_role("group", name="Undo and redo").get_by_role("status")


async def _second_manager(world: World) -> Person:
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        row = await build_employee(session, site, name="Nina Manager", role="manager")
        assert row.id is not None
        return Person(row.id, row.name, row.email, Actor(row.id, Role.MANAGER, site.id, None))
