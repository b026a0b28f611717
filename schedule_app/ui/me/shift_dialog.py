"""One of the person's own shifts, opened."""

import reflex as rx

from schedule_app.ui.clocks import ClocksState
from schedule_app.ui.components import alert, button, dialog, field, told
from schedule_app.ui.components.types import Item
from schedule_app.ui.me.shift_state import MyShiftState


def details_button(shift: Item) -> rx.Component:
    """Opens a shift."""
    return button(
        "Details",
        rx.el.span(": ", shift.day_label, ", ", shift.label, class_name="sr-only"),
        kind="quiet",
        on_click=MyShiftState.open({"assignment_id": shift.id}),
    )


def shift_dialog() -> rx.Component:
    """Why the shift is theirs, and saying something against it."""
    why = MyShiftState.why
    return dialog(
        rx.el.section(
            rx.el.h3("Why you?", id="why-me", class_name="section-title"),
            rx.el.ul(rx.foreach(why.reasons, rx.el.li), class_name="plain-list"),
            rx.cond(
                ClocksState.zone != "",
                rx.el.p("Times in the reasons are those at work.", class_name="small muted"),
                None,
            ),
            aria_labelledby="why-me",
            class_name="stack",
        ),
        rx.cond(
            why.objection != "",
            alert(
                rx.el.p(why.objection),
                rx.cond(
                    why.can_object,
                    button(
                        "Take it back",
                        on_click=MyShiftState.withdraw({"assignment_id": MyShiftState.assignment_id}),
                    ),
                    None,
                ),
                title="You objected; your managers see this beside the shift",
                tone="info",
            ),
            None,
        ),
        rx.cond(why.can_object & (why.objection == ""), _objecting(), None),
        told(MyShiftState.said),
        title="Your shift",
        text=MyShiftState.when,
        is_open=MyShiftState.assignment_id > 0,
        on_open_change=lambda is_open: MyShiftState.show({"is_open": is_open}),
        actions=(button("Close", large=True, on_click=MyShiftState.show({"is_open": False})),),
    )


def _objecting() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Something against it?", class_name="btn btn-quiet shift-note"),
        rx.el.form(
            rx.el.input(
                type="hidden", name="assignment_id", value=rx.Var.create(MyShiftState.assignment_id).to_string()
            ),
            field(
                "What you have against it",
                "objection",
                name="reason",
                hint="Your managers read it beside the shift. The shift stays yours until they change it.",
                error=MyShiftState.problem,
                multiline=True,
                max_length=500,
                required=True,
            ),
            button("Send to your managers", type="submit", kind="primary", large=True),
            on_submit=MyShiftState.object,
            class_name="stack",
        ),
    )
