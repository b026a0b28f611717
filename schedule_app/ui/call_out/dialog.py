"""The button on a shift, and the one dialog of the page."""

import reflex as rx

from schedule_app.ui.call_out.state import CallOutState
from schedule_app.ui.components import alert, button, dialog, field
from schedule_app.ui.components.types import Child, Item


def call_out_button(assignment_id: Item, *words: Child) -> rx.Component:
    """Opens the dialog for a shift; `words` say to those who hear it which one."""
    return button(
        "I cannot come",
        rx.el.span(": ", *words, class_name="sr-only"),
        kind="quiet",
        start="phone-off",
        on_click=CallOutState.ask({"assignment_id": assignment_id}),
    )


def call_out_dialog() -> rx.Component:
    """Asks once, and then says what follows."""
    return dialog(
        rx.cond(
            CallOutState.is_done,
            alert("Your managers have been told. You do not work this shift.", tone="ok"),
            rx.el.form(
                _number(CallOutState.assignment_id),
                rx.el.p("Your managers are alerted at once and see who can come instead.", class_name="muted"),
                field(
                    "Note to your managers",
                    "call-out-note",
                    name="note",
                    hint="You may leave this empty. Your colleagues do not see it.",
                    multiline=True,
                    max_length=500,
                ),
                id="call-out-form",
                on_submit=CallOutState.say,
                class_name="stack",
            ),
        ),
        title=rx.cond(CallOutState.is_done, "You cannot come", "You cannot come to this shift?"),
        text=CallOutState.text,
        is_open=CallOutState.assignment_id > 0,
        on_open_change=lambda _is_open: CallOutState.leave(),
        actions=(
            rx.cond(
                CallOutState.is_done,
                button("Close", large=True, on_click=CallOutState.leave),
                rx.fragment(
                    button("I can come", large=True, on_click=CallOutState.leave),
                    button("I cannot come", kind="danger", large=True, type="submit", form="call-out-form"),
                ),
            ),
        ),
    )


def _number(assignment_id: Item) -> rx.Component:
    return rx.el.input(type="hidden", name="assignment_id", value=assignment_id.to_string())
