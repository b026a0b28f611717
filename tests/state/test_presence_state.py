"""Presence on the board: who is shown to whom."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.live.presence import presence
from schedule_app.models import Employee, Site
from schedule_app.ui.board.presence_state import PresenceState
from tests.support.builders import MONDAY, build_employee, build_schedule, build_site
from tests.support.reflex_events import Tab, browser_of, push


@pytest.fixture
async def site(session: AsyncSession) -> AsyncIterator[Site]:
    site = await build_site(session)
    await build_schedule(session, site)
    await session.commit()
    # Tabs of other tests looked at a site of the same number.
    presence.forget(set())
    yield site
    presence.forget(set())


async def person(session: AsyncSession, site: Site, name: str, role: str = "manager") -> Employee:
    employee = await build_employee(session, site, name=name, role=role)
    await session.commit()
    return employee


def board(site: Site) -> str:
    return f"/schedule/{site.id}/{MONDAY}"


def topic(site: Site) -> str:
    return f"presence:{site.id}:{MONDAY}"


def others(tab: Tab) -> list[Any]:
    return [(each["name"], each["cell"]) for each in tab.shows(PresenceState).get("others", [])]


async def test_planners_see_each_other_and_which_cell_each_is_in(session: AsyncSession, site: Site):
    joan, mona = await person(session, site, "Joan Manager"), await person(session, site, "Mona Manager")
    async with browser_of(joan.id) as first, browser_of(mona.id) as second, browser_of(mona.id) as third:
        for tab in (first, second, third):
            await tab.open(board(site))
        await second.send(PresenceState.go_to_cell, {"cell": f"{joan.id}:3"})
        await push({topic(site)})

        assert others(first) == [("Mona Manager", f"{joan.id}:3")]
        assert others(second) == others(third) == [("Joan Manager", "")]


async def test_staff_neither_see_nor_are_seen(session: AsyncSession, site: Site):
    joan, bob = await person(session, site, "Joan Manager"), await person(session, site, "Bob Worker", "employee")
    async with browser_of(joan.id) as manager, browser_of(bob.id) as worker:
        await manager.open(board(site))
        await worker.open(board(site))
        await worker.send(PresenceState.go_to_cell, {"cell": "open:1"})
        await push({topic(site)})
        await worker.send(PresenceState.refresh)

        assert others(manager) == others(worker) == []
        assert "not allowed" in worker.alert


async def test_a_week_of_another_site_is_not_entered(session: AsyncSession, site: Site):
    stranger = await person(session, await build_site(session), "Sid Stranger")
    joan = await person(session, site, "Joan Manager")
    async with browser_of(joan.id) as manager, browser_of(stranger.id) as foreign:
        await manager.open(board(site))
        await foreign.open(board(site))
        await foreign.send(PresenceState.go_to_cell, {"cell": "open:1"})
        await push({topic(site)})

        assert others(manager) == others(foreign) == []


@pytest.mark.parametrize("cell", ["12:8", "x:1", "open:", "12:3\n", '12:3"]{}', "1" * 40 + ":1", "-1:1"])
async def test_crafted_cells_are_refused(session: AsyncSession, site: Site, cell: str):
    joan, mona = await person(session, site, "Joan Manager"), await person(session, site, "Mona Manager")
    async with browser_of(joan.id) as first, browser_of(mona.id) as second:
        await first.open(board(site))
        await second.open(board(site))
        await second.send(PresenceState.go_to_cell, {"cell": cell})
        await push({topic(site)})

        assert others(first) in ([("Mona Manager", "")], [("Mona Manager", "12:3")])
        assert "could not be understood" in second.alert or cell.strip() == "12:3"
