"""The coverage heatmap: what its cells say, and to whom."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.live.principals import principals
from schedule_app.live.viewers import viewers
from schedule_app.models import Department, Employee, Shift, Site
from schedule_app.ui.coverage.cell_state import CoverageCellState
from schedule_app.ui.coverage.state import CoverageState
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
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes, push, stranger

HOUR_SKIPPED_WEEK = date(2027, 3, 22)


@dataclass(frozen=True)
class Week:
    """A published Monday: the ward needs two from 7 to 15 and has Bob, the kitchen needs one and has two.

    A newer draft needs three on the ward and has nobody.
    """

    site: Site
    ward: Department
    kitchen: Department
    manager: Employee
    bob: Employee
    early: Shift

    @property
    def address(self) -> str:
        return f"/coverage/{self.site.id}/{MONDAY.isoformat()}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session, name="Lindenhof")
    ward, kitchen = [await build_department(session, site, name=name) for name in ("Ward", "Kitchen")]
    manager = await build_employee(session, site, role="manager")
    bob, carol, dave = [await build_employee(session, site, name=name) for name in ("Bob", "Carol", "Dave")]
    schedule = await build_schedule(session, site)
    early = await build_shift(
        session, schedule, start=time(7), end=time(15), title="Early", department_id=ward.id, required_staff=2
    )
    cooking = await build_shift(
        session, schedule, start=time(10), end=time(14), title="Lunch", department_id=kitchen.id
    )
    for shift, person in ((early, bob), (cooking, carol), (cooking, dave)):
        await build_assignment(session, shift, person)
    await advance_schedule(session, schedule, "published", by=manager)
    draft = await build_schedule(session, site, version_number=2, parent_id=schedule.id)
    await build_shift(session, draft, start=time(7), end=time(15), department_id=ward.id, required_staff=3)
    await session.commit()
    return Week(site, ward, kitchen, manager, bob, early)


def cell(tab: Tab, hour: int, column: int = 0) -> dict[str, Any]:
    row = next(row for row in tab.shows(CoverageState)["rows"] if row["hour"] == hour)
    return row["cells"][column]


async def test_employees_see_the_published_week(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(week.address)
        shown = tab.shows(CoverageState)
        assert (shown["status"], shown.get("has_two_versions", False)) == ("published", False)
        assert cell(tab, 7)["text"] == "Monday 23 November, 07:00: 1 of 2 needed, 1 short"
        assert (cell(tab, 7)["sign"], cell(tab, 7)["level"]) == ("−", -1)
        assert cell(tab, 10)["text"] == "Monday 23 November, 10:00: 3 of 3 needed, met"
        assert shown["short_text"] == "8 h of work not covered yet"


async def test_an_employee_asking_for_the_draft_gets_the_published_week(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(f"{week.address}?version=working")
        assert tab.shows(CoverageState)["status"] == "published"
        await tab.send(CoverageState.choose_version, {"version": "working"})
        assert tab.alert == "You are not allowed to do this."
        assert tab.shows(CoverageState)["status"] == "published"


async def test_planners_see_the_draft_unless_they_ask_for_the_published_week(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        assert (tab.shows(CoverageState)["status"], cell(tab, 7)["net"]) == ("draft", -3)
        assert tab.shows(CoverageState)["has_two_versions"]

        await tab.open(f"{week.address}?version=published")
        assert (tab.shows(CoverageState)["status"], cell(tab, 7)["net"]) == ("published", -1)

        await tab.send(CoverageState.choose_version, {"version": "working"})
        assert tab.shows(CoverageState)["status"] == "draft"
        assert tab.shows(CoverageState)["look"]["query"] == ""


async def test_a_department_narrows_the_week_and_stays_in_the_address(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(week.address)
        await tab.send(CoverageState.choose_department, {"department_id": week.kitchen.id})
        assert cell(tab, 10)["text"] == "Monday 23 November, 10:00: 2 of 1 needed, 1 over"
        query = f"?department={week.kitchen.id}"
        assert tab.shows(CoverageState)["look"]["query"] == query
        assert query in str(tab.events[-1].payload)

        async with browser_of(week.bob.id) as fresh:
            await fresh.open(week.address + query)
            assert fresh.shows(CoverageState) == tab.shows(CoverageState)

        await tab.send(CoverageState.choose_department, {"department_id": 0})
        assert cell(tab, 10)["net"] == 0
        assert tab.shows(CoverageState)["look"]["query"] == ""


async def test_quiet_hours_are_left_out_until_asked_for(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(week.address)
        assert [row["hour"] for row in tab.shows(CoverageState)["rows"]] == list(range(6, 16))
        assert tab.shows(CoverageState)["hidden_hours"] == 14
        await tab.send(CoverageState.toggle_hours)
        assert [row["hour"] for row in tab.shows(CoverageState)["rows"]] == list(range(24))
        assert tab.shows(CoverageState)["hidden_hours"] == 0


async def test_an_hour_that_the_clock_skips_says_so(session: AsyncSession) -> None:
    site = await build_site(session)
    bob = await build_employee(session, site)
    schedule = await build_schedule(session, site, week_start=HOUR_SKIPPED_WEEK)
    await build_shift(session, schedule, day=5, start=time(22), end=time(6))
    await advance_schedule(session, schedule, "published")
    await session.commit()
    async with browser_of(bob.id) as tab:
        await tab.open(f"/coverage/{site.id}/{HOUR_SKIPPED_WEEK}")
        skipped = cell(tab, 2, column=6)
    assert skipped["exists"] is False
    assert skipped["text"] == "Sunday 28 March, 02:00: the clock skips this hour"


async def test_a_cell_lists_its_shifts_and_people(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(week.address)
        await tab.send(CoverageCellState.show, {"day": MONDAY.isoformat(), "hour": 10})
        shown = tab.shows(CoverageCellState)
        assert (shown["is_open"], shown["title"], shown["summary"]) == (
            True,
            "Monday 23 November, 10:00",
            "3 of 3 needed, met",
        )
        assert [(shift["title"], shift["people"]) for shift in shown["shifts"]] == [
            ("Early", ["Bob"]),
            ("Lunch", ["Carol", "Dave"]),
        ]
        await tab.send(CoverageCellState.close)
        assert not tab.shows(CoverageCellState)["is_open"]


async def test_the_night_before_the_week_is_followed_too(week: Week, session: AsyncSession) -> None:
    before = await build_schedule(session, week.site, week_start=MONDAY - timedelta(days=7))
    night = await build_shift(session, before, day=6, start=time(22), end=time(6))
    await advance_schedule(session, before, "published", by=week.manager)
    await session.commit()
    async with browser_of(week.bob.id) as tab, live_pushes():
        await tab.open(week.address)
        assert cell(tab, 3)["text"] == "Monday 23 November, 03:00: 0 of 1 needed, 1 short"
        await build_assignment(session, night, week.bob, status="confirmed")
        await session.commit()
        await eventually(lambda: cell(tab, 3)["text"] == "Monday 23 November, 03:00: 1 of 1 needed, met")


async def test_whoever_writes_the_open_page_and_its_cell_follow(week: Week) -> None:
    async with browser_of(week.bob.id) as tab, live_pushes():
        await tab.open(week.address)
        await tab.send(CoverageCellState.show, {"day": MONDAY.isoformat(), "hour": 7})
        async with unit_of_work() as writing:
            cancel = "UPDATE schedule_assignments SET status = 'cancelled' WHERE shift_id = :shift_id"
            await writing.execute(text(cancel), {"shift_id": week.early.id})
        await eventually(lambda: tab.shows(CoverageCellState)["summary"] == "0 of 2 needed, 2 short")
        assert tab.shows(CoverageCellState)["shifts"][0]["people"] == []

        async with browser_of(week.bob.id) as fresh:
            await fresh.open(week.address)
            assert fresh.shows(CoverageState) == tab.shows(CoverageState)


async def test_viewers_of_the_same_week_share_one_reading(week: Week) -> None:
    async with browser_of(week.bob.id) as first, browser_of(week.bob.id) as second:
        for tab in (first, second):
            await tab.open(week.address)
        topic = f"week:{week.site.id}:{MONDAY.isoformat()}"
        with count_statements() as one:
            await push({topic})
        async with browser_of(week.bob.id) as third:
            await third.open(week.address)
            with count_statements() as with_a_third:
                await push({topic})
    assert (
        len([each for each in with_a_third if "shifts" in each]) == len([each for each in one if "shifts" in each]) == 1
    )


async def test_somebody_moved_to_another_site_does_not_share_what_the_others_read(
    week: Week, session: AsyncSession
) -> None:
    elsewhere = await build_site(session)
    await session.commit()
    colleague = await build_employee(session, week.site)
    await session.commit()
    async with browser_of(colleague.id) as stays, browser_of(week.bob.id) as leaves:
        for tab in (stays, leaves):
            await tab.open(week.address)
        moved = "UPDATE employees SET site_id = :site_id, department_id = NULL WHERE id = :id"
        async with unit_of_work() as writing:
            await writing.execute(text(moved), {"site_id": elsewhere.id, "id": week.bob.id})
        principals.forget(None)
        viewers.changed(frozenset({f"site:{week.site.id}"}))
        # One after the other, so that what the first has read lies ready for the second.
        for tab in (stays, leaves):
            await tab.refresh(f"{CoverageState.get_full_name()}.refresh")
        assert leaves.alert == "This does not exist, or you may not see it."
        assert stays.alert == ""


async def test_renamed_departments_and_sites_follow(week: Week) -> None:
    async with browser_of(week.bob.id) as tab, live_pushes():
        await tab.open(week.address)
        async with unit_of_work() as writing:
            await writing.execute(text("UPDATE departments SET name = 'Galley' WHERE name = 'Kitchen'"))
            await writing.execute(text("UPDATE sites SET name = 'Ship'"))
        await eventually(lambda: tab.shows(CoverageState)["place"]["site_name"] == "Ship")
        names = [name for _, name in tab.shows(CoverageState)["departments"]]
        assert names == ["All departments", "Galley", "Ward"]


async def test_a_department_that_is_gone_gives_way_to_the_whole_site(week: Week, session: AsyncSession) -> None:
    bar = await build_department(session, week.site, name="Bar")
    await session.commit()
    async with browser_of(week.bob.id) as tab:
        await tab.open(f"{week.address}?department={bar.id}")
        await session.delete(bar)
        await session.commit()
        await push({f"site:{week.site.id}"})
        assert (tab.alert, tab.shows(CoverageState)["look"]["department_id"]) == ("", 0)
        assert cell(tab, 7)["text"] == "Monday 23 November, 07:00: 1 of 2 needed, 1 short"
        assert week.address + '"' in tab.events[-1].payload["javascript_code"]


async def test_a_push_that_changes_nothing_sends_nothing(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(week.address)
        before = tab.bytes_received
        await push({f"week:{week.site.id}:{MONDAY.isoformat()}"})
        assert tab.bytes_received == before


async def test_a_week_without_a_plan_is_empty_and_not_an_error(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(f"/coverage/{week.site.id}/2027-01-06")
        state = tab.state(CoverageState)
        assert (tab.alert, state.is_found, state.status, state.place.start) == ("", True, "", "2027-01-04")


@pytest.mark.parametrize(
    "address",
    [
        "/coverage/999999/2026-11-23",
        "/coverage/0/2026-11-23",
        "/coverage/-1/2026-11-23",
        "/coverage/99999999999999999999/2026-11-23",
        "/coverage/one/2026-11-23",
        "/coverage/{site}/tomorrow",
        "/coverage/{site}/1066-10-14",
        "/coverage/{site}/2026-11-23?department=999999",
        "/coverage/{site}/2026-11-23?department=-1",
        "/coverage/{site}/2026-11-23?department=1%27--",
        "/coverage/{site}/2026-11-23?department=99999999999999999999",
        "/coverage/{site}/2026-11-23?version=secret",
        "/coverage/{foreign_site}/2026-11-23",
        "/coverage/{site}/2026-11-23?department={foreign_department}",
    ],
)
async def test_what_cannot_be_found_looks_like_what_is_not_ones_own(
    week: Week, session: AsyncSession, address: str
) -> None:
    elsewhere = await build_site(session)
    theirs = await build_department(session, elsewhere)
    await session.commit()
    names = {"site": week.site.id, "foreign_site": elsewhere.id, "foreign_department": theirs.id}
    async with browser_of(week.bob.id) as tab:
        await tab.open(address.format(**names))
        assert not tab.state(CoverageState).is_found
        assert tab.alert.startswith(("There is no such", "This does not exist"))
        assert tab.state(CoverageState).rows == []


@pytest.mark.parametrize(
    ("handler", "payload"),
    [
        ("CoverageState.choose_department", {"department_id": -1}),
        ("CoverageState.choose_department", {"department_id": 2**63}),
        ("CoverageState.choose_department", {"department_id": "ward"}),
        ("CoverageState.choose_department", {}),
        ("CoverageState.choose_department", {"department_id": 0, "site_id": 1}),
        ("CoverageState.choose_version", {"version": "archived"}),
        ("CoverageState.go_to", {"day": "today"}),
        ("CoverageState.go_to", {"day": None}),
        ("CoverageCellState.show", {"day": MONDAY.isoformat(), "hour": 24}),
        ("CoverageCellState.show", {"day": MONDAY.isoformat(), "hour": -1}),
        ("CoverageCellState.show", {"day": MONDAY.isoformat()}),
        ("CoverageCellState.show", {"day": MONDAY.isoformat(), "hour": 7, "site_id": 1}),
        ("CoverageCellState.show", []),
    ],
)
async def test_what_is_not_understood_is_refused_in_words_and_changes_nothing(
    week: Week, handler: str, payload: object
) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        before = tab.shows(CoverageState) | tab.shows(CoverageCellState)
        await tab.send(handler, payload)
        assert tab.alert.startswith("That could not be understood.")
        assert tab.shows(CoverageState) | tab.shows(CoverageCellState) == before


async def test_handlers_called_without_a_page_show_nothing(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/inbox")
        for handler, payload in (
            ("CoverageState.choose_department", {"department_id": 0}),
            ("CoverageCellState.show", {"day": MONDAY.isoformat(), "hour": 7}),
        ):
            await tab.send(handler, payload)
            assert tab.alert == "This does not exist, or you may not see it."
        assert tab.state(CoverageState).rows == []
        assert tab.state(CoverageCellState).shifts == []


async def test_a_cell_of_another_week_is_refused(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open(week.address)
        await tab.send(CoverageCellState.show, {"day": "2026-12-24", "hour": 7})
        assert tab.alert == "This day is not in the week."
        assert not tab.state(CoverageCellState).is_open


async def test_going_to_a_day_keeps_department_and_version(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(f"{week.address}?department={week.ward.id}&version=published")
        await tab.send(CoverageState.go_to, {"day": "0002-12-08"})
        assert (tab.alert, tab.redirects) == ("", [])
        await tab.send(CoverageState.go_to, {"day": "2026-12-08"})
        assert tab.redirects == [f"/coverage/{week.site.id}/2026-12-08?department={week.ward.id}&version=published"]


async def test_nobody_signed_in_sees_nothing(week: Week) -> None:
    async with stranger() as tab:
        await tab.open(week.address)
        assert tab.redirects
        assert set(tab.redirects) == {"/login"}
        assert tab.state(CoverageState).rows == []
