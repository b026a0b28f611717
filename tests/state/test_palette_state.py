"""The palette: what is found, for whom, and that its entries are what their handlers allow."""

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from types import ModuleType

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app import ui
from schedule_app.domain.permissions import GRANTS, Permission, Role
from schedule_app.ui import routes
from schedule_app.ui.palette.actions import Action
from schedule_app.ui.palette.state import PaletteState
from schedule_app.ui.shell import everywhere
from tests.support.builders import build_employee, build_site
from tests.support.handlers import own_handlers
from tests.support.reflex_events import browser_of


def actions_of(module: ModuleType) -> Iterator[Action]:
    """The actions that a module of the screens names, alone or in a row."""
    for value in vars(module).values():
        yield from (each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Action))


def every_action() -> list[Action]:
    """Those of every page, each once however many modules use it."""
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(ui.__path__, "schedule_app.ui.")]
    return list(dict.fromkeys([*everywhere(), *(action for module in modules for action in actions_of(module))]))


ACTIONS = every_action()
WITH_HANDLER = [action for action in ACTIONS if action.run is not None and action.key != "theme"]
#: What the pages behind the links demand, by the handlers that open them.
PAGES = {
    "schedule": "BoardState.load",
    "coverage": "CoverageState.load",
    # Its address is nobody's secret; what is on it is for planners.
    "insight": "InsightState.refresh",
    "me": "MeState.load",
    "time-off": "TimeOffState.load",
    "availability": "AvailabilityState.load",
    "inbox": "InboxState.load",
    "manage": "PeopleState.load",
    "account": "AccountState.load",
}


def handler_of(action: Action) -> str:
    """The handler that an action runs, as we write it."""
    handler = getattr(action.run, "handler", action.run)
    [name] = [name for name, each in own_handlers().items() if each.function is handler.fn]
    return name


def test_every_action_can_be_done_in_one_way():
    assert len(ACTIONS) > 20
    for action in ACTIONS:
        ways = [action.run is not None, not isinstance(action.href, str) or action.href != "", action.post != ""]
        assert sum(ways) == 1, action.key


def test_names_and_keys_are_not_used_twice():
    # Pages are shown one at a time; what leads back to the board is called the same on each.
    keys = Counter(action.key for action in ACTIONS)
    assert {key for key, times in keys.items() if times > 1} <= {"open-board"}
    shortcuts = Counter(action.shortcut for action in ACTIONS if action.shortcut)
    assert set(shortcuts.values()) <= {1}


@pytest.mark.parametrize("action", WITH_HANDLER, ids=lambda action: action.key)
def test_an_action_is_offered_to_those_its_handler_lets_through(action: Action):
    policy = own_handlers()[handler_of(action)].policy
    assert action.permission == policy.permission
    # The browser is told by the same word; see the test of `may` below.
    assert f'"{policy.permission.value}"' in str(action.is_offered)


@pytest.mark.parametrize("page", PAGES)
def test_a_link_is_offered_to_those_the_page_lets_in(page: str):
    [action] = [action for action in ACTIONS if action.key == f"go-{page}"]
    assert action.permission == own_handlers()[PAGES[page]].policy.permission


@pytest.mark.parametrize("role", Role)
async def test_the_browser_knows_what_its_person_may_do(session: AsyncSession, role: Role):
    person = await build_employee(session, await build_site(session), role=role.value)
    await session.commit()
    async with browser_of(person.id) as tab:
        await tab.open("/account")
        may = tab.shows(PaletteState)["may"]
    assert set(may) == {permission.value for permission in Permission if role in GRANTS[permission]}


async def test_people_and_weeks_are_found_where_one_looks(session: AsyncSession):
    site, other = await build_site(session), await build_site(session)
    person = await build_employee(session, site, name="Élodie Worker", role="employee")
    await build_employee(session, other, name="Elodie Elsewhere")
    await session.commit()
    async with browser_of(person.id) as tab:
        await tab.open(f"/schedule/{site.id}/2026-11-25")
        await tab.send(PaletteState.search, {"text": "ELODIE w"})
        shown = tab.shows(PaletteState)
        assert shown["asked"] == "ELODIE w"
        assert [(found["name"], found["href"]) for found in shown["people"]] == [
            ("Élodie Worker", f"/schedule/{site.id}/2026-11-23?person={person.id}")
        ]

        await tab.send(PaletteState.search, {"text": "2026-06-03"})
        [week] = tab.shows(PaletteState)["weeks"]
        assert week == {
            "label": "1–7 Jun 2026",
            "where": "Week 23",
            "href": routes.schedule(site.id, date(2026, 6, 1)),
        }


async def test_an_admin_searches_the_site_looked_at_and_nobody_else_another_than_their_own(session: AsyncSession):
    site, other = await build_site(session), await build_site(session)
    admin = await build_employee(session, site, name="Robin Admin", role="admin")
    manager = await build_employee(session, site, name="Robin Manager", role="manager")
    await build_employee(session, other, name="Robin Elsewhere")
    await session.commit()
    found = {}
    for person in (admin, manager):
        async with browser_of(person.id) as tab:
            await tab.open(f"/schedule/{other.id}/2026-11-25")
            await tab.send(PaletteState.search, {"text": "robin"})
            found[person.name] = [each["name"] for each in tab.shows(PaletteState)["people"]]
    assert found == {"Robin Admin": ["Robin Elsewhere"], "Robin Manager": ["Robin Admin", "Robin Manager"]}


async def test_crafted_addresses_and_words_find_nothing(session: AsyncSession):
    person = await build_employee(session, await build_site(session), role="manager", name="Mona Manager")
    await session.commit()
    async with browser_of(person.id) as tab:
        await tab.open("/account")
        for words in ("%", "_", "' OR 1=1 --", "\0", "x" * 100, "9999-12-31", "week 99"):
            await tab.send(PaletteState.search, {"text": words})
            assert tab.alert == ""
            assert (tab.shows(PaletteState).get("people", []), tab.shows(PaletteState).get("weeks", [])) == ([], [])
        await tab.send(PaletteState.search, {"text": "x" * 101})
        assert "could not be understood" in tab.alert
