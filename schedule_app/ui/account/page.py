"""Route of the account page."""

import reflex as rx
from reflex_components_core.el.element import Element

from schedule_app.ui import routes
from schedule_app.ui.account.state import AccountState
from schedule_app.ui.components import button_link, icon
from schedule_app.ui.components.types import Item, Text
from schedule_app.ui.palette.actions import Action, entry
from schedule_app.ui.shell import ShellState, shell

END_ALL = Action("end-all", "Sign out everywhere", "log-out", run=AccountState.end_all, words="end all sessions")


class PostForm(Element):
    """A form the browser itself sends. Reflex's own keeps what is submitted on the page."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str] = rx.Var.create("post")


@rx.page(route=routes.ACCOUNT, title="Account", on_load=[ShellState.load, AccountState.load])
def account() -> rx.Component:
    """Who one is here, and where one is signed in."""
    return shell(
        "Account", _person(), _managing(), _sessions(), current="account", is_ready=AccountState.is_ready, narrow=True
    )


def _person() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.h1("Account", class_name="page-title"),
            PostForm.create(
                rx.el.button(icon("log-out"), "Sign out", type="submit", class_name="btn"),
                action="/logout",
                class_name="page-actions",
            ),
            class_name="page-header",
        ),
        rx.el.dl(
            _fact("Name", AccountState.name),
            _fact("E-mail", AccountState.email),
            _fact("Role", AccountState.role),
            _fact("Site", AccountState.site_name),
            class_name="facts card",
        ),
    )


def _managing() -> rx.Component:
    """On a phone the navigation has no room for it."""
    return rx.cond(
        ShellState.is_manager,
        button_link("Manage people and the site", href=routes.PEOPLE, start="settings-2"),
        rx.fragment(),
    )


def _fact(label: str, value: Text) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def _sessions() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Where you are signed in", class_name="section-title"),
            entry(END_ALL),
            rx.el.button(
                END_ALL.label,
                type="button",
                class_name="btn btn-danger page-actions",
                on_click=END_ALL.run,
            ),
            class_name="page-header",
        ),
        rx.el.ul(rx.foreach(AccountState.sessions, _session), class_name="list card"),
        class_name="stack",
    )


def _session(item: Item) -> rx.Component:
    return rx.el.li(
        icon("monitor"),
        rx.el.div(
            rx.el.p(item.device, class_name="list-item-title"),
            rx.el.p(
                item.ip,
                " · signed in ",
                item.created_label,
                " · last active ",
                item.last_seen_label,
                class_name="small muted",
            ),
            class_name="grow",
        ),
        rx.cond(
            item.is_current,
            rx.el.span("This browser", class_name="badge badge-info"),
            rx.el.button(
                "End",
                rx.el.span(" the session of ", item.device, class_name="sr-only"),
                type="button",
                class_name="btn",
                on_click=AccountState.end({"id": item.id}),
            ),
        ),
        class_name="list-item",
        key=item.id,
    )
