"""By which clocks the person lives."""

from typing import Any

import reflex as rx


class OwnZone(rx.Component):
    """assets/own_zone.jsx: shows nothing, and tells once which time zone the browser is in, as {"zone": name}."""

    library = "$/public/own_zone.jsx"
    tag = "OwnZone"

    on_zone: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


own_zone: Any = OwnZone.create
