"""One day of the board hour by hour, and the coverage of the week beside it."""

import re
from datetime import date, time, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.time import week_start_of
from schedule_app.models import Site
from tests.e2e.pages import chip, heat_cell, open_shift, place, row_of
from tests.e2e.screens import DESKTOP, PHONE, TABLET, Device, Screens
from tests.e2e.versions_world import build_versions
from tests.e2e.world import World, assign, build_draft, build_world, execute, fetch, propose, publish
from tests.support.builders import build_department

NIGHT = {"title": "Night", "start": time(22), "end": time(6)}


async def test_a_day_shows_its_shifts_at_their_length_and_is_kept_in_the_address(screens: Screens) -> None:
    world = await build_world()
    ann, ben = world.staff
    await build_draft(world, [{**NIGHT, "day": 1}, {"day": 2, "required_staff": 2}])
    await assign(world, 0, ann)
    await assign(world, 1, ben)
    tuesday, wednesday = world.week + timedelta(days=1), world.week + timedelta(days=2)
    page = await screens.open(world.manager, world.board)
    await page.get_by_role("button", name="Day", exact=True).click()
    await page.get_by_role("button", name=re.compile("^Tuesday")).click()
    await expect(page).to_have_url(re.compile(rf"\?view=day&day={tuesday}$"))

    assert await _hours_of(page, chip(page, ann, "22:00–06:00 +1 Night, planned")) == (22, 24)
    await page.get_by_role("button", name="Next day").click()
    await expect(page).to_have_url(re.compile(rf"\?view=day&day={wednesday}$"))
    assert await _hours_of(page, chip(page, ann, "22:00–06:00 +1 Night, planned")) == (0, 6)
    assert await _hours_of(page, chip(page, ben, "07:00–15:00 Morning, planned")) == (7, 15)
    assert await _hours_of(page, open_shift(page, "07:00–15:00 Morning")) == (7, 15)
    strip = page.get_by_role("row", name=re.compile("^Coverage"))
    await expect(strip).to_contain_text("06:00 to 07:00: nobody needed")
    await expect(strip).to_contain_text("07:00 to 15:00: 1 of 2 needed, 1 short")

    await page.reload()
    await expect(chip(page, ben, "07:00–15:00 Morning, planned")).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("^Wednesday"))).to_have_attribute("aria-pressed", "true")


async def test_what_others_do_arrives_and_the_filters_hold(screens: Screens) -> None:
    world = await build_world()
    ann, ben = world.staff
    async with unit_of_work() as session:
        kitchen = await build_department(session, await session.get_one(Site, world.site_id), name="Kitchen")
    await execute("UPDATE employees SET department_id = :id WHERE id = :ann", id=kitchen.id, ann=ann.id)
    await build_draft(world, [{"department_id": kitchen.id}, {"title": "Till"}])
    page = await screens.open(world.manager, f"{world.board}?view=day&day={world.week}&department=Kitchen&beside=1")
    await expect(row_of(page, ann)).to_be_visible()
    await expect(row_of(page, ben)).to_have_count(0)
    monday = f"Monday {world.week.day} {world.week:%B}, 07:00:"
    await expect(heat_cell(page, f"{monday} 0 of 1 needed, 1 short")).to_be_visible()

    await assign(world, 0, ann)
    await expect(chip(page, ann, "07:00–15:00 Morning, planned")).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("^Coverage"))).to_contain_text("1 of 1 needed, met")
    await expect(heat_cell(page, f"{monday} 1 of 1 needed, met")).to_be_visible()
    await page.get_by_role("button", name="Clear filters").click()
    await expect(heat_cell(page, f"{monday} 1 of 2 needed, 1 short")).to_be_visible()
    await expect(page).to_have_url(re.compile(rf"\?view=day&day={world.week}&beside=1$"))


async def test_a_shift_is_picked_placed_opened_and_made_longer_by_keys(screens: Screens) -> None:
    world = await build_world()
    ann, _ = world.staff
    await build_draft(world, [{}, {"title": "Late", "start": time(16), "end": time(22)}])
    page = await screens.open(world.manager, f"{world.board}?view=day&day={world.week}")
    await open_shift(page, "07:00–15:00 Morning").focus()
    await page.keyboard.press("ArrowRight")
    await expect(open_shift(page, "16:00–22:00 Late")).to_be_focused()
    await page.keyboard.press("Shift+ArrowRight")
    await expect(open_shift(page, "16:00–22:15 Late")).to_be_focused()
    longer = _open_bar(page, "16:00–22:15 Late")
    await expect(longer).to_have_attribute("style", re.compile(r"--to: ?1335\b"))

    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    target = row_of(page, ann).get_by_role("gridcell")
    await expect(target).to_be_focused()
    await expect(target).to_have_accessible_name(re.compile("^Place here: Can take it"))
    await page.keyboard.press("Enter")
    placed = chip(page, ann, "07:00–15:00 Morning, planned")
    await expect(placed).to_be_visible()
    await page.keyboard.press("Shift+Enter")
    await expect(page.get_by_role("dialog", name="Ann Archer")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(placed).to_be_focused()
    assert await page.locator("[role=grid] [tabindex='0']:visible").count() == 1


async def test_a_shift_is_placed_with_the_mouse_and_its_edge_dragged(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world, [{"required_staff": 2}])
    page = await screens.open(world.manager, f"{world.board}?view=day&day={world.week}")
    await place(page, "07:00–15:00 Morning", world.staff[1])
    await expect(chip(page, world.staff[1], "07:00–15:00 Morning, planned")).to_be_visible()
    await page.keyboard.press("Escape")

    bar = open_shift(page, "07:00–15:00 Morning")
    box = await bar.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] - 3, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + box["width"] / 16, y, steps=4)
    await page.mouse.move(x + box["width"] / 8, y, steps=4)
    await page.mouse.up()
    await expect(_open_bar(page, "07:00–16:00 Morning")).to_have_attribute("style", re.compile(r"--to: ?960\b"))
    assert await fetch("SELECT local_end FROM shifts WHERE id = :id", id=world.shifts[0]) == time(16)


async def test_the_day_shows_what_a_proposal_would_give_and_take_at_its_length(screens: Screens) -> None:
    world = await build_world()
    ann, ben = world.staff
    schedule = await build_draft(
        world, [{**NIGHT, "day": 1}, {"day": 2}, {"day": 2, "start": time(16), "end": time(22)}]
    )
    await assign(world, 1, ben)
    night, _, late = world.shifts
    await propose(world, schedule, [(night, ann.id), (late, ann.id)])
    wednesday = world.week + timedelta(days=2)
    page = await screens.open(world.manager, f"{world.board}?view=day&day={wednesday}")

    ghosts = row_of(page, ann).locator("[data-ghost=proposed]")
    await expect(ghosts).to_contain_text(["22:00–06:00 +1 Night, proposed", "16:00–22:00 Morning, proposed"])
    assert [await _hours_of(page, ghosts.nth(bar)) for bar in (0, 1)] == [(0, 6), (16, 22)]
    await expect(chip(page, ben, "07:00–15:00 Morning, planned, the proposal takes them off")).to_be_visible()
    await expect(page.locator(".day-track .chip-change[data-change=taken]")).to_be_visible()
    await page.get_by_role("button", name=re.compile("^Tuesday")).click()
    assert await _hours_of(page, ghosts) == (22, 24)

    await page.get_by_role("button", name=re.compile("^Wednesday")).click()
    await page.get_by_role("region", name="Filling the week").get_by_role("button", name="Discard").click()
    await expect(ghosts).to_have_count(0)
    await expect(chip(page, ben, "07:00–15:00 Morning, planned")).to_be_visible()


async def test_the_day_shows_how_it_differs_from_what_is_published(screens: Screens) -> None:
    world, published, _ = await build_versions()
    ann, ben, _ = world.staff
    page = await screens.open(world.manager, f"{world.board}?compare={published}&view=day&day={world.week}")
    gone = row_of(page, ann).locator(".chip-ghost")
    await expect(gone).to_contain_text("07:00–15:00 Morning, removed, now Ben Brook")
    assert await _hours_of(page, gone) == (7, 15)
    await expect(chip(page, ben, "07:00–15:00 Morning, planned, added, was Ann Archer")).to_be_visible()
    await page.get_by_role("button", name="Show changes").click()
    await expect(gone).to_have_count(0)


async def test_several_shifts_of_a_day_are_selected_by_mouse_and_unassigned(screens: Screens) -> None:
    world = await _busy_tuesday()
    ann, ben = world.staff
    page = await screens.open(world.manager, f"{world.board}?view=day&day={world.week + timedelta(days=1)}")
    night = chip(page, ann, "22:00–06:00 +1 Night, planned")
    morning = chip(page, ben, "07:00–15:00 Morning, planned")
    await night.click(modifiers=["Control"])
    await morning.click(modifiers=["Control"])
    await expect(_selection(page)).to_contain_text("2 selected")
    await page.keyboard.press("Escape")
    await expect(_selection(page)).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("Night, planned"))).to_be_visible()

    # Ann has the night that began on Monday, and an evening; what she did on Monday morning is not of this day.
    await row_of(page, ann).locator("[data-select]").click()
    await expect(_selection(page)).to_contain_text("2 selected")
    await page.locator(".board-corner [data-select]:visible").click()
    await expect(_selection(page)).to_contain_text("4 selected")
    await row_of(page, ann).locator("[data-select]").click()
    await expect(_selection(page)).to_contain_text("2 selected")
    await page.get_by_role("button", name="Next day").click()
    await expect(_selection(page)).to_have_count(0)
    await page.get_by_role("button", name="Previous day").click()

    await page.get_by_role("button", name="Select", exact=True).click()
    await morning.click()
    await chip(page, ann, "16:00–22:00 Evening, planned").click()
    unassign = _selection(page).get_by_role("button", name=re.compile("^Unassign 2 shifts, "))
    words = await unassign.inner_text()
    await unassign.click()
    dialog = page.get_by_role("dialog", name=words.strip(), exact=True)
    await dialog.get_by_role("button", name="Unassign 2 shifts").click()
    await expect(morning).to_have_count(0)
    await expect(_selection(page)).to_have_count(0)
    await expect(night).to_be_visible()


async def test_several_shifts_of_a_day_are_selected_by_keys(screens: Screens) -> None:
    world = await _busy_tuesday()
    ann, ben = world.staff
    page = await screens.open(world.manager, f"{world.board}?view=day&day={world.week + timedelta(days=1)}")
    night = chip(page, ann, "22:00–06:00 +1 Night, planned")
    await night.focus()
    await page.keyboard.press("Space")
    await expect(_selection(page)).to_contain_text("1 selected")
    await expect(chip(page, ann, "22:00–06:00 +1 Night, planned, selected")).to_be_focused()
    await page.keyboard.press("Shift+ArrowRight")
    await expect(_selection(page)).to_contain_text("2 selected")
    await page.keyboard.press("Shift+ArrowDown")
    await expect(_selection(page)).to_contain_text("3 selected")
    await expect(chip(page, ben, "07:00–15:00 Morning, planned, selected")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(_selection(page)).to_have_count(0)

    await page.keyboard.press("Control+a")
    await expect(_selection(page)).to_contain_text("4 selected")
    await page.keyboard.press("Shift+Space")
    await expect(_selection(page)).to_contain_text("3 selected")
    await page.keyboard.press("Delete")
    await expect(page.get_by_role("dialog", name=re.compile("^Unassign 2 shifts"))).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.keyboard.press("Escape")
    await expect(_selection(page)).to_have_count(0)

    await chip(page, ann, "16:00–22:00 Evening, planned").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Control+c")
    await page.keyboard.press("Escape")
    await chip(page, ben, "07:00–15:00 Morning, planned").focus()
    await page.keyboard.press("Control+v")
    await expect(page.get_by_role("dialog", name=re.compile("^Move or copy 1 shift"))).to_be_visible()


@pytest.mark.parametrize("device", [DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
async def test_times_can_be_read_in_full_with_the_heatmap_beside_the_board(screens: Screens, device: Device) -> None:
    world = await build_world()
    ann, _ = world.staff
    schedule = await build_draft(world, [{**NIGHT, "required_staff": 12}, {"day": 1, "required_staff": 12}])
    await assign(world, 0, ann)
    await assign(world, 1, ann)
    await publish(world, schedule)
    page = await screens.open(world.manager, f"{world.board}?beside=1", device)
    times = page.locator(".chip .chip-time")
    await expect(times).to_have_text(["22:00–06:00 +1", "07:00–15:00"] * 2)
    assert (
        await times.evaluate_all(
            """(times) => times.filter((time) => {
          const text = document.createRange();
          text.selectNodeContents(time);
          const [box, words] = [time.closest(".chip"), text].map((each) => each.getBoundingClientRect());
          const found = [...time.closest(".chip").querySelectorAll(".icon, .chip-need")];
          const signs = found.map((each) => each.getBoundingClientRect());
          const isClipped = getComputedStyle(time).overflow !== "visible" && time.scrollWidth > time.clientWidth;
          const isCovered = signs.some((sign) => sign.left < words.right && sign.top < words.bottom - 2);
          return isClipped || isCovered || words.right > box.right;
        }).map((time) => time.textContent)"""
        )
        == []
    )


async def test_an_hour_of_the_heatmap_leads_to_who_works_then(screens: Screens) -> None:
    world = await build_world()
    ann, ben = world.staff
    await build_draft(world, [{"day": 1}, {"day": 1, "title": "Late", "start": time(15), "end": time(23)}])
    await assign(world, 0, ann)
    await assign(world, 1, ben)
    page = await screens.open(world.manager, world.board)
    await expect(page.get_by_role("table")).to_have_count(0)
    await page.get_by_role("button", name="Coverage beside").click()
    await expect(page).to_have_url(re.compile(r"\?beside=1$"))
    tuesday = world.week + timedelta(days=1)
    await page.get_by_role("button", name=re.compile(rf"^Tuesday {tuesday.day} {tuesday:%B}, 16:00")).click()
    await expect(page).to_have_url(re.compile(rf"\?beside=1&view=day&day={tuesday}&hour=16$"))
    await expect(chip(page, ben, "15:00–23:00 Late, planned")).to_be_visible()
    await expect(row_of(page, ann)).to_have_count(0)
    await page.get_by_role("button", name=re.compile("^16:00–17:00 only")).click()
    await expect(row_of(page, ann)).to_be_visible()
    await page.get_by_role("button", name="Coverage beside").click()
    await expect(page.get_by_role("table")).to_be_hidden()


async def test_the_first_morning_has_last_weeks_night_and_the_day_before_is_a_page_away(screens: Screens) -> None:
    world = await build_world()
    ann, _ = world.staff
    before = World(world.site_id, world.manager, world.supervisor, world.staff, week=world.week - timedelta(days=7))
    night = await build_draft(before, [{**NIGHT, "day": 6}])
    await assign(before, 0, ann)
    await publish(before, night)
    await publish(world, await build_draft(world, [{}]))
    sunday = world.week - timedelta(days=1)

    page = await screens.open(ann, f"{world.board}?view=day&day={world.week}")
    bar = row_of(page, ann).get_by_text("22:00–06:00 +1 Night, began in the week before")
    await expect(bar).to_be_attached()
    await page.get_by_role("button", name="Previous day").click()
    await expect(page).to_have_url(re.compile(rf"/{sunday}\?view=day&day={sunday}$"))
    await expect(row_of(page, ann).get_by_role("button", name=re.compile("^22:00–06:00"))).to_be_visible()


async def test_a_day_on_which_the_clock_changes_says_so(screens: Screens) -> None:
    spring = date(2031, 3, 30)
    world = await build_world()
    world.week = week_start_of(spring)
    await build_draft(world, [{**NIGHT, "day": 5}])
    await assign(world, 0, world.staff[0])
    page = await screens.open(world.manager, f"{world.board}?view=day&day={spring}")
    note = page.get_by_role("note").filter(has_text="23 h: the clock goes forward from 02:00 to 03:00")
    await expect(note).to_be_visible()
    night = chip(page, world.staff[0], "22:00–06:00 +1, 7 h Night, planned")
    assert await _hours_of(page, night, hours=23) == (0, 5)


async def test_now_is_a_line_on_today_that_can_be_read(screens: Screens) -> None:
    world = await build_world()
    today = await fetch("SELECT (now() AT TIME ZONE time_zone)::date FROM sites WHERE id = :id", id=world.site_id)
    world.week = week_start_of(today)
    await build_draft(world, [{}])
    page = await screens.open(world.manager, f"{world.board}?view=day&day={today}")
    await expect(page.get_by_text(re.compile(r"^Now \d\d:\d\d$"))).to_be_visible()
    other = today + timedelta(days=1 if today == world.week else -1)
    page = await screens.open(world.manager, f"{world.board}?view=day&day={other}")
    await expect(page.get_by_text(re.compile(r"^Now"))).to_have_count(0)


async def test_on_a_phone_the_day_scrolls_inside_and_names_stay(screens: Screens) -> None:
    world = await build_world()
    await publish(world, await build_draft(world, [{}]))
    page = await screens.open(world.staff[0], f"{world.board}?view=day&day={world.week}&beside=1", PHONE)
    name = row_of(page, world.staff[0]).get_by_role("rowheader")
    before = await name.bounding_box()
    await page.locator(".board-scroll:visible").evaluate("(box) => { box.scrollLeft = 700 }")
    assert await name.bounding_box() == before
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE.width
    await expect(page.get_by_role("table")).to_be_attached()


def _selection(page: Page) -> Locator:
    return page.get_by_role("group", name="Selection")


async def _busy_tuesday() -> World:
    """Ann has Monday's morning and night and Tuesday's evening, Ben Tuesday's morning; Tuesday noon is open."""
    world = await build_world()
    ann, ben = world.staff
    evening = {"title": "Evening", "day": 1, "start": time(16), "end": time(22)}
    noon = {"title": "Noon", "day": 1, "start": time(11), "end": time(14)}
    await build_draft(world, [{}, NIGHT, evening, {"day": 1}, noon])
    for shift, person in ((0, ann), (1, ann), (2, ann), (3, ben)):
        await assign(world, shift, person)
    return world


def _open_bar(page: Page, name: str) -> Locator:
    """Where an open shift is drawn: its name follows a gesture at once, its place what the server has."""
    return page.locator(".board-open .day-bar").filter(has=page.get_by_role("button", name=re.compile("^" + name)))


async def _hours_of(page: Page, bar: Locator, hours: float = 24) -> tuple[float, float]:
    """From and to which hour of the day a shift is drawn, by quarters."""
    await expect(bar).to_be_visible()
    track = page.locator(".day-hours")
    line, box = await track.bounding_box(), await bar.bounding_box()
    assert line is not None
    assert box is not None

    def hour(x: float) -> float:
        return round((x - line["x"]) / line["width"] * hours * 4) / 4

    return hour(box["x"]), hour(box["x"] + box["width"])
