"""What people are told on their devices."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from schedule_app.channels import push
from schedule_app.channels.devices import Device
from schedule_app.channels.port import Message
from schedule_app.db.engine import read_session, unit_of_work
from schedule_app.domain.errors import InvalidInput, NotFound, NotSignedIn
from schedule_app.domain.notices import AssignmentRemoved
from schedule_app.queries.push_subscriptions import list_devices
from schedule_app.services.notifications import notify
from schedule_app.services.push_subscriptions import (
    MOST_DEVICES,
    keep_device,
    switch_off_device,
    switch_on_device,
)
from schedule_app.services.sign_in import revoke_session, sign_out_everywhere
from schedule_app.services.tidying import remove_leftovers
from schedule_app.settings import Settings
from tests.db.jobs.post import configured, ledger, pass_time, work, work_off
from tests.db.services.scene import Scene, actor_of, audited, execute, make_scene, rows, seated, told
from tests.support.database import Database
from tests.support.push_service import HOST, Browser, PushService, push_service

pytestmark = pytest.mark.usefixtures("database")

PHONE, LAPTOP = Browser("phone"), Browser("laptop")


@pytest.fixture
async def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> AsyncIterator[PushService]:
    """The push service of everybody's browser."""
    async with push_service(tmp_path) as service:
        monkeypatch.setattr(push, "public_connections", service.connections)
        with configured(VAPID_CONTACT="admin@example.com", SECRET_KEY="only-for-tests-only-for-tests"):
            yield service


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await make_scene()


async def tell(scene: Scene) -> None:
    async with unit_of_work() as session:
        await notify(session, [scene.bob.id], AssignmentRemoved("Mon"), action_url="/me")
    await work_off()


async def test_every_device_is_told_once(scene: Scene, service: PushService):
    for browser in (PHONE, LAPTOP):
        await switch_on_device(await seated(scene.bob), browser.device)
    await tell(scene)

    assert sorted(taken.device for taken in service.taken) == ["laptop", "phone"]
    [phones] = [taken for taken in service.taken if taken.device == "phone"]
    assert PHONE.read(phones.body)["title"] == "A shift is no longer yours"
    assert await ledger(scene.bob, "push") == [("sent", 1, None)]
    async with read_session() as session:
        assert all(item.used_label for item in await list_devices(session, scene.bob.id))


async def test_without_a_device_nothing_goes_out(scene: Scene, service: PushService):
    await tell(scene)

    assert await ledger(scene.bob, "push") == []


async def test_a_device_that_is_gone_is_forgotten_and_the_others_are_told(scene: Scene, service: PushService):
    for browser in (PHONE, LAPTOP):
        await switch_on_device(await seated(scene.bob), browser.device)
    service.answers["laptop"] = web.Response(status=410)
    await tell(scene)

    assert [taken.device for taken in service.taken] == ["phone"]
    assert await rows("SELECT endpoint FROM push_subscriptions") == [(PHONE.device.endpoint,)]
    assert await ledger(scene.bob, "push") == [("sent", 1, None)]
    assert await told(scene.manager) == []


async def test_whoever_signed_out_on_the_last_device_is_told_no_more_and_nobody_minds(
    scene: Scene, service: PushService
):
    await switch_on_device(await seated(scene.bob), PHONE.device)
    service.answers["phone"] = web.Response(status=404)
    await tell(scene)

    assert await ledger(scene.bob, "push") == [("dropped", 1, "The device does not want messages any more.")]
    assert await rows("SELECT 1 FROM push_subscriptions") == []
    assert await told(scene.manager) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (403, "the VAPID credentials in the authorization header do not correspond to the credentials used to create"),
        (401, '{"code":401,"errno":109,"error":"Unauthorized","message":"VAPID public key mismatch"}'),
        (400, '{"reason":"VapidPkHashMismatch"}'),
    ],
)
async def test_a_device_that_knows_this_installation_by_another_key_is_forgotten(
    scene: Scene, service: PushService, status: int, said: str
):
    await switch_on_device(await seated(scene.bob), PHONE.device)
    service.answers["phone"] = web.Response(status=status, text=said)
    await tell(scene)

    assert await ledger(scene.bob, "push") == [("dropped", 1, "The device was switched on for another key.")]
    assert await rows("SELECT 1 FROM push_subscriptions") == []
    assert await told(scene.manager) == []


async def test_a_refusal_for_another_reason_costs_nobody_a_device(scene: Scene, service: PushService):
    await switch_on_device(await seated(scene.bob), PHONE.device)
    service.answers["phone"] = web.Response(status=403, text='{"reason":"BadJwtToken"}')
    await tell(scene)

    assert await rows("SELECT endpoint FROM push_subscriptions") == [(PHONE.device.endpoint,)]


async def test_a_device_that_was_lost_is_told_nothing_once_all_sessions_were_ended(scene: Scene):
    phone = await seated(scene.bob)
    await switch_on_device(phone, PHONE.device)
    await switch_on_device(await seated(scene.bob), LAPTOP.device)
    await switch_on_device(await seated(scene.carol), Browser("carols").device)

    await sign_out_everywhere(phone)

    assert await rows("SELECT employee_id FROM push_subscriptions") == [(scene.carol.id,)]


async def test_a_device_is_told_nothing_once_its_session_was_ended(scene: Scene):
    phone, laptop = await seated(scene.bob), await seated(scene.bob)
    await switch_on_device(phone, PHONE.device)
    await switch_on_device(laptop, LAPTOP.device)

    await revoke_session(laptop, phone.session_id or 0)

    assert await rows("SELECT endpoint FROM push_subscriptions") == [(LAPTOP.device.endpoint,)]
    with pytest.raises(NotSignedIn):
        await switch_on_device(phone, PHONE.device)


async def test_a_session_that_ran_out_takes_its_device_along_when_it_is_tidied_away(scene: Scene):
    await switch_on_device(await seated(scene.bob), PHONE.device)
    await execute("UPDATE auth_sessions SET expires_at = now() - interval '31 days', created_at = '2026-01-01'")

    await remove_leftovers()

    assert await rows("SELECT 1 FROM push_subscriptions") == []


async def test_whoever_uses_a_browser_next_ends_what_was_shown_there(scene: Scene):
    await switch_on_device(await seated(scene.bob), PHONE.device)

    assert not await keep_device(await seated(scene.carol), PHONE.device.endpoint)
    assert await rows("SELECT 1 FROM push_subscriptions") == []


async def test_whoever_uses_their_browser_again_keeps_it_for_their_new_session(scene: Scene):
    await switch_on_device(await seated(scene.bob), PHONE.device)
    again = await seated(scene.bob)

    assert await keep_device(again, PHONE.device.endpoint)
    assert await rows("SELECT session_id FROM push_subscriptions") == [(again.session_id,)]
    # What was switched off elsewhere stays off.
    await execute("DELETE FROM push_subscriptions")
    assert not await keep_device(again, PHONE.device.endpoint)


async def test_a_browser_that_is_known_anew_takes_its_own_place_and_nobody_elses(scene: Scene):
    bob = await seated(scene.bob)
    for number in range(MOST_DEVICES):
        await switch_on_device(bob, Browser(f"b{number}").device)
    await switch_on_device(await seated(scene.carol), LAPTOP.device)

    await switch_on_device(bob, PHONE.device, former=Browser("b3").device.endpoint)
    with pytest.raises(InvalidInput, match="10 devices"):
        await switch_on_device(bob, Browser("more").device, former=LAPTOP.device.endpoint)

    known = [endpoint for (endpoint,) in await rows("SELECT endpoint FROM push_subscriptions")]
    assert len(known) == MOST_DEVICES + 1
    assert {PHONE.device.endpoint, LAPTOP.device.endpoint} < set(known)
    assert Browser("b3").device.endpoint not in known


async def test_one_device_that_took_it_is_enough(scene: Scene, service: PushService):
    for browser in (PHONE, LAPTOP):
        await switch_on_device(await seated(scene.bob), browser.device)
    service.answers["laptop"] = web.Response(status=503)
    await tell(scene)
    await pass_time()
    await work()

    assert sorted(service.asked) == ["laptop", "phone"]
    assert await ledger(scene.bob, "push") == [("sent", 1, None)]


async def test_what_nobody_expected_of_one_device_is_its_own_failure(
    scene: Scene, service: PushService, monkeypatch: pytest.MonkeyPatch
):
    for browser in (PHONE, LAPTOP):
        await switch_on_device(await seated(scene.bob), browser.device)
    send = push.send

    async def stumble(settings: Settings, message: Message, device: Device, **options: Any) -> None:
        if device == LAPTOP.device:
            raise ZeroDivisionError
        await send(settings, message, device, **options)

    monkeypatch.setattr(push, "send", stumble)
    await tell(scene)
    await pass_time()
    await work()

    assert service.asked == ["phone"]
    assert await ledger(scene.bob, "push") == [("sent", 1, None)]


async def test_where_none_took_it_all_are_tried_again(scene: Scene, service: PushService):
    for browser in (PHONE, LAPTOP):
        await switch_on_device(await seated(scene.bob), browser.device)
    service.answers |= {"phone": web.Response(status=410), "laptop": web.Response(status=503)}
    await tell(scene)
    assert await ledger(scene.bob, "push") == [("created", 1, "The push service refused: 503")]
    service.answers.clear()
    await pass_time()
    await work()

    assert [taken.device for taken in service.taken] == ["laptop"]
    assert await ledger(scene.bob, "push") == [("sent", 2, None)]


async def test_whoever_switches_the_last_device_off_meanwhile_is_not_told_and_nobody_minds(
    scene: Scene, service: PushService
):
    device_id = await switch_on_device(await seated(scene.bob), PHONE.device)
    service.answers["phone"] = web.Response(status=503)
    await tell(scene)
    await switch_off_device(actor_of(scene.bob), device_id)
    await pass_time()
    await work()

    assert await ledger(scene.bob, "push") == [("dropped", 1, "They have switched off their last device.")]
    assert await told(scene.manager) == []


async def test_a_browser_belongs_to_whoever_switched_it_on_last(scene: Scene, service: PushService):
    bobs = await switch_on_device(await seated(scene.bob), PHONE.device)
    await switch_on_device(await seated(scene.carol), PHONE.device)

    assert await rows("SELECT employee_id FROM push_subscriptions") == [(scene.carol.id,)]
    await tell(scene)
    assert service.asked == []
    with pytest.raises(NotFound):
        await switch_off_device(actor_of(scene.bob), bobs)
    assert [entry.action for entry in await audited("employee", scene.bob.id)] == ["switch_on_device"]


async def test_a_device_is_somebody_elses_to_switch_off(scene: Scene):
    device_id = await switch_on_device(await seated(scene.bob), PHONE.device)
    for other in (scene.carol, scene.manager, scene.admin):
        with pytest.raises(NotFound):
            await switch_off_device(actor_of(other), device_id)
    await switch_off_device(actor_of(scene.bob), device_id)
    with pytest.raises(NotFound):
        await switch_off_device(actor_of(scene.bob), device_id)


async def test_there_are_so_many_and_no_more(scene: Scene):
    for number in range(MOST_DEVICES):
        await switch_on_device(await seated(scene.bob), Browser(f"b{number}").device)
    await switch_on_device(await seated(scene.bob), Browser("b3").device)
    with pytest.raises(InvalidInput, match="10 devices"):
        await switch_on_device(await seated(scene.bob), Browser("more").device)
    await switch_on_device(await seated(scene.carol), Browser("more").device)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "db:5432", f"{HOST}:8443"])
async def test_an_address_that_is_no_push_service_is_refused(scene: Scene, host: str):
    hostile = Browser().device
    hostile = type(hostile)(hostile.endpoint.replace(HOST, host), hostile.p256dh, hostile.auth)
    with pytest.raises(InvalidInput):
        await switch_on_device(await seated(scene.bob), hostile)
    assert await rows("SELECT 1 FROM push_subscriptions") == []
