"""The editor of the person's form that lives in the browser."""

from typing import Any

import reflex as rx


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
