"""This device, and the person's others, as places where messages are shown when the page is closed."""

import reflex as rx

from schedule_app.ui.account.devices_state import DevicesState
from schedule_app.ui.account.this_device import this_device
from schedule_app.ui.components import button, icon
from schedule_app.ui.components.types import Item


def devices() -> rx.Component:
    """Nothing where no messages go out by push."""
    return rx.cond(
        DevicesState.server_key != "",
        rx.el.section(
            rx.el.h2("This device", class_name="section-title"),
            this_device(
                server_key=DevicesState.server_key,
                devices=DevicesState.devices,
                on_subscribe=DevicesState.switch_on,
                on_unsubscribe=DevicesState.switch_off,
            ),
            rx.cond(
                DevicesState.devices,
                rx.el.ul(
                    rx.foreach(DevicesState.devices, _device),
                    class_name="list card",
                    aria_label="Devices that show your messages",
                ),
                None,
            ),
            class_name="stack section",
        ),
        rx.fragment(),
    )


def _device(item: Item) -> rx.Component:
    return rx.el.li(
        icon("bell"),
        rx.el.div(
            rx.el.p(item.name, class_name="list-item-title"),
            rx.el.p(
                "switched on ",
                item.added_label,
                rx.cond(item.used_label != "", rx.fragment(" · told something last ", item.used_label), None),
                class_name="small muted",
            ),
            class_name="grow",
        ),
        button(
            "Remove",
            rx.el.span(" ", item.name, class_name="sr-only"),
            on_click=DevicesState.switch_off({"id": item.id}),
        ),
        class_name="list-item",
        key=item.id,
    )
