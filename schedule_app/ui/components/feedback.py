"""What a page says when there is nothing, not yet something, or something to tell."""

from typing import Literal

import reflex as rx

from schedule_app.ui.components.button import icon_button
from schedule_app.ui.components.icon import IconName, icon
from schedule_app.ui.components.types import Child, Handler, Text

AlertTone = Literal["info", "ok", "warn", "danger"]

_ALERT_ICON: dict[AlertTone, IconName] = {
    "info": "info",
    "ok": "circle-check",
    "warn": "triangle-alert",
    "danger": "circle-x",
}


def alert(
    *children: Child,
    tone: AlertTone = "info",
    title: Text | None = None,
    on_dismiss: Handler = None,
    toast: bool = False,
) -> rx.Component:
    """A message in the page; errors interrupt a screen reader, the others wait their turn.

    Args:
        children: The message and, if any, what to do next.
        tone: "danger" is role=alert, the rest role=status.
        title: A bold first line.
        on_dismiss: Handler of a close button; without it there is none.
        toast: Float in the corner instead of standing in the page.
    """
    head = [rx.el.p(title, class_name="alert-title")] if title is not None else []
    close = [icon_button("x", "Dismiss", on_click=on_dismiss)] if on_dismiss is not None else []
    return rx.el.div(
        icon(_ALERT_ICON[tone]),
        rx.el.div(*head, *children, class_name="alert-body"),
        *close,
        role="alert" if tone == "danger" else "status",
        class_name=f"alert alert-{tone}" + (" toast" if toast else ""),
    )


def told(message: Text) -> rx.Component:
    """What was done last, said where it is shown; there before it says anything, so that it is read out then."""
    is_there = rx.Var.create(message) != ""
    return rx.el.div(
        rx.cond(
            is_there,
            rx.el.div(icon(_ALERT_ICON["ok"]), rx.el.p(message, class_name="alert-body"), class_name="alert alert-ok"),
            None,
        ),
        role="status",
        class_name=rx.cond(is_there, "", "sr-only"),
    )


def empty_state(title: Text, text: Text, *actions: Child, name: IconName = "inbox") -> rx.Component:
    """Why there is nothing here, and the one thing to do next."""
    return rx.el.div(
        icon(name),
        rx.el.p(title, class_name="empty-title"),
        rx.el.p(text, class_name="empty-text"),
        *actions,
        class_name="empty",
    )


def skeleton(*, lines: int = 3, block: bool = False) -> rx.Component:
    """Grey bars of about the size of what is being loaded; read out as "Loading".

    Args:
        lines: How many bars.
        block: One large area instead, for the board and the heatmap.
    """
    bars = (
        [rx.el.span(class_name="skeleton skeleton-block")]
        if block
        else [rx.el.span(class_name="skeleton", style={"width": f"{100 - 12 * (i % 3)}%"}) for i in range(lines)]
    )
    return rx.el.div(
        rx.el.span("Loading", class_name="sr-only"), *bars, role="status", class_name="stack grow" if block else "stack"
    )
