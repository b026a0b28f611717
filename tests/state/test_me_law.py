"""After each command about one's own shifts and time, a page that was left open shows what a fresh one shows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import read_session
from schedule_app.models import Shift
from schedule_app.queries.availability import own_availability
from schedule_app.services.assignments import confirm_assignments
from schedule_app.services.availability import save_availability
from schedule_app.services.availability_details import AvailabilityDetails, as_text, stored_details
from schedule_app.services.calendar_feeds import end_feed, open_feed
from schedule_app.services.forms import checked
from schedule_app.services.missed_answers import expire_missed_answers
from schedule_app.services.objections import object_to_assignment, withdraw_objection
from schedule_app.ui.account.state import AccountState
from schedule_app.ui.availability.state import AvailabilityState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.inbox.state import InboxState
from schedule_app.ui.me.shift_state import MyShiftState
from schedule_app.ui.me.state import MeState
from tests.db.services.scene import WEEK, Scene, actor_of, assignment_on, execute, make_scene, make_week
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("session")


@dataclass
class Stage:
    """A published week in which Bob has three shifts to answer."""

    scene: Scene
    shifts: list[Shift]

    async def held(self, shift: int) -> int:
        return (await assignment_on(self.shifts[shift], self.scene.bob)).id


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    scene = await make_scene()
    columns = [{"day": day, "title": title} for day, title in enumerate(("Early", "Late", "Night"))]
    held = {shift: [scene.bob] for shift in range(3)}
    _, shifts = await make_week(scene, *columns, held=held, status="published")
    return Stage(scene, shifts)


async def _object(stage: Stage) -> None:
    await object_to_assignment(actor_of(stage.scene.bob), await stage.held(0), "My course is then.")


async def _withdraw(stage: Stage) -> None:
    await withdraw_objection(actor_of(stage.scene.bob), await stage.held(0))


async def _confirm(stage: Stage) -> None:
    await confirm_assignments(actor_of(stage.scene.bob), [await stage.held(each) for each in (0, 1)])


async def _miss(stage: Stage) -> None:
    await execute("UPDATE schedule_assignments SET confirm_by = now() - interval '1 minute' WHERE status = 'pending'")
    assert await expire_missed_answers() == 1


async def _say(stage: Stage) -> None:
    async with read_session() as session:
        row = await own_availability(session, stage.scene.bob.id)
    exceptions = {WEEK.isoformat(): {"available": False}}
    details = checked(AvailabilityDetails, {"week": {}, "later": [], "exceptions": exceptions})
    await save_availability(actor_of(stage.scene.bob), details, seen=as_text(stored_details(row, row.today)))


async def _open_feed(stage: Stage) -> None:
    await open_feed(actor_of(stage.scene.bob))


async def _end_feed(stage: Stage) -> None:
    await end_feed(actor_of(stage.scene.bob))


CHANGES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "object": _object,
    "withdraw the objection": _withdraw,
    "confirm two": _confirm,
    "miss an answer": _miss,
    "say when one can work": _say,
    "open a feed": _open_feed,
    "end it": _end_feed,
}


def _mine(tab: Tab) -> Any:
    # How long is left differs from minute to minute.
    return {name: value for name, value in tab.shows(MeState).items() if name != "time_left"}


def _shift(tab: Tab) -> Any:
    return tab.shows(MyShiftState)["why"]


def _times(tab: Tab) -> Any:
    shown = tab.shows(AvailabilityState)
    return [shown.get(name, []) for name in ("later", "exceptions")]


def _feed(tab: Tab) -> Any:
    return tab.shows(AccountState).get("feed", {"made_label": "", "read_label": ""})


def _messages(tab: Tab) -> Any:
    return tab.shows(InboxState)


def _grid(tab: Tab) -> Any:
    shown = tab.shows(BoardState)
    rows = {str(row["id"]): row for row in shown["rows"]} | shown.get("patch", {})
    return {number: row for number, row in rows.items() if row}


@dataclass(frozen=True)
class View:
    """What somebody has open, and what of it is looked at."""

    who: str
    address: str
    read: Callable[[Tab], Any]
    opens: bool = False

    async def open(self, stage: Stage, tab: Tab) -> None:
        await tab.open(self.address.format(site=stage.scene.site.id, week=WEEK))
        if self.opens:
            await tab.send(MyShiftState.open, {"assignment_id": await stage.held(0)})


VIEWS = (
    View("bob", "/me", _mine),
    View("bob", "/me", _shift, opens=True),
    View("bob", "/availability", _times),
    View("bob", "/account", _feed),
    View("bob", "/inbox", _messages),
    View("manager", "/inbox", _messages),
    View("manager", "/schedule/{site}/{week}", _grid),
)


@pytest.fixture
async def tabs(stage: Stage) -> AsyncIterator[list[Tab]]:
    """A tab for each view, left open."""
    async with AsyncExitStack() as stack:
        opened = []
        for view in VIEWS:
            tab = await stack.enter_async_context(browser_of(getattr(stage.scene, view.who).id))
            await view.open(stage, tab)
            opened.append(tab)
        yield opened


async def test_open_pages_show_what_fresh_ones_show(stage: Stage, tabs: list[Tab]) -> None:
    seen: list[Any] = [view.read(tab) for view, tab in zip(VIEWS, tabs, strict=True)]
    changed: set[View] = set()
    async with live_pushes():
        for name, change in CHANGES.items():
            before = list(seen)
            await change(stage)
            for number, view in enumerate(VIEWS):
                async with browser_of(getattr(stage.scene, view.who).id) as fresh:
                    await view.open(stage, fresh)
                    seen[number] = view.read(fresh)
                await eventually(lambda number=number: VIEWS[number].read(tabs[number]) == seen[number])
                assert view.read(tabs[number]) == seen[number], f"After “{name}”, {view} differs from a fresh one."
            differing = {view for view, old, new in zip(VIEWS, before, seen, strict=True) if old != new}
            assert differing, f"“{name}” is to be seen somewhere."
            changed |= differing
    assert changed == set(VIEWS)
