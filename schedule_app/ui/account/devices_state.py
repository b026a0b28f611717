"""The person's devices that show messages when the page is closed."""

import reflex as rx
from pydantic import Field

from schedule_app.channels import server_key
from schedule_app.channels.devices import Device
from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.push_subscriptions import DeviceItem, list_devices
from schedule_app.services.push_subscriptions import switch_off_device, switch_on_device
from schedule_app.settings import get_settings
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class Subscription(Payload):
    """What a browser tells of itself once its push service knows it."""

    endpoint: str = Field(max_length=1000, examples=["https://push.example.com/send/abc"])
    p256dh: str = Field(max_length=200, examples=["BAAA"])
    auth: str = Field(max_length=200, examples=["MDEyMzQ1Njc4OWFiY2RlZg"])


class OneDevice(Payload):
    """A device, by its number."""

    id: int = Field(gt=0, lt=2**63)


class DevicesState(rx.State):
    """The devices.

    Attributes:
        server_key: By which push services know this installation; "" where it sends them nothing.
    """

    server_key: str = ""
    devices: list[DeviceItem] = []

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        watch(self, {topics.employee(signed_in.actor.employee_id)})
        self.server_key = server_key(get_settings())
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """One was switched on or off, here or elsewhere."""
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, Subscription)
    async def switch_on(self, signed_in: SignedIn, data: Subscription) -> None:
        """Have the browser show messages."""
        await switch_on_device(signed_in.actor, Device(data.endpoint, data.p256dh, data.auth))
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, OneDevice)
    async def switch_off(self, signed_in: SignedIn, data: OneDevice) -> None:
        """Show nothing there any more."""
        await switch_off_device(signed_in.actor, data.id)
        await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            devices = await list_devices(session, signed_in.actor.employee_id)
        if self.devices != devices:
            self.devices = devices
