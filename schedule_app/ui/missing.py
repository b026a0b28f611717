"""What is shown at an address that is none."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import button_link, icon


@rx.page(route="404", title="No such page")
def missing() -> rx.Component:
    """Say so, and lead back. No shell: there is no page to be live here."""
    return rx.el.main(
        icon("calendar-days"),
        rx.el.h1("There is no such page", class_name="empty-title"),
        rx.el.p("The address may be mistyped, or the page has moved.", class_name="empty-text"),
        button_link("Go to my start page", href=routes.HOME, kind="primary"),
        class_name="empty",
    )
