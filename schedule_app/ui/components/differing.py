"""What somebody entered beside what is stored by now, and the choice between the two."""

import reflex as rx

from schedule_app.ui.components.button import button
from schedule_app.ui.components.feedback import alert
from schedule_app.ui.components.types import Attribute, Handler, Item, Text


def differing(differences: Item) -> rx.Component:
    """Two versions side by side, where they differ.

    Args:
        differences: A var of a list of `Difference`.
    """
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(rx.el.span("Field", class_name="sr-only"), scope="col"),
                    rx.el.th("You entered", scope="col"),
                    rx.el.th("Stored now", scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(differences, _difference)),
            class_name="table differences",
        ),
        class_name="table-scroll",
        tab_index=0,
        role="region",
        aria_label="Both versions",
    )


def refused(problem: Text, differences: Item, *, on_take: Handler) -> rx.Component:
    """Why a form was not saved; where somebody else saved it meanwhile, with both versions.

    Args:
        problem: In words; "" for nothing.
        differences: A var of a list of `Difference`.
        on_take: Fills the form with what is stored.
    """
    return rx.cond(
        problem != "",
        alert(
            rx.cond(
                differences,
                rx.fragment(
                    differing(differences),
                    rx.el.p("Save again to keep what you entered, or take over what is stored."),
                    button("Take what is stored", on_click=on_take),
                ),
                None,
            ),
            title=problem,
            tone="danger",
        ),
        None,
    )


def both_versions(differences: Item) -> rx.Component:
    """As `differing`, with what the buttons of `choosing` do."""
    return rx.fragment(
        differing(differences),
        rx.el.p("Keep mine saves what you entered over theirs. Take theirs drops what you entered."),
    )


def choosing(*, on_back: Handler, on_take: Handler, **keep: Attribute) -> rx.Component:
    """The buttons below both versions.

    Args:
        on_back: Shows the form again, with all that was entered.
        on_take: Fills the form with what is stored.
        keep: What makes the button for keeping one's own save it: `on_click`, or `type` and `form`.
    """
    return rx.fragment(
        button("Back to the form", on_click=on_back),
        button("Take theirs", on_click=on_take),
        button("Keep mine", kind="primary", **keep),
    )


def _difference(item: Item) -> rx.Component:
    return rx.el.tr(rx.el.th(item.label, scope="row"), rx.el.td(item.entered), rx.el.td(item.stored), key=item.label)
