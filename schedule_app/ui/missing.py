"""What is shown at an address that is none."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import button_link, empty_state
from schedule_app.ui.shell import ShellState, shell


@rx.page(route="404", title="No such page", on_load=ShellState.load)
def missing() -> rx.Component:
    """Say so, and lead back."""
    return shell(
        "No such page",
        empty_state(
            "There is no such page",
            "The address may be mistyped, or the page has moved.",
            button_link("Go to my start page", href=routes.HOME),
        ),
        current="",
        is_ready=True,
        narrow=True,
    )
