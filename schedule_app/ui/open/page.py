"""Route of the open shifts."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import taking_tabs
from schedule_app.ui.components.clock import minute_clock
from schedule_app.ui.open.sections import asked, done, everything, left_out, waiting
from schedule_app.ui.open.state import OpenState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.OPEN_SHIFTS, title="Open shifts", on_load=[ShellState.load, OpenState.load])
def open_shifts() -> rx.Component:
    """What the person was asked to take, what they wait for, and what else they may take."""
    return shell(
        "Open shifts",
        rx.el.h1("Open shifts", class_name="page-title"),
        taking_tabs("open"),
        done(),
        asked(),
        left_out(),
        waiting(),
        everything(),
        minute_clock(on_minute=OpenState.refresh),
        current="open",
        is_ready=OpenState.is_ready,
        narrow=True,
    )
