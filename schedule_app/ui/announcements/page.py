"""Route of the announcements."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.announcements.dialogs import compose_dialog, reading_dialog
from schedule_app.ui.announcements.sections import head, listed
from schedule_app.ui.announcements.state import AnnouncementsState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.ANNOUNCEMENTS, title="Announcements", on_load=[ShellState.load, AnnouncementsState.load])
def announcements() -> rx.Component:
    """What planners wrote to their people, newest first, and writing more."""
    return shell(
        "Announcements",
        head(),
        listed(),
        compose_dialog(),
        reading_dialog(),
        current="inbox",
        is_ready=AnnouncementsState.is_ready,
        narrow=True,
    )
