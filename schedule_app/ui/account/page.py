"""Route of the account page."""

import reflex as rx
from reflex_components_core.el.element import Element

from schedule_app.ui import routes
from schedule_app.ui.account.devices_section import devices
from schedule_app.ui.account.devices_state import DevicesState
from schedule_app.ui.account.state import AccountState
from schedule_app.ui.components import button, button_link, dialog, icon
from schedule_app.ui.components.types import Item, Text
from schedule_app.ui.palette.actions import Action, entry
from schedule_app.ui.shell import ShellState, shell

END_ALL = Action("end-all", "Sign out everywhere", "log-out", run=AccountState.end_all, words="end all sessions")


class PostForm(Element):
    """A form the browser itself sends. Reflex's own keeps what is submitted on the page."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str] = rx.Var.create("post")


@rx.page(route=routes.ACCOUNT, title="Account", on_load=[ShellState.load, AccountState.load, DevicesState.load])
def account() -> rx.Component:
    """Who one is here, and where one is signed in."""
    return shell(
        "Account",
        _person(),
        _managing(),
        _wishes(),
        devices(),
        _calendar(),
        _sessions(),
        _link_dialog(),
        current="account",
        is_ready=AccountState.is_ready,
        narrow=True,
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


def _wishes() -> rx.Component:
    return rx.el.section(
        rx.el.h2("How you are told", class_name="section-title"),
        rx.el.p(
            "By e-mail, push or SMS, at once or once a day, and when you are left alone. Your inbox has everything.",
            class_name="muted",
        ),
        rx.el.div(button_link("Choose how you are told", href=routes.WISHES, start="bell"), class_name="toolbar"),
        class_name="stack section",
    )


def _calendar() -> rx.Component:
    has_link = AccountState.feed.made_label != ""
    return rx.el.section(
        rx.el.h2("Your shifts in your calendar", class_name="section-title"),
        rx.el.p(
            "A calendar program that subscribes to your link shows your published shifts, changes and cancellations "
            "included. It looks in its own time: most every few hours, some once a day. What counts is here.",
            class_name="muted",
        ),
        rx.el.div(
            button(
                rx.cond(has_link, "Make a new link", "Make a link"),
                start="calendar-plus",
                on_click=AccountState.make_link,
            ),
            rx.cond(has_link, button("End the link", on_click=AccountState.end_link), None),
            class_name="toolbar",
        ),
        rx.cond(has_link, _about_link(AccountState.feed), None),
        class_name="stack section",
    )


def _about_link(feed: Item) -> rx.Component:
    return rx.el.p(
        "Your link was made ",
        feed.made_label,
        " and last read ",
        feed.read_label,
        ". A new one ends it; your calendar must subscribe again then.",
        class_name="small muted",
    )


def _link_dialog() -> rx.Component:
    """The link, this once."""
    return dialog(
        rx.el.label("Link", html_for="calendar-link", class_name="field-label"),
        rx.el.input(custom_attrs={"id": "calendar-link"}, read_only=True, value=AccountState.link, class_name="input"),
        rx.el.p(
            "Give it to your calendar program alone: whoever has it sees your shifts until you end it.",
            class_name="field-hint",
        ),
        title="Link to your calendar",
        text="It is shown this once. Copy it and subscribe to it in your calendar program.",
        is_open=AccountState.link != "",
        on_open_change=lambda is_open: AccountState.show_link({"is_open": is_open}),
        actions=(
            button("Done", on_click=AccountState.show_link({"is_open": False})),
            button("Copy", kind="primary", start="copy", on_click=rx.set_clipboard(AccountState.link)),
        ),
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
        class_name="stack section",
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
