"""The editor of a week in which somebody can work."""

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
