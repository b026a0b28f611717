"""The dialog in which a shift is made, changed, duplicated or deleted."""

import reflex as rx

from schedule_app.queries.shifts import SHIFT_KINDS
from schedule_app.ui.board.repeat_state import RepeatState
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.split_state import SplitState
from schedule_app.ui.components import alert, button, dialog, field, select
from schedule_app.ui.components.types import Attribute


def shift_dialog() -> rx.Component:
    """The form of a shift. While it asks whether to delete, the form is out of sight and keeps what was entered."""
    return dialog(
        rx.el.form(
            _title(),
            _when(),
            _what(),
            _more(),
            id="shift-form",
            on_submit=ShiftState.save,
            class_name="stack",
            style={"display": rx.cond(ShiftState.is_deleting, "none", "flex")},
        ),
        rx.cond(ShiftState.problem != "", alert(ShiftState.problem, tone="danger"), rx.fragment()),
        title=rx.cond(
            ShiftState.is_deleting, "Delete this shift?", rx.cond(ShiftState.is_new, "New shift", "Edit shift")
        ),
        text=rx.cond(
            ShiftState.is_deleting,
            ShiftState.delete_text,
            rx.cond(ShiftState.is_copy, "Like the shift you opened, which stays as it was saved.", ""),
        ),
        is_open=ShiftState.is_open,
        on_open_change=lambda is_open: ShiftState.show({"is_open": is_open}),
        actions=(rx.cond(ShiftState.is_deleting, _deleting(), _saving()),),
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
                button("Delete", start="trash-2", on_click=ShiftState.ask_delete),
                button("Duplicate", start="copy", on_click=ShiftState.duplicate),
                button("Split", on_click=SplitState.begin),
                button("Repeat", on_click=RepeatState.begin),
            ),
        ),
        button("Save", kind="primary", type="submit", form="shift-form"),
    )


def _title() -> rx.Component:
    return field(
        "Title",
        "shift-title",
        name="title",
        default_value=ShiftState.fields.title,
        error=ShiftState.errors.title,
        hint="Left empty, the kind of shift is shown instead.",
        max_length=200,
        auto_complete="off",
    )


def _when() -> rx.Component:
    return rx.fragment(
        rx.el.div(
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
            _time(
                "Start",
                "shift-start",
                name="local_start",
                default_value=ShiftState.fields.local_start,
                error=ShiftState.errors.local_start,
                on_change=lambda value: ShiftState.measure({"local_start": value}),
            ),
            _time(
                "End",
                "shift-end",
                name="local_end",
                default_value=ShiftState.fields.local_end,
                error=ShiftState.errors.local_end,
                on_change=lambda value: ShiftState.measure({"local_end": value}),
            ),
            class_name="field-row",
        ),
        rx.el.p(ShiftState.timing, role="status", class_name="field-hint"),
    )


def _time(label: str, control_id: str, **props: Attribute) -> rx.Component:
    return field(label, control_id, type="time", step=900, required=True, **props)


def _what() -> rx.Component:
    return rx.el.div(
        field(
            "Department",
            "shift-department",
            control=select(
                ShiftState.departments,
                control_id="shift-department",
                name="department_id",
                default_value=ShiftState.fields.department_id,
            ),
            error=ShiftState.errors.department_id,
        ),
        field(
            "Kind",
            "shift-kind",
            control=select(
                SHIFT_KINDS,
                control_id="shift-kind",
                name="shift_type",
                default_value=ShiftState.fields.shift_type,
            ),
            error=ShiftState.errors.shift_type,
        ),
        field(
            "People needed",
            "shift-staff",
            name="required_staff",
            type="number",
            min=1,
            max=1000,
            step=1,
            required=True,
            default_value=ShiftState.fields.required_staff,
            error=ShiftState.errors.required_staff,
        ),
        class_name="field-row",
    )


def _more() -> rx.Component:
    return rx.fragment(
        field(
            "Qualifications",
            "shift-qualifications",
            name="qualifications",
            default_value=ShiftState.fields.qualifications,
            error=ShiftState.errors.qualifications,
            hint="What everybody on it must hold; several are separated by commas.",
            max_length=2000,
            auto_complete="off",
        ),
        field(
            "Notes",
            "shift-notes",
            name="notes",
            multiline=True,
            default_value=ShiftState.fields.notes,
            error=ShiftState.errors.notes,
            max_length=2000,
        ),
    )
