"""Devices on the account page: switched on here, seen and removed from anywhere, and never a colleague's."""

from collections.abc import Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.channels.vapid import public_key
from schedule_app.ui.account.devices_state import DevicesState
from tests.db.jobs.post import configured
from tests.support.builders import build_employee, build_site
from tests.support.push_service import Browser
from tests.support.reflex_events import browser_of, push

SECRET = "only-for-tests-only-for-tests"


@pytest.fixture
def push_is_on(session: AsyncSession) -> Iterator[None]:
    with configured(VAPID_CONTACT="admin@example.com", SECRET_KEY=SECRET):
        yield


def told_of(browser: Browser) -> dict[str, str]:
    """What a browser sends when it is switched on."""
    device = browser.device
    return {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth}


@pytest.mark.usefixtures("push_is_on")
async def test_a_device_is_switched_on_and_removed_and_every_tab_knows(session: AsyncSession):
    site = await build_site(session)
    bob, carol = await build_employee(session, site), await build_employee(session, site)
    await session.commit()
    async with browser_of(bob.id) as tab, browser_of(bob.id) as other, browser_of(carol.id) as carols:
        for each in (tab, other, carols):
            await each.open("/account")
        assert tab.state(DevicesState).server_key == public_key(SECRET.encode())
        assert tab.state(DevicesState).devices == []

        await tab.send(DevicesState.switch_on, told_of(Browser("phone")))
        await push({f"employee:{bob.id}"})

        [device] = other.state(DevicesState).devices
        assert tab.state(DevicesState).devices == [device]
        assert len(device.fingerprint) == 64
        assert carols.state(DevicesState).devices == []
        await carols.send(DevicesState.switch_off, {"id": device.id})
        assert carols.alert == "This device is not there any more."

        await other.send(DevicesState.switch_off, {"id": device.id})
        await push({f"employee:{bob.id}"})

        assert tab.state(DevicesState).devices == []


@pytest.mark.usefixtures("push_is_on")
async def test_what_is_no_push_service_is_refused_in_words(session: AsyncSession):
    bob = await build_employee(session, await build_site(session))
    await session.commit()
    async with browser_of(bob.id) as tab:
        await tab.open("/account")
        await tab.send(DevicesState.switch_on, told_of(Browser()) | {"endpoint": "https://127.0.0.1/x"})

        assert tab.alert == "Push services are public servers; this is another address."
        assert tab.state(DevicesState).devices == []


async def test_where_push_is_off_nothing_is_offered(session: AsyncSession):
    bob = await build_employee(session, await build_site(session))
    await session.commit()
    async with browser_of(bob.id) as tab:
        await tab.open("/account")

        assert tab.state(DevicesState).server_key == ""
