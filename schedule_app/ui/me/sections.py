"""The parts of a person's own shifts."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui.components import answer_badge, button, dialog, empty_state, field, icon
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Child, Item
from schedule_app.ui.me.state import MeState
from schedule_app.ui.shell import ShellState
from schedule_app.ui.swaps.propose_dialog import offer_or_swap


def next_shift() -> rx.Component:
    """The shift that runs or comes next."""
    return rx.cond(MeState.next_shift, _next_card(MeState.next_shift), None)


def _next_card(shift: Item) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Next shift", id="next-title", class_name="section-title"),
            answer_badge(shift.status),
            class_name="spread",
        ),
        _when(shift, "shift-when"),
        _facts(shift),
        rx.el.div(_to_calendar(shift, "Add to your calendar", class_name="shift-note")),
        aria_labelledby="next-title",
        class_name="shift-card shift-card-next",
        custom_attrs={"data-next-shift": shift.id.to_string()},
    )


def waiting() -> rx.Component:
    """What was answered last, and the shifts still waiting for an answer."""
    return rx.fragment(
        rx.el.div(
            rx.cond(
                MeState.answered != "",
                rx.el.div(
                    icon("circle-check"),
                    rx.el.p(MeState.answered, class_name="alert-body"),
                    class_name="alert alert-ok",
                ),
                None,
            ),
            role="status",
            class_name=rx.cond(MeState.answered != "", "", "sr-only"),
        ),
        rx.cond(
            MeState.waiting,
            rx.el.section(
                rx.el.h2("Waiting for your answer", id="waiting-title", class_name="section-title"),
                rx.el.ul(rx.foreach(MeState.waiting, _question), class_name="stack"),
                aria_labelledby="waiting-title",
                class_name="stack section",
            ),
            None,
        ),
    )


def _question(shift: Item) -> rx.Component:
    return rx.el.li(
        _when(shift, "shift-day"),
        _facts(shift),
        rx.el.div(
            rx.el.p(icon("clock"), MeState.time_left[shift.id], " left", class_name="deadline"),
            rx.el.p(_deadline(shift), class_name="small muted"),
            class_name="row",
        ),
        rx.el.form(
            _number(shift.id),
            rx.el.details(
                rx.el.summary(icon("pencil"), "Add a note", class_name="btn btn-quiet shift-note"),
                rx.el.label(
                    rx.el.span("Note to your manager, sent when you confirm", class_name="field-label"),
                    rx.el.textarea(name="note", max_length=500, class_name="input"),
                    class_name="field",
                ),
            ),
            rx.el.div(
                button("Confirm", _of(shift), kind="primary", start="check", large=True, type="submit"),
                button(
                    "Decline",
                    _of(shift),
                    start="x",
                    large=True,
                    on_click=MeState.ask_decline({"assignment_id": shift.id}),
                ),
                class_name="btn-pair",
            ),
            on_submit=MeState.confirm,
            class_name="stack",
        ),
        class_name="shift-card",
        custom_attrs={"data-assignment": shift.id.to_string()},
        key=shift.id.to_string(),
    )


def weeks() -> rx.Component:
    """This week and the coming ones, or what it means that there are none."""
    return rx.cond(
        MeState.weeks,
        rx.fragment(rx.foreach(MeState.weeks, _week)),
        empty_state(
            "No shifts yet",
            "Your shifts appear here by themselves as soon as a week is published.",
            link("See the schedule", href=ShellState.schedule_href, class_name="btn"),
            name="calendar-days",
        ),
    )


def _week(week: Item) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(week.label, class_name="section-title"),
            rx.el.p(
                rx.el.span("Hours: ", class_name="sr-only"),
                week.minutes // 60,
                " h",
                rx.cond(week.minutes % 60 > 0, rx.fragment(" ", week.minutes % 60, " min"), None),
                class_name="muted",
            ),
            class_name="spread",
        ),
        rx.el.ul(rx.foreach(week.shifts, _shift), class_name="list"),
        class_name="stack section",
        key=week.label,
    )


def _shift(shift: Item) -> rx.Component:
    is_over = ~shift.can_confirm & (shift.status == "pending")
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(shift.day_label, class_name="list-item-title"), answer_badge(shift.status), class_name="spread"
            ),
            rx.el.p(rx.el.time(shift.label, date_time=shift.starts_at), " · ", shift.title),
            rx.el.div(
                rx.el.p(_where(shift), class_name="small muted"),
                rx.el.div(
                    rx.cond(shift.status != "declined", _to_calendar(shift, class_name="btn-icon"), None),
                    rx.cond(shift.can_decline & ~shift.can_confirm, _change_of_mind(shift), None),
                    class_name="row",
                ),
                class_name="spread",
            ),
            rx.cond(is_over, rx.el.p(icon("clock"), _deadline(shift), class_name="deadline"), None),
            offer_or_swap(shift),
            rx.cond(shift.note != "", rx.el.p("Your note: ", shift.note, class_name="small muted"), None),
            class_name="grow",
        ),
        class_name="list-item",
        custom_attrs={"data-shift": shift.id.to_string(), "data-status": shift.status},
        key=shift.id.to_string(),
    )


def _change_of_mind(shift: Item) -> rx.Component:
    return button("Decline", _of(shift), kind="quiet", on_click=MeState.ask_decline({"assignment_id": shift.id}))


def _to_calendar(shift: Item, *words: Child, class_name: str) -> rx.Component:
    """A file with the shift, for the person's calendar."""
    return rx.el.a(
        icon("calendar-plus"),
        *words,
        href="/me/" + shift.id.to_string() + ".ics",
        download="shift.ics",
        title="Add to your calendar",
        aria_label="Add to your calendar: " + shift.day_label + ", " + shift.label,
        class_name=f"btn btn-quiet {class_name}".strip(),
    )


def decline_dialog() -> rx.Component:
    """Asks once, for a word to the managers."""
    return dialog(
        rx.el.form(
            _number(MeState.declining_id),
            field(
                "Note to your manager",
                "decline-note",
                name="note",
                hint="You may leave this empty.",
                multiline=True,
                max_length=500,
            ),
            id="decline-form",
            on_submit=MeState.decline,
        ),
        title="Decline this shift?",
        text=MeState.declining_text,
        is_open=MeState.declining_id > 0,
        on_open_change=lambda _is_open: MeState.keep(),
        actions=(
            button("Keep the shift", large=True, on_click=MeState.keep),
            button("Decline shift", kind="danger", large=True, type="submit", form="decline-form"),
        ),
    )


def _when(shift: Item, size: str) -> rx.Component:
    return rx.el.div(
        rx.el.p(shift.day_label),
        rx.el.p(rx.el.time(shift.label, date_time=shift.starts_at), class_name=size),
    )


def _where(shift: Item) -> rx.Component:
    return rx.fragment(shift.place, rx.cond(shift.department != "", rx.fragment(" · ", shift.department), None))


def _deadline(shift: Item) -> rx.Component:
    return rx.el.time(shift.deadline_text, date_time=shift.confirm_by)


def _facts(shift: Item) -> rx.Component:
    return rx.el.div(
        _fact("calendar-check", shift.title),
        _fact("map-pin", _where(shift)),
        rx.cond(shift.colleagues.length() > 0, _fact("users", rx.fragment("With ", shift.colleagues.join(", "))), None),
        class_name="shift-facts",
    )


def _fact(name: IconName, content: Child) -> rx.Component:
    return rx.el.p(icon(name), rx.el.span(content))


def _of(shift: Item) -> rx.Component:
    return rx.el.span(": ", shift.day_label, ", ", shift.label, class_name="sr-only")


def _number(assignment_id: Item) -> rx.Component:
    """Which shift a form is about. A form within a list cannot name its item in its handler, so it carries it along."""
    return rx.el.input(type="hidden", name="assignment_id", value=assignment_id.to_string())
