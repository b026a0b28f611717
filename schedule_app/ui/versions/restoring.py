"""The dialog before a version is restored, and the report after it."""

import reflex as rx

from schedule_app.ui.components import alert, button, button_link, dialog
from schedule_app.ui.components.types import Item
from schedule_app.ui.versions.restore_state import RestoreState
from schedule_app.ui.versions.state import VersionsState


def restore_dialog() -> rx.Component:
    """Restore, or first throw away the draft that stands in the way."""
    working: Item = VersionsState.working
    is_free = working.number == 0
    return dialog(
        rx.cond(
            is_free,
            rx.el.p(
                "A new draft of this week gets its shifts and its people. Who no longer works here is left out, and "
                "the rules are asked again. Nobody is told anything before it is published."
            ),
            rx.cond(
                working.status == "draft",
                alert(
                    "Version ",
                    working.number,
                    " is a draft in work, and a week has only one. Discard it first; its changes are lost.",
                    tone="warn",
                ),
                alert(
                    "Version ",
                    working.number,
                    " is on its way to be published. Send it back on the board and discard it there first.",
                    tone="warn",
                ),
            ),
        ),
        title=f"Restore version {RestoreState.number}?",
        is_open=RestoreState.is_open,
        on_open_change=lambda is_open: RestoreState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=RestoreState.show({"is_open": False})),
            rx.cond(
                is_free,
                button("Restore as new draft", kind="primary", start="undo-2", on_click=RestoreState.restore),
                rx.cond(
                    working.status == "draft",
                    button(
                        "Discard version ",
                        working.number,
                        kind="danger",
                        start="trash-2",
                        on_click=RestoreState.discard,
                    ),
                    button_link("Open the board", href=VersionsState.place.board_href, kind="primary"),
                ),
            ),
        ),
    )


def restored() -> rx.Component:
    """What became of it."""
    report: Item = RestoreState.report
    return rx.cond(
        RestoreState.restored_number > 0,
        alert(
            rx.el.div(
                _names(report.left_out),
                _sentences(report.overlaps, "At work elsewhere at the same time, so it cannot be published like this:"),
                _sentences(report.findings, "What the rules say:"),
                rx.el.div(
                    button_link("Open the draft on the board", href=VersionsState.place.board_href),
                ),
                class_name="stack",
            ),
            tone="ok",
            title=f"Version {report.version_number} is a new draft with the shifts and people of version "
            f"{RestoreState.restored_number}.",
        ),
        None,
    )


def _names(names: Item) -> rx.Component:
    return rx.cond(names.length() > 0, rx.el.p("Left out, as they no longer work here: ", names.join(", "), "."), None)


def _sentences(sentences: Item, title: str) -> rx.Component:
    return rx.cond(
        sentences.length() > 0,
        rx.el.div(
            rx.el.p(title),
            rx.el.ul(rx.foreach(sentences, rx.el.li), tab_index=0, aria_label=title, class_name="versions-findings"),
        ),
        None,
    )
