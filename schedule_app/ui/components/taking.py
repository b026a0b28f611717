"""The two pages on which a person takes shifts of others."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components.form import segmented


def taking_tabs(current: str) -> rx.Component:
    """The way from open shifts to offers and swaps, and back; `current` is "open" or "swaps"."""
    return rx.el.div(
        segmented(
            "Shifts to take",
            (("open", "Open shifts", routes.OPEN_SHIFTS), ("swaps", "Offers and swaps", routes.SWAPS)),
            value=current,
        ),
        class_name="toolbar",
    )
