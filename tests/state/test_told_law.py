"""After each command about messages, a page that was left open shows what a fresh one shows."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import reflex as rx
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.models import Schedule, Shift
from schedule_app.services.announcements import AnnouncementDetails, announce, withdraw_announcement
from schedule_app.services.assignments import confirm_assignment, decline_assignment
from schedule_app.services.forms import checked
from schedule_app.services.notifications import mark_all_read
from schedule_app.services.preferences import DefaultDetails, WishDetails, save_site_defaults, save_wishes
from schedule_app.services.schedules import approve_schedule, publish_schedule, revise_schedule, submit_schedule
from schedule_app.ui.account.wishes_state import WishesState
from schedule_app.ui.announcements.state import AnnouncementsState
from schedule_app.ui.board.ledger_state import LedgerState
from schedule_app.ui.inbox.state import InboxState
from tests.db.services.scene import (
    WEEK,
    Scene,
    actor_of,
    assignment_on,
    execute,
    fetch,
    make_scene,
    make_week,
    rows,
    writing,
)
from tests.support.builders import build_employee
from tests.support.reflex_events import Tab, browser_of, eventually, live_pushes

pytestmark = pytest.mark.usefixtures("session")


@dataclass
class Stage:
    """A published week in which Bob and Carol have a shift, and an announcement."""

    scene: Scene
    shift: Shift

    async def announcement(self) -> int:
        [[found]] = await rows("SELECT max(id) FROM announcements")
        return found


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    scene = await make_scene()
    schedule, [shift] = await make_week(scene, held={0: [scene.bob, scene.carol]})
    await publish(scene, schedule.id)
    await _announce(Stage(scene, shift))
    return Stage(scene, shift)


async def publish(scene: Scene, schedule_id: int) -> None:
    version = (await fetch(Schedule, schedule_id)).version
    await submit_schedule(scene.actor("manager"), schedule_id, expected_version=version)
    await approve_schedule(scene.actor("manager"), schedule_id, expected_version=version + 1)
    await publish_schedule(scene.actor("manager"), schedule_id, expected_version=version + 2)


async def _announce(stage: Stage) -> None:
    details = {
        "audience": "site",
        "site_id": stage.scene.site.id,
        "subject": "Fire drill",
        "body": "On Monday.\nAt ten.",
    }
    await announce(stage.scene.actor("manager"), checked(AnnouncementDetails, details))


async def _read(stage: Stage) -> None:
    await mark_all_read(actor_of(stage.scene.bob))


async def _fail(stage: Stage) -> None:
    await execute(
        "INSERT INTO notification_deliveries (notification_id, channel) SELECT id, 'email' FROM notifications"
        " WHERE recipient_id = :id",
        id=stage.scene.carol.id,
    )
    await execute(
        "UPDATE notification_deliveries SET status = 'failed', failed_at = now(), failure_reason = 'No such mailbox'"
        " WHERE channel = 'email'"
    )


async def _confirm(stage: Stage) -> None:
    await confirm_assignment(actor_of(stage.scene.bob), (await assignment_on(stage.shift, stage.scene.bob)).id)


async def _decline(stage: Stage) -> None:
    held = await assignment_on(stage.shift, stage.scene.carol)
    await decline_assignment(actor_of(stage.scene.carol), held.id, note="Ill")


async def _withdraw(stage: Stage) -> None:
    await withdraw_announcement(stage.scene.actor("supervisor"), await stage.announcement())


async def _publish_anew(stage: Stage) -> None:
    draft = await revise_schedule(stage.scene.actor("manager"), stage.shift.schedule_id)
    await execute(
        "UPDATE shifts SET local_start = '08:00', starts_at = starts_at - interval '1 hour' WHERE schedule_id = :id",
        id=draft,
    )
    await publish(stage.scene, draft)


async def _hire(stage: Stage) -> None:
    async with writing() as session:
        await build_employee(session, stage.scene.site)


COMMANDS: list[Callable[[Stage], Awaitable[None]]] = [
    *(_read, _fail, _confirm, _decline, _announce, _read, _withdraw, _publish_anew, _read, _hire, _announce),
]


@dataclass
class Page:
    """A page that somebody has open."""

    tab: Tab
    who: int
    address: str
    state: type[rx.State]

    def shown(self) -> dict[str, Any]:
        return _shown(self.tab, self.state)


def _shown(tab: Tab, state: type[rx.State]) -> dict[str, Any]:
    """What the state holds for the page, but for what somebody does with the page itself."""
    left = {"form_key", "reading", "people", "is_open", "show", "found", "can_mend", "audience", "done"}
    held = tab.state(state)
    return {name: getattr(held, name) for name in state.base_vars if name not in left}


@pytest.fixture
async def pages(stage: Stage) -> AsyncIterator[list[Page]]:
    scene = stage.scene
    board = f"/schedule/{scene.site.id}/{WEEK}"
    async with AsyncExitStack() as stack:
        opened = []
        for person, address, state in (
            (scene.manager, board, LedgerState),
            (scene.supervisor, board, LedgerState),
            (scene.manager, "/announcements", AnnouncementsState),
            (scene.bob, "/inbox", InboxState),
            (scene.carol, "/inbox", InboxState),
        ):
            tab = await stack.enter_async_context(browser_of(person.id))
            await tab.open(address)
            opened.append(Page(tab, person.id, address, state))
        yield opened


async def test_what_a_push_leaves_on_a_page_is_what_a_fresh_page_shows(stage: Stage, pages: list[Page]):
    async with live_pushes():
        for command in COMMANDS:
            await command(stage)
            for page in pages:
                async with browser_of(page.who) as fresh:
                    await fresh.open(page.address)
                    expected = _shown(fresh, page.state)
                await eventually(lambda page=page, expected=expected: page.shown() == expected)
                assert page.shown() == expected, (command.__name__, page.address)


async def test_the_open_list_of_a_week_follows_what_happens(stage: Stage, pages: list[Page]):
    ledger = pages[0].tab
    await ledger.send(LedgerState.open, {"is_open": True})
    assert [person.level for person in ledger.state(LedgerState).people] == ["unseen", "unseen"]

    async with live_pushes():
        await _fail(stage)
        await eventually(lambda: ledger.state(LedgerState).people[0].level == "failed")
    assert ledger.state(LedgerState).people[0].lines[1].words == "did not arrive: No such mailbox"
    await ledger.send(LedgerState.narrow, {"show": "failed"})
    assert [person.name for person in ledger.state(LedgerState).people] == ["Carol Worker"]

    theirs = pages[1].tab
    await theirs.send(LedgerState.open, {"is_open": True})
    assert theirs.state(LedgerState).people[0].lines[1].words == "did not arrive"


async def test_staff_never_get_the_ledger(stage: Stage):
    async with browser_of(stage.scene.bob.id) as tab:
        await tab.open(f"/schedule/{stage.scene.site.id}/{WEEK}")
        assert tab.state(LedgerState).counts.told == 0
        await tab.send(LedgerState.open, {"is_open": True})
        assert tab.alert != ""
        assert tab.state(LedgerState).people == []


async def test_an_inbox_is_read_to_its_end_window_by_window(stage: Stage):
    bob = stage.scene.bob.id
    await execute(
        "INSERT INTO notifications (recipient_id, type, payload, category)"
        " SELECT :bob, 'assignment_removed', jsonb_build_object('shift', 'Shift ' || n), 'assignment'"
        " FROM generate_series(1, 1100) AS n",
        bob=bob,
    )
    seen: set[int] = set()
    async with browser_of(bob) as tab:
        await tab.open("/inbox")
        for _ in range(40):
            inbox = tab.state(InboxState)
            seen |= {item.id for item in inbox.items}
            assert len(inbox.items) <= 500
            if not inbox.has_more:
                break
            await tab.send(InboxState.show_more)
        assert len(seen) == 1102
        assert tab.state(InboxState).before_id > 0
        await tab.send(InboxState.show_newest)
        assert (tab.state(InboxState).before_id, len(tab.state(InboxState).items)) == (0, 50)


async def test_what_is_entered_stays_while_something_newer_is_stored(stage: Stage):
    scene = stage.scene
    async with live_pushes(), browser_of(scene.bob.id) as tab:
        await tab.open("/account/notifications")
        key = tab.state(WishesState).form_key
        await save_wishes(actor_of(scene.bob), checked(WishDetails, {"channels": {}}), expected_version=0)
        await eventually(lambda: tab.state(WishesState).is_outdated)
        assert tab.state(WishesState).form_key == key

        await tab.send(WishesState.save, {"digest_at": "18:00"})
        assert [each.label for each in tab.state(WishesState).differences][-1] == "Once a day at"
        await tab.send(WishesState.save, {"digest_at": "18:00"})
        assert tab.state(WishesState).done.startswith("Saved.")
        assert tab.state(WishesState).fields.digest_at == "18:00"
        assert not tab.state(WishesState).is_outdated

        settings = {"settings": {"system": {"sms": "locked"}}}
        [[version]] = await rows("SELECT version FROM sites WHERE id = :id", id=scene.site.id)
        await save_site_defaults(
            scene.actor("manager"), scene.site.id, checked(DefaultDetails, settings), expected_version=version
        )
        await eventually(lambda: tab.state(WishesState).is_outdated)
