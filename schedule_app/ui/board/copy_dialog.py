"""The dialog in which days are copied to other days."""

import reflex as rx

from schedule_app.ui.board.copy_state import OTHER, CopyState
from schedule_app.ui.components import alert, button, dialog, field, select
from schedule_app.ui.components.types import Text

_PEOPLE = (("with", "Shifts and the people on them"), ("without", "Shifts only"))
_MODES = (("add", "Keep it, and add the copies"), ("replace", "Remove it first"))


def copy_dialog() -> rx.Component:
    """What to copy, where to, and what would come of it."""
    return dialog(
        rx.el.div(
            _what(),
            rx.cond(CopyState.what == OTHER, _days(), rx.fragment()),
            field(
                "Copy to",
                "copy-to",
                type="date",
                required=True,
                value=CopyState.to,
                on_change=lambda value: CopyState.change({"to": value}),
                hint="The first day copied goes here, and the others follow.",
            ),
            _choice("Take along", "copy-people", _PEOPLE, "people", CopyState.people),
            _choice("What is planned there already", "copy-mode", _MODES, "mode", CopyState.mode),
            foreseen(CopyState.preview, CopyState.problem),
            class_name="stack",
        ),
        title="Copy shifts",
        text="Into drafts: nobody is told anything before they are published.",
        is_open=CopyState.is_open,
        on_open_change=lambda is_open: CopyState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=CopyState.show({"is_open": False})),
            button("Copy", kind="primary", disabled=CopyState.preview == "", on_click=CopyState.copy_now),
        ),
    )


def foreseen(preview: Text, problem: Text) -> rx.Component:
    """What a step would make, or why it cannot be taken."""
    return rx.el.div(
        rx.cond(problem != "", alert(problem, tone="warn"), rx.el.p(preview, role="status")),
        class_name="foreseen",
    )


def _what() -> rx.Component:
    return field(
        "Copy",
        "copy-what",
        control=select(
            CopyState.choices,
            control_id="copy-what",
            value=CopyState.what,
            on_change=lambda value: CopyState.change({"what": value}),
        ),
    )


def _days() -> rx.Component:
    return rx.el.div(
        _day("First day", "copy-first", "first", CopyState.first),
        _day("Last day", "copy-last", "last", CopyState.last),
        class_name="field-pair",
    )


def _day(label: str, control_id: str, name: str, value: Text) -> rx.Component:
    return field(
        label,
        control_id,
        type="date",
        required=True,
        value=value,
        on_change=lambda chosen: CopyState.change({name: chosen}),
    )


def _choice(label: str, control_id: str, options: tuple[tuple[str, str], ...], name: str, value: Text) -> rx.Component:
    return field(
        label,
        control_id,
        control=select(
            options,
            control_id=control_id,
            value=value,
            on_change=lambda chosen: CopyState.change({name: chosen}),
        ),
    )
