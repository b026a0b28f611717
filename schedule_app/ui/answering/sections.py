"""What asks for an answer to a shift, and what says that it was given."""

import reflex as rx

from schedule_app.ui.answering.state import AnswerState
from schedule_app.ui.components import button, dialog, field, icon, intent_key, told
from schedule_app.ui.components.types import Child, Item, Text


def answered() -> rx.Component:
    """What was answered last."""
    return told(AnswerState.answered)


def answer_form(assignment_id: Item, of: Child, *, class_name: str = "stack") -> rx.Component:
    """Yes at one tap, no at two; a note goes with either.

    Args:
        assignment_id: What is asked about.
        of: Which shift that is, for screen readers.
        class_name: More classes.
    """
    return rx.el.form(
        _number(assignment_id),
        intent_key(),
        rx.el.details(
            rx.el.summary(icon("pencil"), "Add a note", class_name="btn btn-quiet shift-note"),
            rx.el.label(
                rx.el.span("Note to your manager, sent when you confirm", class_name="field-label"),
                rx.el.textarea(name="note", max_length=500, class_name="input"),
                class_name="field",
            ),
        ),
        rx.el.div(
            button("Confirm", of, kind="primary", start="check", large=True, type="submit"),
            button(
                "Decline",
                of,
                start="x",
                large=True,
                on_click=AnswerState.ask_decline({"assignment_id": assignment_id}),
            ),
            class_name="btn-pair",
        ),
        on_submit=AnswerState.confirm,
        class_name=class_name,
    )


def confirm_all_form(assignment_ids: Text, words: Child) -> rx.Component:
    """Yes to several at one tap; the ids with commas between them."""
    return rx.el.form(
        rx.el.input(type="hidden", name="assignment_ids", value=assignment_ids),
        intent_key(),
        button(words, start="check", large=True, type="submit"),
        on_submit=AnswerState.confirm_all,
        # Other shifts are another intent.
        key=assignment_ids,
    )


def decline_dialog() -> rx.Component:
    """Asks once, for a word to the managers."""
    return dialog(
        rx.el.form(
            _number(AnswerState.declining_id),
            intent_key(),
            field(
                "Note to your manager",
                "decline-note",
                name="note",
                hint="You may leave this empty.",
                multiline=True,
                max_length=500,
            ),
            id="decline-form",
            on_submit=AnswerState.decline,
        ),
        title="Decline this shift?",
        text=AnswerState.declining_text,
        is_open=AnswerState.declining_id > 0,
        on_open_change=lambda _is_open: AnswerState.keep(),
        actions=(
            button("Keep the shift", large=True, on_click=AnswerState.keep),
            button("Decline shift", kind="danger", large=True, type="submit", form="decline-form"),
        ),
    )


def _number(assignment_id: Item) -> rx.Component:
    """Which shift a form is about. A form within a list cannot name its item in its handler, so it carries it along."""
    return rx.el.input(type="hidden", name="assignment_id", value=assignment_id.to_string())
