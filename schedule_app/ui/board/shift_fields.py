"""The fields that the forms of a shift and of a template of one share."""

import reflex as rx

from schedule_app.queries.shifts import SHIFT_KINDS
from schedule_app.ui.components import field, select
from schedule_app.ui.components.types import Attribute, Item


def title_field(fields: Item, errors: Item) -> rx.Component:
    """What the shift is called."""
    return field(
        "Title",
        "shift-title",
        name="title",
        default_value=fields.title,
        error=errors.title,
        hint="Left empty, the kind of shift is shown instead.",
        max_length=200,
        auto_complete="off",
    )


def time_field(label: str, control_id: str, **props: Attribute) -> rx.Component:
    """A time of day, in steps of a quarter of an hour."""
    return field(label, control_id, type="time", step=900, required=True, **props)


def demand_fields(fields: Item, errors: Item, departments: Item) -> rx.Component:
    """Where, of what kind, and for how many people it is."""
    return rx.el.div(
        field(
            "Department",
            "shift-department",
            control=select(
                departments,
                control_id="shift-department",
                name="department_id",
                default_value=fields.department_id,
            ),
            error=errors.department_id,
        ),
        field(
            "Kind",
            "shift-kind",
            control=select(
                SHIFT_KINDS,
                control_id="shift-kind",
                name="shift_type",
                default_value=fields.shift_type,
            ),
            error=errors.shift_type,
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
            default_value=fields.required_staff,
            error=errors.required_staff,
        ),
        class_name="field-row",
    )


def note_fields(fields: Item, errors: Item) -> rx.Component:
    """What its people must hold, and notes."""
    return rx.fragment(
        field(
            "Qualifications",
            "shift-qualifications",
            name="qualifications",
            default_value=fields.qualifications,
            error=errors.qualifications,
            hint="What everybody on it must hold; several are separated by commas.",
            max_length=2000,
            auto_complete="off",
        ),
        field(
            "Notes",
            "shift-notes",
            name="notes",
            multiline=True,
            default_value=fields.notes,
            error=errors.notes,
            max_length=2000,
        ),
    )
