"""How soon a person's own shifts show on a phone with a slow processor, and how soon a message is answered.

`python -m bench.phone` prints one line of JSON. Times are in milliseconds; the processor is slowed four times.
"""

import argparse
import asyncio
import json
import os
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import psycopg
from playwright.async_api import Browser, Page, ViewportSize, async_playwright
from sqlalchemy.engine import make_url

from bench.storm import percentile
from bench.world import World, database, served, sign_in
from schedule_app.db.engine import dispose
from schedule_app.seed import scale
from tests.support.browser import FLAGS, MISSING, find_chromium

SIZES: tuple[ViewportSize, ...] = ({"width": 390, "height": 844}, {"width": 360, "height": 640})
SLOWED = 4

WATCH = """
window.largest = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.largest = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
"""

#: Somebody who has most to answer to, so that the page is a full one.
_BUSIEST = """
    SELECT employee_id FROM schedule_assignments
    WHERE in_force AND ends_at > now() AND status <> 'cancelled'
    GROUP BY employee_id ORDER BY count(*) DESC, employee_id LIMIT 1
"""
_LAST = """
    SELECT id FROM schedule_assignments WHERE employee_id = %(who)s AND in_force AND starts_at > now()
    ORDER BY starts_at DESC LIMIT 1
"""
# A confirmed shift is asked about anew only after it was declined.
_DECLINE = f"UPDATE schedule_assignments SET status = 'declined' WHERE status = 'confirmed' AND id = ({_LAST})"
_ASK = f"""
    WITH asked AS (
        UPDATE schedule_assignments SET status = 'pending', confirm_by = starts_at WHERE id = ({_LAST}) RETURNING id
    )
    INSERT INTO notifications (recipient_id, type, category, payload, related_type, related_id, action_url)
    SELECT %(who)s, 'assignment_added', 'assignment', '{{"shift": "a shift"}}', 'assignment', id, '/me' FROM asked
"""


def main() -> None:
    """Run it and print one JSON line."""
    parser = argparse.ArgumentParser(description="A person's shifts on a slow phone")
    parser.add_argument("--opens", type=int, default=8)
    options = parser.parse_args()
    with database(os.environ) as url:
        asyncio.run(_prepare())
        with served(url) as world:
            measured = asyncio.run(_browse(world, options.opens))
    print(json.dumps({"bench": "phone", "slowed": SLOWED, **measured}))


async def _prepare() -> None:
    try:
        await scale.write_scale(100, 14, datetime.now(UTC).date())
    finally:
        await dispose()


async def _browse(world: World, opens: int) -> dict[str, Any]:
    path = find_chromium()
    assert path is not None, MISSING
    dsn = make_url(world.dsn).render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        [who] = connection.execute(_BUSIEST).fetchone() or [0]
        measured: dict[str, Any] = {}
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
            for size in SIZES:
                name = f"{size['width']}x{size['height']}"
                paints = [await _open(world, browser, size, who) for _ in range(opens)]
                answers = [await _answer(world, browser, size, who, connection) for _ in range(3)]
                measured[name] = {
                    "lcp_p50": round(statistics.median(paints)),
                    "lcp_p95": round(percentile(paints, 0.95)),
                    "message_to_confirmed": round(statistics.median(answers)),
                }
            await browser.close()
    return measured


async def _phone(world: World, browser: Browser, size: ViewportSize, who: int) -> Page:
    context = await browser.new_context(viewport=size, has_touch=True, is_mobile=True)
    [cookie] = sign_in(world.dsn, [who])
    name, value = cookie.split("=", 1)
    await context.add_cookies([{"name": name, "value": value, "url": world.app.origin}])
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    await page.add_init_script(WATCH)
    return page


async def _open(world: World, browser: Browser, size: ViewportSize, who: int) -> float:
    """Largest Contentful Paint of the page, nothing of it in the cache."""
    page = await _phone(world, browser, size, who)
    await page.goto(f"{world.app.origin}/me")
    await page.locator("[data-next-shift]").wait_for()
    await page.wait_for_timeout(1500)
    largest = await page.evaluate("window.largest")
    await page.context.close()
    return largest


async def _answer(
    world: World, browser: Browser, size: ViewportSize, who: int, connection: psycopg.Connection[Any]
) -> float:
    """From opening the inbox, the app not yet loaded, to the shift being confirmed by one tap."""
    for statement in (_DECLINE, _ASK):
        connection.execute(statement, {"who": who})
    page = await _phone(world, browser, size, who)
    started = time.perf_counter()
    await page.goto(f"{world.app.origin}/inbox")
    await page.get_by_role("button", name="Confirm").first.tap()
    await page.get_by_text("You confirmed").wait_for()
    taken = (time.perf_counter() - started) * 1000
    await page.context.close()
    return taken


if __name__ == "__main__":
    main()
