"""assets/presence.jsx as a Reflex component: who else is here."""

from typing import Any

import reflex as rx


class Presence(rx.Component):
    """Initials of the others, and an outline around the cell that each is in.

    Args:
        others: {"id", "name", "initials", "cell"} each.
    """

    library = "$/public/presence.jsx"
    tag = "Presence"

    others: rx.Var[list[dict[str, Any]]]

    on_cell: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


presence = Presence.create
