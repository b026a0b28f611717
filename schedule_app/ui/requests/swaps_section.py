"""Offers and swaps that wait for a planner: both people, both shifts, and what would become of their hours."""

import reflex as rx

from schedule_app.ui.components import alert, badge, button, dialog, field, told
from schedule_app.ui.components.types import Handler, Item
from schedule_app.ui.requests.swaps_state import SwapRequestsState


def swaps_section() -> rx.Component:
    """What two people have agreed on."""
    return rx.el.section(
        rx.el.h2("Offers and swaps", id="swaps-title", class_name="section-title"),
        told(SwapRequestsState.decided),
        rx.cond(
            SwapRequestsState.swaps,
            rx.el.ul(rx.foreach(SwapRequestsState.swaps, _waiting), class_name="stack"),
            rx.el.p(
                "Nothing waits. What colleagues agree on about their shifts appears here by itself.",
                class_name="muted",
            ),
        ),
        _decide(),
        aria_labelledby="swaps-title",
        class_name="stack section",
    )


def _waiting(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(
                item.sides[0].name,
                rx.cond(item.is_swap, " and ", " to "),
                item.sides[1].name,
                class_name="swap-title",
            ),
            rx.cond(item.is_swap, badge("Swap", start="arrow-left-right"), badge("Offer", start="hand-helping")),
            _verdict(item.level),
            class_name="row",
        ),
        rx.el.div(rx.foreach(item.sides, _side), class_name="swap-sides"),
        rx.cond(item.note != "", rx.el.p("Note to the colleague: “", item.note, "”", class_name="small"), None),
        rx.el.p("Agreed ", item.since, ". To be decided by ", item.until, ".", class_name="small muted"),
        rx.cond(
            item.level == "block",
            rx.el.p("The rules do not allow it as things stand.", class_name="small"),
            rx.cond(
                (item.level == "warn") & ~SwapRequestsState.may_override,
                rx.el.p("A manager may approve it all the same.", class_name="small"),
                None,
            ),
        ),
        rx.el.div(
            button(
                "Approve",
                _of(item),
                kind="primary",
                start="check",
                large=True,
                disabled=(item.level == "block") | ((item.level == "warn") & ~SwapRequestsState.may_override),
                on_click=SwapRequestsState.ask_approve({"request_id": item.id}),
            ),
            button(
                "Reject",
                _of(item),
                start="x",
                large=True,
                on_click=SwapRequestsState.ask_reject({"request_id": item.id}),
            ),
            class_name="btn-pair",
        ),
        class_name="shift-card",
        custom_attrs={"data-request": item.id.to_string()},
        key=item.id.to_string(),
    )


def _side(side: Item) -> rx.Component:
    return rx.el.section(
        rx.el.h4(side.name, class_name="swap-gets"),
        rx.cond(side.gets != "", rx.el.p("Gets ", side.gets), None),
        rx.cond(side.gives != "", rx.el.p("Gives ", side.gives), None),
        rx.foreach(side.hours, lambda line: rx.el.p(line, class_name="small muted")),
        rx.cond(
            side.problems.length() > 0,
            rx.el.ul(rx.foreach(side.problems, lambda words: rx.el.li(words)), class_name="swap-problems small"),
            None,
        ),
        class_name="swap-side",
        custom_attrs={"data-level": side.level},
    )


def _verdict(level: Item) -> rx.Component:
    return rx.fragment(
        rx.match(
            level,
            ("ok", rx.fragment()),
            ("warn", badge("Breaks a soft rule", tone="warn", start="triangle-alert")),
            badge("Not possible", tone="danger", start="ban"),
        )
    )


def _decide() -> rx.Component:
    is_approving = SwapRequestsState.is_approving
    return dialog(
        rx.cond(SwapRequestsState.problem != "", alert(SwapRequestsState.problem, tone="danger"), None),
        rx.cond(is_approving, _form(SwapRequestsState.approve), _form(SwapRequestsState.reject)),
        title=rx.cond(is_approving, "Let the shifts change hands?", "Leave the shifts as they are?"),
        text=SwapRequestsState.about,
        is_open=SwapRequestsState.deciding_id > 0,
        on_open_change=lambda _is_open: SwapRequestsState.leave(),
        actions=(
            button("Not now", large=True, on_click=SwapRequestsState.leave),
            rx.cond(
                is_approving,
                button("Approve", kind="primary", large=True, type="submit", form="decide-form"),
                button("Reject", kind="danger", large=True, type="submit", form="decide-form"),
            ),
        ),
    )


def _form(on_submit: Handler) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="request_id", value=rx.Var.create(SwapRequestsState.deciding_id).to_string()),
        field(
            "Note to both",
            "decide-note",
            name="note",
            hint=rx.cond(
                SwapRequestsState.needs_reason,
                "A rule warns, so please say why it may be all the same. Kept with the assignments.",
                "You may leave this empty.",
            ),
            multiline=True,
            max_length=500,
            required=SwapRequestsState.needs_reason,
        ),
        id="decide-form",
        on_submit=on_submit,
    )


def _of(item: Item) -> rx.Component:
    return rx.el.span(": ", item.sides[0].name, ", ", item.sides[1].name, class_name="sr-only")
