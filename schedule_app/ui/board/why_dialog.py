"""The dialog that says why a search's plan is as it is."""

import reflex as rx

from schedule_app.ui.board.why_state import WhyState
from schedule_app.ui.components import alert, button, dialog, field, icon, select
from schedule_app.ui.components.types import Item

_VIEW = WhyState.view
_IS_ANY_EMPTY = rx.Var.create(_VIEW.empty).length() > 0


def why_dialog() -> rx.Component:
    """The score by rule, the places left empty and why, and everybody's case on any shift."""
    return dialog(
        rx.cond(_VIEW.note != "", alert(_VIEW.note, tone="info"), rx.fragment()),
        _question(),
        _score(),
        _empty(),
        title="Why this plan?",
        text="Worked out from the rules and weights the search went by.",
        is_open=WhyState.is_open,
        on_open_change=lambda is_open: WhyState.show({"is_open": is_open}),
        actions=(button("Close", on_click=WhyState.show({"is_open": False})),),
        wide=True,
    )


def _score() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Score by rule", class_name="section-title", id="why-score"),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("What counts", scope="col"),
                    rx.el.th("Before", scope="col", class_name="why-number"),
                    rx.el.th("With this plan", scope="col", class_name="why-number"),
                )
            ),
            rx.el.tbody(
                rx.foreach(
                    _VIEW.score,
                    lambda line: rx.el.tr(
                        rx.el.th(line.name, scope="row"),
                        rx.el.td(line.before, class_name="why-number"),
                        rx.el.td(line.after, class_name="why-number"),
                        key=line.name,
                    ),
                )
            ),
            class_name="why-score",
        ),
        rx.el.p("Less is better; each point is weighed as the page of weights says.", class_name="small muted"),
        aria_labelledby="why-score",
        class_name="why-part",
    )


def _empty() -> rx.Component:
    return rx.cond(
        _IS_ANY_EMPTY,
        rx.el.section(
            rx.el.h3("Places left empty", class_name="section-title", id="why-empty"),
            rx.el.ul(rx.foreach(_VIEW.empty, _empty_shift), class_name="list why-list"),
            _sentences("These cannot all hold", _VIEW.clash),
            _sentences("What giving way would fill", _VIEW.relaxations),
            aria_labelledby="why-empty",
            class_name="why-part",
        ),
        rx.fragment(),
    )


def _empty_shift(each: Item) -> rx.Component:
    return rx.el.li(
        rx.el.p(each.title, " · ", each.missing, class_name="list-item-title"),
        rx.el.p(each.summary, class_name="small muted"),
        rx.el.details(
            rx.el.summary("Person by person", rx.el.span(", ", each.title, class_name="sr-only")),
            rx.el.ul(rx.foreach(each.people, _person), class_name="why-people"),
            rx.cond(each.more != "", rx.el.p(each.more, class_name="small muted"), rx.fragment()),
            class_name="cover-part",
        ),
        class_name="why-item",
        key=each.title,
    )


def _sentences(title: str, sentences: Item) -> rx.Component:
    return rx.cond(
        sentences.length() > 0,
        rx.fragment(
            rx.el.h4(title, class_name="why-title"),
            rx.el.ul(rx.foreach(sentences, lambda words: rx.el.li(words)), class_name="why-sentences"),
        ),
        rx.fragment(),
    )


def _question() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Why them, and why not somebody else?", class_name="section-title", id="why-question"),
        field(
            "Shift",
            "why-shift",
            control=select(
                WhyState.shifts,
                control_id="why-shift",
                value=WhyState.shift,
                on_change=lambda chosen: WhyState.ask({"shift": chosen}),
            ),
        ),
        rx.el.ul(rx.foreach(WhyState.people, _person), class_name="why-people", custom_attrs={"aria-live": "polite"}),
        aria_labelledby="why-question",
        class_name="why-part",
    )


def _person(person: Item) -> rx.Component:
    return rx.el.li(
        rx.match(person.kind, ("chosen", icon("circle-check")), ("could", icon("circle-dashed")), icon("circle-x")),
        rx.el.span(rx.el.strong(person.name), " ", person.words),
        custom_attrs={"data-kind": person.kind},
    )
