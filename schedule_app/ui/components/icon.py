"""Icons: one sprite file, drawn in the colour of the text around them."""

from typing import Literal

import reflex as rx
from reflex_components_core.el.elements.media import Use

IconName = Literal[
    "archive",
    "badge-check",
    "ban",
    "bell",
    "calendar-check",
    "calendar-days",
    "calendar-plus",
    "check",
    "check-check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-dashed",
    "circle-user-round",
    "circle-x",
    "clock",
    "copy",
    "ellipsis",
    "eye",
    "eye-off",
    "grid-3x3",
    "hand",
    "history",
    "hourglass",
    "inbox",
    "info",
    "key-round",
    "laptop",
    "list-filter",
    "loader-circle",
    "log-out",
    "mail-open",
    "map-pin",
    "megaphone",
    "monitor",
    "moon",
    "pencil",
    "plus",
    "rotate-ccw",
    "search",
    "send",
    "smartphone",
    "sun",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "user-plus",
    "user-x",
    "users",
    "wifi-off",
    "x",
]


def icon(name: IconName | rx.Var[str], *, large: bool = False, class_name: str = "") -> rx.Component:
    """Draw one icon, hidden from screen readers: the text beside it says what it means.

    Args:
        name: The symbol's id in assets/icons.svg, or a var that holds one.
        large: 20 px instead of 16 px.
        class_name: More classes, for colour or "spin".
    """
    size = "icon icon-lg" if large else "icon"
    return rx.el.svg(
        Use.create(href=f"/icons.svg#{name}"),
        class_name=f"{size} {class_name}".strip(),
        custom_attrs={"aria-hidden": "true", "focusable": "false"},
    )
