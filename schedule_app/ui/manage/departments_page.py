"""Route of the departments of a site."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import alert, button, dialog, empty_state, field, icon, select
from schedule_app.ui.components.types import Item
from schedule_app.ui.manage.departments_state import DepartmentsState as State
from schedule_app.ui.manage.frame import manage_head
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.DEPARTMENTS, title="Departments", on_load=[ShellState.load, State.load])
def departments() -> rx.Component:
    """The parts of a site."""
    return shell(
        "Departments",
        manage_head(
            "Departments",
            "departments",
            State.site_id,
            State.sites,
            lambda value: State.choose({"site_id": value}),
            button("Add a department", kind="primary", start="plus", on_click=State.begin),
        ),
        rx.cond(
            State.items,
            rx.el.ul(rx.foreach(State.items, _item), class_name="list card", aria_label="Departments"),
            empty_state(
                "No departments yet",
                "Departments group people and shifts, and rules can be made for one of them.",
                name="users",
            ),
        ),
        _dialog(),
        current="manage",
        is_ready=State.is_ready,
        narrow=True,
    )


def _item(item: Item) -> rx.Component:
    return rx.el.li(
        icon("users"),
        rx.el.div(
            rx.el.p(item.name, class_name="list-item-title"),
            rx.el.p(rx.cond(item.usage != "", item.usage, "Nothing belongs to it"), class_name="small muted"),
            class_name="grow",
        ),
        button(
            "Edit",
            rx.el.span(" ", item.name, class_name="sr-only"),
            on_click=State.open({"department_id": item.id}),
        ),
        class_name="list-item",
        key=item.id,
    )


def _dialog() -> rx.Component:
    return dialog(
        rx.cond(State.problem != "", alert(State.problem, tone="danger"), None),
        rx.el.form(
            field(
                "Name",
                "department-name",
                name="name",
                default_value=State.name,
                error=State.error,
                required=True,
                max_length=200,
                auto_complete="off",
            ),
            id="department-form",
            on_submit=State.save,
        ),
        rx.cond(State.told != "", alert(State.told, tone="info"), None),
        rx.cond((State.opened > 0) & (State.usage != ""), _moving(), None),
        title=rx.cond(State.opened > 0, "Edit department", "New department"),
        is_open=State.is_open,
        on_open_change=lambda is_open: State.show({"is_open": is_open}),
        actions=(
            rx.cond(
                State.opened > 0,
                button("Delete", start="trash-2", on_click=State.delete, disabled=State.usage != ""),
                button("Cancel", on_click=State.show({"is_open": False})),
            ),
            button("Save", kind="primary", type="submit", form="department-form"),
        ),
    )


def _moving() -> rx.Component:
    return rx.el.form(
        field(
            "Move all into",
            "department-into",
            control=select(State.others, control_id="department-into", name="department_id"),
            hint="Still in it: " + State.usage + ". It can be deleted once it is empty.",
        ),
        rx.el.div(button("Move", type="submit")),
        on_submit=State.move,
        class_name="stack",
    )
