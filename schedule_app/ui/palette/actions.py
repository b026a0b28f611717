"""What can be done on a page, said once: its button, its entry in the palette and its key come from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.ui.components.button import ButtonKind, button, button_link
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Text
from schedule_app.ui.palette.state import PaletteState
from schedule_app.ui.palette.surface import palette_action


@dataclass(frozen=True, slots=True, eq=False)
class Action:
    """One thing a person can do or one place to go to.

    Attributes:
        key: Names it; a page has each key once.
        label: What the button says.
        icon: Before the label in the palette, and on the button if that shows one.
        run: A guarded handler, or one of the browser's own events.
        href: Where it leads instead.
        post: An address the browser itself posts to instead, leaving the page.
        leads_to: What the page or address behind `href` or `post` demands.
        words: More words it is found by.
        possible: Whether it can be done at the moment; who may do it at all is asked besides.
        pressed: Whether it is on, for what is switched on and off.
        shortcut: A single character that does it.
        is_of_page: Belongs to this page and not to every one.
    """

    key: str
    label: str
    icon: IconName
    run: Any = None
    href: Text = ""
    post: str = ""
    leads_to: Permission = Permission.VIEW_OWN
    words: str = ""
    possible: bool | rx.Var[bool] = True
    pressed: rx.Var[bool] | None = None
    shortcut: str = ""
    is_of_page: bool = True

    @property
    def permission(self) -> Permission:
        """What it takes to do it: what its handler demands."""
        handler = getattr(self.run, "handler", self.run)
        policy = getattr(getattr(handler, "fn", None), "policy", None)
        return policy.permission if policy else self.leads_to

    @property
    def is_offered(self) -> rx.Var[bool]:
        """Whether this person can do it now."""
        may = rx.Var.create(PaletteState.may).contains(self.permission.value)
        return may if self.possible is True else may & self.possible


def entry(action: Action) -> rx.Component:
    """The action in the palette, while it is offered."""
    events = {"on_run": action.run} if action.run is not None else {}
    return rx.cond(
        action.is_offered,
        palette_action(
            name=action.key,
            label=action.label,
            words=action.words,
            icon=action.icon,
            href=action.href,
            post=action.post,
            shortcut=action.shortcut,
            of_page=action.is_of_page,
            **events,
        ),
        rx.fragment(),
    )


def action_button(action: Action, *, kind: ButtonKind = "plain", with_icon: bool = True) -> rx.Component:
    """The action as a button or link and in the palette, while it is offered."""
    start = action.icon if with_icon else None
    control = (
        button_link(action.label, kind=kind, start=start, href=action.href)
        if action.run is None
        else button(action.label, kind=kind, start=start, on_click=action.run, **_pressed(action))
    )
    return rx.cond(action.is_offered, rx.fragment(control, entry(action)), rx.fragment())


def _pressed(action: Action) -> dict[str, Any]:
    return {} if action.pressed is None else {"aria_pressed": rx.cond(action.pressed, "true", "false")}


def entries(actions: Sequence[Action]) -> rx.Component:
    """Actions that stand in the palette alone, or whose buttons are drawn elsewhere."""
    return rx.fragment(*(entry(action) for action in actions))
