"""The head of a page, and the row that turns the weeks."""

import reflex as rx

from schedule_app.ui.components.button import button_link, icon_link
from schedule_app.ui.components.feedback import empty_state
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Child, Handler, Text


def page_header(title: Text, *after: Child, actions: tuple[Child, ...] = ()) -> rx.Component:
    """The page's only h1, what stands beside it, and the page's actions on the right."""
    return rx.el.div(
        rx.el.h1(title, class_name="page-title"),
        *after,
        *([rx.el.div(*actions, class_name="page-actions")] if actions else []),
        class_name="page-header",
    )


def not_here(title: str, what: str, why: str, *actions: Child, name: IconName) -> rx.Component:
    """What a page shows in place of a thing that is not there, or that this person may not see.

    Args:
        title: What the page is about, as its h1.
        what: What is not there.
        why: How that may be.
        actions: Where to go from here.
        name: The icon.
    """
    return rx.fragment(rx.el.h1(title, class_name="page-title"), empty_state(what, why, *actions, name=name))


def week_switcher(
    prev_href: Text,
    next_href: Text,
    today_href: Text,
    label: Text,
    date_value: Text,
    on_date: Handler,
) -> rx.Component:
    """Previous week, Today, next week, the week's name and a date picker.

    Args:
        prev_href: Path of the week before.
        next_href: Path of the week after.
        today_href: Path of the current week.
        label: The week in words.
        date_value: ISO date of the week's first day.
        on_date: Called with the chosen ISO date.
    """
    return rx.el.nav(
        icon_link("chevron-left", "Previous week", href=prev_href),
        button_link("Today", href=today_href),
        icon_link("chevron-right", "Next week", href=next_href),
        rx.el.span(label, class_name="week-label"),
        rx.el.input(
            type="date",
            value=date_value,
            on_change=on_date,
            aria_label="Go to the week of",
            required=True,
            class_name="input input-date",
        ),
        aria_label="Week",
        class_name="week-switcher",
    )


def heat_legend() -> rx.Component:
    """What the seven steps of the coverage heatmap mean."""
    steps = ("−3", "−2", "−1", "0", "+1", "+2", "+3")
    return rx.el.div(
        rx.el.span("Too few"),
        *(
            rx.el.span(step, class_name="heat-cell", custom_attrs={"data-level": str(level)})
            for level, step in zip(range(-3, 4), steps, strict=True)
        ),
        rx.el.span("Too many"),
        class_name="heat-legend",
    )
