"""The lists of templates, and the dialog in which one is made, changed or deleted."""

import reflex as rx

from schedule_app.ui.board.shift_fields import demand_fields, note_fields, time_field, title_field
from schedule_app.ui.components import alert, badge, button, dialog, field, icon, select
from schedule_app.ui.components.differing import both_versions, choosing
from schedule_app.ui.components.types import Item
from schedule_app.ui.templates.state import TemplatesState as State


def template_list(title: str, items: Item, nothing: str, begin: rx.Component) -> rx.Component:
    """The templates of a kind.

    Args:
        title: What they are templates of.
        items: The templates.
        nothing: What to say when there are none.
        begin: What leads to the first one.
    """
    return rx.el.section(
        rx.el.h2(title, class_name="section-title"),
        rx.cond(
            items,
            rx.el.ul(rx.foreach(items, _item), class_name="list card", aria_label=title),
            rx.el.div(
                rx.el.div(rx.el.p(nothing, class_name="grow muted"), begin, class_name="list-item"), class_name="list"
            ),
        ),
        class_name="section stack",
    )


def _item(item: Item) -> rx.Component:
    return rx.el.li(
        icon(rx.cond(item.scope == "week", "calendar-days", "clock")),
        rx.el.div(
            rx.el.p(item.name, class_name="list-item-title"),
            rx.el.p(item.contents, class_name="small muted"),
            rx.cond(
                item.removed.length() > 0,
                badge("Department removed", tone="warn", start="triangle-alert"),
                None,
            ),
            class_name="grow",
        ),
        button(
            "Edit",
            rx.el.span(" ", item.name, class_name="sr-only"),
            on_click=State.open({"template_id": item.id}),
        ),
        class_name="list-item",
        key=item.id,
    )


def template_form() -> rx.Component:
    """The form. While a question is asked, it is out of sight and keeps what was entered."""
    differences: Item = State.differences
    is_stale = differences.length() > 0
    take = State.open({"template_id": State.opened})
    both = choosing(on_back=State.keep, on_take=take, type="submit", form="template-form")
    return dialog(
        rx.el.div(
            rx.cond(State.scope == "week", _week(), _shift()),
            key=State.form_key,
            style={"display": rx.cond(State.is_deleting | is_stale, "none", "block")},
        ),
        rx.cond(State.problem != "", alert(State.problem, tone="danger"), rx.fragment()),
        rx.cond(is_stale, both_versions(differences), None),
        title=rx.cond(
            is_stale,
            "Two versions of this template",
            rx.cond(
                State.is_deleting,
                "Delete this template?",
                rx.cond(State.opened > 0, "Edit template", "New shift template"),
            ),
        ),
        text=rx.cond(State.is_deleting, State.name + " goes; what was made with it stays.", State.contents),
        is_open=State.is_open,
        on_open_change=lambda is_open: State.show({"is_open": is_open}),
        actions=(rx.cond(is_stale, both, rx.cond(State.is_deleting, _deleting(), _saving())),),
        wide=True,
    )


def _deleting() -> rx.Component:
    return rx.fragment(
        button("Keep it", on_click=State.keep),
        button("Delete template", kind="danger", on_click=State.delete),
    )


def _saving() -> rx.Component:
    return rx.fragment(
        rx.cond(
            State.opened > 0,
            button("Delete …", start="trash-2", on_click=State.ask_delete),
            button("Cancel", on_click=State.show({"is_open": False})),
        ),
        button("Save", kind="primary", type="submit", form="template-form"),
    )


def _name() -> rx.Component:
    return field(
        "Name",
        "template-name",
        name="name",
        default_value=State.name,
        error=State.errors.name,
        required=True,
        max_length=100,
        auto_complete="off",
    )


def _removed() -> rx.Component:
    return rx.cond(
        State.has_removed,
        alert("A department in this template was removed. Choose another one to use it again.", tone="warn"),
        rx.fragment(),
    )


def _shift() -> rx.Component:
    return rx.el.form(
        _removed(),
        _name(),
        title_field(State.fields, State.errors),
        rx.el.div(
            time_field(
                "Start",
                "shift-start",
                name="local_start",
                default_value=State.fields.local_start,
                error=State.errors.local_start,
            ),
            time_field(
                "End",
                "shift-end",
                name="local_end",
                default_value=State.fields.local_end,
                error=State.errors.local_end,
                hint="At or before the start means the next day.",
            ),
            class_name="field-pair",
        ),
        demand_fields(State.fields, State.errors, State.departments),
        note_fields(State.fields, State.errors),
        id="template-form",
        on_submit=State.save,
        class_name="stack",
    )


def _week() -> rx.Component:
    return rx.el.form(
        _removed(),
        _name(),
        rx.cond(
            State.has_removed,
            field(
                "Its shifts belong to",
                "template-department",
                control=select(
                    State.departments,
                    control_id="template-department",
                    name="department_id",
                    default_value=State.fields.department_id,
                ),
                error=State.errors.department_id,
            ),
            rx.fragment(),
        ),
        id="template-form",
        on_submit=State.save_week,
        class_name="stack",
    )
