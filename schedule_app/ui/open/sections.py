"""The parts of the open shifts."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui import routes
from schedule_app.ui.components import button, empty_state, icon, told
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Child, Item
from schedule_app.ui.open.state import OpenState


def done() -> rx.Component:
    """What was done last."""
    return told(OpenState.done)


def asked() -> rx.Component:
    """The shifts that were offered to the person."""
    return rx.cond(
        OpenState.asked,
        rx.el.section(
            rx.el.h2("You were asked", id="asked-title", class_name="section-title"),
            rx.el.ul(rx.foreach(OpenState.asked, _asked), class_name="stack"),
            aria_labelledby="asked-title",
            class_name="stack section",
        ),
        None,
    )


def left_out() -> rx.Component:
    """How many of those that were offered to the person are not among them."""
    return rx.cond(
        OpenState.hidden > 0,
        rx.el.p(
            rx.cond(
                OpenState.hidden == 1,
                "One shift you were asked to take is not shown: you cannot take it any more.",
                rx.fragment(
                    OpenState.hidden, " shifts you were asked to take are not shown: you cannot take them any more."
                ),
            ),
            class_name="small muted",
        ),
        None,
    )


def waiting() -> rx.Component:
    """The shifts that the person asked for."""
    return rx.cond(
        OpenState.waiting,
        rx.el.section(
            rx.el.h2("Waiting for your manager", id="waiting-title", class_name="section-title"),
            rx.el.ul(rx.foreach(OpenState.waiting, _waiting), class_name="stack"),
            aria_labelledby="waiting-title",
            class_name="stack section",
        ),
        None,
    )


def everything() -> rx.Component:
    """All that the person may take, by day, or what it means that there is nothing."""
    return rx.cond(
        OpenState.days,
        rx.fragment(rx.foreach(OpenState.days, _day)),
        rx.cond(
            OpenState.asked,
            None,
            rx.cond(
                OpenState.waiting,
                None,
                empty_state(
                    "No open shifts for you",
                    "Shifts that you can take appear here by themselves, as soon as there are any.",
                    link("See my shifts", href=routes.ME, class_name="btn"),
                    name="hand",
                ),
            ),
        ),
    )


def _day(day: Item) -> rx.Component:
    return rx.el.section(
        rx.el.h2(day.label, class_name="section-title"),
        rx.el.ul(rx.foreach(day.shifts, _shift), class_name="stack"),
        class_name="stack section",
        key=day.label,
    )


def _asked(shift: Item) -> rx.Component:
    return _card(shift, rx.el.p(shift.day_label, class_name="shift-day"), _take(shift), class_name="shift-card-next")


def _waiting(shift: Item) -> rx.Component:
    withdraw = button(
        "Withdraw", _of(shift), start="x", large=True, on_click=OpenState.withdraw({"claim_id": shift.claim_id})
    )
    return _card(shift, rx.el.p(shift.day_label, class_name="shift-day"), withdraw)


def _shift(shift: Item) -> rx.Component:
    return _card(shift, None, _take(shift))


def _card(shift: Item, day: Child | None, action: rx.Component, *, class_name: str = "") -> rx.Component:
    return rx.el.li(
        rx.el.div(
            day,
            rx.el.p(rx.el.time(shift.label, date_time=shift.starts_at), " · ", shift.title, class_name="shift-day"),
        ),
        rx.el.div(
            _fact("map-pin", rx.fragment(shift.place, rx.cond(shift.department != "", " · " + shift.department, ""))),
            _fact("clock", shift.hours),
            rx.cond(shift.pay != "", rx.el.p("Pays ", shift.pay), None),
            class_name="shift-facts",
        ),
        rx.foreach(shift.warnings, _warning),
        action,
        class_name=f"shift-card {class_name}".strip(),
        custom_attrs={"data-open-shift": shift.id.to_string()},
        key=shift.id.to_string(),
    )


def _take(shift: Item) -> rx.Component:
    return rx.fragment(
        rx.cond(
            shift.needs_approval, rx.el.p("Your manager has to approve this.", class_name="small muted"), rx.fragment()
        ),
        button(
            rx.cond(shift.needs_approval, "Ask for this shift", "Take this shift"),
            _of(shift),
            kind="primary",
            start="hand",
            large=True,
            on_click=OpenState.claim({"shift_id": shift.id}),
        ),
    )


def _fact(name: IconName, content: Child) -> rx.Component:
    return rx.el.p(icon(name), rx.el.span(content))


def _warning(words: Item) -> rx.Component:
    return rx.el.p(icon("triangle-alert"), rx.el.span(words), class_name="small cover-problem")


def _of(shift: Item) -> rx.Component:
    return rx.el.span(": ", shift.title, ", ", shift.day_label, ", ", shift.label, class_name="sr-only")
