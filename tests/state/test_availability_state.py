"""Saying when one can work: what it touches is told first, and nothing entered is lost."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.time import week_start_of
from schedule_app.models import Employee
from schedule_app.ui.availability.state import AvailabilityState
from schedule_app.ui.manage.person_state import PersonState
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_employee,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes, push

MONDAY = week_start_of(datetime.now(UTC).date()) + timedelta(days=28)
OFF: Any = {"available": False, "time_slots": []}
OPEN = {"available": True, "time_slots": []}


@dataclass(frozen=True)
class Week:
    """A published week in which Bob has the late shift of Tuesday."""

    bob: Employee
    manager: Employee


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    bob = await build_employee(session, site, name="Bob Worker")
    schedule = await build_schedule(session, site, week_start=MONDAY)
    late = await build_shift(session, schedule, day=1, start=time(14), end=time(22), title="Late")
    await build_assignment(session, late, bob)
    await advance_schedule(session, schedule, "published", by=manager)
    await session.commit()
    return Week(bob, manager)


def shown(tab: Tab) -> dict[str, Any]:
    return tab.shows(AvailabilityState)


def form(starts_on: str = "", **days: Any) -> dict[str, str]:
    return {"week": json.dumps(days), "starts_on": starts_on}


def on(day: int, choice: str = "off", start: str = "", end: str = "") -> dict[str, str]:
    return {"day": (MONDAY + timedelta(days=day)).isoformat(), "choice": choice, "start": start, "end": end}


async def stored(session: AsyncSession, week: Week) -> tuple[Any, ...]:
    columns = "availability, later_availability, availability_exceptions"
    found = await session.execute(text(f"SELECT {columns} FROM employees WHERE id = :id"), {"id": week.bob.id})
    return tuple(found.one())


async def test_what_it_touches_is_told_before_anything_is_saved(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/availability")
        await tab.send(AvailabilityState.check_week, form(tuesday=OFF))
        assert shown(tab)["checking"].startswith("This week holds from ")
        [touched] = shown(tab)["touched"]
        assert touched.endswith("14:00–22:00 (Late)")
        assert await stored(session, week) == ({}, [], {})

        await tab.send(AvailabilityState.save)
        await tab.send(AvailabilityState.save)
        assert shown(tab)["done"].startswith("Saved.")
        assert shown(tab)["week"] == {"tuesday": OFF}
    assert await stored(session, week) == ({"tuesday": OFF}, [], {})
    told = await session.scalar(
        text("SELECT count(*) FROM notifications WHERE recipient_id = :id"), {"id": week.manager.id}
    )
    assert told == 1


async def test_a_week_that_begins_later_can_be_changed_moved_and_dropped(week: Week, session: AsyncSession) -> None:
    later, next_one = ((MONDAY + timedelta(days=days)).isoformat() for days in (0, 7))
    async with browser_of(week.bob.id) as tab:
        await tab.open("/availability")
        await tab.send(AvailabilityState.check_week, form(later, tuesday=OFF))
        assert len(shown(tab)["touched"]) == 1
        await tab.send(AvailabilityState.save)
        assert [each["day"] for each in shown(tab)["later"]] == [later]
        assert shown(tab)["later"][0]["words"] == "Tuesday off"

        await tab.send(AvailabilityState.edit_later, {"day": later})
        assert (shown(tab)["week"], shown(tab)["starts_on"]) == ({"tuesday": OFF}, later)
        await tab.send(AvailabilityState.check_week, form(next_one, friday=OFF))
        assert shown(tab)["touched"] == []
        await tab.send(AvailabilityState.save)
        assert [(each["day"], each["words"]) for each in shown(tab)["later"]] == [(next_one, "Friday off")]

        await tab.send(AvailabilityState.check_removing_week, {"day": next_one})
        await tab.send(AvailabilityState.save)
        assert shown(tab)["later"] == []
    assert await stored(session, week) == ({}, [], {})


async def test_single_dates(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/availability")
        await tab.send(AvailabilityState.choose, {"choice": "not"})
        for entered, touches in ((on(1, "not", "13:00", "15:00"), 1), (on(2), 0), (on(3, "only", "08:00", "12:00"), 0)):
            await tab.send(AvailabilityState.check_date, entered)
            assert len(shown(tab)["touched"]) == touches
            await tab.send(AvailabilityState.save)
        assert [each["words"] for each in shown(tab)["exceptions"]] == [
            "13:00–15:00 unavailable",
            "off",
            "08:00–12:00 available",
        ]
        await tab.send(AvailabilityState.check_removing_date, {"day": on(2)["day"]})
        await tab.send(AvailabilityState.save)
        assert len(shown(tab)["exceptions"]) == 2
    _, _, exceptions = await stored(session, week)
    assert exceptions.keys() == {on(1)["day"], on(3)["day"]}


OVERLAPPING = {
    "available": True,
    "time_slots": [
        {"start": "09:00", "end": "17:00", "preference": "available"},
        {"start": "16:00", "end": "20:00", "preference": "disliked"},
    ],
}


@pytest.mark.parametrize(
    ("handler", "payload", "field", "words"),
    [
        ("check_week", form(monday=OVERLAPPING), "week", "Monday: 09:00–17:00 and 16:00–20:00 overlap."),
        ("check_week", form("2020-01-01"), "starts_on", "today or a later day"),
        ("check_week", form("2026-02-30"), "starts_on", "no such day"),
        ("check_week", form("2099-01-01"), "starts_on", "days ahead"),
        ("check_week", form(someday=OFF), "week", "list"),
        ("check_week", {"week": "[1]", "starts_on": ""}, "week", "could not be read"),
        ("check_date", {**on(0), "day": ""}, "day", "choose the day"),
        ("check_date", {**on(0), "day": "2020-01-01"}, "day", "is over"),
        ("check_date", {**on(0), "day": "2099-01-01"}, "day", "days ahead"),
        ("check_date", on(0, "only"), "start", "give a time"),
        ("check_date", on(0, "only", "09:00"), "end", "give a time"),
    ],
)
async def test_what_makes_no_sense_is_said_at_its_field(
    week: Week, session: AsyncSession, handler: str, payload: dict[str, str], field: str, words: str
) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/availability")
        await tab.send(f"AvailabilityState.{handler}", payload)
        errors = {name: said for name, said in shown(tab)["errors"].items() if said}
        assert list(errors) == [field]
        assert words in errors[field]
        assert shown(tab).get("checking", "") == ""
    assert await stored(session, week) == ({}, [], {})


async def test_over_a_newer_version_one_chooses(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.bob.id) as one, browser_of(week.bob.id) as other:
        for tab, day in ((one, "monday"), (other, "friday")):
            await tab.open("/availability")
            await tab.send(AvailabilityState.check_week, form(**{day: OFF}))
        await one.send(AvailabilityState.save)
        await other.send(AvailabilityState.save)
        [difference] = shown(other)["differences"]
        assert (difference["entered"], difference["stored"]) == ("Friday off", "Monday off")
        assert (await stored(session, week))[0] == {"monday": OFF}

        await other.send(AvailabilityState.save)
        assert shown(other)["problem"] == ""
    assert (await stored(session, week))[0] == {"friday": OFF}


async def test_whoever_changes_it_elsewhere_the_open_page_says_so(week: Week) -> None:
    async with browser_of(week.bob.id) as tab, live_pushes():
        await tab.open("/availability")
        async with unit_of_work() as writing:
            await writing.execute(
                text("UPDATE employees SET availability_exceptions = CAST(:days AS jsonb) WHERE id = :id"),
                {"id": week.bob.id, "days": json.dumps({on(4)["day"]: OFF})},
            )
        await eventually(lambda: shown(tab)["is_outdated"])
        await tab.send(AvailabilityState.show_newest)
        async with browser_of(week.bob.id) as fresh:
            await fresh.open("/availability")
            own = {"form_key", "date_key"}
            assert {name: value for name, value in shown(fresh).items() if name not in own} == {
                name: value for name, value in shown(tab).items() if name not in own
            }


async def test_a_push_that_changes_nothing_sends_nothing(week: Week) -> None:
    async with browser_of(week.bob.id) as tab:
        await tab.open("/availability")
        before = tab.bytes_received
        await push(None)
        assert tab.bytes_received == before


async def test_the_manager_s_form_says_what_else_the_person_says(week: Week) -> None:
    async with browser_of(week.bob.id) as bob, browser_of(week.manager.id) as manager:
        await bob.open("/availability")
        await bob.send(AvailabilityState.check_date, on(2))
        await bob.send(AvailabilityState.save)
        await manager.open(f"/manage/people/{week.bob.id}")
        note = manager.shows(PersonState)["availability_note"]
        assert note == "As they say themselves, something else holds on 1 single date."
