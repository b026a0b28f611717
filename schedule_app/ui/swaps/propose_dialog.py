"""The button at a shift of one's own, and the dialog in which one says what shall become of it."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui import routes
from schedule_app.ui.components import alert, button, dialog, field, icon, segmented
from schedule_app.ui.components.types import Item
from schedule_app.ui.swaps.propose_state import ProposeState


def offer_or_swap(shift: Item) -> rx.Component:
    """For a shift with `id`, `day_label` and `label`: the button, or what colleagues have been asked already."""
    offers = rx.Var.create(ProposeState.offers)
    key = shift.id.to_string()
    return rx.cond(
        offers.contains(key),
        rx.cond(
            offers[key] == "",
            button(
                "Offer or swap",
                rx.el.span(": ", shift.day_label, ", ", shift.label, class_name="sr-only"),
                kind="quiet",
                start="arrow-left-right",
                class_name="shift-note",
                on_click=ProposeState.open({"assignment_id": shift.id}),
            ),
            link(
                icon("arrow-left-right"),
                offers[key],
                href=routes.SWAPS,
                class_name="btn btn-quiet shift-note swap-standing",
            ),
        ),
        None,
    )


def propose_dialog() -> rx.Component:
    """What shall become of the shift, said in one step; and after it what was asked."""
    view: Item = ProposeState.view
    is_swap = ProposeState.way == "swap"
    return rx.fragment(
        rx.el.div(
            rx.cond(
                ProposeState.done != "",
                rx.el.div(
                    icon("circle-check"),
                    rx.el.p(
                        ProposeState.done,
                        " ",
                        link("See what becomes of it", href=routes.SWAPS),
                        class_name="alert-body",
                    ),
                    class_name="alert alert-ok",
                ),
                None,
            ),
            role="status",
            class_name=rx.cond(ProposeState.done != "", "", "sr-only"),
        ),
        dialog(
            rx.cond(ProposeState.problem != "", alert(ProposeState.problem, tone="danger"), None),
            segmented(
                "What shall become of it",
                (
                    ("offer", "Give it away", ProposeState.choose_way({"way": "offer"})),
                    ("swap", "Swap it", ProposeState.choose_way({"way": "swap"})),
                ),
                value=ProposeState.way,
            ),
            rx.cond(is_swap, _exchange(view), _audience(view)),
            rx.el.form(
                field(
                    "Note to whom you ask",
                    "swap-note",
                    name="note",
                    hint="You may leave this empty. Colleagues see your name, the shift and this note.",
                    multiline=True,
                    max_length=500,
                ),
                id="propose-form",
                on_submit=ProposeState.send,
            ),
            rx.el.p(icon("info"), rx.el.span(_consequences(view)), class_name="swap-consequences small"),
            title="Offer or swap this shift",
            text=view.shift.day + ", " + view.shift.times + ", " + view.shift.title,
            is_open=ProposeState.is_open,
            on_open_change=lambda _is_open: ProposeState.close(),
            actions=(
                button("Keep it", large=True, on_click=ProposeState.close),
                button(
                    rx.cond(is_swap, "Ask to swap", "Offer it"),
                    kind="primary",
                    large=True,
                    type="submit",
                    form="propose-form",
                    disabled=rx.cond(is_swap, view.found == 0, view.colleagues.length() == 0),
                ),
            ),
        ),
    )


def _consequences(view: Item) -> rx.Component:
    return rx.cond(
        view.needs_approval,
        rx.fragment("It stays yours until a manager has approved, which has to be by ", view.until, "."),
        rx.fragment("It stays yours until a colleague says yes, which has to be by ", view.until, "."),
    )


def _audience(view: Item) -> rx.Component:
    return rx.cond(
        view.colleagues.length() > 0,
        rx.el.div(
            segmented(
                "Whom to ask",
                (
                    ("all", "All who may take it", ProposeState.choose_audience({"to_all": True})),
                    ("named", "Some by name", ProposeState.choose_audience({"to_all": False})),
                ),
                value=rx.cond(ProposeState.to_all, "all", "named"),
            ),
            rx.cond(
                ProposeState.to_all,
                rx.el.p(_count(view), class_name="small muted"),
                rx.el.fieldset(
                    rx.el.legend("Who may take it", class_name="sr-only"),
                    rx.foreach(view.colleagues, _colleague),
                    class_name="swap-choices",
                ),
            ),
            class_name="stack",
        ),
        rx.el.p("None of your colleagues may take this shift. Please talk to your manager."),
    )


def _count(view: Item) -> rx.Component:
    count = view.colleagues.length()
    return rx.cond(
        count == 1,
        rx.fragment("1 colleague may take it and is told at once."),
        rx.fragment(count, " colleagues may take it and are told at once."),
    )


def _colleague(colleague: Item) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            default_checked=rx.Var.create(ProposeState.named).contains(colleague.id),
            on_change=lambda is_asked: ProposeState.name_one({"employee_id": colleague.id, "is_asked": is_asked}),
        ),
        rx.el.span(colleague.name),
        class_name="swap-choice",
        key=colleague.id.to_string(),
    )


def _exchange(view: Item) -> rx.Component:
    return rx.cond(
        view.found > 0,
        rx.el.div(
            rx.el.p(
                "Shifts of colleagues that the rules allow you to swap for it.",
                rx.cond(view.found > 200, " The first 200 are listed.", ""),
                class_name="small muted",
            ),
            rx.el.div(rx.foreach(view.days, _day), class_name="swap-choices"),
            class_name="stack",
        ),
        rx.el.p("No colleague has a shift in the two weeks before it or after that it could be swapped for."),
    )


def _day(day: Item) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(day.day, class_name="swap-day"),
        rx.foreach(day.shifts, _theirs),
        key=day.day,
    )


def _theirs(shift: Item) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="wanted",
            default_checked=ProposeState.wanted_id == shift.id,
            on_change=lambda _value: ProposeState.want({"other_assignment_id": shift.id}),
        ),
        rx.el.span(shift.name, class_name="grow"),
        rx.el.span(shift.times, class_name="muted"),
        class_name="swap-choice",
        key=shift.id.to_string(),
    )
