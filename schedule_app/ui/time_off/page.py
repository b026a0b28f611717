"""Route of a person's own time off."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import segmented
from schedule_app.ui.shell import ShellState, shell
from schedule_app.ui.time_off.sections import asking, balance, check_dialog, own_requests, said, withdraw_dialog
from schedule_app.ui.time_off.state import TimeOffState


@rx.page(route=routes.TIME_OFF, title="Time off", on_load=[ShellState.load, TimeOffState.load])
def time_off() -> rx.Component:
    """Asking for time off, what waits and what is approved, and what it adds up to."""
    return shell(
        "Time off",
        rx.el.h1("Time off", class_name="page-title"),
        rx.el.div(
            segmented(
                "What you tell of your time",
                (("time-off", "Time off", routes.TIME_OFF), ("availability", "Availability", routes.AVAILABILITY)),
                value="time-off",
            ),
            class_name="toolbar",
        ),
        said(),
        asking(),
        own_requests(),
        balance(),
        check_dialog(),
        withdraw_dialog(),
        current="time-off",
        is_ready=TimeOffState.is_ready,
        narrow=True,
    )
