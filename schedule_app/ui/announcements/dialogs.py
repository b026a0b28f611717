"""Writing an announcement, and who has seen one."""

import reflex as rx

from schedule_app.domain.announcement import LONGEST_BODY, LONGEST_SUBJECT
from schedule_app.ui.announcements.sections import problem, seen
from schedule_app.ui.announcements.state import AnnouncementsState
from schedule_app.ui.components import alert, button, dialog, field, icon, intent_key, select
from schedule_app.ui.components.delivery import delivery_line
from schedule_app.ui.components.types import Attribute, Item

_PRIORITIES = (
    ("normal", "Normal"),
    ("high", "Important"),
    ("urgent", "Urgent: also in quiet hours"),
)


def compose_dialog() -> rx.Component:
    """The form, and how many people it reaches."""
    reaches: Item = AnnouncementsState.reach
    return dialog(
        rx.el.form(
            intent_key(),
            field(
                "To",
                "announcement-audience",
                control=select(
                    AnnouncementsState.audiences,
                    control_id="announcement-audience",
                    name="audience",
                    default_value=AnnouncementsState.audience,
                    on_change=lambda value: AnnouncementsState.address({"audience": value}),
                ),
                error=AnnouncementsState.errors.audience,
            ),
            rx.el.p(
                icon("users"),
                rx.cond(
                    reaches == 0,
                    "This reaches nobody.",
                    rx.cond(reaches == 1, "This reaches 1 person.", f"This reaches {reaches} people."),
                ),
                role="status",
                class_name="row",
                custom_attrs={"data-reach": reaches.to_string()},
            ),
            _field("Subject", "subject", required=True, max_length=LONGEST_SUBJECT),
            _field("Message", "body", multiline=True, rows=8, required=True, max_length=LONGEST_BODY),
            field(
                "How loud",
                "announcement-priority",
                control=select(
                    _PRIORITIES, control_id="announcement-priority", name="priority", default_value="normal"
                ),
            ),
            id="announcement-form",
            key=AnnouncementsState.form_key,
            on_submit=AnnouncementsState.send,
            class_name="stack",
        ),
        problem(),
        title="Write an announcement",
        text="Everybody gets it in their inbox, and over the channels they chose.",
        is_open=AnnouncementsState.is_writing,
        on_open_change=lambda is_open: AnnouncementsState.write({"is_open": is_open}),
        actions=(
            button("Cancel", large=True, on_click=AnnouncementsState.write({"is_open": False})),
            button(
                rx.cond(reaches == 1, "Send to 1 person", f"Send to {reaches} people"),
                kind="primary",
                start="send",
                large=True,
                type="submit",
                form="announcement-form",
                disabled=reaches == 0,
            ),
        ),
        wide=True,
    )


def _field(label: str, name: str, **props: Attribute) -> rx.Component:
    return field(label, f"announcement-{name}", name=name, error=getattr(AnnouncementsState.errors, name), **props)


def reading_dialog() -> rx.Component:
    """What was announced, who has seen it and who has not, and taking it back."""
    item: Item = AnnouncementsState.reading
    people: Item = AnnouncementsState.people
    return dialog(
        rx.cond(
            AnnouncementsState.is_withdrawing,
            alert(
                "Where nobody has seen it, it is gone. Everybody else reads that you took it back. Mails that were sent"
                " stay where they are.",
                title="Take this back?",
                tone="warn",
            ),
            rx.fragment(
                rx.el.p(item.body, class_name="pre card"),
                rx.cond(item.withdrawn != "", rx.el.p(item.withdrawn), None),
                seen(item),
                rx.cond(
                    people.length() > 0,
                    rx.el.ul(rx.foreach(people, _person), class_name="list ledger-list", aria_label="Who was told"),
                    rx.el.p("Nobody has it in their inbox any more.", class_name="muted"),
                ),
            ),
        ),
        title=item.subject,
        text=item.whom + " · " + item.by,
        is_open=item.id > 0,
        on_open_change=lambda is_open: AnnouncementsState.show({"is_open": is_open}),
        actions=(
            rx.cond(
                AnnouncementsState.is_withdrawing,
                rx.fragment(
                    button("Keep it", large=True, on_click=AnnouncementsState.ask_withdraw({"is_open": False})),
                    button(
                        "Take it back",
                        kind="danger",
                        large=True,
                        on_click=AnnouncementsState.withdraw({"announcement_id": item.id}),
                    ),
                ),
                rx.fragment(
                    rx.cond(
                        item.can_withdraw,
                        button(
                            "Take it back",
                            start="undo-2",
                            large=True,
                            on_click=AnnouncementsState.ask_withdraw({"is_open": True}),
                        ),
                        None,
                    ),
                    button("Close", large=True, on_click=AnnouncementsState.show({"is_open": False})),
                ),
            ),
        ),
        wide=True,
    )


def _person(person: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(person.name, class_name="list-item-title"),
            rx.foreach(person.lines, delivery_line),
            class_name="grow",
        ),
        rx.cond(
            person.is_seen,
            rx.el.span(icon("check-check"), "Seen", class_name="small row"),
            None,
        ),
        class_name="list-item",
        custom_attrs={"data-seen": rx.cond(person.is_seen, "true", "false")},
        key=person.id.to_string(),
    )
