"""The parts of the announcements' page."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.announcements.state import AnnouncementsState
from schedule_app.ui.components import (
    alert,
    badge,
    button,
    empty_state,
    page_header,
    priority_badge,
    segmented,
    select,
    told,
)
from schedule_app.ui.components.types import Item
from schedule_app.ui.palette.actions import Action, action_button

WRITE = Action(
    "announce",
    "Write an announcement",
    "megaphone",
    run=AnnouncementsState.begin,
    words="message tell people news send",
    possible=AnnouncementsState.site_id > 0,
)


def head() -> rx.Component:
    """Heading, the way back to the inbox, the choice of the site, and what was done last."""
    sites: Item = AnnouncementsState.sites
    site_id: Item = AnnouncementsState.site_id
    return rx.fragment(
        page_header("Announcements", actions=(action_button(WRITE, kind="primary"),)),
        rx.el.div(
            segmented(
                "What you look at",
                (("inbox", "Messages", routes.INBOX), ("announcements", "Announcements", routes.ANNOUNCEMENTS)),
                value="announcements",
            ),
            rx.cond(
                sites.length() > 1,
                select(
                    sites,
                    label="Site",
                    value=site_id.to_string(),
                    on_change=lambda value: AnnouncementsState.choose_site({"site_id": value}),
                ),
                None,
            ),
            class_name="toolbar",
        ),
        told(AnnouncementsState.done),
    )


def listed() -> rx.Component:
    """What was announced, newest first, and who has seen it."""
    return rx.cond(
        AnnouncementsState.items,
        rx.el.div(
            rx.el.ul(rx.foreach(AnnouncementsState.items, _item), class_name="list card", aria_label="Announcements"),
            rx.cond(
                AnnouncementsState.has_more,
                button("Show older announcements", class_name="btn-block", on_click=AnnouncementsState.show_more),
                None,
            ),
            class_name="stack",
        ),
        empty_state(
            "Nothing announced yet",
            "Write to everybody, to a department, or from the schedule to the people of one shift. You see here who has"
            " read it.",
            name="megaphone",
        ),
    )


def _item(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                priority_badge(item.priority),
                rx.el.span(item.subject),
                class_name="list-item-title row",
            ),
            rx.el.p(item.whom, class_name="small"),
            rx.el.p(item.by, class_name="small muted"),
            rx.cond(item.withdrawn != "", rx.el.p(item.withdrawn, class_name="small"), None),
            class_name="grow",
        ),
        rx.el.div(
            seen(item),
            button(
                "Who has seen it",
                rx.el.span(": ", item.subject, class_name="sr-only"),
                on_click=AnnouncementsState.read({"announcement_id": item.id}),
            ),
            class_name="ledger-answer",
        ),
        class_name="list-item announcement",
        custom_attrs={"data-announcement": item.id.to_string()},
        key=item.id.to_string(),
    )


def seen(item: Item) -> rx.Component:
    """How many have seen it, and how many it did not reach."""
    return rx.el.p(
        rx.cond(
            item.kept > 0,
            rx.el.span(item.seen, " of ", item.told, " seen", class_name="small"),
            rx.el.span("Told ", item.told, class_name="small"),
        ),
        rx.cond(
            item.failed > 0,
            badge(item.failed, " not reached", tone="danger", start="triangle-alert"),
            None,
        ),
        class_name="row",
    )


def problem() -> rx.Component:
    """Why something was not done."""
    return rx.cond(AnnouncementsState.problem != "", alert(title=AnnouncementsState.problem, tone="danger"), None)
