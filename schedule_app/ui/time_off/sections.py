"""The parts of a person's own time off."""

import reflex as rx

from schedule_app.ui.components import (
    alert,
    button,
    dialog,
    empty_state,
    field,
    segmented,
    select,
    time_off_badge,
    told,
)
from schedule_app.ui.components.types import Attribute, Item, Text
from schedule_app.ui.time_off.form import KINDS
from schedule_app.ui.time_off.state import TimeOffState


def said() -> rx.Component:
    """What was done last, or why it was not."""
    return rx.fragment(
        told(TimeOffState.done),
        rx.cond(TimeOffState.problem != "", alert(TimeOffState.problem, tone="danger"), None),
    )


def asking() -> rx.Component:
    """The form; what sending it would mean is said before it is sent."""
    return rx.el.section(
        rx.el.h2("Ask for time off", id="asking-title", class_name="section-title"),
        rx.el.div(
            segmented(
                "How long",
                (
                    ("days", "Whole days", TimeOffState.choose({"in_hours": False})),
                    ("hours", "Hours of a day", TimeOffState.choose({"in_hours": True})),
                ),
                value=rx.cond(TimeOffState.in_hours, "hours", "days"),
            ),
            class_name="toolbar",
        ),
        rx.el.form(
            rx.el.div(
                field(
                    "Kind",
                    "time-off-kind",
                    control=select(KINDS, control_id="time-off-kind", name="kind", default_value="vacation"),
                    hint="Only those who decide see it.",
                ),
                class_name="form-grid",
            ),
            rx.cond(TimeOffState.in_hours, _hours(), _days()),
            field(
                "Note",
                "time-off-note",
                name="note",
                hint="For those who decide. You may leave this empty.",
                error=TimeOffState.errors.note,
                multiline=True,
                max_length=500,
                rows="2",
            ),
            button(
                "Next", rx.el.span(": what it means", class_name="sr-only"), kind="primary", large=True, type="submit"
            ),
            id="time-off-form",
            key=TimeOffState.form_key,
            on_submit=TimeOffState.check,
            class_name="stack",
        ),
        aria_labelledby="asking-title",
        class_name="card stack",
    )


def _days() -> rx.Component:
    return rx.el.div(
        _field("First day", "first-on", TimeOffState.errors.first_on, type="date", required=True),
        _field("Last day", "last-on", TimeOffState.errors.last_on, type="date", hint="Empty for one day."),
        class_name="form-grid",
    )


def _hours() -> rx.Component:
    return rx.el.div(
        _field("Day", "first-on", TimeOffState.errors.first_on, type="date", required=True),
        _field("From", "start", TimeOffState.errors.start, type="time", required=True),
        _field("Until", "end", TimeOffState.errors.end, type="time", required=True),
        class_name="form-grid",
    )


def _field(label: str, name: str, error: Text, **props: Attribute) -> rx.Component:
    return field(label, f"time-off-{name}", name=name.replace("-", "_"), error=error, **props)


def check_dialog() -> rx.Component:
    """What sending the request would mean."""
    return dialog(
        rx.cond(
            TimeOffState.preview.touched,
            rx.fragment(
                rx.el.p("If it is approved:", class_name="field-label"),
                rx.el.ul(rx.foreach(TimeOffState.preview.touched, rx.el.li), class_name="plain-list"),
            ),
            rx.el.p("It touches none of your planned shifts."),
        ),
        rx.el.p("Until it is decided nothing changes.", class_name="small muted"),
        title="Send this request?",
        text=TimeOffState.preview.when + ", " + TimeOffState.preview.lasts + ".",
        is_open=TimeOffState.is_checking,
        on_open_change=lambda _is_open: TimeOffState.change(),
        actions=(
            button("Change it", large=True, on_click=TimeOffState.change),
            button("Send request", kind="primary", start="check", large=True, on_click=TimeOffState.send),
        ),
    )


def own_requests() -> rx.Component:
    """What was asked for, the latest first."""
    return rx.cond(
        TimeOffState.requests,
        rx.el.section(
            rx.el.h2("Your requests", id="requests-title", class_name="section-title"),
            rx.el.ul(rx.foreach(TimeOffState.requests, _request), class_name="list"),
            aria_labelledby="requests-title",
            class_name="stack section",
        ),
        empty_state(
            "No time off yet",
            "What you ask for appears here, with what was decided, as soon as it is.",
            name="tree-palm",
        ),
    )


def _request(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(item.when, class_name="list-item-title"), time_off_badge(item.status), class_name="spread"
            ),
            rx.el.div(
                rx.el.p(item.kind, " · ", item.lasts, class_name="small muted"),
                rx.cond(
                    item.can_withdraw,
                    button(
                        "Withdraw",
                        rx.el.span(": ", item.when, class_name="sr-only"),
                        kind="quiet",
                        on_click=TimeOffState.ask_withdraw({"time_off_id": item.id}),
                    ),
                    None,
                ),
                class_name="spread",
            ),
            rx.cond(item.note != "", rx.el.p("Your note: ", item.note, class_name="small muted"), None),
            rx.cond(item.decided != "", rx.el.p(item.decided, class_name="small muted"), None),
            rx.cond(item.decision_note != "", rx.el.p("Their note: ", item.decision_note, class_name="small"), None),
            class_name="grow",
        ),
        class_name="list-item",
        custom_attrs={"data-time-off": item.id.to_string(), "data-status": item.status},
        key=item.id.to_string(),
    )


def balance() -> rx.Component:
    """What the requests add up to, by calendar year."""
    return rx.fragment(rx.foreach(TimeOffState.years, _year))


def _year(year: Item) -> rx.Component:
    title = rx.fragment("Your time off in ", year.year)
    return rx.cond(
        year.rows,
        rx.el.section(
            rx.el.h2(title, class_name="section-title"),
            rx.el.table(
                rx.el.caption(title, class_name="sr-only"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Kind", scope="col"),
                        rx.el.th("Approved", scope="col"),
                        rx.el.th("Waiting", scope="col"),
                    )
                ),
                rx.el.tbody(
                    rx.foreach(
                        year.rows,
                        lambda row: rx.el.tr(
                            rx.el.th(row.kind, scope="row"), rx.el.td(row.approved), rx.el.td(row.waiting)
                        ),
                    )
                ),
                class_name="table",
            ),
            rx.el.p("Days are calendar days.", class_name="small muted"),
            class_name="stack section",
        ),
        None,
    )


def withdraw_dialog() -> rx.Component:
    """Asks once."""
    return dialog(
        title="Withdraw this request?",
        text=TimeOffState.withdrawing_text,
        is_open=TimeOffState.withdrawing_id > 0,
        on_open_change=lambda _is_open: TimeOffState.keep(),
        actions=(
            button("Keep it", large=True, on_click=TimeOffState.keep),
            button(
                "Withdraw",
                kind="danger",
                large=True,
                on_click=TimeOffState.withdraw({"time_off_id": TimeOffState.withdrawing_id}),
            ),
        ),
    )
