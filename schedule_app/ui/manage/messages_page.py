"""Route of what a site says of the channels that people are told over."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import alert, button, select, told
from schedule_app.ui.components.differing import refused
from schedule_app.ui.components.types import Item
from schedule_app.ui.manage.frame import manage_head
from schedule_app.ui.manage.messages_state import SiteMessagesState
from schedule_app.ui.shell import ShellState, shell

_CHOICES = (("off", "Off"), ("on", "On"), ("locked", "Always"))


@rx.page(route=routes.SITE_MESSAGES, title="Messages", on_load=[ShellState.load, SiteMessagesState.load])
def site_messages() -> rx.Component:
    """What people of a site are told over, unless they choose otherwise."""
    return shell(
        "Messages",
        manage_head(
            "Messages",
            "site",
            SiteMessagesState.site_id,
            SiteMessagesState.sites,
            lambda value: SiteMessagesState.choose({"site_id": value}),
        ),
        _news(),
        _form(),
        current="manage",
        is_ready=SiteMessagesState.is_ready,
        narrow=True,
    )


def _news() -> rx.Component:
    return rx.fragment(
        told(SiteMessagesState.done),
        rx.cond(
            SiteMessagesState.is_outdated,
            alert(
                rx.el.p("What you chose is still here. Saving will show you both versions."),
                button("Show the newest", on_click=SiteMessagesState.show_newest),
                title="Somebody changed this site in the meantime.",
                tone="warn",
            ),
            None,
        ),
        refused(SiteMessagesState.problem, SiteMessagesState.differences, on_take=SiteMessagesState.show_newest),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.section(
            rx.el.h2("What people are told over", class_name="section-title"),
            rx.el.p(
                "Every message is in the inbox. “On” and “Off” hold until somebody chooses otherwise for themselves;"
                " “Always” cannot be switched off.",
                class_name="muted",
            ),
            rx.foreach(SiteMessagesState.rows, _row),
            rx.foreach(SiteMessagesState.off, lambda words: rx.el.p(words, class_name="small muted")),
            class_name="card stack",
        ),
        rx.el.div(button("Save", kind="primary", type="submit"), class_name="form-actions"),
        key=SiteMessagesState.form_key,
        on_submit=SiteMessagesState.save,
        class_name="stack",
    )


def _row(row: Item) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(row.label), rx.foreach(row.cells, _cell), class_name="site-messages", key=row.category
    )


def _cell(cell: Item) -> rx.Component:
    return rx.el.label(
        rx.el.span(cell.label, class_name="field-label"),
        select(_CHOICES, name=cell.name, default_value=cell.setting),
        class_name="field",
        key=cell.name,
    )
