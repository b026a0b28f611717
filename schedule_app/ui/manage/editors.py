"""The two editors of the person's form that live in the browser."""

from typing import Any

import reflex as rx


class Availability(rx.Component):
    """assets/availability.jsx: weekdays with their times, sent as JSON in one field of the form.

    Args:
        name: The field.
        value: As `Employee.availability`; read when the form opens.
        disabled: Only to look at.
    """

    library = "$/public/availability.jsx"
    tag = "Availability"

    name: rx.Var[str]
    value: rx.Var[dict[str, Any]]
    disabled: rx.Var[bool]


class Qualifications(rx.Component):
    """assets/qualifications.jsx: what somebody holds and until when, sent as JSON in one field of the form.

    Args:
        name: The field.
        value: As `Employee.qualifications`; read when the form opens.
        disabled: Only to look at.
    """

    library = "$/public/qualifications.jsx"
    tag = "Qualifications"

    name: rx.Var[str]
    value: rx.Var[list[dict[str, Any]]]
    disabled: rx.Var[bool]
