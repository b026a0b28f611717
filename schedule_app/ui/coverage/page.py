"""Route of the coverage heatmap."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import button_link, not_here
from schedule_app.ui.coverage.sections import cell_dialog, head, heatmap, toolbar
from schedule_app.ui.coverage.state import CoverageState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.COVERAGE, title="Coverage", on_load=[ShellState.load, CoverageState.load])
def coverage() -> rx.Component:
    """Where a week has too few people, and where too many."""
    return shell(
        "Coverage",
        rx.cond(
            CoverageState.is_found,
            rx.fragment(head(), toolbar(), heatmap(), cell_dialog()),
            not_here(
                "Coverage",
                "There is no such week here",
                "The address may be wrong, or the week belongs to a site you do not work for.",
                button_link("Go to this week", href=ShellState.coverage_href),
                name="calendar-days",
            ),
        ),
        current="coverage",
        is_ready=CoverageState.is_ready,
        today_href=CoverageState.place.today_href,
    )
