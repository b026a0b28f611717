"""The parts of offers and swaps."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import badge, button, button_link, empty_state, icon, told
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Child, Item
from schedule_app.ui.swaps.state import SwapsState


def news() -> rx.Component:
    """What was said last."""
    return told(SwapsState.said)


def asked() -> rx.Component:
    """What colleagues ask, or what it means that nobody asks anything."""
    return rx.fragment(
        rx.cond(
            SwapsState.asked,
            rx.el.section(
                rx.el.h2("Asked of you", id="asked-title", class_name="section-title"),
                rx.el.ul(rx.foreach(SwapsState.asked, _asked), class_name="stack"),
                aria_labelledby="asked-title",
                class_name="stack section",
            ),
            rx.cond(
                SwapsState.mine,
                None,
                empty_state(
                    "Nobody asks you for anything",
                    "What colleagues offer you appears here by itself. To offer a shift of yours, open it in your"
                    " shifts.",
                    button_link("See my shifts", href=routes.ME),
                    name="arrow-left-right",
                ),
            ),
        ),
        rx.cond(
            SwapsState.hidden > 0,
            rx.el.p(
                icon("info"),
                rx.cond(
                    SwapsState.hidden == 1,
                    "One request is not shown: the rules do not allow you that shift any more.",
                    rx.fragment(
                        SwapsState.hidden, " requests are not shown: the rules do not allow you those shifts any more."
                    ),
                ),
                class_name="swap-consequences small",
            ),
            None,
        ),
    )


def _asked(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(
                item.name, rx.cond(item.is_swap, " would like to swap", " offers you a shift"), class_name="swap-title"
            ),
            rx.cond(item.is_swap, badge("Swap", start="arrow-left-right"), badge("Offer", start="hand-helping")),
            class_name="spread",
        ),
        rx.cond(
            item.is_swap,
            rx.el.div(_shift(item.shift, "You get"), _shift(item.wanted, "You give"), class_name="swap-sides"),
            _shift(item.shift),
        ),
        rx.cond(item.note != "", _fact("mail-open", rx.fragment("“", item.note, "”")), None),
        rx.el.div(
            rx.foreach(item.hours, lambda line: _fact("clock", rx.fragment("Your hours, ", line))),
            class_name="shift-facts",
        ),
        rx.cond(
            item.warnings.length() > 0,
            rx.el.div(
                rx.foreach(item.warnings, lambda words: _fact("triangle-alert", words)),
                rx.el.p("A manager has to agree to this.", class_name="small"),
                class_name="swap-warned",
            ),
            None,
        ),
        rx.el.p("To be settled by ", item.until, ".", class_name="small muted"),
        rx.el.div(
            button(
                rx.cond(item.is_swap, "Swap", "Take it"),
                _of(item),
                kind="primary",
                start="check",
                large=True,
                on_click=SwapsState.accept({"request_id": item.id}),
            ),
            button("No", _of(item), start="x", large=True, on_click=SwapsState.decline({"request_id": item.id})),
            class_name="btn-pair",
        ),
        class_name="shift-card",
        custom_attrs={"data-request": item.id.to_string()},
        key=item.id.to_string(),
    )


def mine() -> rx.Component:
    """What one has asked, or said yes to."""
    return rx.cond(
        SwapsState.mine,
        rx.el.section(
            rx.el.h2("Under way", id="mine-title", class_name="section-title"),
            rx.el.ul(rx.foreach(SwapsState.mine, _mine), class_name="stack"),
            aria_labelledby="mine-title",
            class_name="stack section",
        ),
        None,
    )


def _mine(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(
                rx.cond(item.is_own, rx.cond(item.is_swap, "Your swap", "Your offer"), "What you have said yes to"),
                class_name="swap-title",
            ),
            rx.cond(
                item.status == "accepted",
                badge(item.status_words, tone="info", start="hourglass"),
                badge(item.status_words, start="clock"),
            ),
            class_name="spread",
        ),
        rx.cond(
            item.is_swap,
            rx.el.div(
                _shift(item.shift, rx.cond(item.is_own, "You give", "You get")),
                _shift(item.wanted, rx.cond(item.is_own, "You get", "You give")),
                class_name="swap-sides",
            ),
            _shift(item.shift),
        ),
        rx.el.p(item.says, class_name="small"),
        button(
            rx.cond(item.is_own, "Withdraw", "Take back"),
            rx.el.span(": ", item.shift.day, ", ", item.shift.times, class_name="sr-only"),
            start="undo-2",
            large=True,
            on_click=SwapsState.withdraw({"request_id": item.id}),
        ),
        class_name="shift-card",
        custom_attrs={"data-request": item.id.to_string(), "data-status": item.status},
        key=item.id.to_string(),
    )


def past() -> rx.Component:
    """What came of requests in the last 30 days."""
    return rx.cond(
        SwapsState.past,
        rx.el.section(
            rx.el.h2("The last 30 days", id="past-title", class_name="section-title"),
            rx.el.ul(rx.foreach(SwapsState.past, _past), class_name="list card"),
            aria_labelledby="past-title",
            class_name="stack section",
        ),
        None,
    )


def _past(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(item.words),
            rx.cond(item.note != "", rx.el.p("Note: ", item.note, class_name="small muted"), None),
            rx.cond(item.when != "", rx.el.p(item.when, class_name="small muted"), None),
            class_name="grow",
        ),
        rx.cond(
            item.status == "approved",
            badge(item.status_words, tone="ok", start="check"),
            badge(item.status_words),
        ),
        class_name="list-item",
        key=item.id.to_string(),
    )


def _shift(shift: Item, label: Child | None = None) -> rx.Component:
    return rx.el.div(
        rx.el.p(label, class_name="small muted") if label is not None else None,
        rx.el.p(shift.day),
        rx.el.p(rx.el.time(shift.times, date_time=shift.starts_at), class_name="shift-day"),
        rx.el.p(
            shift.title,
            " · ",
            shift.place,
            rx.cond(shift.department != "", rx.fragment(" · ", shift.department), None),
            class_name="small muted",
        ),
        class_name="swap-shift",
    )


def _fact(name: IconName, content: Child) -> rx.Component:
    return rx.el.p(icon(name), rx.el.span(content), class_name="swap-fact")


def _of(item: Item) -> rx.Component:
    return rx.el.span(": ", item.name, ", ", item.shift.day, ", ", item.shift.times, class_name="sr-only")
