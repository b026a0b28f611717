"""The dialog in which a shift is made again on other days."""

import reflex as rx

from schedule_app.ui.board.repeat_state import RepeatState
from schedule_app.ui.components import alert, button, dialog, field, select

_RHYTHMS = (("weekly", "Every week, on the same day"), ("workdays", "From Monday to Friday"), ("daily", "Every day"))


def repeat_dialog() -> rx.Component:
    """Ask on which days, and how long."""
    return dialog(
        rx.el.form(
            field("Repeat it", "repeat-rhythm", control=select(_RHYTHMS, control_id="repeat-rhythm", name="rhythm")),
            field(
                "Until",
                "repeat-until",
                name="until",
                type="date",
                required=True,
                default_value=RepeatState.until,
                hint="At most 26 weeks. Nobody is on the new shifts; weeks without a draft get one.",
            ),
            rx.cond(RepeatState.problem != "", alert(RepeatState.problem, tone="danger"), rx.fragment()),
            id="repeat-form",
            on_submit=RepeatState.repeat,
            class_name="stack",
        ),
        title="Repeat this shift",
        is_open=RepeatState.is_open,
        on_open_change=lambda is_open: RepeatState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=RepeatState.show({"is_open": False})),
            button("Repeat", kind="primary", type="submit", form="repeat-form"),
        ),
    )
