"""The phone: answers from a message in two taps, pressed without a line they count once, and shifts when offline."""

import re

from playwright.async_api import Page, expect

from schedule_app.services.assignments import decline_assignment
from tests.e2e.line import Line
from tests.e2e.screens import PHONE, Screens, loaded
from tests.e2e.world import World, assign, build_draft, build_world, execute, fetch, publish

_KEPT = "async () => (await (await caches.match('/last-known.json'))?.text()) ?? ''"
_UNTIL_KEPT = f"""async (words) => {{
    for (let frames = 0; frames < 600; frames += 1) {{
        if ((await ({_KEPT})()).includes(words)) return;
        await new Promise(requestAnimationFrame);
    }}
    throw new Error(`not kept: ${{words}}`);
}}"""
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


async def offline_ready(page: Page, zone: str = "") -> None:
    """Wait until what is needed without a line has been put aside, with times of this zone."""
    await page.evaluate(_WORKS)
    await page.evaluate(_UNTIL_KEPT, f'"zone":"{zone}')


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
    world = await build_world(time_zone="Asia/Kathmandu")
    await publish(world, await build_draft(world, [{"day": day, "title": f"Shift {day}"} for day in range(3)]))
    ann = world.staff[0]
    held = [await assign(world, day, ann) for day in range(3)]
    await decline_assignment(ann.actor, held[1])
    await execute("UPDATE schedule_assignments SET status = 'expired' WHERE id = :id", id=held[2])
    phone = await screens.open(ann, "/me", PHONE, origin=line.origin)
    await offline_ready(phone)

    line.cut()
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Shifts cannot be reached")).to_be_visible()
    await expect(
        phone.get_by_text(re.compile("These are your shifts as they were on .*They may have changed"))
    ).to_be_visible()
    await expect(phone.get_by_text("The times of shifts are by the clocks of Asia/Kathmandu.")).to_be_visible()
    for listed, (day, answer) in zip(
        await phone.get_by_role("listitem").all(),
        enumerate(("Not answered yet", "Declined", "No answer in time")),
        strict=True,
    ):
        await expect(listed).to_contain_text(f"07:00–15:00 · Shift {day}")
        await expect(listed).to_contain_text(answer)
    await expect(phone.get_by_role("button", name=re.compile("Confirm|Decline"))).to_have_count(0)
    await phone.context.set_offline(True)
    await expect(phone.get_by_role("heading", name="You are offline")).to_be_visible()
    await phone.context.set_offline(False)

    line.mend()
    await loaded(phone)
    await expect(phone.get_by_role("button", name=re.compile("^Confirm"))).to_be_visible()
    screens.forgive_lost_line()


async def test_phone_waits_for_a_database_that_is_away(screens: Screens, line: Line) -> None:
    world = await published(0)
    ann = world.staff[0]
    await assign(world, 0, ann)
    phone = await screens.open(ann, "/me", PHONE, origin=line.origin)
    own = await phone.evaluate(_ZONE)
    await phone.get_by_role("button", name="My own time").tap()
    await offline_ready(phone, own)

    line.lose_database()
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Shifts cannot be reached")).to_be_visible()
    await expect(phone.get_by_text(f"The times of shifts are by the clocks of {own}.")).to_be_visible()
    await phone.evaluate("() => { window.stays = true; }")
    for _ in range(2):
        await phone.wait_for_event("response", lambda answer: answer.url.endswith("/readyz"))
    assert await phone.evaluate("() => window.stays")

    line.mend()
    await loaded(phone)
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
    # Whoever lives by other clocks is asked by which times are told, once the page is live.
    world = await build_world(time_zone="Asia/Kathmandu")
    await publish(world, await build_draft(world, [{"title": "Counter <b>&amp;", "required_staff": 2}]))
    ann, ben = world.staff
    for who in (ann, ben):
        await assign(world, 0, who)
    phone = await screens.open(ann, "/me", PHONE)
    await expect(phone.get_by_role("button", name="My own time")).to_be_visible()
    live = await _next_card(phone)
    assert "Counter <b>&amp;" in live[-1][0]
    assert "With Ben Brook" in live[-1][0]

    await phone.route_web_socket(re.compile("/_event"), lambda _silent: None)
    await phone.reload()
    await expect(phone.locator("main .skeleton")).to_be_visible()
    assert await _next_card(phone) == live


async def _next_card(phone: Page) -> list[tuple[str, object]]:
    """What the card of the next shift says, and where on the page."""
    card = phone.get_by_role("region", name="Next shift")
    parts = [card.locator(part) for part in ("h2", ".badge", "time", ".shift-facts")]
    return [(await part.inner_text(), await part.bounding_box()) for part in parts]
