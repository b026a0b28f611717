"""The law of live pages for offers and swaps: after every step, an open page shows what a fresh one shows."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import reflex as rx

from schedule_app.services.assignments import assign_employee, unassign_employee
from schedule_app.services.swap_requests import (
    accept_request,
    approve_request,
    decline_request,
    expire_swaps,
    offer_shift,
    reject_request,
    withdraw_request,
)
from schedule_app.services.undo import undo
from schedule_app.ui.requests.swaps_state import SwapRequestsState
from schedule_app.ui.swaps.propose_state import ProposeState
from schedule_app.ui.swaps.state import SwapsState
from tests.db.services.scene import actor_of, execute, rows
from tests.db.services.swapping import Between, make_between
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("database")

#: What belongs to the tab alone, or says what was done last in it.
_OF_THE_TAB = {"said", "done", "decided", "problem"}


async def newest() -> int:
    """The request made last."""
    [[request_id]] = await rows("SELECT max(id) FROM swap_requests")
    return request_id


async def offer(between: Between) -> None:
    await between.offer(note="Please")


async def swap(between: Between) -> None:
    await between.swap(note="Please")


async def accept(between: Between) -> None:
    await accept_request(actor_of(between.scene.carol), await newest())


async def decline(between: Between) -> None:
    await decline_request(actor_of(between.dora), await newest())


async def withdraw(between: Between) -> None:
    await withdraw_request(actor_of(between.scene.bob), await newest())


async def reject(between: Between) -> None:
    await reject_request(actor_of(between.scene.manager), await newest(), note="Too few people")


async def approve(between: Between) -> None:
    await approve_request(actor_of(between.scene.manager), await newest())


async def take_back(between: Between) -> None:
    await undo(actor_of(between.scene.manager), between.scene.site.id)


async def expire(between: Between) -> None:
    await execute("UPDATE sites SET swap_cutoff_minutes = 20160")
    await execute("ALTER TABLE sites DROP CONSTRAINT ck_sites_swap_cutoff")
    await execute("UPDATE sites SET swap_cutoff_minutes = 60 * 24 * 60")
    assert await expire_swaps() == 1
    await execute("UPDATE sites SET swap_cutoff_minutes = 120")


async def offer_hers(between: Between) -> None:
    await offer_shift(actor_of(between.scene.carol), between.carols.id, to=[between.dora.id, between.scene.bob.id])


async def give_another(between: Between) -> None:
    await assign_employee(between.scene.actor("manager"), between.late.id, between.dora.id)


async def take_hers(between: Between) -> None:
    await unassign_employee(between.scene.actor("manager"), between.carols.id)


async def rename(between: Between) -> None:
    await execute("UPDATE employees SET name = 'Robert Worker' WHERE id = :id", id=between.scene.bob.id)


#: Every command, and some of others that concern what is shown, in an order in which they are possible.
STEPS: tuple[Callable[[Between], Awaitable[None]], ...] = (
    offer,
    decline,
    accept,
    reject,
    swap,
    accept,
    rename,
    withdraw,
    swap,
    accept,
    approve,
    take_back,
    offer,
    expire,
    offer,
    offer_hers,
    give_another,
    take_hers,
)


async def test_after_every_step_open_pages_show_what_fresh_ones_show():
    between = await make_between()
    scene = between.scene
    async with AsyncExitStack() as tabs:
        await tabs.enter_async_context(live_pushes())
        views: list[tuple[int, str, type[rx.State], Tab]] = []
        for person, path, state in (
            (scene.bob, "/me", ProposeState),
            (scene.carol, "/me", ProposeState),
            (scene.bob, "/swaps", SwapsState),
            (scene.carol, "/swaps", SwapsState),
            (between.dora, "/swaps", SwapsState),
            (scene.manager, "/requests", SwapRequestsState),
            (scene.supervisor, "/requests", SwapRequestsState),
        ):
            tab = await tabs.enter_async_context(browser_of(person.id))
            await tab.open(path)
            views.append((person.id, path, state, tab))
        for step in STEPS:
            before = [shown(tab, state) for _, _, state, tab in views]
            await step(between)
            for person_id, path, state, tab in views:
                async with browser_of(person_id) as fresh:
                    await fresh.open(path)
                    wanted = shown(fresh, state)
                await eventually(lambda tab=tab, state=state, wanted=wanted: shown(tab, state) == wanted)
            assert before != [shown(tab, state) for _, _, state, tab in views], step.__name__


def shown(tab: Tab, state: type[rx.State]) -> dict[str, Any]:
    """What the page shows of it."""
    return {name: value for name, value in tab.shows(state).items() if name not in _OF_THE_TAB}
