"""The phone: answers from a message in two taps, pressed without a line they count once, and shifts when offline."""

import re

from playwright.async_api import Page, expect

from tests.e2e.line import Line
from tests.e2e.screens import PHONE, Screens, loaded
from tests.e2e.world import World, assign, build_draft, build_world, fetch, publish

_KEPT = "async () => (await (await caches.match('/last-known.json'))?.text()) ?? ''"
_ZONE = "() => Intl.DateTimeFormat().resolvedOptions().timeZone"
_WORKS = "async () => Boolean((await navigator.serviceWorker.ready).active)"


async def published(*days: int) -> World:
    """A published week with an open shift on each of these days."""
    world = await build_world()
    await publish(world, await build_draft(world, [{"day": day, "title": f"Shift {day}"} for day in days]))
    return world


async def status_of(assignment_id: int) -> str:
    """What the database says of an answer."""
    return await fetch("SELECT status FROM schedule_assignments WHERE id = :id", id=assignment_id)


async def offline_ready(page: Page) -> None:
    """Wait until what is needed without a line has been put aside."""
    await page.evaluate(_WORKS)
    await page.wait_for_function(_KEPT)


async def test_phone_answers_a_message_in_two_taps(screens: Screens) -> None:
    world = await published(0, 1)
    ann = world.staff[0]
    first, second = await assign(world, 0, ann), await assign(world, 1, ann)
    phone = await screens.open(ann, "/inbox", PHONE)

    await phone.get_by_role("button", name=re.compile("^Confirm.*Shift 0")).tap()
    await expect(phone.get_by_role("status").filter(has_text="You confirmed Monday")).to_be_visible()
    await expect(phone.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(1)
    assert await status_of(first) == "confirmed"

    await phone.get_by_role("button", name=re.compile("^Decline.*Shift 1")).tap()
    await phone.get_by_role("dialog").get_by_role("button", name="Decline shift").tap()
    await expect(phone.get_by_role("status").filter(has_text="You declined Tuesday")).to_be_visible()
    await expect(phone.get_by_role("button", name=re.compile("^Confirm"))).to_have_count(0)
    assert await status_of(second) == "declined"


async def test_phone_pressed_without_a_line_confirms_once_on_its_return(screens: Screens, line: Line) -> None:
    world = await published(0)
    ann = world.staff[0]
    held = await assign(world, 0, ann)
    phone = await screens.open(ann, "/me", PHONE, origin=line.origin)
    confirm = phone.get_by_role("button", name=re.compile("^Confirm"))

    line.cut()
    await confirm.tap()
    await confirm.tap()
    await expect(phone.get_by_text("Connection lost.")).to_be_visible()
    assert await status_of(held) == "pending"
    line.mend()

    await expect(phone.get_by_text("Connection lost.")).to_have_count(0)
    await expect(phone.get_by_role("status").filter(has_text="You confirmed Monday")).to_be_visible()
    await expect(confirm).to_have_count(0)
    told = "SELECT count(*) FROM notifications WHERE type = 'assignment_confirmed' AND related_id = :id"
    assert await fetch(told, id=held) == 1
    screens.forgive_lost_line()


async def test_phone_offline_tells_what_it_knew_and_goes_on_by_itself(screens: Screens, line: Line) -> None:
    world = await published(0)
    ann = world.staff[0]
    await assign(world, 0, ann)
    phone = await screens.open(ann, "/me", PHONE, origin=line.origin)
    await offline_ready(phone)

    line.cut()
    await phone.reload()
    await expect(phone.get_by_role("heading", name="You are offline")).to_be_visible()
    await expect(
        phone.get_by_text(re.compile("These are your shifts as they were on .*They may have changed"))
    ).to_be_visible()
    await expect(phone.get_by_role("listitem")).to_contain_text("07:00–15:00 · Shift 0")
    await expect(phone.get_by_role("button", name=re.compile("Confirm|Decline"))).to_have_count(0)

    line.mend()
    await loaded(phone)
    await expect(phone.get_by_role("button", name=re.compile("^Confirm"))).to_be_visible()
    screens.forgive_lost_line()


async def test_phone_keeps_nothing_of_whoever_signed_out(screens: Screens, line: Line) -> None:
    world = await published(0)
    ann = world.staff[0]
    await assign(world, 0, ann)
    phone = await screens.open(ann, "/me", PHONE, origin=line.origin)
    await offline_ready(phone)
    assert "Shift 0" in await phone.evaluate(_KEPT)

    await phone.evaluate(
        "() => { const form = document.createElement('form'); form.method = 'post';"
        " form.action = '/logout'; document.body.append(form); form.submit(); }"
    )
    await expect(phone.get_by_role("heading", name="Sign in to Shifts")).to_be_visible()
    assert await phone.evaluate(_KEPT) == ""


async def test_phone_shows_the_next_shift_at_its_place_before_the_page_is_live(screens: Screens) -> None:
    # Whoever lives by other clocks is first asked by which times are told.
    here = await (await screens.open(None, "/login", PHONE)).evaluate(_ZONE)
    world = await build_world(time_zone=here)
    await publish(world, await build_draft(world, [{"title": "Counter <b>&amp;", "required_staff": 2}]))
    ann, ben = world.staff
    for who in (ann, ben):
        await assign(world, 0, who)
    phone = await screens.open(ann, "/me", PHONE)
    live = await _next_card(phone)
    assert "Counter <b>&amp;" in live[-1][0]
    assert "With Ben Brook" in live[-1][0]

    await phone.route_web_socket(re.compile("/_event"), lambda _silent: None)
    await phone.reload()
    await expect(phone.locator("main .skeleton")).to_be_visible()
    assert await _next_card(phone) == live


async def _next_card(phone: Page) -> list[tuple[str, dict[str, float] | None]]:
    """What the card of the next shift says, and where on the page."""
    card = phone.get_by_role("region", name="Next shift")
    parts = [card.locator(part) for part in ("h2", ".badge", "time", ".shift-facts")]
    return [(await part.inner_text(), await part.bounding_box()) for part in parts]  # type: ignore[misc]
