"""The dialogs of swapping: what it would do to the two people, and with whom a shift could be swapped."""

import reflex as rx

from schedule_app.ui.board.swap_state import SwapState
from schedule_app.ui.components import alert, badge, button, dialog, field
from schedule_app.ui.components.types import Item


def swap_dialog() -> rx.Component:
    """Asks before two people change places; a warning wants a reason, and what is blocked cannot be done."""
    view: Item = SwapState.view
    asks_reason = (view.level == "warn") & SwapState.may_override
    return dialog(
        rx.cond(SwapState.error != "", alert(SwapState.error, tone="danger"), None),
        rx.cond(
            view.refusal != "",
            alert(view.refusal, tone="warn", title="These two cannot be swapped"),
            rx.el.div(_side(view.one), _side(view.other), class_name="swap-sides"),
        ),
        rx.el.form(
            rx.cond(
                asks_reason,
                field(
                    "Reason for swapping all the same",
                    "swap-reason",
                    name="reason",
                    hint="Kept with both assignments and in the record of changes.",
                    min_length=3,
                    max_length=500,
                    required=True,
                ),
                None,
            ),
            rx.cond(
                (view.level == "warn") & ~SwapState.may_override,
                rx.el.p("A manager may swap them all the same, with a reason."),
                None,
            ),
            id="swap-form",
            on_submit=SwapState.swap,
        ),
        title=rx.cond(view.level == "block", "These two cannot be swapped", "Swap these two shifts?"),
        is_open=SwapState.is_asked,
        on_open_change=lambda _is_open: SwapState.leave,
        actions=(
            button("Leave them", on_click=SwapState.leave),
            button(
                "Swap",
                kind="primary",
                type="submit",
                form="swap-form",
                disabled=(view.level == "block") | ((view.level == "warn") & ~SwapState.may_override),
            ),
        ),
    )


def _side(side: Item) -> rx.Component:
    return rx.el.section(
        rx.el.h3(side.name, " gets ", side.gets, class_name="swap-gets"),
        _verdict(side.level),
        _problems(side),
        rx.cond(
            side.level != "block",
            rx.el.dl(
                _fact("Hours", rx.cond(side.is_over, side.hours + ", above contract", side.hours)),
                rx.cond(side.cost != "", _fact("Cost", side.cost), None),
                _fact("Fair share", side.fair),
                class_name="facts small",
            ),
            None,
        ),
        class_name="swap-side",
        custom_attrs={"data-level": side.level},
    )


def _verdict(level: Item) -> rx.Component:
    return rx.fragment(
        rx.match(
            level,
            ("ok", badge("Can be done", tone="ok", start="check")),
            ("warn", badge("Breaks a soft rule", tone="warn", start="triangle-alert")),
            badge("Not possible", tone="danger", start="ban"),
        )
    )


def _problems(item: Item) -> rx.Component:
    return rx.cond(
        item.problems.length() > 0,
        rx.el.ul(rx.foreach(item.problems, lambda words: rx.el.li(words)), class_name="swap-problems small"),
        None,
    )


def _fact(name: str, value: Item) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value))


def swap_list_dialog() -> rx.Component:
    """The assignments of the week that one could be swapped with; one click swaps."""
    shown = rx.Var.create(SwapState.options).length()
    return dialog(
        rx.el.input(
            type="search",
            default_value="",
            on_change=lambda value: SwapState.find({"words": value}).debounce(250),
            placeholder="Name, shift or day",
            aria_label="Search what to swap with",
            max_length=100,
            class_name="input input-search",
        ),
        rx.el.p(
            rx.cond(
                SwapState.found > shown,
                rx.fragment("The first ", shown, " of ", SwapState.found, " shifts of others in this week."),
                rx.fragment(shown, " shifts of others in this week."),
            ),
            role="status",
            class_name="small muted",
        ),
        rx.cond(
            shown > 0,
            rx.el.ul(rx.foreach(SwapState.options, _option), class_name="list swap-list"),
            rx.el.p("There is nothing to swap with."),
        ),
        title="Swap with …",
        text=SwapState.has,
        is_open=SwapState.is_listed,
        on_open_change=lambda is_open: SwapState.show_list({"is_open": is_open}),
        actions=(button("Close", on_click=SwapState.show_list({"is_open": False})),),
        wide=True,
    )


def _option(option: Item) -> rx.Component:
    chosen = {"other_assignment_id": option.assignment_id, "version": option.version}
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(option.name, class_name="list-item-title"),
                _verdict(option.level),
                class_name="row",
            ),
            rx.el.p(option.has, class_name="small"),
            _problems(option),
            class_name="grow",
        ),
        rx.cond(
            option.level != "block",
            button(
                rx.cond(option.level == "warn", "Swap …", "Swap"),
                rx.el.span(" with ", option.name, ", ", option.has, class_name="sr-only"),
                on_click=SwapState.choose(chosen),
            ),
            None,
        ),
        class_name="list-item swap-option",
        custom_attrs={"data-level": option.level},
        key=option.assignment_id.to_string(),
    )
