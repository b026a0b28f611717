"""The dialog in which a shift is cut in two."""

import reflex as rx

from schedule_app.ui.board.split_state import SplitState
from schedule_app.ui.components import alert, button, dialog, field


def split_dialog() -> rx.Component:
    """Ask for the time at which the second part begins."""
    return dialog(
        rx.el.form(
            field("The second part begins at", "split-at", name="at", type="time", step=900, required=True),
            rx.cond(SplitState.problem != "", alert(SplitState.problem, tone="danger"), rx.fragment()),
            id="split-form",
            on_submit=SplitState.split,
            class_name="stack",
        ),
        title="Split this shift",
        text=SplitState.text,
        is_open=SplitState.is_open,
        on_open_change=lambda is_open: SplitState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=SplitState.show({"is_open": False})),
            button("Split", kind="primary", type="submit", form="split-form"),
        ),
    )
