"""The dialog of the templates: using one, keeping a new one."""

import reflex as rx

from schedule_app.ui.board.copy_dialog import foreseen
from schedule_app.ui.board.template_state import TemplateState
from schedule_app.ui.components import alert, button, dialog, field, segmented, select
from schedule_app.ui.components.types import Item


def template_dialog() -> rx.Component:
    """Two sides: use a template in the week on the board, or keep the week or a shift of it as one."""
    return dialog(
        rx.el.div(
            segmented(
                "What to do",
                (
                    ("use", "Use a template", TemplateState.look_at({"view": "use"})),
                    ("save", "Save as a template", TemplateState.look_at({"view": "save"})),
                ),
                value=TemplateState.view,
            ),
            rx.cond(TemplateState.view == "use", _using(), _saving()),
            class_name="stack",
            style={"display": rx.cond(TemplateState.is_deleting, "none", "flex")},
        ),
        title=rx.cond(TemplateState.is_deleting, "Delete this template?", "Templates"),
        text=rx.cond(TemplateState.is_deleting, TemplateState.delete_text, ""),
        is_open=TemplateState.is_open,
        on_open_change=lambda is_open: TemplateState.show({"is_open": is_open}),
        actions=(rx.cond(TemplateState.is_deleting, _deleting(), _acting()),),
    )


def _deleting() -> rx.Component:
    return rx.fragment(
        button("Keep it", on_click=TemplateState.keep),
        button("Delete template", kind="danger", on_click=TemplateState.remove),
    )


def _acting() -> rx.Component:
    return rx.cond(
        TemplateState.view == "use",
        rx.fragment(
            rx.cond(
                TemplateState.template_id != "",
                button("Delete …", start="trash-2", on_click=TemplateState.ask_remove),
                rx.fragment(),
            ),
            button("Use", kind="primary", disabled=TemplateState.preview == "", on_click=TemplateState.use),
        ),
        rx.cond(
            TemplateState.sources,
            button("Save", kind="primary", type="submit", form="template-form"),
            rx.fragment(),
        ),
    )


def _using() -> rx.Component:
    return rx.cond(
        TemplateState.choices,
        rx.el.div(
            field(
                "Template",
                "template",
                control=select(
                    TemplateState.choices,
                    control_id="template",
                    value=TemplateState.template_id,
                    on_change=lambda value: TemplateState.choose({"template_id": value}),
                ),
            ),
            rx.cond(
                TemplateState.scope == "shift",
                rx.el.fieldset(
                    rx.el.legend("On these days", class_name="field-label"),
                    rx.el.div(rx.foreach(TemplateState.days, _day), class_name="choice-list"),
                    class_name="field",
                ),
                field(
                    "What is planned in this week already",
                    "template-mode",
                    control=select(
                        (("add", "Keep it, and add the template's shifts"), ("replace", "Remove it first")),
                        control_id="template-mode",
                        value=TemplateState.mode,
                        on_change=lambda value: TemplateState.change_mode({"mode": value}),
                    ),
                ),
            ),
            foreseen(TemplateState.preview, TemplateState.problem),
            class_name="stack",
        ),
        rx.el.p("There are no templates yet. Save this week, or a shift of it, as the first.", class_name="muted"),
    )


def _day(day: Item) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            default_checked=day["is_on"],
            on_change=lambda is_on: TemplateState.tick({"day": day["date"], "is_on": is_on}),
        ),
        rx.el.span(day["label"], class_name="choice-text"),
        class_name="choice",
        key=day["date"],
    )


def _saving() -> rx.Component:
    return rx.cond(
        TemplateState.sources,
        rx.el.form(
            field(
                "Save",
                "template-source",
                control=select(TemplateState.sources, control_id="template-source", name="shift_id"),
            ),
            field("Name", "template-name", name="name", required=True, max_length=100, auto_complete="off"),
            field(
                "People",
                "template-people",
                control=select(
                    (("without", "Shifts only"), ("with", "The week with the people on its shifts")),
                    control_id="template-people",
                    name="people",
                ),
                hint="A template of a single shift has nobody on it.",
            ),
            rx.cond(TemplateState.problem != "", alert(TemplateState.problem, tone="danger"), rx.fragment()),
            id="template-form",
            on_submit=TemplateState.save,
            class_name="stack",
        ),
        rx.el.p("This week has no shifts to save.", class_name="muted"),
    )
