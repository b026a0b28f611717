"""Swapping: the question says what it would do to both, and the list swaps by one click."""

from dataclasses import dataclass
from datetime import time
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Employee, Schedule, Site
from schedule_app.services.assignments import unassign_employee
from schedule_app.ui.board.swap_state import SwapState
from tests.db.services.scene import actor_of, rows
from tests.support.builders import (
    MONDAY,
    build_assignment,
    build_employee,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import Tab, browser_of, push


@dataclass(frozen=True)
class Week:
    """A draft: Bob works Tuesday's early shift; Carol Monday's late and Wednesday's early one. Rest is a warning."""

    site: Site
    manager: Employee
    supervisor: Employee
    bob: Employee
    carol: Employee
    schedule: Schedule
    early: int
    late: int
    wednesday: int

    @property
    def address(self) -> str:
        return f"/schedule/{self.site.id}/{MONDAY}"

    def pair(self, other: int) -> dict[str, int]:
        return {"assignment_id": self.early, "other_assignment_id": other}


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    supervisor = await build_employee(session, site, role="supervisor", name="Alice Supervisor")
    bob, carol = [await build_employee(session, site, name=name) for name in ("Bob Worker", "Carol Cook")]
    schedule = await build_schedule(session, site)
    early, late, wednesday = [
        await build_shift(session, schedule, day=day, start=start, end=end)
        for day, start, end in ((1, time(6), time(14)), (0, time(14), time(22)), (2, time(6), time(14)))
    ]
    held = [await build_assignment(session, *each) for each in ((early, bob), (late, carol), (wednesday, carol))]
    await build_rule(session, site, strict=False)
    await session.commit()
    return Week(site, manager, supervisor, bob, carol, schedule, *[each.id or 0 for each in held])


async def holders(week: Week) -> list[Any]:
    """Who works which day, and why against a warning."""
    found = await rows(
        "SELECT shifts.local_date - schedules.week_start, held.employee_id, held.override_reason"
        " FROM schedule_assignments AS held JOIN shifts ON shifts.id = held.shift_id"
        " JOIN schedules ON schedules.id = held.schedule_id WHERE schedules.id = :id ORDER BY 1",
        id=week.schedule.id,
    )
    return [tuple(row) for row in found]


def is_asked(tab: Tab) -> bool:
    return tab.state(SwapState).is_asked


def view(tab: Tab) -> Any:
    return tab.state(SwapState).view


async def test_what_is_held_over_another_shift_is_judged_for_both(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(SwapState.judge, week.pair(week.wednesday))

        said = tab.shows(SwapState)["held_over"]
        assert (said["one"], said["other"], said["level"]) == (week.early, week.wednesday, "warn")
        assert "Carol Cook" in said["text"]
        assert [each["name"] for each in said["effects"]] == ["Bob Worker", "Fair share", "Carol Cook", "Fair share"]


async def test_a_warning_wants_a_reason_which_is_kept(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(SwapState.ask, week.pair(week.wednesday))
        assert (view(tab).level, tab.state(SwapState).may_override) == ("warn", True)

        await tab.send(SwapState.swap, {"reason": ""})
        assert "rest" in tab.state(SwapState).error
        assert is_asked(tab)

        await tab.send(SwapState.swap, {"reason": "They agreed"})
        assert not is_asked(tab)
        assert await holders(week) == [
            (0, week.carol.id, None),
            (1, week.carol.id, "They agreed"),
            (2, week.bob.id, None),
        ]


async def test_a_supervisor_is_told_to_ask_a_manager(week: Week) -> None:
    async with browser_of(week.supervisor.id) as tab:
        await tab.open(week.address)
        await tab.send(SwapState.ask, week.pair(week.wednesday))
        assert (view(tab).level, tab.state(SwapState).may_override) == ("warn", False)

        await tab.send(SwapState.swap, {"reason": "They agreed"})
        assert "Only managers" in tab.state(SwapState).error
        assert len({who for _, who, _ in await holders(week)}) == 2


async def test_the_question_follows_what_others_do(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(SwapState.ask, week.pair(week.late))
        assert view(tab).level == "ok"

        await unassign_employee(actor_of(week.supervisor), week.late)
        await push({f"week:{week.site.id}:{MONDAY}"})

        assert view(tab).level == "block"
        assert "not there any more" in view(tab).refusal


async def test_one_click_of_the_list_swaps_and_a_warning_asks(week: Week) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(SwapState.open_list, {"assignment_id": week.early})
        shown = tab.state(SwapState)
        assert [(each.assignment_id, each.level) for each in shown.options] == [
            (week.late, "ok"),
            (week.wednesday, "warn"),
        ]

        await tab.send(SwapState.choose, {"other_assignment_id": week.wednesday, "version": 1})
        assert (view(tab).level, tab.state(SwapState).is_listed) == ("warn", False)
        await tab.send(SwapState.leave)

        await tab.send(SwapState.open_list, {"assignment_id": week.early})
        await tab.send(SwapState.find, {"words": "monday"})
        assert [each.assignment_id for each in tab.state(SwapState).options] == [week.late]
        # One that was changed since it was listed is asked about.
        await tab.send(SwapState.choose, {"other_assignment_id": week.late, "version": 7})
        assert (is_asked(tab), view(tab).other_id) == (True, week.late)
        assert [who for _, who, _ in await holders(week)] == [week.carol.id, week.bob.id, week.carol.id]
        await tab.send(SwapState.leave)

        await tab.send(SwapState.open_list, {"assignment_id": week.early})
        await tab.send(SwapState.choose, {"other_assignment_id": week.late, "version": 1})
        assert not is_asked(tab)
        assert [who for _, who, _ in await holders(week)] == [week.bob.id, week.carol.id, week.carol.id]
