"""Route of a person's own availability."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.availability.sections import check_dialog, dates, later_weeks, said, week
from schedule_app.ui.availability.state import AvailabilityState
from schedule_app.ui.components import segmented
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.AVAILABILITY, title="Availability", on_load=[ShellState.load, AvailabilityState.load])
def availability() -> rx.Component:
    """The week in which somebody can work, what takes its place later, and single dates."""
    return shell(
        "Availability",
        rx.el.h1("Availability", class_name="page-title"),
        rx.el.div(
            segmented(
                "What you tell of your time",
                (("time-off", "Time off", routes.TIME_OFF), ("availability", "Availability", routes.AVAILABILITY)),
                value="availability",
            ),
            class_name="toolbar",
        ),
        said(),
        week(),
        later_weeks(),
        dates(),
        check_dialog(),
        current="time-off",
        is_ready=AvailabilityState.is_ready,
        narrow=True,
    )
