"""Whether this browser shows messages when the page is closed."""

from typing import Any

import reflex as rx


class ThisDevice(rx.Component):
    """assets/this_device.jsx: says whether this browser is one of `devices`, and switches it on and off.

    What the browser tells of itself is {"endpoint", "p256dh", "auth"}; {"id"} is one of the devices.
    """

    library = "$/public/this_device.jsx"
    tag = "ThisDevice"

    server_key: rx.Var[str]
    devices: rx.Var[list[Any]]
    on_subscribe: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_unsubscribe: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


this_device: Any = ThisDevice.create
