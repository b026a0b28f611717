"""assets/last_known.jsx as a Reflex component: what is shown when there is no network."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from schedule_app.queries.me import MyWeek
from schedule_app.ui.components.types import Item


class LastKnown(rx.Component):
    """Shows nothing.

    Args:
        weeks: What is put aside of a person's shifts.
        down: Whether the line is down, so that what is on the screen may be old.
    """

    library = "$/public/last_known.jsx"
    tag = "LastKnown"

    weeks: rx.Var[list[MyWeek]]
    down: rx.Var[bool]


def last_known(weeks: Item) -> rx.Component:
    """Put these shifts aside, and have them shown when there is no network."""
    return LastKnown.create(weeks=weeks, down=has_connection_errors)
