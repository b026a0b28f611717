"""Route of a person's own shifts."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.answering.sections import decline_dialog
from schedule_app.ui.answering.state import AnswerState
from schedule_app.ui.call_out.dialog import call_out_dialog
from schedule_app.ui.components.clock import minute_clock
from schedule_app.ui.me.first_look import first_look
from schedule_app.ui.me.last_known import last_known
from schedule_app.ui.me.sections import asked, clocks, elsewhere, hours, next_shift, waiting, weeks
from schedule_app.ui.me.shift_dialog import shift_dialog
from schedule_app.ui.me.state import MeState
from schedule_app.ui.shell import ShellState, shell
from schedule_app.ui.swaps.propose_dialog import propose_dialog
from schedule_app.ui.swaps.propose_state import ProposeState


@rx.page(
    route=routes.ME,
    title="My shifts",
    on_load=[ShellState.load, AnswerState.load, ProposeState.load, MeState.load],
)
def me() -> rx.Component:
    """When somebody works next, what waits for their answer, and the weeks that are published."""
    return shell(
        "My shifts",
        rx.el.h1("My shifts", class_name="page-title"),
        clocks(),
        next_shift(),
        asked(),
        waiting(),
        hours(),
        weeks(),
        elsewhere(),
        decline_dialog(),
        propose_dialog(),
        shift_dialog(),
        last_known(MeState.weeks),
        call_out_dialog(),
        minute_clock(on_minute=MeState.refresh),
        current="me",
        is_ready=MeState.is_ready,
        narrow=True,
        before=first_look(),
    )
