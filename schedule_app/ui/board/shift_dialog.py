"""The dialog in which a shift is made, changed, duplicated or deleted."""

import reflex as rx

from schedule_app.ui.board.repeat_state import RepeatState
from schedule_app.ui.board.shift_fields import demand_fields, note_fields, time_field, title_field
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.split_state import SplitState
from schedule_app.ui.components import alert, button, dialog, field, select
from schedule_app.ui.components.differing import both_versions, choosing
from schedule_app.ui.components.types import Item


def shift_dialog() -> rx.Component:
    """The form of a shift. While a question is asked, the form is out of sight and keeps what was entered."""
    differences: Item = ShiftState.differences
    is_stale = differences.length() > 0
    both = choosing(on_back=ShiftState.keep, on_take=ShiftState.take_stored, type="submit", form="shift-form")
    return dialog(
        rx.el.form(
            title_field(ShiftState.fields, ShiftState.errors),
            _when(),
            demand_fields(ShiftState.fields, ShiftState.errors, ShiftState.departments),
            note_fields(ShiftState.fields, ShiftState.errors),
            id="shift-form",
            key=ShiftState.form_key,
            on_submit=ShiftState.save,
            class_name="stack",
            style={"display": rx.cond(ShiftState.is_deleting | is_stale, "none", "flex")},
        ),
        rx.cond(ShiftState.problem != "", alert(ShiftState.problem, tone="danger"), rx.fragment()),
        rx.cond(
            is_stale,
            both_versions(differences),
            rx.fragment(),
        ),
        title=rx.cond(
            is_stale,
            "Two versions of this shift",
            rx.cond(
                ShiftState.is_deleting, "Delete this shift?", rx.cond(ShiftState.is_new, "New shift", "Edit shift")
            ),
        ),
        text=rx.cond(
            ShiftState.is_deleting,
            ShiftState.delete_text,
            rx.cond(ShiftState.is_copy, "Like the shift you opened, which stays as it was saved.", ""),
        ),
        is_open=ShiftState.is_open,
        on_open_change=lambda is_open: ShiftState.show({"is_open": is_open}),
        actions=(rx.cond(is_stale, both, rx.cond(ShiftState.is_deleting, _deleting(), _saving())),),
        wide=True,
    )


def _deleting() -> rx.Component:
    return rx.fragment(
        button("Keep it", on_click=ShiftState.keep),
        button("Delete shift", kind="danger", on_click=ShiftState.delete),
    )


def _saving() -> rx.Component:
    return rx.fragment(
        rx.cond(
            ShiftState.is_new,
            button("Cancel", on_click=ShiftState.show({"is_open": False})),
            rx.fragment(
                button("Delete", start="trash-2", class_name="btn-apart", on_click=ShiftState.ask_delete),
                button("Duplicate", on_click=ShiftState.duplicate),
                button("Split", on_click=SplitState.begin),
                button("Repeat", on_click=RepeatState.begin),
            ),
        ),
        button("Save", kind="primary", type="submit", form="shift-form"),
    )


def _when() -> rx.Component:
    return rx.el.div(
        field(
            "Day",
            "shift-day",
            control=select(
                ShiftState.days,
                control_id="shift-day",
                name="local_date",
                default_value=ShiftState.fields.local_date,
                on_change=lambda value: ShiftState.measure({"local_date": value}),
            ),
            error=ShiftState.errors.local_date,
        ),
        time_field(
            "Start",
            "shift-start",
            name="local_start",
            default_value=ShiftState.fields.local_start,
            error=ShiftState.errors.local_start,
            on_change=lambda value: ShiftState.measure({"local_start": value}),
        ),
        time_field(
            "End",
            "shift-end",
            name="local_end",
            default_value=ShiftState.fields.local_end,
            error=ShiftState.errors.local_end,
            on_change=lambda value: ShiftState.measure({"local_end": value}),
        ),
        rx.el.p(ShiftState.timing, role="status", class_name="field-hint"),
        class_name="field-row",
    )
