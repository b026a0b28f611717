"""The form of a person."""

import reflex as rx

from schedule_app.ui.components import button, field, icon, select
from schedule_app.ui.components.availability import Availability
from schedule_app.ui.components.differing import refused
from schedule_app.ui.components.types import Attribute, Text
from schedule_app.ui.manage.editors import Qualifications
from schedule_app.ui.manage.person_state import PersonState


def versions() -> rx.Component:
    """What was refused: why, and where what was entered differs from what is stored."""
    return refused(PersonState.problem, PersonState.differences, on_take=PersonState.show_newest)


def person_form() -> rx.Component:
    """The form; whoever may only look finds it closed."""
    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend("Person", class_name="sr-only"),
            _card("Who", _who()),
            _card("Work", _work()),
            disabled=PersonState.is_locked,
            class_name="plain stack",
        ),
        _card(
            "Qualifications",
            Qualifications.create(
                name="qualifications", value=PersonState.qualifications, disabled=PersonState.is_locked
            ),
            _error(PersonState.errors.qualifications),
        ),
        _card(
            "Availability",
            rx.el.p(
                "When this person can work in an ordinary week. A day with a time marked “Can work” or “Likes to work”"
                " is closed outside those times.",
                class_name="field-hint",
            ),
            rx.cond(
                PersonState.availability_note != "",
                rx.el.p(PersonState.availability_note, class_name="field-hint"),
                None,
            ),
            Availability.create(name="availability", value=PersonState.availability, disabled=PersonState.is_locked),
            _error(PersonState.errors.availability),
        ),
        rx.cond(
            PersonState.can_edit,
            rx.el.div(
                button(rx.cond(PersonState.is_new, "Add this person", "Save"), kind="primary", type="submit"),
                class_name="form-actions",
            ),
            None,
        ),
        id="person-form",
        key=PersonState.form_key,
        on_submit=PersonState.save,
        class_name="stack",
    )


def _card(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title, class_name="section-title"), *content, class_name="card")


def _error(words: Text) -> rx.Component:
    return rx.el.div(
        rx.cond(words != "", rx.el.p(icon("circle-x"), words, class_name="field-error"), None), role="alert"
    )


def _who() -> rx.Component:
    return rx.el.div(
        _field("Name", "name", auto_complete="off", required=True, max_length=200),
        _field("E-mail", "email", type="email", auto_complete="off", required=True, max_length=254),
        _field("Phone", "phone", type="tel", auto_complete="off", max_length=40),
        class_name="form-grid",
    )


def _work() -> rx.Component:
    return rx.el.div(
        field(
            "Role",
            "person-role",
            control=select(
                PersonState.roles,
                control_id="person-role",
                name="role",
                default_value=PersonState.fields.role,
            ),
            hint=rx.cond(PersonState.is_self, "Nobody changes their own role.", ""),
            error=PersonState.errors.role,
        ),
        field(
            "Department",
            "person-department",
            control=select(
                PersonState.departments,
                control_id="person-department",
                name="department_id",
                default_value=PersonState.fields.department_id,
            ),
            error=PersonState.errors.department_id,
        ),
        _field("Contracted hours a week", "contracted_hours", input_mode="decimal", auto_complete="off", max_length=10),
        _field("Most hours a week", "max_hours", input_mode="decimal", auto_complete="off", max_length=10),
        rx.cond(
            PersonState.has_cost,
            _field(
                "Hourly rate",
                "hourly_rate",
                input_mode="decimal",
                auto_complete="off",
                max_length=12,
                hint="In " + PersonState.currency + ". Seen by managers alone.",
            ),
            None,
        ),
        class_name="form-grid",
    )


def _field(label: str, name: str, **props: Attribute) -> rx.Component:
    return field(
        label,
        f"person-{name.replace('_', '-')}",
        name=name,
        default_value=getattr(PersonState.fields, name),
        error=getattr(PersonState.errors, name),
        **props,
    )
