"""The dialog about everything that is selected: what it touches, where it goes, what would come of it."""

import reflex as rx

from schedule_app.ui.board.bulk_state import BulkState
from schedule_app.ui.board.copy_dialog import foreseen
from schedule_app.ui.components import alert, answer_badge, button, dialog, field, select
from schedule_app.ui.components.types import Attribute, Item, Text

#: Where something has to be chosen, what it touches waits to be opened.
CHOOSING = ("assign", "move", "copy")
_MODES = (("move", "Move: taken away where they are"), ("copy", "Copy: left where they are, too"))


def bulk_dialog() -> rx.Component:
    """Lists what is touched and asks; every action has its own choices."""
    action = BulkState.asked.action
    return dialog(
        rx.match(
            action,
            ("assign", rx.fragment(_person("Person"), _foreseen())),
            ("move", rx.fragment(_mode(), rx.el.div(_person("To"), _day(), class_name="field-pair"), _foreseen())),
            ("copy", rx.fragment(_date(), _foreseen())),
            rx.cond(BulkState.problem != "", alert(BulkState.problem, tone="warn"), rx.fragment()),
        ),
        _reasons("Would stay as they are", BulkState.foreseen.refused),
        _reasons("Go against a rule that warns", BulkState.foreseen.warned),
        _reason_form(),
        _touched(is_open=~rx.Var.create(list(CHOOSING)).contains(action)),
        title=BulkState.asked.title,
        text=BulkState.asked.text,
        is_open=BulkState.is_open,
        on_open_change=lambda is_open: BulkState.show({"is_open": is_open}),
        wide=True,
        actions=(
            button("Cancel", on_click=BulkState.show({"is_open": False})),
            rx.match(
                action,
                ("delete", _go("Delete", on_click=BulkState.delete_shifts)),
                ("copy", _go("Copy", on_click=BulkState.copy_shifts)),
                ("assign", _go("Assign", type="submit", form="bulk-form")),
                (
                    "move",
                    _go(rx.cond(BulkState.mode == "copy", "Copy", "Move"), type="submit", form="bulk-form"),
                ),
                _go("Unassign", type="submit", form="bulk-form"),
            ),
        ),
    )


def _reason_form() -> rx.Component:
    """What is sent with it. The choices were heard of as they were made."""
    return rx.el.form(
        rx.cond(
            BulkState.foreseen.warned,
            field(
                "Reason for doing it all the same",
                "bulk-reason",
                name="reason",
                hint="One for all of them; kept with each and in the record of changes.",
                min_length=3,
                max_length=500,
                required=True,
            ),
            rx.fragment(),
        ),
        id="bulk-form",
        on_submit=BulkState.go_ahead,
    )


def _go(verb: Text, **props: Attribute) -> rx.Component:
    ready = BulkState.foreseen.is_ready
    return button(verb, " ", BulkState.asked.scope, kind="primary", disabled=~rx.Var.create(ready), **props)


def _foreseen() -> rx.Component:
    return foreseen(BulkState.foreseen.text, BulkState.problem)


def _person(label: str) -> rx.Component:
    return field(
        label,
        "bulk-person",
        control=select(
            BulkState.people,
            control_id="bulk-person",
            value=BulkState.employee_id,
            on_change=lambda value: BulkState.choose({"employee_id": value}),
        ),
    )


def _day() -> rx.Component:
    return field(
        "Day",
        "bulk-day",
        hint="Of several days the first goes there, and the others follow.",
        control=select(
            BulkState.days,
            control_id="bulk-day",
            value=BulkState.day,
            on_change=lambda value: BulkState.choose({"day": value}),
        ),
    )


def _mode() -> rx.Component:
    return field(
        "What becomes of them",
        "bulk-mode",
        control=select(
            _MODES,
            control_id="bulk-mode",
            value=BulkState.mode,
            on_change=lambda value: BulkState.choose({"mode": value}),
        ),
    )


def _date() -> rx.Component:
    return field(
        "Copy to",
        "bulk-date",
        type="date",
        required=True,
        value=BulkState.day,
        on_change=lambda value: BulkState.choose({"day": value}),
        hint="Any day of any week.",
    )


def _touched(*, is_open: rx.Var[bool]) -> rx.Component:
    return rx.el.details(
        rx.el.summary("What it touches"),
        rx.el.ul(rx.foreach(BulkState.asked.lines, _line), class_name="bulk-list"),
        rx.cond(
            BulkState.asked.left_out > 0,
            rx.el.p("And ", BulkState.asked.left_out, " more.", class_name="small muted"),
            rx.fragment(),
        ),
        open=is_open,
        class_name="bulk-reasons",
    )


def _line(line: Item) -> rx.Component:
    return rx.el.li(
        rx.el.span(line["label"], class_name="grow"),
        rx.el.span(line["name"], class_name="muted"),
        rx.cond(line["status"] != "", answer_badge(line["status"]), rx.fragment()),
        key=line["key"],
    )


def _reasons(title: str, lines: Item) -> rx.Component:
    return rx.cond(
        lines,
        rx.el.details(
            rx.el.summary(title, " (", lines.length(), ")"),
            rx.el.ul(rx.foreach(lines, _reason), class_name="bulk-list"),
            open=True,
            class_name="bulk-reasons",
        ),
        rx.fragment(),
    )


def _reason(line: Item) -> rx.Component:
    return rx.el.li(
        rx.el.strong(line["label"]),
        rx.el.span(line["text"], class_name="muted"),
        key=line["key"],
        class_name="bulk-why",
    )
