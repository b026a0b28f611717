"""How a message has fared on one channel."""

import reflex as rx

from schedule_app.ui.components.icon import icon
from schedule_app.ui.components.types import Item


def delivery_line(line: Item) -> rx.Component:
    """A `DeliveryLine`: the channel, and whether the message arrived."""
    return rx.el.p(
        rx.match(
            line.level,
            ("failed", icon("circle-x")),
            ("wait", icon("hourglass")),
            ("dropped", icon("ban")),
            icon("check"),
        ),
        rx.el.span(line.channel, ": ", line.words),
        class_name="small ledger-line",
        custom_attrs={"data-level": line.level},
    )
