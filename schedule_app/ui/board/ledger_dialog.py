"""Who was told of the published week: the numbers beside its state, and the list behind them."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.board.ledger_state import LedgerState
from schedule_app.ui.components import alert, badge, button, button_link, dialog, icon, segmented
from schedule_app.ui.components.delivery import delivery_line
from schedule_app.ui.components.types import Item


def ledger_button() -> rx.Component:
    """How many were told, have seen it and have confirmed; it opens the list."""
    counts = LedgerState.counts
    return rx.cond(
        (counts.told > 0) | (counts.untold > 0),
        rx.el.button(
            icon("bell"),
            rx.el.span(f"{counts.told} told, {counts.seen} seen, {counts.confirmed} confirmed"),
            rx.cond(
                counts.failed > 0,
                badge(f"{counts.failed} not reached", tone="danger", start="triangle-alert"),
                rx.fragment(),
            ),
            rx.cond(
                counts.untold > 0,
                badge(f"{counts.untold} not told", tone="warn", start="triangle-alert"),
                rx.fragment(),
            ),
            rx.el.span(". Show who", class_name="sr-only"),
            type="button",
            class_name="btn btn-quiet ledger-button",
            on_click=LedgerState.open({"is_open": True}),
        ),
        rx.fragment(),
    )


def ledger_dialog() -> rx.Component:
    """Everybody of the week: when and over what they were told, whether it arrived, and what they answered."""
    people: Item = LedgerState.people
    return dialog(
        rx.el.div(
            segmented(
                "Whom to list",
                (
                    ("all", "All", LedgerState.narrow({"show": "all"})),
                    ("failed", "Not reached", LedgerState.narrow({"show": "failed"})),
                    ("unseen", "Not seen", LedgerState.narrow({"show": "unseen"})),
                    ("open", "Not answered", LedgerState.narrow({"show": "open"})),
                ),
                value=LedgerState.show,
            ),
            class_name="toolbar",
        ),
        rx.cond(
            LedgerState.counts.failed > 0,
            alert(
                rx.cond(
                    LedgerState.can_mend,
                    "Look at the address of each, and mend it if it is wrong. Their message is in their inbox all the"
                    " same.",
                    "A manager can mend their addresses. Their message is in their inbox all the same.",
                ),
                title="Some messages did not arrive.",
                tone="warn",
            ),
            rx.fragment(),
        ),
        rx.cond(
            people.length() > 0,
            rx.el.ul(rx.foreach(people, _person), class_name="list ledger-list"),
            rx.el.p("Nobody.", class_name="muted"),
        ),
        rx.cond(
            LedgerState.found > people.length(),
            rx.el.p(f"The first {people.length()} of {LedgerState.found} are listed.", class_name="small muted"),
            rx.fragment(),
        ),
        title="Who was told",
        text="Of each person their newest message about this week. Seen means marked as read.",
        is_open=LedgerState.is_open,
        on_open_change=lambda is_open: LedgerState.open({"is_open": is_open}),
        actions=(button("Close", on_click=LedgerState.open({"is_open": False})),),
        wide=True,
    )


def _person(person: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(person.name, class_name="list-item-title"),
            rx.cond(
                person.told_label != "",
                rx.el.p("Told ", person.told_label, class_name="small muted"),
                rx.cond(
                    person.level == "untold",
                    rx.el.p(icon("triangle-alert"), "Was not told by a message", class_name="small ledger-line"),
                    rx.el.p("Not told by a message", class_name="small muted"),
                ),
            ),
            rx.foreach(person.lines, delivery_line),
            class_name="grow",
        ),
        rx.el.div(
            rx.cond(person.answer != "", rx.el.span(person.answer, class_name="small"), None),
            rx.cond(
                (person.level == "failed") & LedgerState.can_mend,
                button_link(
                    "Look at the address",
                    rx.el.span(" of ", person.name, class_name="sr-only"),
                    href=routes.PEOPLE + "/" + person.id.to_string(),
                ),
                None,
            ),
            class_name="ledger-answer",
        ),
        class_name="list-item",
        custom_attrs={"data-level": person.level},
        key=person.id.to_string(),
    )
