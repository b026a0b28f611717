"""The dialog of the templates: keeping, using, removing."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from schedule_app.models import Employee, Shift, Site, Template
from schedule_app.services.templates import delete_template
from schedule_app.ui.board.report_state import ReportState
from schedule_app.ui.board.template_state import TemplateState
from tests.db.services.scene import actor_of
from tests.support.builders import build_assignment, build_employee, build_schedule, build_shift, build_site
from tests.support.reflex_events import browser_of, stranger

START = date(2027, 3, 15)
NEXT = START + timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A draft with one night shift, Bob on it, and an empty week after it."""

    site: Site
    manager: Employee
    supervisor: Employee
    bob: Employee
    shift: Shift

    @property
    def address(self) -> str:
        return f"/schedule/{self.site.id}/{START}"

    @property
    def next_address(self) -> str:
        return f"/schedule/{self.site.id}/{NEXT}"


@pytest.fixture
async def week(session: AsyncSession) -> Week:
    site = await build_site(session)
    manager = await build_employee(session, site, role="manager", name="John Manager")
    supervisor = await build_employee(session, site, role="supervisor")
    bob = await build_employee(session, site, name="Bob Worker")
    schedule = await build_schedule(session, site, week_start=START)
    shift = await build_shift(session, schedule, start=time(22), end=time(6), title="Night")
    await build_assignment(session, shift, bob)
    await session.commit()
    return Week(site, manager, supervisor, bob, shift)


async def shifts_of(session: AsyncSession, start: date) -> list[tuple[date, str | None]]:
    found = select(Shift).where(col(Shift.local_date).between(start, start + timedelta(days=6))).order_by(col(Shift.id))
    rows = (await session.scalars(found.execution_options(populate_existing=True))).all()
    await session.commit()
    return [(row.local_date, row.title) for row in rows]


async def test_a_week_is_kept_and_used_in_the_next(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(TemplateState.begin)
        assert (tab.shows(TemplateState)["view"], tab.shows(TemplateState)["choices"]) == ("save", [])
        await tab.send(TemplateState.save, {"name": "Usual", "shift_id": "0", "people": "with"})
        [[template_id, label]] = tab.shows(TemplateState)["choices"]
        assert label == "Week · Usual · 1 shift, 1 person"

        await tab.open(week.next_address)
        await tab.send(TemplateState.begin)
        shown = tab.shows(TemplateState)
        assert (shown["view"], shown["template_id"]) == ("use", template_id)
        assert shown["preview"] == "1 shift, 1 person. A draft would be begun for 22–28 Mar 2027."
        await tab.send(TemplateState.use)
        assert not tab.state(TemplateState).is_open
        assert tab.shows(ReportState)["title"] == "Made from the template: 1 shift, 1 person"
    assert await shifts_of(session, NEXT) == [(NEXT, "Night")]


async def test_a_shift_is_kept_and_made_on_the_ticked_days(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(TemplateState.begin)
        await tab.send(TemplateState.save, {"name": "Nights", "shift_id": week.shift.id, "people": "without"})
        shown = tab.shows(TemplateState)
        assert [label for _, label in shown["choices"]] == ["Shift · Nights · 22:00–06:00 +1"]
        assert shown["preview"] == ""
        for offset, is_on in ((1, True), (2, True), (1, False), (4, True)):
            day = (START + timedelta(days=offset)).isoformat()
            await tab.send(TemplateState.tick, {"day": day, "is_on": is_on})
        assert tab.shows(TemplateState)["preview"] == "2 shifts, 0 people."
        await tab.send(TemplateState.use)
    made = [day for day, _ in await shifts_of(session, START)]
    assert made == [START, START + timedelta(days=2), START + timedelta(days=4)]


async def test_a_template_is_removed_and_a_later_use_refused(week: Week, session: AsyncSession) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(TemplateState.begin)
        for name in ("First", "Second"):
            await tab.send(TemplateState.save, {"name": name, "shift_id": 0, "people": "without"})
        await tab.send(TemplateState.ask_remove)
        shown = tab.shows(TemplateState)
        assert (shown["is_deleting"], shown["delete_text"]) == (True, "Second goes; what was made with it stays.")
        await tab.send(TemplateState.keep)
        assert not tab.shows(TemplateState)["is_deleting"]
        assert len(tab.shows(TemplateState)["choices"]) == 2
        await tab.send(TemplateState.ask_remove)
        await tab.send(TemplateState.remove)
        assert not tab.shows(TemplateState)["is_deleting"]
        assert [label for _, label in tab.shows(TemplateState)["choices"]] == ["Week · First · 1 shift"]

        template = (await session.scalars(select(Template))).one()
        await session.commit()
        await delete_template(actor_of(week.manager), template.id, expected_version=1)
        await tab.send(TemplateState.use)
        assert tab.shows(TemplateState)["problem"] == "This does not exist, or you may not see it."
        assert tab.state(TemplateState).is_open
    assert len(await shifts_of(session, START)) == 1


@pytest.mark.parametrize(
    ("name", "words"), [("", "needs a name"), ("x" * 101, "100 characters"), ("Taken", "exists already")]
)
async def test_a_name_that_cannot_be_accepted_is_said_in_the_form(week: Week, name: str, words: str) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(TemplateState.begin)
        await tab.send(TemplateState.save, {"name": "Taken", "shift_id": 0, "people": "with"})
        await tab.send(TemplateState.save, {"name": name, "shift_id": 0, "people": "with"})
        assert words in tab.shows(TemplateState)["problem"]
        assert tab.alert == ""


BAD_PAYLOADS: list[tuple[str, Any]] = [
    ("choose", {"template_id": 0}),
    ("choose", {"template_id": "<b>"}),
    ("tick", {"day": "today", "is_on": True}),
    ("tick", {"day": "2027-03-15"}),
    ("change_mode", {"mode": "burn"}),
    ("look_at", {"view": "all"}),
    ("save", {"name": "x" * 201, "shift_id": 0, "people": "with"}),
    ("save", {"name": ["x"], "shift_id": 0, "people": "with"}),
    ("save", {"name": "x", "shift_id": -1, "people": "with"}),
    ("use", {"template_id": 1}),
]


@pytest.mark.parametrize(("handler", "payload"), BAD_PAYLOADS)
async def test_payloads_nobody_can_send_by_the_dialog_change_nothing(week: Week, handler: str, payload: object) -> None:
    async with browser_of(week.manager.id) as tab:
        await tab.open(week.address)
        await tab.send(TemplateState.begin)
        await tab.send(f"TemplateState.{handler}", payload)
        assert tab.alert.startswith("That could not be understood.")


@pytest.mark.parametrize("who", ["supervisor", "bob", "nobody"])
async def test_nobody_else_opens_the_templates(week: Week, who: str) -> None:
    async with stranger() if who == "nobody" else browser_of(getattr(week, who).id) as tab:
        await tab.open(week.address)
        await tab.send("TemplateState.begin")
        assert tab.redirects if who == "nobody" else tab.alert == "You are not allowed to do this."
        assert not tab.state(TemplateState).is_open
