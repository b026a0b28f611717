"""The parts of a person's own availability."""

import reflex as rx

from schedule_app.ui.availability.form import CHOICES
from schedule_app.ui.availability.state import AvailabilityState
from schedule_app.ui.components import alert, button, dialog, field, icon, icon_button, select, told
from schedule_app.ui.components.availability import Availability
from schedule_app.ui.components.differing import differing
from schedule_app.ui.components.types import Handler, Item


def said() -> rx.Component:
    """What was saved, or why it was not."""
    return rx.fragment(
        told(AvailabilityState.done),
        rx.cond(
            AvailabilityState.problem != "",
            alert(
                rx.cond(
                    AvailabilityState.differences,
                    rx.fragment(
                        differing(AvailabilityState.differences),
                        rx.el.div(
                            button("Take what is stored", on_click=AvailabilityState.show_newest),
                            button("Keep mine", kind="primary", on_click=AvailabilityState.save),
                            class_name="toolbar",
                        ),
                    ),
                    None,
                ),
                title=AvailabilityState.problem,
                tone="danger",
            ),
            None,
        ),
        rx.cond(
            AvailabilityState.is_outdated,
            alert(
                "Your availability was changed elsewhere.",
                button("Show the newest", on_click=AvailabilityState.show_newest),
                tone="warn",
            ),
            None,
        ),
    )


def week() -> rx.Component:
    """The editor of a week, and from when it holds."""
    return rx.el.section(
        rx.el.h2(
            rx.cond(AvailabilityState.editing != "", AvailabilityState.editing, "Your week"),
            id="week-title",
            class_name="section-title",
        ),
        rx.el.form(
            rx.el.p(
                "A day with a time marked “Can work” or “Likes to work” is closed outside those times."
                " What else you say of a part of it may lie within a “Can work” time.",
                class_name="field-hint",
            ),
            Availability.create(name="week", value=AvailabilityState.week, disabled=False),
            rx.el.div(
                rx.cond(
                    AvailabilityState.errors.week != "",
                    rx.el.p(icon("circle-x"), AvailabilityState.errors.week, class_name="field-error"),
                    None,
                ),
                role="alert",
            ),
            field(
                "Holds from",
                "availability-from",
                name="starts_on",
                type="date",
                default_value=AvailabilityState.starts_on,
                min=AvailabilityState.today,
                error=AvailabilityState.errors.starts_on,
                hint="Until then what you said before goes on.",
            ),
            rx.el.div(
                button(
                    "Next",
                    rx.el.span(": what it touches", class_name="sr-only"),
                    kind="primary",
                    large=True,
                    type="submit",
                ),
                rx.cond(
                    AvailabilityState.editing != "",
                    button("Back to the week that holds now", large=True, on_click=AvailabilityState.show_newest),
                    None,
                ),
                class_name="toolbar",
            ),
            id="week-form",
            key=AvailabilityState.form_key,
            on_submit=AvailabilityState.check_week,
            class_name="stack",
        ),
        aria_labelledby="week-title",
        class_name="card stack",
    )


def later_weeks() -> rx.Component:
    """Weeks that begin later."""
    return rx.cond(
        AvailabilityState.later,
        rx.el.section(
            rx.el.h2("From later on", id="later-title", class_name="section-title"),
            rx.el.ul(
                rx.foreach(
                    AvailabilityState.later,
                    lambda each: _dated(
                        each,
                        button(
                            "Edit",
                            rx.el.span(" the week from ", each.label, class_name="sr-only"),
                            kind="quiet",
                            start="pencil",
                            on_click=AvailabilityState.edit_later({"day": each.day}),
                        ),
                        AvailabilityState.check_removing_week({"day": each.day}),
                    ),
                ),
                class_name="list card",
            ),
            aria_labelledby="later-title",
            class_name="stack section",
        ),
        None,
    )


def dates() -> rx.Component:
    """Single dates on which something else holds, and the form for another one."""
    asks_times = (AvailabilityState.choice == "only") | (AvailabilityState.choice == "not")
    return rx.el.section(
        rx.el.h2("Single dates", id="dates-title", class_name="section-title"),
        rx.cond(
            AvailabilityState.exceptions,
            rx.el.ul(
                rx.foreach(
                    AvailabilityState.exceptions,
                    lambda each: _dated(each, None, AvailabilityState.check_removing_date({"day": each.day})),
                ),
                class_name="list card",
            ),
            rx.el.p("On no date does anything else hold than in your week.", class_name="muted"),
        ),
        rx.el.form(
            rx.el.div(
                field(
                    "Date",
                    "exception-day",
                    name="day",
                    type="date",
                    required=True,
                    min=AvailabilityState.today,
                    error=AvailabilityState.errors.day,
                ),
                field(
                    "How it is",
                    "exception-choice",
                    control=select(
                        CHOICES,
                        control_id="exception-choice",
                        name="choice",
                        value=AvailabilityState.choice,
                        on_change=lambda value: AvailabilityState.choose({"choice": value}),
                    ),
                ),
                rx.cond(
                    asks_times,
                    field("From", "exception-start", name="start", type="time", error=AvailabilityState.errors.start),
                    None,
                ),
                rx.cond(
                    asks_times,
                    field("Until", "exception-end", name="end", type="time", error=AvailabilityState.errors.end),
                    None,
                ),
                class_name="form-grid",
            ),
            rx.el.p("Dates that are over are dropped from the list.", class_name="small muted"),
            button("Add this date", start="plus", large=True, type="submit"),
            id="date-form",
            key=AvailabilityState.date_key,
            on_submit=AvailabilityState.check_date,
            class_name="card stack",
        ),
        aria_labelledby="dates-title",
        class_name="stack section",
    )


def _dated(item: Item, more: rx.Component | None, on_remove: Handler) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(item.label, class_name="list-item-title"),
            rx.el.p(item.words, class_name="small muted"),
            class_name="grow",
        ),
        more,
        icon_button("x", "Remove " + item.label, on_click=on_remove),
        class_name="list-item",
        key=item.day,
    )


def check_dialog() -> rx.Component:
    """Which planned shifts the change touches, before it is saved."""
    return dialog(
        rx.cond(
            AvailabilityState.touched,
            rx.fragment(
                rx.el.p("You could not work these planned shifts any more:", class_name="field-label"),
                rx.el.ul(rx.foreach(AvailabilityState.touched, rx.el.li), class_name="plain-list"),
                rx.el.p("They stay yours. Whoever plans them is told and may give them to somebody else."),
            ),
            rx.el.p("It touches none of your planned shifts."),
        ),
        title="Save this change?",
        text=AvailabilityState.checking,
        is_open=AvailabilityState.checking != "",
        on_open_change=lambda _is_open: AvailabilityState.leave(),
        actions=(
            button("Change it", large=True, on_click=AvailabilityState.leave),
            button("Save", kind="primary", start="check", large=True, on_click=AvailabilityState.save),
        ),
    )
