"""What somebody entered beside what is stored by now."""

import reflex as rx

from schedule_app.ui.components.types import Item


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


def _difference(item: Item) -> rx.Component:
    return rx.el.tr(rx.el.th(item.label, scope="row"), rx.el.td(item.entered), rx.el.td(item.stored), key=item.label)
