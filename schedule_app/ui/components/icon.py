"""Icons, drawn in the colour of the text around them."""

from typing import Literal

import reflex as rx

IconName = Literal[
    "archive",
    "arrow-left-right",
    "badge-check",
    "ban",
    "bell",
    "calendar-check",
    "calendar-clock",
    "calendar-days",
    "calendar-off",
    "calendar-plus",
    "chart-column",
    "check",
    "check-check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "circle-dashed",
    "circle-question-mark",
    "circle-user-round",
    "circle-x",
    "clipboard-list",
    "clock",
    "copy",
    "download",
    "ellipsis",
    "eye",
    "eye-off",
    "globe",
    "grid-3x3",
    "hand",
    "hand-helping",
    "history",
    "hourglass",
    "inbox",
    "info",
    "key-round",
    "laptop",
    "list-checks",
    "list-filter",
    "loader-circle",
    "log-out",
    "mail-open",
    "map-pin",
    "megaphone",
    "message-square-warning",
    "minus",
    "monitor",
    "moon",
    "pencil",
    "phone-off",
    "plus",
    "redo-2",
    "repeat-2",
    "rotate-ccw",
    "search",
    "send",
    "settings-2",
    "siren",
    "smartphone",
    "sparkles",
    "sun",
    "trash-2",
    "tree-palm",
    "triangle-alert",
    "undo-2",
    "user-check",
    "user-plus",
    "user-x",
    "users",
    "wifi-off",
    "x",
]


class Icon(rx.Component):
    """assets/icon.jsx: an inline drawing."""

    library = "$/public/icon.jsx"
    tag = "Icon"

    name: rx.Var[str]


def icon(name: IconName | rx.Var[str], *, large: bool = False, class_name: str = "") -> rx.Component:
    """Draw one icon, hidden from screen readers: the text beside it says what it means.

    Args:
        name: A name from assets/icons.json, or a var that holds one.
        large: 20 px instead of 16 px.
        class_name: More classes, for colour or "spin".
    """
    return Icon.create(name=name, class_name=f"icon-lg {class_name}".strip() if large else class_name)
