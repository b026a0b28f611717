"""Route of the insight page."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import button_link, empty_state
from schedule_app.ui.insight.sections import figures, head, toolbar
from schedule_app.ui.insight.state import InsightState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.INSIGHT, title="Insight", on_load=[ShellState.load, InsightState.load])
def insight() -> rx.Component:
    """What some weeks of a site come to."""
    return shell(
        "Insight",
        rx.cond(
            InsightState.is_found,
            rx.fragment(head(), toolbar(), figures()),
            rx.fragment(
                rx.el.h1("Insight", class_name="page-title"),
                empty_state(
                    "There is nothing here for you",
                    "The address may be wrong, or the figures belong to a site you do not plan for.",
                    button_link("Go to this week", href=ShellState.schedule_href),
                    name="calendar-days",
                ),
            ),
        ),
        current="insight",
        is_ready=InsightState.is_ready,
    )
