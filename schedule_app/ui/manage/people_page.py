"""Route of the list of people."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui import routes
from schedule_app.ui.components import badge, button, button_link, empty_state, select
from schedule_app.ui.components.types import Item
from schedule_app.ui.manage.frame import at_site, manage_head
from schedule_app.ui.manage.people_state import PeopleState
from schedule_app.ui.shell import ShellState, shell

_ROLES = (
    ("", "Every role"),
    ("employee", "Employees"),
    ("supervisor", "Supervisors"),
    ("manager", "Managers"),
    ("admin", "Admins"),
)
_STANDINGS = (("active", "Active"), ("inactive", "Not active"), ("all", "Active or not"))
_COLUMNS = ("Name", "Role", "Department", "Hours a week", "Qualifications", "Sign-in")


@rx.page(route=routes.PEOPLE, title="People", on_load=[ShellState.load, PeopleState.load])
def people() -> rx.Component:
    """Who works at a site."""
    return shell(
        "People",
        manage_head(
            "People",
            "people",
            PeopleState.site_id,
            PeopleState.sites,
            lambda value: PeopleState.choose({"site_id": value}),
            button_link(
                "Add a person",
                href=at_site(routes.PEOPLE + "/new", PeopleState.site_id),
                kind="primary",
                start="user-plus",
            ),
        ),
        _filters(),
        rx.cond(PeopleState.items, _table(), _nobody()),
        current="manage",
        is_ready=PeopleState.is_ready,
    )


def _filters() -> rx.Component:
    return rx.el.div(
        rx.el.input(
            type="search",
            default_value=PeopleState.wanted.words,
            on_change=lambda value: PeopleState.narrow(_wanted(words=value)).debounce(250),
            placeholder="Name, e-mail, qualification",
            aria_label="Search people",
            max_length=200,
            class_name="input input-search",
            key=PeopleState.site_id,
        ),
        select(
            PeopleState.departments,
            label="Department",
            value=_wanted()["department_id"].to_string(),
            on_change=lambda value: PeopleState.narrow(_wanted(department_id=value)),
        ),
        select(
            _ROLES,
            label="Role",
            value=PeopleState.wanted.role,
            on_change=lambda value: PeopleState.narrow(_wanted(role=value)),
        ),
        select(
            _STANDINGS,
            label="Active",
            value=PeopleState.wanted.standing,
            on_change=lambda value: PeopleState.narrow(_wanted(standing=value)),
        ),
        rx.el.p(
            PeopleState.total,
            rx.cond(PeopleState.total == 1, " person", " people"),
            role="status",
            class_name="muted small num",
        ),
        class_name="toolbar",
    )


def _wanted(**changed: object) -> dict[str, Item]:
    wanted: Item = PeopleState.wanted
    present = {
        "words": wanted.words,
        "department_id": wanted.department_id,
        "role": wanted.role,
        "standing": wanted.standing,
    }
    return present | changed


def _table() -> rx.Component:
    items: Item = PeopleState.items
    return rx.fragment(
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(*(rx.el.th(column, scope="col") for column in _COLUMNS))),
                rx.el.tbody(rx.foreach(PeopleState.items, _row)),
                class_name="table people",
                aria_label="People",
            ),
            class_name="card people-card",
        ),
        rx.cond(
            items.length() < PeopleState.total,
            button("Show more people", on_click=PeopleState.show_more, class_name="btn-block"),
            None,
        ),
    )


def _row(item: Item) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.div(
                rx.el.span(item.initials, class_name="avatar", aria_hidden="true"),
                rx.el.div(
                    link(item.name, href=routes.PEOPLE + "/" + item.id.to_string(), class_name="people-name"),
                    rx.cond(item.is_active, None, badge("Not active")),
                    rx.el.p(item.email, class_name="small muted people-email"),
                    rx.el.p(
                        item.role,
                        rx.cond(item.department != "", rx.el.span(" · ", item.department), None),
                        class_name="small muted people-sub",
                    ),
                    _expiring(item, "people-sub"),
                    class_name="people-text",
                ),
                class_name="row",
            ),
            scope="row",
        ),
        rx.el.td(item.role),
        rx.el.td(item.department),
        rx.el.td(item.hours, class_name="num"),
        rx.el.td(item.qualifications, _expiring(item, "")),
        rx.el.td(rx.cond(item.access != "", badge(item.access, start="key-round"), None)),
        key=item.id,
    )


def _expiring(item: Item, class_name: str) -> rx.Component:
    return rx.cond(
        item.expiring != "",
        rx.el.p(
            rx.cond(
                item.has_expired,
                badge(item.expiring, tone="danger", start="triangle-alert"),
                badge(item.expiring, tone="warn", start="clock"),
            ),
            class_name=class_name,
        ),
        None,
    )


def _nobody() -> rx.Component:
    return empty_state(
        "Nobody matches",
        "Nobody of this site is like that. Look for something else, or add a person.",
        name="users",
    )
