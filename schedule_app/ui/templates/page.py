"""Route of the templates of a site."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import button, button_link
from schedule_app.ui.manage.frame import manage_head
from schedule_app.ui.shell import ShellState, shell
from schedule_app.ui.templates.sections import template_form, template_list
from schedule_app.ui.templates.state import TemplatesState as State


@rx.page(route=routes.TEMPLATES, title="Templates", on_load=[ShellState.load, State.load])
def templates() -> rx.Component:
    """What is kept of shifts and weeks to be used again."""
    return shell(
        "Templates",
        manage_head(
            "Templates",
            "templates",
            State.site_id,
            State.sites,
            lambda value: State.choose({"site_id": value}),
            button("Add a shift template", kind="primary", start="plus", on_click=State.begin),
        ),
        template_list(
            "Shifts",
            State.shifts,
            "None yet. Add one here, or save a shift on the board as one.",
            button("Add the first", on_click=State.begin),
        ),
        template_list(
            "Weeks",
            State.weeks,
            "None yet. A week is saved on the board: open it, then “Templates”, “Save as a template”.",
            button_link("Open the board", href=ShellState.schedule_href),
        ),
        template_form(),
        current="manage",
        is_ready=State.is_ready,
        narrow=True,
    )
