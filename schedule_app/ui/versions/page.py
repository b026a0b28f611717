"""Route of a week's versions."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import button_link, empty_state, not_here
from schedule_app.ui.shell import ShellState, shell
from schedule_app.ui.versions.restore_state import RestoreState
from schedule_app.ui.versions.restoring import restore_dialog, restored
from schedule_app.ui.versions.sections import compared, head, toolbar, version_list
from schedule_app.ui.versions.state import VersionsState


@rx.page(route=routes.VERSIONS, title="Versions", on_load=[ShellState.load, RestoreState.forget, VersionsState.load])
def versions() -> rx.Component:
    """Every version of a week, and what differs between two of them."""
    return shell(
        "Versions",
        rx.cond(
            VersionsState.is_found,
            rx.fragment(
                head(),
                toolbar(),
                restored(),
                rx.cond(
                    VersionsState.has_versions,
                    rx.el.div(version_list(), compared(), class_name="versions"),
                    empty_state(
                        "Nothing planned for this week yet",
                        "As soon as the week is begun on the board, its versions are kept here.",
                        button_link("Plan this week", href=VersionsState.place.board_href, kind="primary"),
                        name="history",
                    ),
                ),
                restore_dialog(),
            ),
            not_here(
                "Versions",
                "There is no such week here",
                "The address may be wrong, or the week belongs to a site you do not plan.",
                name="calendar-days",
            ),
        ),
        current="schedule",
        is_ready=VersionsState.is_ready,
    )
