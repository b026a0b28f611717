"""Dialogs of the board: assigning by form, one assignment, reasons for warnings, and what is asked or refused."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.board.assign_state import AssignState
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.discard_state import DiscardState
from schedule_app.ui.board.move_state import MoveState
from schedule_app.ui.board.reject_state import RejectState
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.swap_state import SwapState
from schedule_app.ui.board.undo_state import UndoState
from schedule_app.ui.components import alert, answer_badge, button, button_link, dialog, field, select
from schedule_app.ui.components.types import Item, Text


def assign_dialog() -> rx.Component:
    """Choose a shift and a person; everybody who cannot take it is listed too, with the reason."""
    return dialog(
        rx.cond(AssignState.shifts, _assign_form(), rx.el.p("No shift begins on this day.", class_name="muted")),
        title=rx.cond(AssignState.moving != "", "Move a shift", "Assign a shift"),
        text=AssignState.moving,
        is_open=AssignState.is_open,
        on_open_change=lambda is_open: AssignState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=AssignState.show({"is_open": False})),
            rx.cond(
                AssignState.shifts,
                button(
                    rx.cond(AssignState.moving != "", "Move", "Assign"),
                    kind="primary",
                    type="submit",
                    form="assign-form",
                ),
                rx.fragment(),
            ),
        ),
    )


def _assign_form() -> rx.Component:
    return rx.el.form(
        field(
            "Shift",
            "assign-shift",
            control=select(
                AssignState.shifts,
                control_id="assign-shift",
                name="shift_id",
                value=AssignState.shift_id,
                on_change=lambda value: AssignState.choose_shift({"shift_id": value}),
            ),
        ),
        rx.el.div(
            rx.cond(
                AssignState.shift_id != "",
                button(
                    "Who can cover?",
                    kind="quiet",
                    start="users",
                    on_click=AssignState.cover,
                ),
                rx.fragment(),
            ),
            rx.cond(
                BoardState.head.can_edit_shifts & (AssignState.shift_id != ""),
                button(
                    "Edit this shift",
                    kind="quiet",
                    start="pencil",
                    on_click=[
                        AssignState.show({"is_open": False}),
                        ShiftState.open({"shift_id": AssignState.shift_id}),
                    ],
                ),
                rx.fragment(),
            ),
            rx.cond(
                (BoardState.head.status == "published") & (AssignState.shift_id != ""),
                button_link(
                    "Tell these people …",
                    kind="quiet",
                    start="megaphone",
                    href=f"{routes.ANNOUNCEMENTS}?site={BoardState.week.site_id}&shift={AssignState.shift_id}",
                ),
                rx.fragment(),
            ),
            class_name="row",
        ),
        rx.el.fieldset(
            rx.el.legend("Person", class_name="field-label"),
            rx.el.div(rx.foreach(AssignState.people, _person), class_name="choice-list"),
            rx.cond(
                AssignState.is_cut,
                rx.el.p(
                    "Only the first 100 people are listed here; the board shows everybody.", class_name="field-hint"
                ),
                rx.fragment(),
            ),
            class_name="field",
        ),
        rx.cond(
            AssignState.moving != "",
            rx.el.label(
                rx.el.input(type="checkbox", name="keep"),
                rx.el.span("Copy: leave it where it is, too", class_name="choice-text"),
                class_name="choice",
            ),
            rx.fragment(),
        ),
        rx.cond(
            AssignState.asks_reason,
            field(
                "Reason for assigning all the same",
                "assign-reason",
                name="reason",
                hint="Kept with the assignment and in the record of changes.",
                min_length=3,
                max_length=500,
                required=True,
            ),
            rx.fragment(),
        ),
        rx.cond(AssignState.error != "", alert(AssignState.error, tone="warn"), rx.fragment()),
        id="assign-form",
        on_submit=AssignState.submit,
        class_name="stack",
    )


def _person(person: Item) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="employee_id",
            value=person["id"].to_string(),
            default_checked=person["id"].to_string() == AssignState.employee_id,
            required=True,
        ),
        rx.el.span(person["text"], class_name="choice-text"),
        rx.el.span(rx.foreach(person["why"], lambda words: rx.el.span(words)), class_name="choice-why small muted"),
        class_name="choice",
        custom_attrs={"data-level": person["level"]},
        key=person["id"].to_string(),
    )


def assignment_dialog() -> rx.Component:
    """Everything about one assignment."""
    detail = AssignmentState.detail
    return dialog(
        rx.el.dl(
            _fact("Shift", detail.title + " " + detail.label),
            _fact("Day", detail.day_label),
            _fact("Department", detail.department),
            rx.el.div(rx.el.dt("Answer"), rx.el.dd(answer_badge(detail.status))),
            _fact("Answer until", detail.confirm_by_label),
            _fact("Note", detail.note),
            _fact("Objects because", detail.objection),
            _fact("Assigned by", detail.assigned_by),
            _fact("Assigned against a warning because", detail.override_reason),
            class_name="facts",
        ),
        rx.cond(
            detail.warnings,
            alert(rx.el.ul(rx.foreach(detail.warnings, rx.el.li)), tone="warn", title="Rules"),
            rx.fragment(),
        ),
        rx.cond(AssignmentState.error != "", alert(AssignmentState.error, tone="danger"), rx.fragment()),
        rx.cond(
            AssignmentState.can_take_off,
            rx.el.div(
                button("Find somebody else …", on_click=AssignmentState.find_another),
                button(
                    "Move or copy …",
                    on_click=[
                        AssignmentState.show({"is_open": False}),
                        AssignState.open_move({"assignment_id": detail.id}),
                    ],
                ),
                button(
                    "Swap with …",
                    on_click=[
                        AssignmentState.show({"is_open": False}),
                        SwapState.open_list({"assignment_id": detail.id}),
                    ],
                ),
                class_name="row",
            ),
            rx.fragment(),
        ),
        title=detail.employee_name,
        is_open=AssignmentState.is_open,
        on_open_change=lambda is_open: AssignmentState.show({"is_open": is_open}),
        actions=(
            rx.cond(
                AssignmentState.can_take_off,
                button("Take off this shift", kind="danger", on_click=AssignmentState.take_off),
                rx.fragment(),
            ),
            rx.cond(
                BoardState.span != "",
                button("Show in the week", on_click=AssignmentState.show_in_week),
                rx.fragment(),
            ),
            button("Close", on_click=AssignmentState.show({"is_open": False})),
        ),
    )


def _fact(label: str, value: Text) -> rx.Component:
    return rx.cond(value != "", rx.el.div(rx.el.dt(label), rx.el.dd(value)), rx.fragment())


def override_dialog() -> rx.Component:
    """A rule warns: assign all the same, saying why, or leave it."""
    return dialog(
        rx.el.form(
            field(
                "Reason",
                "override-reason",
                name="reason",
                hint="Kept with the assignment and in the record of changes.",
                min_length=3,
                max_length=500,
                required=True,
                auto_focus=True,
            ),
            id="override-form",
            on_submit=MoveState.go_ahead,
        ),
        title="Assign all the same?",
        text=MoveState.override_text,
        is_open=MoveState.override_text != "",
        on_open_change=lambda _is_open: MoveState.leave,
        actions=(
            button("Leave it", on_click=MoveState.leave),
            button("Assign all the same", kind="primary", type="submit", form="override-form"),
        ),
    )


def discard_dialog() -> rx.Component:
    """Asks before a draft is gone for good."""
    return dialog(
        title="Discard this draft?",
        text="All its shifts are deleted, with who is on them. A version that is published stays as it is.",
        is_open=DiscardState.is_open,
        on_open_change=lambda is_open: DiscardState.show({"is_open": is_open}),
        actions=(
            button("Keep it", on_click=DiscardState.show({"is_open": False})),
            button(
                "Discard the draft",
                kind="danger",
                on_click=[DiscardState.show({"is_open": False}), BoardState.discard],
            ),
        ),
    )


def reject_dialog() -> rx.Component:
    """Why the week goes back to draft."""
    return dialog(
        rx.el.form(
            field(
                "What has to change",
                "reject-reason",
                name="reason",
                multiline=True,
                min_length=3,
                max_length=500,
                required=True,
            ),
            id="reject-form",
            on_submit=RejectState.send_back,
        ),
        title="Send this week back",
        text="It becomes a draft again, and whoever submitted it is told why.",
        is_open=RejectState.is_open,
        on_open_change=lambda is_open: RejectState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=RejectState.show({"is_open": False})),
            button("Send back", kind="danger", type="submit", form="reject-form"),
        ),
    )


def undo_refused_dialog() -> rx.Component:
    """Why a step cannot be taken back, and the way past it."""
    is_undo = UndoState.refused == "undo"
    return dialog(
        rx.el.p(UndoState.refusal),
        rx.el.p(
            "Skipping the step leaves everything as it is now, and the one before it comes next.",
            class_name="small muted",
        ),
        title=rx.cond(is_undo, "This step was not undone", "This step was not done again"),
        text=rx.cond(is_undo, UndoState.view.undo, UndoState.view.redo),
        is_open=UndoState.refused != "",
        on_open_change=lambda _is_open: UndoState.leave,
        actions=(
            button("Skip this step", on_click=UndoState.skip),
            button("Leave it", kind="primary", on_click=UndoState.leave),
        ),
    )
