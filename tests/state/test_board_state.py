"""The week board: what is shown after a change, and what the form for assigning says."""

from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Department, Employee, Rule, Schedule, Shift, Site
from schedule_app.ui.board.assign_state import AssignState
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.move_state import MoveState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.version_state import VersionState
from tests.support.builders import (
    MONDAY,
    advance_schedule,
    build_assignment,
    build_department,
    build_employee,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.queries import count_statements
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes, push

REFRESH = f"{BoardState.get_full_name()}.refresh"


@dataclass(frozen=True)
class Week:
    """A draft: a kitchen's Monday for two, with nobody on it; Carol works Monday night. A rule of rest is off."""

    site: Site
    kitchen: Department
    manager: Employee
    bob: Employee
    carol: Employee
    schedule: Schedule
    morning: Shift
    rest: Rule

    @property
    def address(self) -> str:
        return f"/schedule/{self.site.id}/{MONDAY}"

    @property
    def topic(self) -> str:
        return f"week:{self.site.id}:{MONDAY}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    kitchen = await build_department(session, site, name="Kitchen")
    manager = await build_employee(session, site, role="manager", name="John Manager")
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob Worker", "Carol Cook")]
    schedule = await build_schedule(session, site)
    morning = await build_shift(
        session, schedule, start=time(7), end=time(15), title="Morning", department_id=kitchen.id, required_staff=2
    )
    night = await build_shift(session, schedule, start=time(22), end=time(6), title="Night")
    await build_assignment(session, night, carol)
    rest = await build_rule(session, site, strict=False, is_active=False)
    await session.commit()
    return Week(site, kitchen, manager, bob, carol, schedule, morning, rest)


def titles(tab: Tab, person: Employee) -> list[str]:
    """A person's shifts as their row of the board now shows them."""
    shown = tab.shows(BoardState)
    rows = {str(row["id"]): row for row in shown["rows"]} | shown.get("patch", {})
    return [chip["title"] for cell in rows[str(person.id)]["cells"] for chip in cell]


def level(tab: Tab, person: Employee) -> str | None:
    """Whether a person can take the shift that is picked up."""
    return tab.shows(BoardState)["verdicts"].get(str(person.id), {}).get("level")


def on_morning(week: Week, person: Employee) -> dict[str, Any]:
    return {"shift_id": week.morning.id, "employee_id": person.id}


async def test_a_reading_of_before_does_not_take_off_what_was_just_placed(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await push({week.topic})
        await tab.send(MoveState.place, on_morning(week, week.bob))
        assert titles(tab, week.bob) == ["Morning"]

        # Somebody else's change had called for this before the database told of ours.
        await tab.refresh(REFRESH)
        assert titles(tab, week.bob) == ["Morning"]


async def test_what_the_actor_reads_after_a_change_is_what_the_others_are_shown(week: Week) -> None:
    async with browser_of(week.manager.id) as tab, browser_of(week.manager.id) as other, live_pushes():
        await tab.open(week.address)
        await other.open(week.address)
        with count_statements() as statements:
            await tab.send(MoveState.place, on_morning(week, week.bob))
            await eventually(lambda: titles(other, week.bob) == ["Morning"])

    # One of them places, one reads the board for both.
    assert sum("WHERE held.schedule_id = ANY" in statement for statement in statements) == 1


async def test_forms_show_their_change_before_the_database_tells_of_it(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await push({week.topic})
        await tab.send(AssignState.open_form, {"shift_id": week.morning.id})
        await tab.send(AssignState.submit, on_morning(week, week.bob))
        assert titles(tab, week.bob) == ["Morning"]

        [held] = [chip for row in tab.state(BoardState).patch.values() if row for chip in row["cells"][0]]
        await tab.send(AssignmentState.open, {"assignment_id": held["id"]})
        await tab.send(AssignmentState.take_off)
        assert titles(tab, week.bob) == []


async def test_an_assignment_changed_meanwhile_is_shown_as_it_is_now(week: Week, session: AsyncSession) -> None:
    held = await build_assignment(session, week.morning, week.bob)
    await advance_schedule(session, week.schedule, "published", by=week.manager)
    await session.commit()
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(AssignmentState.open, {"assignment_id": held.id})
        await session.refresh(held)
        for held.status in ("pending", "confirmed"):
            await session.commit()

        await tab.send(AssignmentState.take_off)
        assert "in the meantime" in tab.state(AssignmentState).error
        assert (tab.state(AssignmentState).is_open, tab.state(AssignmentState).detail.status) == (True, "confirmed")
        await tab.send(AssignmentState.take_off)
        assert (tab.state(AssignmentState).is_open, titles(tab, week.bob)) == (False, [])


async def test_who_can_take_the_picked_shift_is_told_anew_when_a_rule_changes(
    week: Week, session: AsyncSession
) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(BoardState.pick, {"shift_id": week.morning.id})
        assert (level(tab, week.bob), level(tab, week.carol)) == ("ok", "ok")

        week.rest.is_active = True
        await session.commit()
        await push({f"site:{week.site.id}"})
        assert (level(tab, week.bob), level(tab, week.carol)) == ("ok", "warn")

        await session.delete(week.morning)
        await session.commit()
        await push({week.topic})
        assert (tab.shows(BoardState)["judged"]["shift_id"], tab.alert) == (0, "")


async def test_only_those_asked_about_are_told_of_and_told_anew(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(BoardState.pick, {"shift_id": week.morning.id, "people": [week.carol.id]})
        assert (level(tab, week.bob), level(tab, week.carol)) == (None, "ok")
        assert tab.shows(BoardState)["judged"]["is_part"]

        week.rest.is_active = True
        await session.commit()
        await push({f"site:{week.site.id}"})
        assert (level(tab, week.bob), level(tab, week.carol)) == (None, "warn")

        await tab.send(BoardState.pick, {"shift_id": week.morning.id})
        assert (level(tab, week.bob), level(tab, week.carol)) == ("ok", "warn")
        assert not tab.shows(BoardState)["judged"]["is_part"]


async def test_verdicts_stay_until_the_last_place_is_taken(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(BoardState.pick, {"shift_id": week.morning.id})
        await tab.send(MoveState.place, on_morning(week, week.bob))
        assert tab.shows(BoardState)["judged"]["shift_id"] == week.morning.id
        assert (level(tab, week.bob), level(tab, week.carol)) == (None, "ok")

        await tab.send(MoveState.place, on_morning(week, week.carol))
        assert (tab.shows(BoardState)["judged"]["shift_id"], tab.shows(BoardState)["verdicts"]) == (0, {})


async def test_the_form_opens_for_a_supervisor_of_another_department_and_says_so(
    week: Week, session: AsyncSession
) -> None:
    bar = await build_department(session, week.site, name="Bar")
    supervisor = await build_employee(session, week.site, role="supervisor", department_id=bar.id)
    theirs = await build_shift(session, week.schedule, day=2, title="Theirs", department_id=bar.id)
    await session.commit()
    async with browser_of(supervisor.id) as tab:
        await tab.open(week.address)
        await tab.send(AssignState.open_form, {})
        form = tab.state(AssignState)
        assert (form.is_open, form.error, form.people) == (True, "You are not allowed to do this.", [])

        await tab.send(AssignState.choose_shift, {"shift_id": theirs.id})
        assert tab.state(AssignState).error == ""
        assert len(tab.state(AssignState).people) == 4
        await tab.send(AssignState.choose_shift, {"shift_id": week.morning.id})
        assert (tab.state(AssignState).error, tab.alert) == ("You are not allowed to do this.", "")


async def test_only_who_may_go_against_a_rule_is_asked_for_a_reason(week: Week, session: AsyncSession) -> None:
    supervisor = await build_employee(session, week.site, role="supervisor")
    week.rest.is_active = True
    await session.commit()
    for person, asks in ((supervisor, False), (week.manager, True)):
        async with browser_of(person.id) as tab:
            await tab.open(week.address)
            await tab.send(AssignState.open_form, {"shift_id": week.morning.id})
            await tab.send(AssignState.submit, on_morning(week, week.carol))
            form = tab.state(AssignState)
            assert (form.is_open, form.asks_reason) == (True, asks)
            assert form.error.endswith("A manager may assign it all the same, with a reason.") != asks


async def test_a_reading_for_a_manager_brings_no_cost_to_a_supervisor(week: Week, session: AsyncSession) -> None:
    supervisor = await build_employee(session, week.site, role="supervisor")
    week.bob.hourly_rate_cents = 2155
    await build_assignment(session, week.morning, week.bob)
    await session.commit()
    async with browser_of(week.manager.id) as manager, browser_of(supervisor.id) as other:
        for tab in (manager, other):
            await tab.open(week.address)
        week.carol.name = "Carol Renamed"
        await session.commit()
        for tab in (manager, other):
            await push({week.topic})
            await tab.refresh(REFRESH)

        def cents(tab: Tab) -> list[int] | None:
            shown = tab.shows(BoardState)
            rows = {str(row["id"]): row for row in shown["rows"]} | shown.get("patch", {})
            assert rows[str(week.carol.id)]["name"] == "Carol Renamed"
            return rows[str(week.bob.id)]["cents"]

        assert (cents(manager), cents(other)) == ([8 * 2155, 0, 0, 0, 0, 0, 0], None)
        assert [tab.shows(BoardState)["week"]["currency"] for tab in (manager, other)] == ["EUR", ""]


async def test_the_version_looked_at_is_in_the_address(week: Week, session: AsyncSession) -> None:
    await advance_schedule(session, week.schedule, "published", by=week.manager)
    await build_schedule(session, week.site, version_number=2, parent_id=week.schedule.id)
    await session.commit()
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        assert tab.shows(BoardState)["head"]["status"] == "draft"
        for version, address in (("published", f"{week.address}?version=published"), ("working", week.address)):
            await tab.send(VersionState.look_at, {"version": version})
            named = "published" if version == "published" else ""
            assert f'"version": "{named}"' in tab.events[-1].payload["javascript_code"]
            async with browser_of(week.manager.id) as fresh:
                await fresh.open(address)
                assert fresh.shows(BoardState)["head"] == tab.shows(BoardState)["head"]
