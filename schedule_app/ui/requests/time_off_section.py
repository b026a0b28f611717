"""Time off to decide over: what each decision would leave stands beside it."""

import reflex as rx

from schedule_app.ui.components import alert, badge, button, dialog, field, icon
from schedule_app.ui.components.types import Child, Item
from schedule_app.ui.requests.time_off_state import TimeOffRequestsState


def time_off_section() -> rx.Component:
    """What waits, and what is approved and not over."""
    return rx.el.section(
        rx.el.h2("Time off", id="time-off-title", class_name="section-title"),
        _said(),
        rx.cond(
            TimeOffRequestsState.waiting,
            rx.el.ul(rx.foreach(TimeOffRequestsState.waiting, _waiting), class_name="stack"),
            rx.el.p("Nobody waits for an answer about time off.", class_name="muted"),
        ),
        rx.cond(
            TimeOffRequestsState.coming,
            rx.fragment(
                rx.el.h3("Approved", class_name="section-title"),
                rx.el.ul(rx.foreach(TimeOffRequestsState.coming, _coming), class_name="list card"),
            ),
            None,
        ),
        _dialog(),
        aria_labelledby="time-off-title",
        class_name="stack section",
    )


def _said() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.cond(
                TimeOffRequestsState.done != "",
                rx.el.div(
                    icon("circle-check"),
                    rx.el.div(
                        rx.el.p(TimeOffRequestsState.done),
                        _list(rx.Var.create(TimeOffRequestsState.taken)),
                        class_name="alert-body",
                    ),
                    class_name="alert alert-ok",
                ),
                None,
            ),
            role="status",
            class_name=rx.cond(TimeOffRequestsState.done != "", "", "sr-only"),
        ),
        rx.cond(TimeOffRequestsState.told != "", alert(TimeOffRequestsState.told), None),
    )


def _waiting(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(item.name, class_name="shift-day"),
            badge(item.kind),
            class_name="spread",
        ),
        rx.el.div(
            rx.el.p(item.when, " · ", item.lasts),
            rx.el.p(
                rx.cond(item.place != "", rx.fragment(item.place, " · "), None), item.asked, class_name="small muted"
            ),
            rx.cond(item.note != "", rx.el.p("“", item.note, "”"), None),
        ),
        _coverage(item),
        rx.cond(item.hindrance != "", alert(item.hindrance, tone="warn"), None),
        rx.el.div(
            _step("Approve", item, "approve", "check"),
            _step("Reject", item, "reject", "x"),
            class_name="btn-pair",
        ),
        class_name=rx.cond(item.id == TimeOffRequestsState.opened_id, "shift-card shift-card-next", "shift-card"),
        custom_attrs={"data-time-off": item.id.to_string()},
        key=item.id.to_string(),
    )


def _step(label: str, item: Item, step: str, start: str) -> rx.Component:
    return button(
        label,
        rx.el.span(": ", item.name, ", ", item.when, class_name="sr-only"),
        kind="primary" if step == "approve" else "plain",
        start=start,  # type: ignore[arg-type]
        large=True,
        on_click=TimeOffRequestsState.ask({"time_off_id": item.id, "step": step}),
    )


def _coverage(item: Item) -> rx.Component:
    """What approving would leave."""
    return rx.el.div(
        rx.cond(
            item.shifts.length() + item.drafts.length() > 0,
            rx.el.table(
                rx.el.caption("If you approve it", class_name="places-caption"),
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th("Shift or day", scope="col"),
                        rx.el.th("Now", scope="col"),
                        rx.el.th("Then", scope="col"),
                    )
                ),
                rx.el.tbody(
                    rx.foreach(item.shifts, lambda each: _places(each, "Taken off, open then")),
                    rx.foreach(item.drafts, lambda each: _places(each, "Taken off the draft")),
                    rx.foreach(item.days, lambda each: _places(each, "All shifts of the day")),
                ),
                class_name="table places",
            ),
            rx.el.p("It touches no planned shift.", class_name="muted"),
        ),
        rx.cond(
            item.begun,
            rx.fragment(rx.el.p("Has begun and stays theirs:", class_name="small muted"), _list(item.begun)),
            None,
        ),
        rx.cond(
            item.away,
            rx.fragment(rx.el.p("Also off then:", class_name="small muted"), _list(item.away)),
            rx.el.p("Nobody else is off then.", class_name="small muted"),
        ),
        class_name="stack",
    )


def _places(each: Item, what: str) -> rx.Component:
    return rx.el.tr(
        rx.el.th(each.label, rx.el.span(what, class_name="small muted places-what"), scope="row"),
        rx.el.td(_filled(each.now, each.needed)),
        rx.el.td(
            rx.cond(
                each.is_short,
                badge(_filled(each.then, each.needed), tone="warn", start="triangle-alert"),
                _filled(each.then, each.needed),
            )
        ),
    )


def _filled(there: Item, needed: Item) -> rx.Component:
    return rx.el.span(there, " of ", needed, class_name="nowrap")


def _list(words: Item) -> rx.Component:
    return rx.cond(words, rx.el.ul(rx.foreach(words, rx.el.li), class_name="plain-list small"), None)


def _coming(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(item.name, class_name="list-item-title"),
            rx.el.p(item.when, " · ", item.lasts, " · ", item.kind, class_name="small muted"),
            class_name="grow",
        ),
        button(
            "Take back",
            rx.el.span(": ", item.name, ", ", item.when, class_name="sr-only"),
            on_click=TimeOffRequestsState.ask({"time_off_id": item.id, "step": "take_back"}),
        ),
        class_name="list-item",
        key=item.id.to_string(),
    )


def _dialog() -> rx.Component:
    return dialog(
        rx.el.form(
            field(
                "Note to them",
                "decision-note",
                name="note",
                hint="You may leave this empty.",
                multiline=True,
                max_length=500,
            ),
            id="decision-form",
            on_submit=TimeOffRequestsState.decide,
        ),
        title=TimeOffRequestsState.title,
        text=TimeOffRequestsState.text,
        is_open=TimeOffRequestsState.step != "",
        on_open_change=lambda _is_open: TimeOffRequestsState.leave(),
        actions=(button("Not yet", large=True, on_click=TimeOffRequestsState.leave), _go_ahead()),
    )


def _go_ahead() -> rx.Component:
    def labelled(*label: Child, danger: bool = False) -> rx.Component:
        kind = "danger" if danger else "primary"
        return button(*label, kind=kind, large=True, type="submit", form="decision-form")

    return rx.fragment(
        rx.match(
            TimeOffRequestsState.step,
            ("reject", labelled("Reject", danger=True)),
            ("take_back", labelled("Take back", danger=True)),
            labelled("Approve"),
        )
    )
