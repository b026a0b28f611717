"""How quickly a board opens, takes a shift and follows a drag, in a real browser, at three sizes of site.

`python -m bench.board` prints one line of JSON. Times are medians and 95th percentiles in milliseconds.
"""

import argparse
import asyncio
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import psycopg
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, WebSocket, async_playwright
from sqlalchemy.engine import make_url

from bench.drags import WATCH_DRAGS, drag
from bench.storm import percentile
from bench.world import World, database, served, sign_in
from schedule_app.db.engine import dispose
from schedule_app.domain.permissions import Actor, Role
from schedule_app.seed import scale
from tests.support.browser import MISSING, find_chromium
from tests.support.queries import count_statements
from tests.support.reflex_events import browser_of

DESKTOP: ViewportSize = {"width": 1440, "height": 900}

#: Notes, from the navigation on, when the board's cells were painted, how large its largest paint was and what moved.
WATCH_OPENING = """
window.opening = {filled: 0, lcp: 0, cls: 0};
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.opening.lcp = entry.startTime;
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.opening.cls += entry.value;
}).observe({type: "layout-shift", buffered: true});
const look = () => {
    const rows = document.querySelectorAll(".board-body > [role=row]");
    if (rows.length && document.querySelector(".board-body .chip")) {
        requestAnimationFrame(() => { window.opening.filled = performance.now(); });
    } else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""

#: Picks the first open shift not tried yet; tells when the board said who can take it, or that nobody can.
PICK = """(tried) => new Promise((resolve) => {
    const open = [...document.querySelectorAll(".chip-open:not([data-full])")];
    const nameOf = (each) => each.closest("[data-cell]").dataset.cell + each.querySelector(".chip-text").textContent;
    const shift = open.find((each) => !tried.includes(nameOf(each)));
    if (!shift) { resolve(null); return; }
    const started = performance.now();
    const look = () => {
        if (document.querySelector("[data-target=wait]") || !document.querySelector("[data-target]")) return;
        observer.disconnect();
        const isPossible = document.querySelector("[data-target=ok]") !== null;
        resolve({name: nameOf(shift), isPossible, told: performance.now() - started});
    };
    const observer = new MutationObserver(look);
    observer.observe(document.querySelector("[role=grid]"), {subtree: true, childList: true, attributes: true});
    shift.click();
})"""

#: Clicks a cell that can take the shift picked up; tells when it showed the shift, and when the server had said yes.
PLACE = """() => new Promise((resolve) => {
    const cell = document.querySelector("[data-target=ok]");
    const before = cell.querySelectorAll(".chip:not([data-saving])").length;
    const started = performance.now();
    const told = {shown: 0, saved: 0};
    const look = () => {
        const now = performance.now() - started;
        if (!told.shown && cell.querySelectorAll(".chip").length > before) told.shown = now;
        if (cell.querySelectorAll(".chip:not([data-saving])").length > before) {
            told.saved = now;
            observer.disconnect();
            requestAnimationFrame(() => resolve({...told, painted: performance.now() - started}));
        }
    };
    const observer = new MutationObserver(look);
    observer.observe(cell, {subtree: true, childList: true, attributes: true});
    cell.click();
})"""


def main() -> None:
    """Run it and print one JSON line."""
    parser = argparse.ArgumentParser(description="A board in a browser")
    parser.add_argument("--people", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--opens", type=int, default=8)
    parser.add_argument("--places", type=int, default=12)
    parser.add_argument("--drops", type=int, default=25)
    options = parser.parse_args()
    sizes = {f"{people}x7": _measure(people, options) for people in options.people}
    print(json.dumps({"bench": "board", "opens": options.opens, **sizes}))


def _measure(people: int, options: argparse.Namespace) -> dict[str, Any]:
    with database(os.environ) as url:
        counted = asyncio.run(_prepare(url, people))
        with served(url) as world:
            return asyncio.run(_browse(world, options)) | counted


async def _prepare(url: str, people: int) -> dict[str, int]:
    """Write a published week and a draft; count what opening the draft's board asks of the database."""
    try:
        await scale.write_scale(people, 14, datetime.now(UTC).date())
        manager, path = _planner_and_draft(_dsn(url))
        async with browser_of(manager) as tab:
            with count_statements() as statements:
                await tab.open(path)
            return {"sql_statements_per_open": len(statements), "bytes_per_open": tab.bytes_received}
    finally:
        await dispose()


async def _browse(world: World, options: argparse.Namespace) -> dict[str, Any]:
    path = find_chromium()
    assert path is not None, MISSING
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            used = await _use(browser, world, options.opens, options.places)
            return used | await _drag(browser, world, options.drops)
        finally:
            await browser.close()


async def _use(browser: Browser, world: World, opens: int, places: int) -> dict[str, Any]:
    manager, path = _planner_and_draft(world.dsn)
    context = await _window(browser, world, manager)
    opened = []
    for _ in range(opens + 1):
        page = await context.new_page()
        await page.goto(world.app.origin + path)
        await page.wait_for_function("window.opening.filled > 0")
        await page.wait_for_load_state("networkidle")
        opened.append(await page.evaluate("window.opening"))
        await page.close()
    page = await context.new_page()
    placed = await _place(page, world.app.origin + path, places)
    await context.close()
    first, *again = opened
    return {
        "first_open_ms": round(first["filled"]),
        "open_ms": _spread([each["filled"] for each in again]),
        "lcp_ms": _spread([each["lcp"] for each in again]),
        "cls_max": round(max(each["cls"] for each in opened), 4),
        "places": len(placed),
        "pick_to_verdicts_ms": _spread([each["told"] for each in placed]),
        "place_to_shown_ms": _spread([each["shown"] for each in placed]),
        "place_to_saved_ms": _spread([each["saved"] for each in placed]),
        "bytes_per_place": round(sum(each["bytes"] for each in placed) / max(1, len(placed))),
    }


async def _drag(browser: Browser, world: World, drops: int) -> dict[str, Any]:
    """Drag while another manager looks at the same week, and changes it."""
    manager, path = _planner_and_draft(world.dsn)
    other = _add_manager(world.dsn)
    page, other_page = [
        await _open_watched(browser, world, employee_id, path) for employee_id in (manager, other.employee_id)
    ]
    drags = await drag(page, other_page, other, drops)
    return {
        "drops": len(drags.shown),
        "drops_missed": drags.missed,
        "drag_to_verdicts_ms": _spread(drags.told),
        "drop_to_shown_ms": _spread(drags.shown),
        "drop_to_other_screen_ms": _spread(drags.elsewhere),
        "inp_p75_ms": round(percentile(drags.interactions, 0.75)) if drags.interactions else None,
        "changes_pushed": drags.written,
        "cls_while_pushed": round(drags.shifted, 4),
    }


async def _open_watched(browser: Browser, world: World, employee_id: int, path: str) -> Page:
    context = await _window(browser, world, employee_id)
    await context.add_init_script(WATCH_DRAGS)
    page = await context.new_page()
    await page.goto(world.app.origin + path)
    await page.wait_for_function("window.opening.filled > 0")
    await page.wait_for_load_state("networkidle")
    return page


async def _window(browser: Browser, world: World, employee_id: int) -> BrowserContext:
    """A window in which somebody is signed in."""
    [cookie] = sign_in(world.dsn, [employee_id])
    name, _, token = cookie.partition("=")
    context = await browser.new_context(viewport=DESKTOP)
    context.set_default_timeout(60_000)
    await context.add_cookies([{"name": name, "value": token, "url": world.app.origin}])
    await context.add_init_script(WATCH_OPENING)
    return context


async def _place(page: Page, address: str, places: int) -> list[dict[str, Any]]:
    """Give open shifts to people who can take them, one after the other."""
    received: list[int] = []

    def count(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(len(frame)))

    page.on("websocket", count)
    await page.goto(address)
    await page.wait_for_function("window.opening.filled > 0")
    await page.evaluate("document.querySelector('.board-more')?.click()")
    placed: list[dict[str, Any]] = []
    tried: list[str] = []
    while len(placed) < places and (picked := await page.evaluate(PICK, tried)):
        tried.append(picked["name"])
        if picked["isPossible"]:
            received.clear()
            placed.append(await page.evaluate(PLACE) | {"told": picked["told"], "bytes": sum(received)})
        await page.keyboard.press("Escape")
    return placed


def _planner_and_draft(dsn: str) -> tuple[int, str]:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT employees.id, schedules.site_id, schedules.week_start FROM employees, schedules"
            " WHERE employees.role = 'manager' AND schedules.status = 'draft'"
        ).fetchone()
    assert row is not None
    return row[0], f"/schedule/{row[1]}/{row[2].isoformat()}"


def _add_manager(dsn: str) -> Actor:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "INSERT INTO employees (site_id, email, name, role)"
            " SELECT site_id, 'other.manager@scale.example', 'Other Manager', 'manager'"
            " FROM employees WHERE role = 'manager' RETURNING id, site_id"
        ).fetchone()
    assert row is not None
    return Actor(row[0], Role.MANAGER, row[1], None)


def _spread(values: Sequence[float]) -> dict[str, int]:
    if not values:
        return {}
    return {"p50": round(percentile(values, 0.5)), "p95": round(percentile(values, 0.95)), "max": round(max(values))}


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
