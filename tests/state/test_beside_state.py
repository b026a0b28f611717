"""The heatmap beside the board, and the night before its week: what they say, to whom, and that they follow."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Employee, Site
from schedule_app.ui.board.beside_state import BesideState
from schedule_app.ui.board.night_state import NightState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.coverage.state import CoverageState
from tests.db.services.scene import execute
from tests.support.builders import (
    MONDAY,
    advance_schedule,
    build_assignment,
    build_department,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.queries import count_statements
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

BEFORE = MONDAY - timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A published Monday, one of two on the ward and one of one in the kitchen; a draft that needs three on the ward.

    In the week before, published, Bob works Sunday's night; a newer draft of it has nobody.
    """

    site: Site
    manager: Employee
    bob: Employee
    stranger: Employee

    @property
    def board(self) -> str:
        return f"/schedule/{self.site.id}/{MONDAY.isoformat()}"

    @property
    def coverage(self) -> str:
        return f"/coverage/{self.site.id}/{MONDAY.isoformat()}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    ward, kitchen = [await build_department(session, site, name=name) for name in ("Ward", "Kitchen")]
    manager = await build_employee(session, site, role="manager")
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob", "Carol")]
    stranger = await build_employee(session, await build_site(session), role="manager")
    day: dict[str, Any] = {"start": time(7), "end": time(15)}
    schedule = await build_schedule(session, site)
    early = await build_shift(session, schedule, **day, department_id=ward.id, required_staff=2)
    await build_assignment(session, early, bob)
    await build_assignment(session, await build_shift(session, schedule, **day, department_id=kitchen.id), carol)
    await advance_schedule(session, schedule, "published", by=manager)
    draft = await build_schedule(session, site, version_number=2, parent_id=schedule.id)
    await build_shift(session, draft, **day, department_id=ward.id, required_staff=3)

    before = await build_schedule(session, site, week_start=BEFORE, week_end=BEFORE + timedelta(days=6))
    late: dict[str, Any] = {"day": 6, "start": time(22), "end": time(6)}
    await build_assignment(session, await build_shift(session, before, title="Night", **late), bob)
    await build_shift(session, before, title="Noon", day=6, start=time(10), end=time(14))
    await advance_schedule(session, before, "published", by=manager)
    newer = await build_schedule(
        session, site, week_start=BEFORE, week_end=BEFORE + timedelta(days=6), version_number=2, parent_id=before.id
    )
    await build_shift(session, newer, title="Not yet", **late)
    await session.commit()
    return Week(site, manager, bob, stranger)


async def test_it_shows_what_the_coverage_page_shows_of_each_version(week: Week) -> None:
    async with browser_of(week.manager.id) as tab, browser_of(week.manager.id) as page:
        for version in ("working", "published"):
            await tab.open(f"{week.board}?version={version}&beside=1")
            await page.open(f"{week.coverage}?version={version}")
            shown = tab.shows(BesideState)
            assert shown["rows"] == page.shows(CoverageState)["rows"]
            assert shown["days"] == page.shows(CoverageState)["days"]
            assert shown["told"]["version"] == version


async def test_a_department_narrows_it_and_one_that_is_not_there_does_not(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(f"{week.board}?beside=1&department=Kitchen")
        assert (net(tab, 7), tab.shows(BesideState)["told"]["department"]) == (0, "Kitchen")
        await tab.send(BesideState.look, {"is_wanted": True, "department": "Ward"})
        assert (net(tab, 7), tab.shows(BesideState)["told"]["department"]) == (-1, "Ward")
        await tab.send(BesideState.look, {"is_wanted": True, "department": "Moon"})
        assert (net(tab, 7), tab.shows(BesideState)["told"]["department"]) == (-1, "")


async def test_staff_see_the_published_week_whatever_they_ask_for(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(f"{week.board}?beside=1&version=working")
        assert (net(tab, 7), tab.shows(BesideState)["told"]["version"]) == (-1, "published")


async def test_a_plain_board_reads_nothing_for_it(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.board)
        with count_statements() as plain:
            await tab.open(week.board)
        with count_statements() as beside:
            await tab.open(f"{week.board}?beside=1")
        assert len(beside) > len(plain)
        await tab.send(BesideState.look, {"is_wanted": False, "department": ""})
        with count_statements() as again:
            await tab.open(week.board)
        assert len(again) == len(plain)


async def test_what_is_not_on_a_board_of_ones_own_is_not_shown(week: Week) -> None:
    async with browser_of(week.stranger.id) as tab:
        await tab.open(f"{week.board}?beside=1")
        await tab.send(BesideState.look, {"is_wanted": True, "department": ""})
        await tab.send(NightState.look, {"is_wanted": True})
        assert tab.shows(BesideState)["rows"] == []
        assert tab.shows(NightState)["night"]["shifts"] == []


async def test_both_follow_what_others_do(week: Week) -> None:
    async with live_pushes(), browser_of(week.manager.id) as tab:
        await tab.open(f"{week.board}?beside=1&version=published&view=day")
        await tab.send(NightState.look, {"is_wanted": True})
        assert who(tab) == {week.bob.id: "22:00–06:00 +1"}
        assert net(tab, 1) == 0
        await take_off(week.bob.id, BEFORE)
        await eventually(lambda: who(tab) == {} and net(tab, 1) == -1)
        await take_off(week.bob.id, MONDAY)
        await eventually(lambda: net(tab, 7) == -2)


async def test_the_night_before_is_the_one_in_force(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.board)
        assert tab.shows(NightState)["night"]["shifts"] == []
        await tab.send(NightState.look, {"is_wanted": True})
        [shift] = tab.shows(NightState)["night"]["shifts"]
        assert (shift["title"], shift["at"], shift["minutes"], shift["staffed"]) == ("Night", -120, 480, 1)
        assert tab.shows(NightState)["night"]["week_start"] == tab.shows(BoardState)["week"]["start"]


def net(tab: Tab, hour: int) -> int:
    """Monday's number in an hour."""
    return next(row for row in tab.shows(BesideState)["rows"] if row["hour"] == hour)["cells"][0]["net"]


def who(tab: Tab) -> dict[int, str]:
    """Who works the night before, and when."""
    chips = tab.shows(NightState)["night"]["chips"]
    return {int(person): chip["label"] for person, held in chips.items() for chip in held}


async def take_off(employee_id: int, week_start: date) -> None:
    await execute(
        "DELETE FROM schedule_assignments USING schedules"
        " WHERE schedules.id = schedule_id AND employee_id = :id AND schedules.week_start = :week",
        id=employee_id,
        week=week_start,
    )
