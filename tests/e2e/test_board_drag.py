"""Dragging on the board: by mouse and by touch, with what a drop would do, and while others work on the same week."""

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

from schedule_app.db.engine import unit_of_work
from schedule_app.models import Site
from schedule_app.services.assignments import unassign_employee
from tests.e2e.pages import chip, open_shift, row_of
from tests.e2e.screens import Screens
from tests.e2e.world import LATE, MORNING, Person, World, assign, build_draft, build_world, fetch
from tests.support.builders import build_rule

EARLY = "07:00–15:00 Morning"
PLANNED = f"{EARLY}, planned"


async def test_drag_to_another_person_moves_and_says_what_it_changes(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    await assign(world, 0, world.staff[0])
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await over(page, cell(page, ben, 1))
    await expect(preview(page)).to_contain_text("Can take it")
    await expect(preview(page)).to_contain_text("Places1/1 as before")
    await expect(preview(page)).to_contain_text("Hours0 h → 8 h")
    await expect(cell(page, ben, 1)).to_have_attribute("data-target", "ok")
    await page.mouse.up()

    await expect(chip(page, ben, PLANNED)).to_be_visible()
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(0)
    await expect(preview(page)).to_have_count(0)
    assert await holders(world, 0) == [ben.id]


async def test_drag_to_another_day_takes_the_matching_shift(screens: Screens) -> None:
    world = await build_world()
    await build_draft(
        world, [{}, {"day": 1, "required_staff": 2}, {"day": 1}, {"day": 2, "start": LATE[0], "end": LATE[1]}]
    )
    ann = world.staff[0]
    await assign(world, 0, ann)
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await over(page, cell(page, ann, 3))
    await expect(preview(page)).to_contain_text(f"There is no {EARLY[12:]} {EARLY[:11]} on Wednesday")
    await page.mouse.up()
    assert await holders(world, 0) == [ann.id]

    await lift(page, chip(page, ann, PLANNED))
    await over(page, cell(page, ann, 2))
    await expect(preview(page)).to_contain_text("0/2 → 1/2 places")
    await expect(preview(page)).to_contain_text("8 h → 8 h")
    await page.mouse.up()
    await expect(cell(page, ann, 2).get_by_role("button", name=PLANNED)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 1)) == ([], [ann.id])


async def test_drag_with_control_copies(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world, [{"required_staff": 2}])
    ann, ben = world.staff
    await assign(world, 0, ann)
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await page.keyboard.down("Control")
    await over(page, cell(page, ben, 1))
    await expect(preview(page)).to_contain_text("Copy")
    await expect(preview(page)).to_contain_text("1/2 → 2/2 places")
    await page.mouse.up()
    await page.keyboard.up("Control")

    await expect(chip(page, ben, PLANNED)).to_be_visible()
    await expect(chip(page, ann, PLANNED)).to_be_visible()
    assert await holders(world, 0) == [ann.id, ben.id]


async def test_drop_on_another_shift_asks_and_swaps(screens: Screens) -> None:
    world = await _early_and_late()
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)
    late = "14:00–22:00 Late, planned"
    dialog = page.get_by_role("dialog", name="Swap these two shifts?")

    for answer in ("Leave them", "Swap"):
        await lift(page, chip(page, ann, PLANNED))
        await over(page, chip(page, ben, late))
        await expect(preview(page)).to_contain_text("Swaps with Late 14:00–22:00 of Ben Brook")
        await expect(preview(page)).to_contain_text("Ben Brook8 h → 8 h")
        await expect(chip(page, ben, late)).to_have_attribute("data-level", "ok")
        await page.mouse.up()
        await expect(dialog).to_contain_text("Ann Archer gets Late 14:00–22:00")
        await dialog.get_by_role("button", name=answer).click()
        await expect(dialog).to_be_hidden()

    await expect(chip(page, ann, late)).to_be_visible()
    await expect(chip(page, ben, PLANNED)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 1)) == ([ben.id], [ann.id])


async def test_a_blocked_swap_is_told_before_the_drop_and_cannot_be_confirmed(screens: Screens) -> None:
    world = await _early_and_late()
    ann, ben = world.staff
    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        limits = {"forbidden_shift_types": ["general"]}
        await build_rule(session, site, rule_type="restriction", employee_id=ann.id, constraints=limits)
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await over(page, chip(page, ben, "14:00–22:00 Late, planned"))
    await expect(preview(page)).to_have_attribute("data-level", "block")
    await expect(preview(page)).to_contain_text("Ann Archer may not work general shifts.")
    await page.mouse.up()
    dialog = page.get_by_role("dialog", name="These two cannot be swapped")
    await expect(dialog.get_by_role("button", name="Swap")).to_be_disabled()
    await dialog.get_by_role("button", name="Leave them").click()
    assert (await holders(world, 0), await holders(world, 1)) == ([ann.id], [ben.id])


async def test_drop_on_the_top_row_takes_off_and_from_there_assigns(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann, ben = world.staff
    await assign(world, 0, ann)
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await over(page, page.locator("[data-cell='open:3']"))
    await expect(preview(page)).to_contain_text("Takes the person off")
    await page.mouse.up()
    await expect(open_shift(page, f"{EARLY}, 1 of 1 place open")).to_be_visible()
    await expect(row_of(page, ann).get_by_role("button")).to_have_count(0)

    await lift(page, open_shift(page, EARLY))
    await over(page, cell(page, ben, 1))
    await expect(preview(page)).to_contain_text("Can take it")
    await page.mouse.up()
    await expect(chip(page, ben, PLANNED)).to_be_visible()
    assert await holders(world, 0) == [ben.id]


async def test_escape_and_a_drop_outside_change_nothing(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann, ben = world.staff
    await assign(world, 0, ann)
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await over(page, cell(page, ben, 1))
    await page.keyboard.press("Escape")
    await expect(preview(page)).to_have_count(0)
    await page.mouse.up()
    await lift(page, chip(page, ann, PLANNED))
    await over(page, page.get_by_role("heading", level=1))
    await page.mouse.up()

    await expect(preview(page)).to_have_count(0)
    await expect(chip(page, ann, PLANNED)).to_be_visible()
    assert await holders(world, 0) == [ann.id]


async def test_a_blocked_drop_is_taken_back_with_the_reason(screens: Screens) -> None:
    world = await _early_and_late(strict=True)
    ann, ben = world.staff
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await over(page, mark(page, ben))
    await expect(preview(page)).to_contain_text("overlaps this shift")
    await expect(cell(page, ben, 1)).to_have_attribute("data-target", "block")
    await page.mouse.up()

    await expect(page.get_by_role("alert")).to_contain_text("overlaps this shift")
    await expect(chip(page, ann, PLANNED)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 1)) == ([ann.id], [ben.id])


async def test_a_warning_asks_for_a_reason_and_then_moves(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann, ben = world.staff
    await assign(world, 0, ann)
    await _dislikes_mondays(world, ben)
    page = await screens.open(world.manager, world.board)

    await lift(page, chip(page, ann, PLANNED))
    await over(page, cell(page, ben, 1))
    await expect(preview(page)).to_contain_text("would rather not work on Mondays")
    await page.mouse.up()
    dialog = page.get_by_role("dialog", name="Assign all the same?")
    await expect(dialog).to_be_visible()
    await expect(cell(page, ann, 1).locator(".chip:not([data-saving])")).to_have_count(1)
    await dialog.get_by_label("Reason").fill("Agreed with Ben")
    await page.keyboard.press("Enter")

    await expect(chip(page, ben, f"{PLANNED}, 1 warning")).to_be_visible()
    assert await holders(world, 0) == [ben.id]


async def test_touch_drags_after_a_long_press_and_scrolls_before(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann, ben = world.staff
    await assign(world, 0, ann)
    page = await screens.open(world.manager, world.board)
    touch = await Finger.on(page)

    await touch.down(chip(page, ann, PLANNED))
    await touch.move(cell(page, ben, 1))
    await touch.up()
    await expect(preview(page)).to_have_count(0)
    assert await holders(world, 0) == [ann.id]

    await touch.hold(chip(page, ann, PLANNED))
    await touch.move(cell(page, ben, 1))
    await expect(preview(page)).to_contain_text("Can take it")
    await touch.up()
    await expect(chip(page, ben, PLANNED)).to_be_visible()
    assert await holders(world, 0) == [ben.id]


async def test_touch_moves_to_another_day_swaps_and_takes_off(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world, [{}, {"day": 1}, {"title": "Late", "start": LATE[0], "end": LATE[1]}])
    ann, ben = world.staff
    await assign(world, 0, ann)
    await assign(world, 2, ben)
    page = await screens.open(world.manager, world.board)
    touch = await Finger.on(page)
    late = "14:00–22:00 Late, planned"

    await touch.hold(chip(page, ann, PLANNED))
    await touch.move(chip(page, ben, late))
    await expect(preview(page)).to_contain_text("Swaps with Late 14:00–22:00 of Ben Brook")
    await touch.up()
    await page.get_by_role("dialog", name="Swap these two shifts?").get_by_role("button", name="Swap").click()
    await expect(chip(page, ann, late)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 2)) == ([ben.id], [ann.id])

    await touch.hold(chip(page, ben, PLANNED))
    await touch.move(cell(page, ben, 2))
    await expect(preview(page)).to_contain_text("0/1 → 1/1")
    await touch.up()
    await expect(cell(page, ben, 2).get_by_role("button", name=PLANNED)).to_be_visible()
    assert (await holders(world, 0), await holders(world, 1)) == ([], [ben.id])

    await touch.hold(chip(page, ben, PLANNED))
    await touch.move(page.locator("[data-cell='open:4']"))
    await expect(preview(page)).to_contain_text("Takes the person off")
    await touch.up()
    await expect(row_of(page, ben).get_by_role("button")).to_have_count(0)
    await expect(page.get_by_role("button", name=re.compile("^Undo: unassign"))).to_be_visible()
    assert await holders(world, 1) == []


async def test_a_push_neither_ends_a_drag_nor_moves_the_board(screens: Screens) -> None:
    staff = [f"Person {number:03}" for number in range(80)]
    world = await build_world(staff=staff)
    await build_draft(world, [{"required_staff": 9}, {"day": 1}])
    source, target, other = world.staff[40], world.staff[43], world.staff[41]
    await assign(world, 0, source)
    page = await screens.open(world.manager, world.board)
    await page.locator(".board-scroll").evaluate("(box) => { box.scrollTop = 1400; }")
    await chip(page, source, PLANNED).evaluate("(chip) => chip.scrollIntoView({block: 'center'})")
    await chip(page, source, PLANNED).focus()
    await lift(page, chip(page, source, PLANNED))
    await over(page, cell(page, target, 1))
    await expect(preview(page)).to_contain_text("Can take it")
    before = await cell(page, target, 1).bounding_box()

    await assign(world, 1, other)
    await expect(cell(page, other, 2).get_by_role("button")).to_be_visible()

    assert await cell(page, target, 1).bounding_box() == before
    await expect(preview(page)).to_be_visible()
    await expect(page.locator(":focus")).to_have_attribute("data-lifted", "true")
    await page.mouse.up()
    await expect(chip(page, target, PLANNED)).to_be_visible()
    assert await holders(world, 0) == [target.id]


async def test_a_drag_whose_shift_somebody_took_away_ends_and_says_so(screens: Screens) -> None:
    world = await build_world()
    await build_draft(world)
    ann, ben = world.staff
    held = await assign(world, 0, ann)
    page = await screens.open(world.manager, world.board)
    await lift(page, chip(page, ann, PLANNED))
    await over(page, cell(page, ben, 1))
    await expect(preview(page)).to_be_visible()

    await unassign_employee(world.supervisor.actor, held)

    await expect(page.get_by_text("was moved or taken away by somebody else meanwhile").first).to_be_visible()
    await expect(preview(page)).to_have_count(0)
    await page.mouse.up()
    assert await holders(world, 0) == []


async def lift(page: Page, what: Locator) -> None:
    """Press the mouse on something and begin to move it."""
    box = await what.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 8, y + 2, steps=3)


async def over(page: Page, what: Locator) -> None:
    """Move what is held over something."""
    box = await what.bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)


def cell(page: Page, person: Person, col: int) -> Locator:
    """A person's day, Monday being 1."""
    return page.locator(f"[data-cell='{person.id}:{col}']")


def mark(page: Page, person: Person) -> Locator:
    """The sign in a person's row that tells whether what is held can go there."""
    return row_of(page, person).locator(".target-mark")


def preview(page: Page) -> Locator:
    """What a drop would do, beside the pointer."""
    return page.locator(".drop-preview")


async def holders(world: World, shift: int) -> list[int]:
    """Who is on a shift, as the database has it."""
    ids = await fetch(
        "SELECT COALESCE(array_agg(employee_id ORDER BY employee_id), '{}') FROM schedule_assignments"
        " WHERE shift_id = :shift AND status <> 'cancelled'",
        shift=world.shifts[shift],
    )
    return list(ids)


class Finger:
    """One finger on the screen."""

    def __init__(self, session: Any) -> None:
        self._session = session

    @classmethod
    async def on(cls, page: Page) -> "Finger":
        return cls(await page.context.new_cdp_session(page))

    async def down(self, what: Locator) -> None:
        await self._send("touchStart", what)

    async def hold(self, what: Locator) -> None:
        """Press until it is lifted."""
        await self.down(what)
        await expect(what).to_have_attribute("data-lifted", "true")

    async def move(self, what: Locator, *, by: float = 0) -> None:
        """Go to the middle of something, or so many pixels to the right of it."""
        await self._send("touchMove", what, by)

    async def up(self) -> None:
        await self._session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    async def _send(self, kind: str, what: Locator, by: float = 0) -> None:
        box = await what.bounding_box()
        assert box
        point = {"x": box["x"] + box["width"] / 2 + by, "y": box["y"] + box["height"] / 2}
        await self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})


async def _early_and_late(*, strict: bool = False) -> World:
    """Ann is on Monday's early shift and Ben on the late one; with `strict` they overlap."""
    world = await build_world()
    late = {"title": "Late", "start": MORNING[0] if strict else LATE[0], "end": LATE[1]}
    await build_draft(world, [{}, late])
    await assign(world, 0, world.staff[0])
    await assign(world, 1, world.staff[1])
    return world


async def _dislikes_mondays(world: World, person: Person) -> None:

    async with unit_of_work() as session:
        site = await session.get_one(Site, world.site_id)
        await build_rule(
            session,
            site,
            rule_type="preference",
            constraints={"unwanted_weekdays": [0]},
            strict=False,
            employee_id=person.id,
        )
