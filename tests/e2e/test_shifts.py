"""Shifts made, changed, duplicated and deleted by form, with another manager looking on from a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.permissions import Actor, Role
from schedule_app.models import Site
from schedule_app.queries.labels import long_day
from tests.e2e.pages import chip, open_shift, row_of
from tests.e2e.screens import DESKTOP, PHONE, Device, Screens
from tests.e2e.world import Person, World, assign, build_draft, build_world, fetch
from tests.support.builders import build_employee


async def test_shifts_are_made_changed_and_deleted_and_others_see_it_live(screens: Screens) -> None:
    world = await build_world()
    ann = world.staff[0]
    desk = await screens.open(world.manager, world.board)
    await desk.get_by_role("button", name="Begin with an empty week").click()
    phone = await screens.open(await _second_manager(world), world.board, PHONE)

    await _make(desk, world)
    for page in (desk, phone):
        await expect(open_shift(page, "22:00–06:00 +1 Night")).to_have_count(1)

    world.shifts.append(await fetch("SELECT id FROM shifts WHERE site_id = :id", id=world.site_id))
    await assign(world, 0, ann)
    await _change(phone, world)
    for page in (desk, phone):
        await expect(chip(page, ann, "22:00–06:00 +1 Watch, planned")).to_have_count(1)

    await _duplicate(desk, world)
    for page in (desk, phone):
        await expect(open_shift(page, "22:00–06:00 +1 Second watch")).to_have_count(1)

    await _delete(desk, world, ann)
    for page in (desk, phone):
        await expect(row_of(page, ann).get_by_role("button")).to_have_count(0)
        await expect(open_shift(page, "22:00–06:00 +1 Second watch")).to_have_count(1)


async def test_only_managers_find_the_form_and_only_on_a_draft(screens: Screens) -> None:
    world = await build_world()
    desk = await screens.open(world.manager, world.board)
    button = desk.get_by_role("button", name="New shift")
    await expect(desk.get_by_role("button", name="Begin with an empty week")).to_be_visible()
    await expect(button).to_have_count(0)
    await desk.get_by_role("button", name="Begin with an empty week").click()
    await expect(button).to_be_visible()

    theirs = await screens.open(world.supervisor, world.board)
    await expect(theirs.get_by_role("button", name="Assign", exact=True)).to_be_visible()
    await expect(theirs.get_by_role("button", name="New shift")).to_have_count(0)

    await desk.get_by_role("button", name="Submit for approval").click()
    await expect(button).to_have_count(0)


async def test_a_shift_is_cut_in_two_on_a_phone(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board, PHONE)
    form = await _open(page, world)
    await form.get_by_role("button", name="Split").click()
    dialog = page.get_by_role("dialog", name="Split this shift")
    await dialog.get_by_label("The second part begins at").fill("11:00")
    await dialog.get_by_role("button", name="Split").click()
    for part in ("07:00–11:00 Morning", "11:00–15:00 Morning"):
        await expect(open_shift(page, part)).to_have_count(1)


async def test_a_shift_is_repeated_on_other_days(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board)
    form = await _open(page, world)
    await form.get_by_role("button", name="Repeat").click()
    dialog = page.get_by_role("dialog", name="Repeat this shift")
    await dialog.get_by_label("Monday").uncheck()
    for weekday in ("Tuesday", "Wednesday", "Friday"):
        await dialog.get_by_label(weekday).check()
    await dialog.get_by_label("It ends").select_option("After a number of shifts")
    await dialog.get_by_label("Number of shifts").fill("3")
    await expect(dialog.get_by_role("status")).to_contain_text("3 shifts in 1 week, the last on Friday")
    await dialog.get_by_role("button", name="Repeat").click()
    await expect(page.get_by_role("region", name="Report")).to_contain_text("Repeated: 3 shifts")
    await expect(open_shift(page, "07:00–15:00 Morning")).to_have_count(4)


@pytest.mark.parametrize(("choice", "device"), [("Keep mine", DESKTOP), ("Take theirs", PHONE)])
async def test_of_two_managers_saving_a_shift_the_later_chooses_between_both_versions(
    screens: Screens, choice: str, device: Device
) -> None:
    world = await build_world()
    await build_draft(world)
    max_manager = await _second_manager(world)
    page = await screens.open(world.manager, world.board, device)
    other = await screens.open(max_manager, world.board)
    mine, theirs = await _open(page, world), await _open(other, world)
    await theirs.get_by_label("Title").fill("Theirs")
    await theirs.get_by_label("End").fill("14:00")
    await theirs.get_by_role("button", name="Save").click()
    await expect(theirs).to_be_hidden()

    await mine.get_by_label("Title").fill("Mine")
    await mine.get_by_label("Notes").fill("Bring a torch.")
    await mine.get_by_role("button", name="Save").click()
    both = page.get_by_role("dialog", name="Two versions of this shift")
    await expect(both.get_by_role("alert")).to_contain_text("Max Manager changed it in the meantime")
    rows = both.get_by_role("region", name="Both versions").get_by_role("row")
    await expect(rows).to_have_text(
        ["FieldYou enteredStored now", "TitleMineTheirs", "End15:0014:00", "NotesBring a torch.nothing"]
    )
    await _expect_accessible(page)

    await both.get_by_role("button", name="Back to the form").click()
    await expect(mine.get_by_label("Notes")).to_have_value("Bring a torch.")
    await mine.get_by_label("Title").fill("Night")
    await _retitle(other, world, "Theirs again")
    await mine.get_by_role("button", name="Save").click()
    await expect(rows.nth(1)).to_have_text("TitleNightTheirs again")
    await both.get_by_role("button", name=choice).click()
    if choice == "Take theirs":
        await expect(mine.get_by_label("Title")).to_have_value("Theirs again")
        await expect(mine.get_by_label("Notes")).to_have_value("")
        await mine.get_by_role("button", name="Save").click()
    await expect(both).to_be_hidden()
    await expect(mine).to_be_hidden()
    for each in (page, other):
        expected = "07:00–15:00 Night" if choice == "Keep mine" else "07:00–14:00 Theirs again"
        await expect(open_shift(each, expected)).to_have_count(1)


async def _make(page: Page, world: World) -> None:
    await page.get_by_role("button", name="New shift").click()
    form = page.get_by_role("dialog", name="New shift")
    await expect(form.get_by_label("Title")).to_be_focused()
    await expect(form.get_by_role("status")).to_have_text("8 h")
    await form.get_by_label("Title").fill("Night")
    await form.get_by_label("Day", exact=True).select_option(label=long_day(world.week + timedelta(days=1)))
    await form.get_by_label("Start").fill("22:00")
    await form.get_by_label("End").fill("06:00")
    await expect(form.get_by_role("status")).to_have_text("8 h, ends the next day")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()


async def _change(page: Page, world: World) -> None:
    form = await _open(page, world)
    await expect(form.get_by_label("Start")).to_have_value("22:00")
    await form.get_by_label("Title").fill("Watch")
    await form.get_by_label("People needed").fill("2")
    await form.get_by_label("Notes").fill("Bring a torch.")
    qualifications = form.get_by_label("Qualifications")
    await qualifications.fill("x" * 101)
    await form.get_by_role("button", name="Save").click()
    await expect(qualifications).to_have_accessible_description("Please keep this to 100 characters.")
    await expect(form.get_by_label("Notes")).to_have_value("Bring a torch.")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE.width

    await qualifications.fill("Till")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("Ann Archer does not hold the qualification Till.")
    await qualifications.fill("")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()


async def _duplicate(page: Page, world: World) -> None:
    form = await _open(page, world)
    await form.get_by_role("button", name="Duplicate").click()
    copy = page.get_by_role("dialog", name="New shift")
    await expect(copy.get_by_label("Title")).to_have_value("Watch")
    await copy.get_by_label("Title").fill("Second watch")
    await copy.get_by_role("button", name="Save").click()
    await expect(copy).to_be_hidden()


async def _delete(page: Page, world: World, person: Person) -> None:
    form = await _open(page, world)
    await form.get_by_role("button", name="Delete").click()
    question = page.get_by_role("dialog", name="Delete this shift?")
    await expect(question).to_have_accessible_description(f"{person.name} would be taken off it.")
    await question.get_by_role("button", name="Keep it").click()
    await expect(form.get_by_label("Title")).to_have_value("Watch")
    await form.get_by_role("button", name="Delete").click()
    await question.get_by_role("button", name="Delete shift").click()
    await expect(question).to_be_hidden()


async def _open(page: Page, world: World) -> Locator:
    """The form of the world's shift, by way of assigning it."""
    await page.get_by_role("button", name="Assign", exact=True).click()
    assigning = page.get_by_role("dialog", name="Assign a shift")
    shift = assigning.get_by_label("Shift", exact=True)
    await shift.select_option(value=str(world.shifts[0]))
    await expect(shift).to_have_value(str(world.shifts[0]))
    await assigning.get_by_role("button", name="Edit this shift").click()
    form = page.get_by_role("dialog", name="Edit shift")
    await expect(form).to_be_visible()
    await expect(assigning).to_be_hidden()
    return form


async def _expect_accessible(page: Page) -> None:
    for theme in ("light", "dark"):
        await page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await expect(page.locator("html")).to_have_class(theme)
        found = await Axe().run(page, options={"resultTypes": ["violations"]})
        assert not found.violations_count, f"{theme}\n{found.generate_report()}"


async def _retitle(page: Page, world: World, title: str) -> None:
    form = await _open(page, world)
    await form.get_by_label("Title").fill(title)
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()


async def _second_manager(world: World) -> Person:
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        row = await build_employee(session, site, name="Max Manager", role="manager")
        return Person(row.id, row.name, row.email, Actor(row.id, Role(row.role), row.site_id, row.department_id))
