"""A modal dialog: focus goes in and comes back, Esc closes, on a phone it rises from the bottom."""

import reflex as rx
from reflex_components_radix.primitives.dialog import dialog as radix

from schedule_app.ui.components.button import icon_button
from schedule_app.ui.components.types import Child, Handler, Text


class DialogContent(rx.Component):
    """assets/dialog.jsx: Radix' content, with the focus returned to whoever had it."""

    library = "$/public/dialog.jsx"
    tag = "DialogContent"


class CloseOnLeaving(rx.Component):
    """assets/dialog.jsx: closes the dialog when the person goes to another page."""

    library = "$/public/dialog.jsx"
    tag = "CloseOnLeaving"

    open: rx.Var[bool]

    on_leave: rx.EventHandler[rx.event.no_args_event_spec]


def dialog(
    *children: Child,
    title: Text,
    text: Text = "",
    is_open: bool | rx.Var[bool],
    on_open_change: Handler,
    actions: tuple[Child, ...] = (),
    wide: bool = False,
) -> rx.Component:
    """Show a dialog while is_open is true.

    Args:
        children: Its body.
        title: Names the dialog to everybody, screen readers included.
        text: One sentence below the title; it describes the dialog.
        is_open: Whether it shows.
        on_open_change: Called with the new value when Esc, the close button or a click beside it closes it.
        actions: Buttons at the bottom right, the main one last.
        wide: 46 rem instead of 32.
    """
    root = radix.root(
        radix.portal(
            radix.overlay(class_name="dialog-overlay"),
            DialogContent.create(
                rx.el.div(
                    rx.el.div(
                        radix.title(title, class_name="dialog-title"),
                        radix.description(text, class_name="dialog-text"),
                        class_name="grow",
                    ),
                    radix.close(icon_button("x", "Close", class_name="dialog-close"), as_child=True),
                    class_name="dialog-head",
                ),
                rx.el.div(*children, class_name="dialog-body"),
                *([rx.el.div(*actions, class_name="dialog-actions")] if actions else []),
                class_name="dialog dialog-wide" if wide else "dialog",
            ),
        ),
        open=is_open,
        on_open_change=on_open_change,
    )
    return rx.fragment(root, CloseOnLeaving.create(open=is_open, on_leave=on_open_change(False)))
