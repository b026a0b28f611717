"""After each command about open shifts, a page that was left open shows what a fresh one shows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Employee, Shift
from schedule_app.services.call_outs import call_out
from schedule_app.services.claims import approve_claim, claim_shift, reject_claim, withdraw_claim
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.services.settling import settle_claims
from schedule_app.services.shift_offers import advance_waves, start_offering
from schedule_app.services.undo import undo
from schedule_app.ui.inbox.state import InboxState
from schedule_app.ui.me.state import MeState
from schedule_app.ui.open.state import OpenState
from schedule_app.ui.requests.claims_state import ClaimsState
from tests.db.services.scene import Scene, actor_of, assignment_on, execute, make_scene, make_week, rows
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("session")


@dataclass
class Stage:
    """A published week with three open shifts, and one that Bob has."""

    scene: Scene
    shifts: list[Shift]
    claims: list[int] = field(default_factory=list)

    async def ask(self, person: Employee, shift: int) -> None:
        claimed = await claim_shift(actor_of(person), self.shifts[shift].id)
        self.claims.append(claimed.claim_id or 0)


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    scene = await make_scene(offer_waves=1)
    columns = [{"day": day, "title": title} for day, title in enumerate(("Early", "Late", "Night", "Bobs"))]
    _, shifts = await make_week(scene, *columns, held={3: [scene.bob]}, status="published")
    return Stage(scene, shifts)


async def _claim(stage: Stage) -> None:
    await claim_shift(actor_of(stage.scene.bob), stage.shifts[0].id)


async def _demand_approval(_: Stage) -> None:
    await execute("UPDATE sites SET claims_need_approval = true")


async def _ask(stage: Stage) -> None:
    for person in (stage.scene.bob, stage.scene.carol):
        await stage.ask(person, 1)
    await stage.ask(stage.scene.carol, 2)


async def _withdraw(stage: Stage) -> None:
    await withdraw_claim(actor_of(stage.scene.carol), stage.claims[2])


async def _ask_again(stage: Stage) -> None:
    await stage.ask(stage.scene.carol, 2)


async def _reject(stage: Stage) -> None:
    await reject_claim(stage.scene.actor("manager"), stage.claims[3], note="No")


async def _approve(stage: Stage) -> None:
    await approve_claim(stage.scene.actor("manager"), stage.claims[0])


async def _undo(stage: Stage) -> None:
    await undo(stage.scene.actor("manager"), stage.scene.site.id)


async def _call_out(stage: Stage) -> None:
    held = await assignment_on(stage.shifts[3], stage.scene.bob)
    await call_out(actor_of(stage.scene.bob), held.id, note="Fever")


async def _wave(_: Stage) -> None:
    assert await advance_waves() == 1


async def _offer(stage: Stage) -> None:
    await start_offering(stage.scene.actor("manager"), stage.shifts[2].id)
    await advance_waves()


async def _settle(stage: Stage) -> None:
    await stage.ask(stage.scene.bob, 2)
    await execute("UPDATE employees SET is_active = false WHERE name = 'Joan Manager'")
    await settle_claims()


async def _revise(stage: Stage) -> None:
    manager = stage.scene.actor("manager")
    draft = await revise_schedule(manager, stage.shifts[0].schedule_id)
    for step in (submit_schedule, approve_schedule, publish_schedule):
        [[version]] = await rows("SELECT version FROM schedules WHERE id = :id", id=draft)
        await step(manager, draft, expected_version=version)


CHANGES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "claim": _claim,
    "demand approval": _demand_approval,
    "ask": _ask,
    "withdraw": _withdraw,
    "ask again": _ask_again,
    "reject": _reject,
    "approve": _approve,
    "undo the approval": _undo,
    "call out": _call_out,
    "wave": _wave,
    "offer": _offer,
    "settle": _settle,
    "publish anew": _revise,
}
VIEWS: dict[str, tuple[str, str, type[rx.State]]] = {
    "Bob's open shifts": ("bob", "/open", OpenState),
    "Carol's open shifts": ("carol", "/open", OpenState),
    "requests": ("manager", "/requests", ClaimsState),
    "Bob's shifts": ("bob", "/me", MeState),
    "Carol's inbox": ("carol", "/inbox", InboxState),
    "the manager's inbox": ("manager", "/inbox", InboxState),
}


@pytest.fixture
async def tabs(stage: Stage) -> AsyncIterator[dict[str, Tab]]:
    """A tab for each view, left open."""
    async with AsyncExitStack() as stack:
        opened: dict[str, Tab] = {}
        for view, (who, path, _) in VIEWS.items():
            opened[view] = await stack.enter_async_context(browser_of(getattr(stage.scene, who).id))
            await opened[view].open(path)
        yield opened


async def test_open_pages_show_what_fresh_ones_show(stage: Stage, tabs: dict[str, Tab]) -> None:
    async with live_pushes():
        for name, change in CHANGES.items():
            await change(stage)
            for view, (who, path, state) in VIEWS.items():
                async with browser_of(getattr(stage.scene, who).id) as fresh:
                    await fresh.open(path)
                    wanted = fresh.shows(state)
                shown = tabs[view]
                await eventually(lambda shown=shown, state=state, wanted=wanted: _same(shown.shows(state), wanted))
                assert _same(shown.shows(state), wanted), f"After “{name}”, “{view}” differs from a fresh one."


def _same(shown: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return {name: shown.get(name) for name in wanted} == wanted
