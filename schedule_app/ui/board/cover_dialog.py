"""The dialog that says who can cover a shift, and of everybody else why not."""

import reflex as rx

from schedule_app.domain.ranking import ORDER_IN_WORDS
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.components import alert, badge, button, dialog, field, icon
from schedule_app.ui.components.types import Item


class KeepFocus(rx.Component):
    """assets/keep_focus.jsx: whoever has the focus inside keeps it when a list is put in another order."""

    library = "$/public/keep_focus.jsx"
    tag = "KeepFocus"


def cover_dialog() -> rx.Component:
    """People in the order in which they should be asked; one click assigns."""
    return dialog(
        _answer(),
        rx.cond(
            CoverState.is_full,
            alert("This shift has all its people. Whoever you assign comes on top.", tone="info"),
            rx.fragment(),
        ),
        _offers(),
        KeepFocus.create(_able(), _others()),
        title="Who can cover?",
        text=CoverState.title + " · " + CoverState.staffing,
        is_open=CoverState.is_open,
        on_open_change=lambda is_open: CoverState.show({"is_open": is_open}),
        actions=(button("Close", on_click=CoverState.show({"is_open": False})),),
        wide=True,
    )


def _answer() -> rx.Component:
    return rx.fragment(
        rx.cond(CoverState.error != "", alert(CoverState.error, tone="warn"), rx.fragment()),
        rx.cond(CoverState.said != "", alert(CoverState.said, tone="ok"), rx.fragment()),
        rx.cond(
            CoverState.reason_for > 0,
            rx.el.form(
                field(
                    "Reason for assigning all the same",
                    "cover-reason",
                    name="reason",
                    hint="Kept with the assignment and in the record of changes.",
                    min_length=3,
                    max_length=500,
                    required=True,
                    auto_focus=True,
                ),
                rx.el.div(
                    button("Leave it", on_click=CoverState.leave_it),
                    button("Assign ", CoverState.reason_name, kind="primary", type="submit"),
                    class_name="row",
                ),
                on_submit=CoverState.assign_anyway,
                class_name="stack",
                key=CoverState.reason_name,
            ),
            rx.fragment(),
        ),
    )


def _offers() -> rx.Component:
    """How far the shift has been offered, and the button that begins it."""
    return rx.cond(
        CoverState.can_be_offered & ~CoverState.is_full,
        rx.el.div(
            rx.cond(
                CoverState.offered > 0,
                rx.el.p(
                    rx.cond(CoverState.offered == 1, "1 person was asked", f"{CoverState.offered} people were asked"),
                    rx.cond(CoverState.is_offering, ", and nobody has taken it yet.", "; nobody took it."),
                    class_name="small muted",
                ),
                rx.el.p("Those without a warning can be asked. Who says yes first has it.", class_name="small muted"),
            ),
            rx.cond(
                CoverState.is_offering,
                None,
                button("Offer to them", start="megaphone", on_click=CoverState.offer),
            ),
            class_name="spread",
        ),
        rx.fragment(),
    )


def _able() -> rx.Component:
    return rx.el.section(
        rx.el.h3("Can take it: ", CoverState.able_count, class_name="section-title", id="cover-able"),
        rx.cond(
            CoverState.able_count > 0,
            rx.fragment(
                rx.el.p(ORDER_IN_WORDS, class_name="small muted"),
                rx.el.ol(rx.foreach(CoverState.able, _person), class_name="list cover-list"),
                _all_of(CoverState.able_count, rx.Var.create(CoverState.able).length()),
            ),
            rx.el.p("Nobody can take this shift. The list below says why, person by person.", class_name="muted"),
        ),
        aria_labelledby="cover-able",
        class_name="cover-part",
    )


def _others() -> rx.Component:
    return rx.cond(
        CoverState.others_count > 0,
        rx.el.details(
            rx.el.summary("Why not the others: ", CoverState.others_count),
            rx.el.ul(rx.foreach(CoverState.others, _person), class_name="list cover-list"),
            _all_of(CoverState.others_count, rx.Var.create(CoverState.others).length()),
            class_name="cover-part",
        ),
        rx.fragment(),
    )


def _all_of(count: Item, shown: Item) -> rx.Component:
    return rx.cond(
        count > shown,
        button("Show all ", count, kind="quiet", on_click=CoverState.show_everybody),
        rx.fragment(),
    )


def _person(person: Item) -> rx.Component:
    rules_id = "cover-rules-" + person.employee_id.to_string()
    is_explained = person.checks.length() > 0
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    rx.el.span(person.name, class_name="list-item-title"),
                    rx.match(
                        person.wish,
                        ("preferred", badge("Prefers this time", tone="ok", start="check")),
                        ("disliked", badge("Dislikes this time", tone="warn", start="triangle-alert")),
                        rx.fragment(),
                    ),
                    class_name="row",
                ),
                rx.el.p(
                    person.hours, rx.cond(person.cost != "", " · " + person.cost, ""), class_name="small cover-figures"
                ),
                rx.cond(
                    person.facts.length() > 0,
                    rx.el.p(person.facts.join(" · "), class_name="small muted"),
                    rx.fragment(),
                ),
                rx.foreach(person.problems, _problem(person)),
                class_name="grow",
            ),
            rx.el.div(
                button(
                    "Rules",
                    rx.el.span(" asked about ", person.name, class_name="sr-only"),
                    kind="quiet",
                    on_click=CoverState.explain({"employee_id": person.employee_id}),
                    custom_attrs={"aria-expanded": rx.cond(is_explained, "true", "false"), "aria-controls": rules_id},
                ),
                rx.cond(
                    person.level != "block",
                    button(
                        "Assign",
                        rx.el.span(" ", person.name, class_name="sr-only"),
                        on_click=CoverState.assign({"employee_id": person.employee_id}),
                    ),
                    rx.fragment(),
                ),
                class_name="row cover-actions",
            ),
            class_name="cover-person",
        ),
        rx.el.div(
            rx.cond(
                is_explained, rx.el.ul(rx.foreach(person.checks, _check), class_name="cover-checks"), rx.fragment()
            ),
            id=rules_id,
        ),
        class_name="cover-item",
        custom_attrs={"data-level": person.level},
        key=person.employee_id.to_string(),
    )


def _problem(person: Item):  # noqa: ANN202 - what foreach takes
    def line(words: Item) -> rx.Component:
        return rx.el.p(
            rx.cond(person.level == "block", icon("circle-x"), icon("triangle-alert")),
            words,
            class_name="small cover-problem",
        )

    return line


def _check(check: Item) -> rx.Component:
    return rx.el.li(
        rx.match(check.state, ("met", icon("check")), ("warn", icon("triangle-alert")), icon("circle-x")),
        rx.el.span(
            rx.el.strong(rx.match(check.state, ("met", "Met: "), ("warn", "Warns: "), "Broken: ")),
            check.text,
            rx.cond(check.why != "", rx.el.span(" ", check.why, class_name="muted"), rx.fragment()),
        ),
        custom_attrs={"data-state": check.state},
    )
