"""Every page tells times as the site's clock shows them, and tells them anew when that is changed."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest
import reflex as rx
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from schedule_app.db.engine import unit_of_work
from schedule_app.domain.notices import AssignmentRemoved, NamedShift
from schedule_app.domain.permissions import Actor, Role
from schedule_app.domain.time import resolve_span, week_start_of
from schedule_app.models import Employee, Site
from schedule_app.services.notifications import notify
from schedule_app.services.shift_details import ShiftDetails
from schedule_app.services.templates import create_shift_template
from schedule_app.ui import routes
from schedule_app.ui.account.state import AccountState
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.coverage.state import CoverageState
from schedule_app.ui.inbox.state import InboxState
from schedule_app.ui.manage.violations.state import ViolationsState
from schedule_app.ui.me.state import MeState
from schedule_app.ui.templates.state import TemplatesState
from schedule_app.ui.versions.state import VersionsState
from tests.support.builders import (
    advance_schedule,
    build_assignment,
    build_employee,
    build_rule,
    build_schedule,
    build_shift,
    build_site,
)
from tests.support.reflex_events import Tab, browser_of, push

NEXT_MONDAY = week_start_of(datetime.now(UTC).date()) + timedelta(days=7)
# As they stand in a label; a machine's "07:00" and "T07:00:00" do not count.
OF_24 = re.compile(r"(?:, |–)\d\d:\d\d\b(?!\s[AP]M)|\b\d\d:\d\d–")
MORNING = "7:00\u00a0AM–3:00\u00a0PM"
OF_12 = re.compile(r"\b(?:1?\d):\d\d\s[AP]M\b")


@dataclass(frozen=True)
class Place:
    """A site with a published week: Bob works a morning he is not available on, and was told of a night."""

    site: Site
    manager: Employee
    bob: Employee
    morning: int
    held: int

    @property
    def addresses(self) -> dict[type[rx.State], tuple[Employee, str]]:
        site_id = self.site.id
        return {
            BoardState: (self.manager, routes.schedule(site_id, NEXT_MONDAY)),
            CoverageState: (self.manager, routes.coverage(site_id, NEXT_MONDAY)),
            VersionsState: (self.manager, routes.versions(site_id, NEXT_MONDAY)),
            TemplatesState: (self.manager, routes.templates(site_id)),
            ViolationsState: (self.manager, routes.VIOLATIONS),
            MeState: (self.bob, routes.ME),
            InboxState: (self.bob, routes.INBOX),
            AccountState: (self.bob, routes.ACCOUNT),
        }


@pytest.fixture
async def place(session: AsyncSession) -> Place:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    off = {weekday: {"available": False, "time_slots": []} for weekday in ("monday", "tuesday")}
    bob = await build_employee(session, site, name="Bob Worker", availability=off)
    await build_rule(session, site, rule_type="availability", constraints={}, strict=False)
    schedule = await build_schedule(session, site, week_start=NEXT_MONDAY)
    morning = await build_shift(session, schedule, start=time(7), end=time(15), required_staff=2, title="Morning")
    held = await build_assignment(session, morning, bob)
    await advance_schedule(session, schedule, "published", by=manager)
    await session.refresh(held)
    held.status, held.confirm_by = "pending", datetime.now(UTC) + timedelta(days=1)
    await session.commit()
    night = resolve_span(NEXT_MONDAY, time(22), time(6), site.time_zone)
    async with unit_of_work() as writing:
        await notify(writing, [bob.id], AssignmentRemoved(NamedShift.of(night, site.time_zone)))
    actor = Actor(manager.id, Role.MANAGER, site.id, None)
    details = ShiftDetails(NEXT_MONDAY, time(14), time(22), shift_type="general")
    await create_shift_template(actor, site.id, "Late", details)
    return Place(site, manager, bob, morning.id, held.id)


async def set_clock(place: Place, *, clock_24h: bool) -> None:
    async with unit_of_work() as session:
        await session.execute(update(Site).where(col(Site.id) == place.site.id).values(clock_24h=clock_24h))
    await push({f"site:{place.site.id}"})


def labels(tab: Tab, state: type[rx.State]) -> tuple[bool, bool]:
    """Whether the state shows times of a clock of 24 hours, and of one of 12."""
    shown = json.dumps(tab.shows(state), ensure_ascii=False)
    return bool(OF_24.search(shown)), bool(OF_12.search(shown))


PAGES = [
    BoardState,
    CoverageState,
    VersionsState,
    TemplatesState,
    ViolationsState,
    MeState,
    InboxState,
    AccountState,
]


@pytest.mark.parametrize("state", PAGES, ids=lambda state: state.__name__)
async def test_a_page_that_is_open_follows_the_clock(place: Place, state: type[rx.State]) -> None:
    person, address = place.addresses[state]
    async with browser_of(person.id) as tab:
        await tab.open(address)
        assert labels(tab, state) == (True, False)

        await set_clock(place, clock_24h=False)
        if state is BoardState:
            # What was sent whole before stands beside what has changed since.
            board = tab.shows(state)
            assert board["shifts"][0][0]["label"] == MORNING
            [row] = [row for row in board["patch"].values() if row["name"] == "Bob Worker"]
            assert [chip["label"] for chip in row["cells"][0]] == [MORNING]
            assert (board["week"]["clock_24h"], board["shifts"][0][0]["start"]) == (False, "07:00")
        else:
            assert labels(tab, state) == (False, True)


@pytest.mark.parametrize(
    ("state", "payload"), [(AssignmentState, "assignment_id"), (CoverState, "shift_id")], ids=("assignment", "cover")
)
async def test_a_dialog_of_the_board_tells_the_clock_of_the_site(
    place: Place, state: type[AssignmentState | CoverState], payload: str
) -> None:
    await set_clock(place, clock_24h=False)
    async with browser_of(place.manager.id) as tab:
        await tab.open(routes.schedule(place.site.id, NEXT_MONDAY))
        await tab.send(state.open, {payload: place.held if state is AssignmentState else place.morning})

        assert labels(tab, state) == (False, True)
