"""Two weeks or a month on the board's page: whose weeks are seen, what is sent, and where it leads."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Employee, Schedule, Shift, Site
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.move_state import MoveState
from schedule_app.ui.board.presence_state import PresenceState
from schedule_app.ui.board.span_state import SpanState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.version_state import VersionState
from tests.support.builders import (
    MONDAY,
    advance_schedule,
    build_assignment,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import Tab, browser_of, push

NEXT = MONDAY + timedelta(days=7)


@dataclass(frozen=True)
class Weeks:
    """A published week in which Bob works Tuesday, and after it a draft with an open Wednesday."""

    site: Site
    manager: Employee
    supervisor: Employee
    bob: Employee
    carol: Employee
    published: Schedule
    draft: Schedule
    tuesday: int
    wednesday: Shift

    def address(self, view: str, week: date = MONDAY) -> str:
        return f"/schedule/{self.site.id}/{week}?view={view}"

    def topic(self, week: date) -> str:
        return f"week:{self.site.id}:{week}"


@pytest.fixture
async def weeks(session: AsyncSession) -> Weeks:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    supervisor = await build_employee(session, site, role="supervisor", name="Sue Supervisor")
    bob = await build_employee(session, site, name="Bob Worker", hourly_rate_cents=2000)
    carol = await build_employee(session, site, name="Carol Cook")
    published = await build_schedule(session, site)
    held = await build_assignment(session, await build_shift(session, published, day=1), bob)
    await advance_schedule(session, published, "published", by=manager)
    draft = await build_schedule(session, site, week_start=NEXT)
    wednesday = await build_shift(session, draft, day=2, start=time(7), end=time(15), title="Early")
    await session.commit()
    assert held.id
    return Weeks(site, manager, supervisor, bob, carol, published, draft, held.id, wednesday)


def states(tab: Tab) -> list[tuple[str, str, bool]]:
    """Each week as it is shown: its first day, its status, whether shifts can be placed there."""
    return [(week["start"], week["status"], week["can_assign"]) for week in tab.shows(SpanState)["weeks"]]


def held(tab: Tab, person: Employee) -> list[list[int]]:
    """What a person has, as the grid now shows it."""
    shown = tab.shows(SpanState)
    rows = {str(row["id"]): row for row in shown["rows"]} | shown.get("patch", {})
    return rows[str(person.id)]["held"]


async def test_planners_see_each_week_s_own_version_and_staff_what_is_published(weeks: Weeks) -> None:
    async with browser_of(weeks.manager.id) as desk, browser_of(weeks.bob.id) as phone:
        for tab in (desk, phone):
            await tab.open(weeks.address("two-weeks"))

        assert states(desk) == [(str(MONDAY), "published", True), (str(NEXT), "draft", True)]
        assert states(phone) == [(str(MONDAY), "published", False), (str(NEXT), "", False)]
        assert [len(day) for day in phone.shows(SpanState)["shifts"]] == [0, 1, *[0] * 12]
        assert (desk.shows(SpanState)["can_open"], phone.shows(SpanState)["can_open"]) == (True, False)


async def test_cost_is_sent_to_those_who_may_know_it(weeks: Weeks) -> None:
    shown = {}
    for person in (weeks.manager, weeks.supervisor, weeks.bob):
        async with browser_of(person.id) as tab:
            await tab.open(weeks.address("month"))
            span = tab.shows(SpanState)
            cents = {row["name"]: row["cents"] for row in span["rows"]}
            shown[person.name] = (span["currency"], sum(cents["Bob Worker"] or [0]))

    assert shown == {"John Manager": ("EUR", 16000), "Sue Supervisor": ("", 0), "Bob Worker": ("", 0)}


@pytest.mark.parametrize("view", ["", "Month", "departments", "month,month", "__proto__", "two-weeks%00", "x" * 2000])
async def test_a_view_that_is_no_span_shows_the_week(weeks: Weeks, view: str) -> None:
    async with browser_of(weeks.manager.id) as tab:
        await tab.open(weeks.address(view))

        assert (tab.shows(BoardState)["span"], len(tab.shows(BoardState)["days"]), tab.alert) == ("", 7, "")
        assert tab.shows(SpanState).get("days", []) == []


@pytest.mark.parametrize("view", ["two-weeks", "month"])
async def test_a_span_elsewhere_or_beyond_all_planning_is_not_found(
    weeks: Weeks, session: AsyncSession, view: str
) -> None:
    elsewhere = await build_site(session)
    await session.commit()
    places = [(elsewhere.id, str(MONDAY)), (weeks.site.id, "1066-10-14"), (weeks.site.id, "9999-12-31")]
    async with browser_of(weeks.manager.id) as tab:
        for site_id, day in places:
            await tab.open(f"/schedule/{site_id}/{day}?view={view}")
            assert tab.shows(BoardState)["is_found"] is False
            assert tab.shows(SpanState).get("rows", []) == []
        await tab.open(f"/schedule/{weeks.site.id}/2000-01-01?view={view}")
        assert tab.shows(BoardState)["is_found"] is True


async def test_planners_look_at_either_version_of_the_weeks_and_the_address_keeps_it(
    weeks: Weeks, session: AsyncSession
) -> None:
    version_two = await build_schedule(session, weeks.site, version_number=2, parent_id=weeks.published.id)
    await build_assignment(session, await build_shift(session, version_two, day=3), weeks.carol)
    await session.commit()
    async with browser_of(weeks.manager.id) as tab, browser_of(weeks.bob.id) as phone:
        await tab.open(weeks.address("two-weeks"))
        await phone.open(weeks.address("two-weeks"))
        assert tab.shows(SpanState)["has_two_versions"] is True
        assert phone.shows(SpanState).get("has_two_versions", False) is False
        assert states(tab) == [(str(MONDAY), "draft", True), (str(NEXT), "draft", True)]
        working = tab.shows(SpanState)["rows"]
        await tab.send(BoardState.pick, {"shift_id": weeks.wednesday.id})

        await tab.send(VersionState.look_at, {"version": "published"})
        assert states(tab) == [(str(MONDAY), "published", True), (str(NEXT), "", False)]
        assert (len(held(tab, weeks.bob)), len(held(tab, weeks.carol))) == (1, 0)
        assert '"version": "published"' in tab.events[-1].payload["javascript_code"]
        assert tab.shows(BoardState)["judged"]["shift_id"] == 0
        week = tab.shows(BoardState)["week"]
        assert week["next_href"].endswith("/2026-12-07?view=two-weeks&version=published")
        assert [each["href"].partition("?")[2] for each in tab.shows(SpanState)["weeks"]] == ["version=published", ""]
        await tab.send(BoardState.go_to, {"day": "2027-03-10"})
        assert tab.redirects[-1].endswith("/2027-03-10?view=two-weeks&version=published")
        await tab.send(AssignmentState.open, {"assignment_id": weeks.tuesday})
        await tab.send(AssignmentState.show_in_week)
        assert tab.redirects[-1].endswith(f"/{MONDAY}?version=published#cell-{weeks.bob.id}-2")

        async with browser_of(weeks.manager.id) as fresh:
            await fresh.open(weeks.address("two-weeks") + "&version=published")
            assert fresh.shows(SpanState)["rows"] == tab.shows(SpanState)["rows"]
            assert fresh.shows(BoardState)["week"] == tab.shows(BoardState)["week"]
        # Both weeks have a draft that is not shown, the second no other version.
        await tab.open(weeks.address("two-weeks", NEXT) + "&version=published")
        assert tab.shows(SpanState)["has_two_versions"] is True
        await tab.open(weeks.address("two-weeks") + "&version=published")
        await tab.send(VersionState.look_at, {"version": "working"})
        assert tab.shows(SpanState)["rows"] == working

        await phone.send(VersionState.look_at, {"version": "working"})
        assert states(phone) == [(str(MONDAY), "published", False), (str(NEXT), "", False)]


async def test_a_week_that_was_never_published_shows_its_draft_to_planners_whatever_is_asked(weeks: Weeks) -> None:
    address = f"/schedule/{weeks.site.id}/{NEXT}?version=published"
    async with browser_of(weeks.manager.id) as tab, browser_of(weeks.bob.id) as phone:
        await tab.open(address)
        await phone.open(address)
        assert (tab.shows(BoardState)["head"]["status"], tab.state(BoardState).version) == ("draft", "working")
        assert phone.shows(BoardState)["head"]["status"] == ""


async def test_arrows_today_and_the_picker_stay_in_the_view(weeks: Weeks) -> None:
    async with browser_of(weeks.manager.id) as tab:
        await tab.open(weeks.address("month"))
        week = tab.shows(BoardState)["week"]
        assert week["label"] == "November 2026"
        assert week["previous_href"].endswith("/2026-09-28?view=month")
        assert week["next_href"].endswith("/2026-11-30?view=month")
        assert week["today_href"].endswith("?view=month")
        await tab.send(BoardState.go_to, {"day": "2027-03-10"})
        assert tab.redirects[-1].endswith("/2027-03-10?view=month")

        await tab.open(weeks.address("two-weeks"))
        week = tab.shows(BoardState)["week"]
        assert week["label"] == "23 Nov – 6 Dec 2026"
        assert week["next_href"].endswith("/2026-12-07?view=two-weeks")


async def test_what_changes_in_any_of_the_weeks_is_sent_and_nothing_else(weeks: Weeks, session: AsyncSession) -> None:
    async with browser_of(weeks.manager.id) as tab, browser_of(weeks.bob.id) as phone:
        for each in (tab, phone):
            await each.open(weeks.address("two-weeks"))
            await push({weeks.topic(NEXT)})
        before, phone_before = tab.bytes_received, phone.bytes_received
        await build_assignment(session, weeks.wednesday, weeks.carol)
        await session.commit()
        await push({weeks.topic(NEXT)})

        assert [shift for _, shift, *_ in held(tab, weeks.carol)] == [weeks.wednesday.id]
        assert tab.shows(SpanState)["staffed"] == {str(weeks.wednesday.id): 1}
        assert set(tab.shows(SpanState)["patch"]) == {str(weeks.carol.id)}
        assert tab.bytes_received - before < 6000
        assert phone.bytes_received == phone_before


async def test_a_shift_of_any_of_the_weeks_is_picked_and_placed(weeks: Weeks) -> None:
    shift = {"shift_id": weeks.wednesday.id}
    async with browser_of(weeks.manager.id) as tab:
        await tab.open(weeks.address("two-weeks"))
        await tab.send(BoardState.pick, shift)
        assert tab.shows(BoardState)["verdicts"][str(weeks.carol.id)]["level"] == "ok"
        await tab.send(MoveState.place, {**shift, "employee_id": weeks.carol.id, "key": 7})
        await push({weeks.topic(NEXT)})

        assert tab.shows(MoveState)["answer"] == {"key": 7, "is_done": True}
        assert [one[1] for one in held(tab, weeks.carol)] == [weeks.wednesday.id]
        # Its only place is taken.
        assert tab.shows(BoardState)["judged"]["shift_id"] == 0


async def test_an_assignment_leads_to_its_cell_on_the_week_s_board(weeks: Weeks) -> None:
    async with browser_of(weeks.manager.id) as tab:
        await tab.open(weeks.address("month"))
        await tab.send(AssignmentState.show_in_week)
        assert tab.alert
        await tab.send(AssignmentState.open, {"assignment_id": weeks.tuesday})
        assert (tab.shows(AssignmentState)["is_open"], tab.shows(AssignmentState)["can_take_off"]) == (True, False)
        await tab.send(AssignmentState.show_in_week)

        assert tab.redirects == [f"/schedule/{weeks.site.id}/{MONDAY}#cell-{weeks.bob.id}-2"]
        assert tab.shows(AssignmentState)["is_open"] is False


async def test_week_and_span_take_turns(weeks: Weeks) -> None:
    async with browser_of(weeks.manager.id) as tab:
        await tab.open(weeks.address("month"))
        shown: dict[str, Any] = tab.shows(BoardState)
        assert (shown["rows"], shown["head"]["status"], shown["week"]["versions_href"]) == ([], "", "")
        assert tab.shows(PresenceState).get("others", []) == []

        await tab.open(weeks.address(""))
        assert [len(shown["rows"]), shown["head"]["status"], shown["span"]] == [4, "published", ""]
        assert tab.shows(SpanState)["rows"] == []
        before = tab.bytes_received
        await push({weeks.topic(NEXT)})
        assert tab.bytes_received == before
