"""Asking for time off on one page, deciding over it on another."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.time import week_start_of
from schedule_app.models import Employee, Shift, TimeOffRequest
from schedule_app.ui.requests.time_off_state import TimeOffRequestsState
from schedule_app.ui.time_off.state import TimeOffState
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
    build_time_off,
)
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes, push

MONDAY = week_start_of(datetime.now(UTC).date()) + timedelta(days=28)
TUESDAY = MONDAY + timedelta(days=1)
SECRET = "appendix operation"


@dataclass(frozen=True)
class Week:
    """A published week in which Bob has the late shift of Tuesday, and Carol with him."""

    bob: Employee
    carol: Employee
    manager: Employee
    late: Shift


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob Worker", "Carol Cook")]
    schedule = await build_schedule(session, site, week_start=MONDAY)
    late = await build_shift(session, schedule, day=1, start=time(14), end=time(22), title="Late", required_staff=2)
    for person in (bob, carol):
        await build_assignment(session, late, person)
    await advance_schedule(session, schedule, "published", by=manager)
    await session.commit()
    return Week(bob, carol, manager, late)


def form(**fields: str) -> dict[str, str]:
    day = TUESDAY.isoformat()
    return {"kind": "vacation", "first_on": day, "last_on": "", "start": "", "end": "", "note": "", **fields}


async def ask(tab: Tab, **fields: str) -> None:
    await tab.open("/time-off")
    await tab.send(TimeOffState.check, form(**fields))
    await tab.send(TimeOffState.send)


def shown(tab: Tab) -> dict[str, Any]:
    return tab.shows(TimeOffState)


async def requests(session: AsyncSession) -> list[tuple[str, ...]]:
    found = await session.execute(text("SELECT status FROM time_off_requests ORDER BY id"))
    return [tuple(row) for row in found]


async def test_what_it_touches_is_told_before_anything_is_sent(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/time-off")
        await tab.send(TimeOffState.check, form(last_on=(TUESDAY + timedelta(days=1)).isoformat()))

        assert shown(tab)["is_checking"]
        preview = shown(tab)["preview"]
        assert preview["lasts"] == "2 days"
        [touched] = preview["touched"]
        assert "14:00–22:00 (Late): you would be taken off it; it stays yours until then." in touched
        assert await requests(session) == []

        await tab.send(TimeOffState.send)
        await tab.send(TimeOffState.send)
        assert [each["status"] for each in shown(tab)["requests"]] == ["waiting"]
        assert shown(tab)["done"].startswith("You asked for time off")
        [year] = shown(tab)["years"]
        assert year["rows"] == [{"kind": "Vacation", "approved": "none", "waiting": "2 days"}]
    assert await requests(session) == [("waiting",)]


async def test_hours_of_a_day(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/time-off")
        await tab.send(TimeOffState.choose, {"in_hours": True})
        await tab.send(TimeOffState.check, form(start="12:00", end="14:00"))
        assert (shown(tab)["preview"]["lasts"], shown(tab)["preview"]["touched"]) == ("2 h", [])
        await tab.send(TimeOffState.send)
        [year] = shown(tab)["years"]
        assert year["rows"] == [{"kind": "Vacation", "approved": "none", "waiting": "2 h"}]


@pytest.mark.parametrize(
    ("in_hours", "fields", "wrong"),
    [
        (False, {"first_on": ""}, "first_on"),
        (False, {"first_on": "2026-02-30"}, "first_on"),
        (False, {"first_on": "1999-01-01"}, "first_on"),
        (False, {"first_on": "9999-12-31"}, "first_on"),
        (False, {"last_on": MONDAY.isoformat()}, "last_on"),
        (True, {"start": "", "end": "14:00"}, "start"),
        (True, {"start": "14:00", "end": ""}, "end"),
        (True, {"start": "14:00", "end": "14:00"}, "end"),
    ],
)
async def test_what_cannot_be_asked_for_is_said_at_its_field(
    week: Week, session: AsyncSession, in_hours: bool, fields: dict[str, str], wrong: str
) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/time-off")
        await tab.send(TimeOffState.choose, {"in_hours": in_hours})
        await tab.send(TimeOffState.check, form(**fields))
        assert [name for name, words in shown(tab)["errors"].items() if words] == [wrong]
        assert not shown(tab)["is_checking"]
    assert await requests(session) == []


async def test_what_overlaps_is_refused_in_words(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await ask(tab)
        await tab.send(TimeOffState.check, form())
        await tab.send(TimeOffState.send)
        assert "already" in shown(tab)["problem"]
    assert await requests(session) == [("waiting",)]


async def test_withdrawing_asks_first(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await ask(tab)
        [request] = shown(tab)["requests"]
        await tab.send(TimeOffState.ask_withdraw, {"time_off_id": request["id"]})
        assert shown(tab)["withdrawing_id"] == request["id"]
        assert await requests(session) == [("waiting",)]
        await tab.send(TimeOffState.withdraw, {"time_off_id": request["id"]})
        assert [each["status"] for each in shown(tab)["requests"]] == ["withdrawn"]
        assert shown(tab)["withdrawing_id"] == 0


async def test_the_message_leads_to_the_decision_with_what_it_would_leave(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as bob, browser_of(week.manager.id) as manager:
        await ask(bob, note=SECRET)
        url = await session.scalar(
            text("SELECT action_url FROM notifications WHERE recipient_id = :id"), {"id": week.manager.id}
        )
        await manager.open(url)
        page = manager.shows(TimeOffRequestsState)

        [waiting] = page["waiting"]
        assert page["opened_id"] == waiting["id"]
        assert (waiting["name"], waiting["kind"], waiting["note"]) == ("Bob Worker", "Vacation", SECRET)
        [late] = waiting["shifts"]
        assert (late["needed"], late["now"], late["then"], late["is_short"]) == (2, 2, 1, True)
        await manager.send(TimeOffRequestsState.ask, {"time_off_id": waiting["id"], "step": "approve"})
        assert "They are taken off 1 published shift." in manager.shows(TimeOffRequestsState)["text"]
        await manager.send(TimeOffRequestsState.decide, {"note": "Get well"})
        page = manager.shows(TimeOffRequestsState)
        assert (page["waiting"], len(page["coming"]), page["step"]) == ([], 1, "")
        assert page["taken"][0].endswith("(Late): open now.")

        await manager.open(url)
        assert manager.shows(TimeOffRequestsState)["told"] == "The time off of Bob Worker is approved already."
        await push({f"employee:{week.bob.id}"})
        [request] = shown(bob)["requests"]
        assert (request["status"], request["decision_note"]) == ("approved", "Get well")
        assert request["decided"].startswith("Approved by John Manager")


async def test_both_sides_follow_and_show_what_a_fresh_page_shows(week: Week) -> None:
    async with browser_of(week.bob.id) as bob, browser_of(week.manager.id) as manager, live_pushes():
        await manager.open("/requests")
        await bob.open("/time-off")
        await bob.send(TimeOffState.check, form())
        await bob.send(TimeOffState.send)
        await eventually(lambda: len(manager.shows(TimeOffRequestsState)["waiting"]) == 1)
        await same_as_fresh(week.manager, "/requests", manager, TimeOffRequestsState, ("waiting", "coming"))

        # Somebody else's change of the coverage reaches the page too.
        async with unit_of_work() as writing:
            await writing.execute(
                text("UPDATE schedule_assignments SET status = 'cancelled' WHERE employee_id = :id"),
                {"id": week.carol.id},
            )
        await eventually(lambda: manager.shows(TimeOffRequestsState)["waiting"][0]["shifts"][0]["now"] == 1)
        await same_as_fresh(week.manager, "/requests", manager, TimeOffRequestsState, ("waiting", "coming"))

        [waiting] = manager.shows(TimeOffRequestsState)["waiting"]
        for step, status in (("approve", "approved"), ("take_back", "withdrawn")):
            await manager.send(TimeOffRequestsState.ask, {"time_off_id": waiting["id"], "step": step})
            await manager.send(TimeOffRequestsState.decide, {"note": ""})
            await eventually(lambda status=status: shown(bob)["requests"][0]["status"] == status)
            await same_as_fresh(week.bob, "/time-off", bob, TimeOffState, ("requests", "years"))
            await same_as_fresh(week.manager, "/requests", manager, TimeOffRequestsState, ("waiting", "coming"))


async def test_rejecting_and_withdrawing_reach_both_sides_too(week: Week) -> None:
    async with browser_of(week.bob.id) as bob, browser_of(week.manager.id) as manager, live_pushes():
        await manager.open("/requests")
        for step in ("reject", "withdraw"):
            await ask(bob)
            await eventually(lambda: len(manager.shows(TimeOffRequestsState)["waiting"]) == 1)
            [waiting] = manager.shows(TimeOffRequestsState)["waiting"]
            if step == "reject":
                await manager.send(TimeOffRequestsState.ask, {"time_off_id": waiting["id"], "step": "reject"})
                await manager.send(TimeOffRequestsState.decide, {"note": "Too few of us"})
                await eventually(lambda: shown(bob)["requests"][0]["status"] == "rejected")
            else:
                await bob.send(TimeOffState.withdraw, {"time_off_id": waiting["id"]})
                await eventually(lambda: manager.shows(TimeOffRequestsState)["waiting"] == [])
            await same_as_fresh(week.bob, "/time-off", bob, TimeOffState, ("requests", "years"))
            await same_as_fresh(week.manager, "/requests", manager, TimeOffRequestsState, ("waiting", "coming"))


async def same_as_fresh(person: Employee, path: str, tab: Tab, state: Any, names: tuple[str, ...]) -> None:
    async with browser_of(person.id) as fresh:
        await fresh.open(path)
        assert {name: fresh.shows(state).get(name, []) for name in names} == {
            name: tab.shows(state).get(name, []) for name in names
        }


async def test_why_somebody_is_off_reaches_no_colleague(week: Week, session: AsyncSession) -> None:
    async with (
        browser_of(week.bob.id) as bob,
        browser_of(week.carol.id) as carol,
        browser_of(week.manager.id) as manager,
    ):
        await ask(bob, kind="sick", note=SECRET)
        await manager.open("/requests")
        [waiting] = manager.shows(TimeOffRequestsState)["waiting"]
        await manager.send(TimeOffRequestsState.ask, {"time_off_id": waiting["id"], "step": "approve"})
        await manager.send(TimeOffRequestsState.decide, {"note": f"Sorry about the {SECRET}"})
        for page in ("/me", "/time-off", "/inbox", f"/schedule/{week.bob.site_id}/{MONDAY}", "/requests"):
            await carol.open(page)
        assert SECRET not in str(carol._vars)
        assert "sick" not in str(carol._vars).lower()
        assert carol.shows(TimeOffRequestsState).get("waiting", []) == []


async def test_a_push_that_changes_nothing_sends_nothing(week: Week) -> None:
    async with browser_of(week.bob.id) as bob, browser_of(week.manager.id) as manager:
        await ask(bob)
        await manager.open("/requests")
        before = bob.bytes_received, manager.bytes_received
        await push(None)
        assert (bob.bytes_received, manager.bytes_received) == before


async def test_the_second_to_decide_is_told_who_was_quicker(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as bob, browser_of(week.manager.id) as one, browser_of(week.manager.id) as other:
        await ask(bob)
        for tab in (one, other):
            await tab.open("/requests")
            [waiting] = tab.shows(TimeOffRequestsState)["waiting"]
            await tab.send(TimeOffRequestsState.ask, {"time_off_id": waiting["id"], "step": "reject"})
        await one.send(TimeOffRequestsState.decide, {"note": ""})
        await other.send(TimeOffRequestsState.decide, {"note": ""})
        assert "John Manager" in other.alert
        assert other.shows(TimeOffRequestsState)["waiting"] == []
    assert await requests(session) == [("rejected",)]


async def test_an_address_that_names_nothing_is_answered_in_words(week: Week, session: AsyncSession) -> None:
    site = await build_site(session)
    stranger = await build_employee(session, site)
    theirs = await build_time_off(session, stranger, MONDAY, status="waiting")
    await session.commit()
    said = []
    async with browser_of(week.manager.id) as tab:
        for address in (
            f"?time-off={theirs.id}",
            "?time-off=999999",
            "?time-off=-1",
            "?time-off=x",
            "?time-off=" + "9" * 40,
        ):
            await tab.open("/requests" + address)
            said.append((tab.shows(TimeOffRequestsState)["told"], tab.shows(TimeOffRequestsState)["opened_id"]))
    assert said[0] == said[1]
    assert said[0][0].startswith("The request that you followed")
    assert said[2:] == [("", 0)] * 3
    assert (await session.get_one(TimeOffRequest, theirs.id)).status == "waiting"
