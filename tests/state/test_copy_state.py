"""The dialog that copies days, and the report of what came of it."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import select

from schedule_app.models import Employee, Shift, Site
from schedule_app.ui.board.copy_state import CopyState
from schedule_app.ui.board.report_state import ReportState
from schedule_app.ui.board.state import BoardState
from tests.support.builders import (
    build_assignment,
    build_employee,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import browser_of, stranger

START = date(2027, 3, 15)
NEXT = START + timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A draft with two shifts, Bob on both against a rule that would block it, and an empty draft after it."""

    site: Site
    manager: Employee
    supervisor: Employee
    bob: Employee

    @property
    def address(self) -> str:
        return f"/schedule/{self.site.id}/{START}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    supervisor = await build_employee(session, site, role="supervisor")
    bob = await build_employee(session, site, name="Bob Worker")
    schedule = await build_schedule(session, site, week_start=START)
    early = await build_shift(session, schedule, start=time(6), end=time(14))
    late = await build_shift(session, schedule, start=time(16), end=time(22), title="Late")
    for shift in (early, late):
        await build_assignment(session, shift, bob)
    await build_schedule(session, site, week_start=NEXT)
    await build_rule(session, site, name="Rest")
    await session.commit()
    return Week(site, manager, supervisor, bob)


async def count(session: AsyncSession) -> int:
    return (await session.execute(select(func.count()).select_from(Shift))).scalar_one()


async def test_the_week_is_copied_to_the_next_and_the_report_names_who_was_left_off(
    week: Week, session: AsyncSession
) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(CopyState.begin)
        shown = tab.shows(CopyState)
        assert (shown["is_open"], shown["to"], shown["problem"]) == (True, "2027-03-22", "")
        assert shown["preview"] == ("2 shifts, 1 person; 1 place would be left open, because a rule does not allow it.")
        assert await count(session) == 2

        await tab.send(CopyState.copy_now)
        report = tab.shows(ReportState)
        assert not tab.state(CopyState).is_open
        assert report["title"] == "Copied: 2 shifts, 1 person"
        [line] = report["left_open"]
        assert (line["date"], line["week"], line["employee_id"]) == ("2027-03-22", "2027-03-22", week.bob.id)
        assert line["href"] == f"/schedule/{week.site.id}/2027-03-22"
        assert "(Late)" in line["label"]
        assert "Bob Worker would have 2 h of rest" in line["text"]

        await tab.open(report["href"])
        assert sum(len(day) for day in tab.state(BoardState).shifts) == 2
        assert tab.shows(ReportState)["title"]
        await tab.send(ReportState.dismiss)
        assert tab.shows(ReportState)["title"] == ""
    assert await count(session) == 4


async def test_every_choice_says_anew_what_would_be_made(week: Week) -> None:
    said = []
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(CopyState.begin)
        for changed in (
            {"people": "without"},
            {"to": "2027-03-29"},
            {"what": "2027-03-16"},
            {"what": "2027-03-15"},
            {"mode": "replace", "to": "2027-03-22"},
            {"to": ""},
            {"what": "other", "to": "2027-03-16"},
            {"last": "2037-03-16"},
            {"last": "2027-03-14", "to": "2027-03-29"},
        ):
            await tab.send(CopyState.change, changed)
            shown = tab.shows(CopyState)
            said.append(shown["preview"] or shown["problem"])

    assert said == [
        "2 shifts, 0 people.",
        "2 shifts, 0 people. A draft would be begun for 29 Mar – 4 Apr 2027.",
        "There are no shifts on these days to copy.",
        "2 shifts, 0 people.",
        "2 shifts, 0 people.",
        "Please give the day to copy to.",
        "2 shifts, 0 people.",
        "At most 62 days can be copied in one step.",
        "The last day comes before the first.",
    ]


async def test_replacing_says_what_goes_before(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(CopyState.begin)
        await tab.send(CopyState.copy_now)
        await tab.send(CopyState.begin)
        await tab.send(CopyState.change, {"mode": "replace"})
        assert "Before that, 2 shifts with 1 person would be removed." in tab.shows(CopyState)["preview"]
        await tab.send(CopyState.copy_now)
    assert await count(session) == 4


async def test_what_refuses_is_said_in_the_dialog(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(CopyState.begin)
        await tab.send(CopyState.change, {"to": START.isoformat()})
        await tab.send(CopyState.copy_now)
        assert "overlap" in tab.shows(CopyState)["problem"]
        assert tab.state(CopyState).is_open
        assert tab.alert == ""
    assert await count(session) == 2


BAD_PAYLOADS: list[Any] = [
    None,
    "week",
    {"what": "month"},
    {"what": "<script>"},
    {"first": "yesterday"},
    {"to": 20270322},
    {"people": "all"},
    {"mode": "burn"},
    {"site_id": 1},
]


@pytest.mark.parametrize("payload", BAD_PAYLOADS)
async def test_payloads_nobody_can_send_by_the_dialog_change_nothing(week: Week, payload: object) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(CopyState.begin)
        await tab.send("CopyState.change", payload)
        assert tab.alert.startswith("That could not be understood.")


async def test_a_day_that_does_not_exist_is_asked_for_again(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(CopyState.begin)
        await tab.send(CopyState.change, {"to": "2027-02-30"})
        assert tab.shows(CopyState)["problem"] == "Please give the day to copy to."
        await tab.send(CopyState.change, {"what": "2027-02-30"})
        assert tab.alert == "Please give the day."


@pytest.mark.parametrize("handler", ["begin", "show", "change", "copy_now"])
@pytest.mark.parametrize("who", ["supervisor", "bob", "nobody"])
async def test_nobody_else_copies(week: Week, session: AsyncSession, who: str, handler: str) -> None:
    payloads: dict[str, Any] = {"show": {"is_open": True}, "change": {"what": "week"}}
    async with stranger() if who == "nobody" else browser_of(getattr(week, who).id) as tab:
        await tab.open(week.address)
        await tab.send(f"CopyState.{handler}", *([payloads[handler]] if handler in payloads else []))
        assert tab.redirects if who == "nobody" else tab.alert == "You are not allowed to do this."
        assert not tab.state(CopyState).is_open
    assert await count(session) == 2


async def test_without_a_board_there_is_nothing_to_copy(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open("/me")
        await tab.send(CopyState.begin)
        assert not tab.state(CopyState).is_open
        for handler, *payload in ((CopyState.copy_now,), (CopyState.change, {"what": "week"})):
            await tab.send(handler, *payload)
            assert tab.alert == "This does not exist, or you may not see it."
