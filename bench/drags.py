"""A session of drags on a board, as it is felt there and seen by another manager, who changes the same rows."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Page
from sqlalchemy import text

from schedule_app.db.engine import dispose, read_session
from schedule_app.domain.permissions import Actor
from schedule_app.services.assignments import unassign_employee

SESSION_SECONDS = 300
DRAG_SECONDS = 10
PAUSE_SECONDS = 0.5
TRIES_PER_DROP = 5

#: Times are of the machine's clock, so that those of two pages compare; an event's is that of the input itself.
WATCH_DRAGS = """
window.session = {cls: 0, interactions: {}};
window.drag = {};
const timeOf = (event) => performance.timeOrigin + event.timeStamp;
addEventListener("pointermove", (event) => { if (event.buttons) window.drag.begun ??= timeOf(event); }, true);
addEventListener("pointerup", (event) => { window.drag.dropped = timeOf(event); }, true);
new PerformanceObserver((list) => {
    const {interactions} = window.session;
    for (const {interactionId, duration} of list.getEntries()) {
        if (interactionId) interactions[interactionId] = Math.max(interactions[interactionId] ?? 0, duration);
    }
}).observe({type: "event", durationThreshold: 16});
// As browsers score it: the worst five seconds, shorter where a second passes in which nothing moves.
const burst = {began: -Infinity, last: -Infinity, score: 0};
new PerformanceObserver((list) => {
    for (const {startTime, value, hadRecentInput} of list.getEntries()) {
        if (hadRecentInput) continue;
        const isOver = startTime - burst.last > 1000 || startTime - burst.began > 5000;
        if (isOver) Object.assign(burst, {began: startTime, score: 0});
        burst.last = startTime;
        burst.score += value;
        window.session.cls = Math.max(window.session.cls, burst.score);
    }
}).observe({type: "layout-shift"});
window.waitFor = (find) => new Promise((resolve) => {
    const look = () => {
        const found = find();
        if (found === null) return;
        observer.disconnect();
        resolve(found);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.querySelector("[role=grid]"), {subtree: true, childList: true, attributes: true});
    look();
});
// Nearer to its upper and lower edges the board scrolls below a drag.
window.middleOf = (element) => {
    const board = document.querySelector(".board-scroll").getBoundingClientRect();
    const {left, top, width, height} = element.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const isCalm = y > board.top + board.height * 0.15 && y < board.bottom - board.height * 0.15;
    return isCalm && element.contains(document.elementFromPoint(x, y)) ? {x, y} : null;
};
"""

#: A shift of the first four days that can be dragged from where it is seen now.
FIND = """(tried) => {
    window.drag = {};
    for (const chip of document.querySelectorAll(".board-body .chip[data-drag]")) {
        const {cell} = chip.closest("[data-cell]").dataset;
        const middle = window.middleOf(chip);
        if (middle && Number(cell.split(":")[1]) <= 4 && !tried.includes(cell)) return {cell, ...middle};
    }
    return null;
}"""

#: Tells when the board said who can take what is dragged, and an empty day in sight that can.
TOLD = """() => window.waitFor(() => {
    if (document.querySelector("[data-target=wait]") || !document.querySelector("[data-target]")) return null;
    const told = performance.timeOrigin + performance.now() - window.drag.begun;
    const places = [...document.querySelectorAll("[data-target=ok][data-empty]")];
    return [told, places.find((each) => window.middleOf(each))?.dataset.cell ?? null];
})"""

#: Tells when a day that was empty has been painted with a shift.
SHOWN = """(cell) => window.waitFor(() => document.querySelector(`[data-cell="${cell}"] .chip`)).then(() =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(
        () => resolve(performance.timeOrigin + performance.now()),
    ))),
)"""

IS_SAVED = "() => !document.querySelector('[data-saving]')"

IS_AT_END = """(() => {
    const board = document.querySelector(".board-scroll");
    return board.scrollTop + board.clientHeight >= board.scrollHeight - 1;
})()"""

SCROLL_ON = "document.querySelector('.board-scroll').scrollBy(0, 300)"

IN_SIGHT = """[...document.querySelectorAll(".board-body [data-cell$=':7']")]
    .filter((each) => window.middleOf(each)).map((each) => parseInt(each.dataset.cell))"""

_ON_LATER_DAYS = text("""
    SELECT held.id FROM schedule_assignments AS held
    JOIN shifts ON shifts.id = held.shift_id
    JOIN schedules ON schedules.id = held.schedule_id
    WHERE schedules.status = 'draft' AND shifts.local_date >= schedules.week_start + 4
      AND held.employee_id = ANY(:people)
    ORDER BY held.id LIMIT 1
""")


@dataclass(slots=True)
class Drags:
    """What was waited for, in milliseconds, one value for each time.

    Attributes:
        told: From the beginning of a drag until the server's verdicts were on the board.
        shown: From the drop until the shift was painted at its new place.
        elsewhere: From the drop until it was painted there on the other manager's board.
        missed: Drags that came to nothing because what was aimed at moved away.
        interactions: Each press, click or key of the session that took 16 ms or longer.
        shifted: Cumulative layout shift, of the board where more moved by itself.
        written: How many people the writer took off shifts meanwhile.
    """

    told: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    elsewhere: list[float] = field(default_factory=list)
    missed: int = 0
    interactions: list[float] = field(default_factory=list)
    shifted: float = 0
    written: int = 0


async def drag(page: Page, other: Page, writer: Actor, drops: int) -> Drags:
    """Move shifts by mouse from person to person while a writer changes the same rows.

    Args:
        page: A board where WATCH_DRAGS runs.
        other: The same board before another manager.
        writer: Takes people off shifts of the week's last three days.
        drops: How many; the writer makes as many changes, as far as somebody in sight works on those days.
    """
    drags = Drags()
    async with asyncio.timeout(SESSION_SECONDS), asyncio.TaskGroup() as tasks:
        tasks.create_task(_write(page, writer, drops, drags))
        await _drag_each(page, other, drops, drags)
    await dispose()
    for each in (page, other):
        drags.shifted = max(drags.shifted, await each.evaluate("window.session.cls"))
    drags.interactions = await page.evaluate("Object.values(window.session.interactions)")
    return drags


async def _drag_each(page: Page, other: Page, drops: int, drags: Drags) -> None:
    tried: list[str] = []
    while len(drags.shown) < drops and len(tried) < TRIES_PER_DROP * drops:
        chip = await page.evaluate(FIND, tried)
        if chip is None:
            if await page.evaluate(IS_AT_END):
                return
            for each in (page, other):
                await each.evaluate(SCROLL_ON)
            continue
        tried.append(chip["cell"])
        try:
            async with asyncio.timeout(DRAG_SECONDS):
                await _drag_one(page, other, chip, drags)
        except TimeoutError:
            drags.missed += 1
            await page.keyboard.press("Escape")
            await page.mouse.up()
            await page.keyboard.press("Escape")


async def _drag_one(page: Page, other: Page, chip: dict[str, Any], drags: Drags) -> None:
    await page.mouse.move(chip["x"], chip["y"])
    telling = asyncio.create_task(page.evaluate(TOLD))
    await page.mouse.down()
    await page.mouse.move(chip["x"] + 8, chip["y"] + 2)
    told, cell = await telling
    drags.told.append(told)
    if cell is None:
        await page.mouse.up()
        return
    place = page.locator(f"[data-cell='{cell}']")
    while await place.get_attribute("data-over") is None:
        box = await place.bounding_box()
        assert box
        await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)
    showing = [asyncio.create_task(each.evaluate(SHOWN, cell)) for each in (page, other)]
    await page.mouse.up()
    shown, elsewhere = await asyncio.gather(*showing)
    dropped = await page.evaluate("window.drag.dropped")
    drags.shown.append(shown - dropped)
    drags.elsewhere.append(elsewhere - dropped)
    await page.wait_for_function(IS_SAVED)


async def _write(page: Page, writer: Actor, changes: int, drags: Drags) -> None:
    for _ in range(changes):
        people = await page.evaluate(IN_SIGHT)
        async with read_session() as session:
            found = await session.scalar(_ON_LATER_DAYS, {"people": people})
        if found is not None:
            await unassign_employee(writer, found)
            drags.written += 1
        await asyncio.sleep(PAUSE_SECONDS)
