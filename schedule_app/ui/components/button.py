"""Buttons, and links that look like buttons."""

from typing import Literal

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui.components.icon import IconName, icon
from schedule_app.ui.components.types import Attribute, Child, Text

ButtonKind = Literal["plain", "primary", "quiet", "danger"]


def button(
    *children: Child,
    kind: ButtonKind = "plain",
    start: IconName | None = None,
    large: bool = False,
    class_name: str = "",
    **props: Attribute,
) -> rx.Component:
    """A push button; type="button" unless told otherwise.

    Args:
        children: The label.
        kind: One "primary" per view; "danger" only for what cannot be taken back.
        start: An icon before the label.
        large: 48 px high, for the one thing a phone screen is there for.
        class_name: More classes.
        props: Whatever a button takes: on_click, type, disabled, form, id.
    """
    props.setdefault("type", "button")
    return rx.el.button(*_inner(children, start), class_name=_classes(kind, large, class_name), **props)


def icon_button(name: IconName, label: Text, *, kind: ButtonKind = "quiet", **props: Attribute) -> rx.Component:
    """A square button with an icon alone; its label is read out and shown as a tooltip."""
    extra = props.pop("class_name", "")
    props.setdefault("type", "button")
    return rx.el.button(
        icon(name), aria_label=label, title=label, class_name=_classes(kind, False, f"btn-icon {extra}"), **props
    )


def button_link(
    *children: Child,
    href: Text,
    kind: ButtonKind = "plain",
    start: IconName | None = None,
    large: bool = False,
    class_name: str = "",
    **props: Attribute,
) -> rx.Component:
    """A link that looks like a button."""
    return link(*_inner(children, start), href=href, class_name=_classes(kind, large, class_name), **props)


def icon_link(name: IconName, label: Text, *, href: Text, **props: Attribute) -> rx.Component:
    """A square link with an icon alone."""
    return link(
        icon(name), href=href, aria_label=label, title=label, class_name=_classes("quiet", False, "btn-icon"), **props
    )


def _inner(children: tuple[Child, ...], start: IconName | None) -> tuple[Child, ...]:
    return (icon(start), *children) if start else children


def _classes(kind: ButtonKind, large: bool, extra: str) -> str:
    parts = ["btn", "" if kind == "plain" else f"btn-{kind}", "btn-lg" if large else "", extra.strip()]
    return " ".join(part for part in parts if part)
