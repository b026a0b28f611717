"""Route of the requests that wait for a decision."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import page_header
from schedule_app.ui.requests.claims_section import claims_section
from schedule_app.ui.requests.claims_state import ClaimsState
from schedule_app.ui.requests.state import RequestsState
from schedule_app.ui.requests.swaps_section import swaps_section
from schedule_app.ui.requests.swaps_state import SwapRequestsState
from schedule_app.ui.requests.time_off_section import time_off_section
from schedule_app.ui.requests.time_off_state import TimeOffRequestsState
from schedule_app.ui.shell import ShellState, shell


@rx.page(
    route=routes.REQUESTS,
    title="Requests",
    on_load=[
        ShellState.load,
        ClaimsState.load,
        SwapRequestsState.load,
        TimeOffRequestsState.load,
        RequestsState.load,
    ],
)
def requests() -> rx.Component:
    """Everything that people have asked for and that waits for a planner, by kind."""
    return shell(
        "Requests",
        page_header("Requests"),
        time_off_section(),
        claims_section(),
        swaps_section(),
        current="requests",
        is_ready=RequestsState.is_ready,
        narrow=True,
    )
