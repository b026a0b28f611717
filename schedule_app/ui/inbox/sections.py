"""The parts of the inbox."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui import routes
from schedule_app.ui.answering.sections import answer_form
from schedule_app.ui.components import icon, priority_badge, segmented, select
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Handler, Item
from schedule_app.ui.inbox.state import InboxState
from schedule_app.ui.palette.actions import Action, entry
from schedule_app.ui.shell import ShellState

READ_ALL = Action(
    "read-all",
    "Mark all as read",
    "check-check",
    run=InboxState.read_all,
    words="messages inbox",
    possible=InboxState.unread > 0,
)
_CATEGORIES = (
    ("", "All kinds"),
    ("schedule", "Schedules"),
    ("assignment", "Shifts"),
    ("approval", "Approvals"),
    ("announcement", "Announcements"),
    ("system", "System"),
)
_PRIORITIES = (("", "Any priority"), ("urgent", "Urgent"), ("high", "High"), ("normal", "Normal"), ("low", "Low"))


def filters() -> rx.Component:
    """Heading, what to show, and marking all as read."""
    return rx.fragment(
        rx.el.div(
            rx.el.h1("Inbox", class_name="page-title"),
            rx.el.div(
                entry(READ_ALL),
                rx.el.button(
                    icon("check-check"),
                    READ_ALL.label,
                    type="button",
                    class_name="btn",
                    disabled=InboxState.unread == 0,
                    on_click=READ_ALL.run,
                ),
                class_name="page-actions",
            ),
            class_name="page-header",
        ),
        rx.cond(
            ShellState.is_planner,
            rx.el.div(
                segmented(
                    "What you look at",
                    (("inbox", "Messages", routes.INBOX), ("announcements", "Announcements", routes.ANNOUNCEMENTS)),
                    value="inbox",
                ),
                class_name="toolbar",
            ),
            None,
        ),
        rx.el.div(
            segmented(
                "Which messages",
                (
                    ("all", "All", InboxState.narrow(_filters(unread_only=False))),
                    ("unread", "Unread", InboxState.narrow(_filters(unread_only=True))),
                ),
                value=rx.cond(InboxState.unread_only, "unread", "all"),
            ),
            select(
                _CATEGORIES,
                label="Kind",
                value=InboxState.category,
                on_change=lambda value: InboxState.narrow(_filters(category=value)),
            ),
            select(
                _PRIORITIES,
                label="Priority",
                value=InboxState.priority,
                on_change=lambda value: InboxState.narrow(_filters(priority=value)),
            ),
            class_name="toolbar",
        ),
    )


def messages() -> rx.Component:
    """The messages, or what it means that there are none."""
    return rx.cond(
        InboxState.items,
        rx.el.div(
            rx.cond(
                InboxState.before_id > 0,
                rx.el.button(
                    "Back to the newest messages",
                    type="button",
                    class_name="btn btn-block",
                    on_click=InboxState.show_newest,
                ),
                None,
            ),
            rx.el.ul(rx.foreach(InboxState.items, _message), class_name="list card", aria_label="Messages"),
            rx.cond(
                InboxState.has_more,
                rx.el.button(
                    "Show older messages", type="button", class_name="btn btn-block", on_click=InboxState.show_more
                ),
                None,
            ),
            class_name="stack",
        ),
        rx.el.div(
            icon("inbox"),
            rx.el.p("Nothing here", class_name="empty-title"),
            rx.el.p("Messages about your shifts and schedules arrive here by themselves.", class_name="empty-text"),
            class_name="empty",
        ),
    )


def _filters(**changed: object) -> dict:
    present = {"unread_only": InboxState.unread_only, "category": InboxState.category, "priority": InboxState.priority}
    return present | changed


def _message(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.cond(item.is_read, None, rx.el.span("Unread: ", class_name="sr-only")),
                priority_badge(item.priority),
                rx.el.span(item.title),
                class_name="list-item-title row",
            ),
            rx.el.p(rx.cond(item.text != "", item.text, item.body), class_name="pre"),
            rx.el.p(rx.el.time(item.when_label, date_time=item.when), class_name="small muted"),
            class_name="grow",
        ),
        rx.cond(
            item.question_id > 0,
            answer_form(
                item.question_id, rx.el.span(": ", item.body, class_name="sr-only"), class_name="stack inbox-answer"
            ),
            None,
        ),
        rx.cond(
            (item.action_url != "") & (item.question_id == 0),
            link("Open", rx.el.span(": ", item.title, class_name="sr-only"), href=item.action_url, class_name="btn"),
            None,
        ),
        rx.cond(
            item.is_read,
            _mark("mail-open", "Mark as unread", item, InboxState.unread_again({"id": item.id})),
            rx.cond(
                item.category == "announcement",
                rx.el.button(
                    "I have read it",
                    rx.el.span(": ", item.title, class_name="sr-only"),
                    type="button",
                    class_name="btn btn-lg",
                    on_click=InboxState.read({"id": item.id}),
                ),
                _mark("check", "Mark as read", item, InboxState.read({"id": item.id})),
            ),
        ),
        class_name=rx.cond(item.is_read, "list-item", "list-item is-unread"),
        key=item.id,
    )


def _mark(icon_name: IconName, label: str, item: Item, on_click: Handler) -> rx.Component:
    return rx.el.button(
        icon(icon_name),
        rx.el.span(label, ": ", item.title, class_name="sr-only"),
        type="button",
        title=label,
        class_name="btn btn-quiet btn-icon",
        on_click=on_click,
    )
