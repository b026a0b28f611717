"""Templates kept and used by the dialog."""

from playwright.async_api import expect

from schedule_app.services.departments import create_department, delete_department
from tests.e2e.pages import chip, open_shift
from tests.e2e.screens import PHONE, Screens
from tests.e2e.world import assign, build_draft, build_world


async def test_a_week_is_kept_as_a_template_and_used_in_another(screens: Screens) -> None:
    world = await build_world()
    ann = world.staff[0]
    await build_draft(world, ({}, {"day": 1, "title": "Early"}))
    await assign(world, 0, ann)
    page = await screens.open(world.manager, world.board)

    await page.get_by_role("button", name="Templates").click()
    dialog = page.get_by_role("dialog", name="Templates")
    await dialog.get_by_label("Name").fill("Usual week")
    await dialog.get_by_label("People").select_option("with")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(dialog.get_by_label("Template", exact=True)).to_contain_text("Week · Usual week · 2 shifts, 1 person")
    await page.keyboard.press("Escape")

    await page.get_by_role("link", name="Next week").click()
    await page.get_by_role("button", name="Begin with an empty week").click()
    await page.get_by_role("button", name="Templates").click()
    await expect(dialog.get_by_role("status")).to_have_text("2 shifts, 1 person.")
    await dialog.get_by_role("button", name="Use", exact=True).click()
    await expect(page.get_by_role("region", name="Report")).to_contain_text("Made from the template: 2 shifts")
    await expect(chip(page, ann, "07:00–15:00 Morning, planned")).to_have_count(1)
    await expect(open_shift(page, "07:00–15:00 Early")).to_have_count(1)


async def test_a_shift_is_kept_and_made_on_ticked_days_on_a_phone(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    page = await screens.open(world.manager, world.board, PHONE)
    await page.get_by_role("button", name="Templates").click()
    dialog = page.get_by_role("dialog", name="Templates")
    await dialog.get_by_label("Save", exact=True).select_option(str(world.shifts[0]))
    await dialog.get_by_label("Name").fill("Morning")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    days = dialog.get_by_role("checkbox")
    await days.nth(2).check()
    await days.nth(3).check()
    await expect(dialog.get_by_role("status")).to_have_text("2 shifts, 0 people.")
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE.width
    await dialog.get_by_role("button", name="Use", exact=True).click()
    await expect(page.get_by_role("region", name="Report")).to_contain_text("2 shifts, 0 people")


async def test_templates_are_managed_on_their_page_and_others_see_it_live(screens: Screens) -> None:
    world = await build_world()
    cellar = await create_department(world.manager.actor, world.site_id, "Cellar")
    page = await screens.open(world.manager, "/manage/people")
    await page.get_by_role("link", name="Templates").click()
    phone = await screens.open(world.manager, f"/templates/{world.site_id}", PHONE)
    await page.get_by_role("button", name="Add a shift template").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Name", exact=True).fill("Nights")
    await form.get_by_label("Start").fill("22:00")
    await form.get_by_label("End").fill("06:00")
    await form.get_by_label("Department").select_option("Cellar")
    await form.get_by_label("People needed").fill("2")
    await form.get_by_role("button", name="Save").click()
    for each in (page, phone):
        row = each.get_by_role("list", name="Shifts").get_by_role("listitem")
        await expect(row).to_contain_text("22:00–06:00 +1")
        await expect(row).not_to_contain_text("Department removed")

    await delete_department(world.manager.actor, cellar, expected_version=1)
    await expect(phone.get_by_role("listitem").filter(has_text="Nights")).to_contain_text("Department removed")
    await phone.get_by_role("button", name="Edit Nights").click()
    form = phone.get_by_role("dialog")
    await expect(form).to_contain_text("A department in this template was removed.")
    await form.get_by_label("Department").select_option("No department")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()
    await expect(page.get_by_role("listitem").filter(has_text="Nights")).not_to_contain_text("Department removed")

    await page.get_by_role("button", name="Edit Nights").click()
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("People needed")).to_have_value("2")
    await form.get_by_role("button", name="Delete …").click()
    await form.get_by_role("button", name="Keep it").click()
    await expect(form.get_by_label("Name", exact=True)).to_have_value("Nights")
    await form.get_by_role("button", name="Delete …").click()
    await form.get_by_role("button", name="Delete template").click()
    for each in (page, phone):
        await expect(each.get_by_text("Add one here, or save a shift on the board as one.")).to_be_visible()
