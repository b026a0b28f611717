"""The dialog that shows what a change of a rule would do."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui.components import alert, badge, button, dialog, field, select
from schedule_app.ui.components.types import Item
from schedule_app.ui.manage.rules.trial_state import TrialState

_WINDOWS = (("past", "The last 4 weeks"), ("next", "This week and the next 4"), ("both", "All nine weeks"))


def trial_dialog() -> rx.Component:
    """What comes, what goes and what stays, week by week and person by person; then the step itself."""
    return dialog(
        rx.cond(TrialState.problem != "", alert(TrialState.problem, tone="danger"), None),
        field(
            "Tried on",
            "trial-window",
            control=select(
                _WINDOWS,
                control_id="trial-window",
                value=TrialState.window,
                on_change=lambda value: TrialState.look({"window": value}),
            ),
        ),
        rx.el.p(TrialState.summary, role="status", class_name="trial-summary"),
        rx.cond(TrialState.weeks, _weeks(), None),
        rx.cond(TrialState.items, _items(), None),
        rx.cond(
            TrialState.hidden > 0,
            rx.el.p("and ", TrialState.hidden, " more", class_name="muted small"),
            None,
        ),
        title=TrialState.title,
        text=TrialState.sentence,
        is_open=TrialState.is_open,
        on_open_change=lambda is_open: TrialState.show({"is_open": is_open}),
        actions=(
            button("Back", on_click=TrialState.show({"is_open": False})),
            button(TrialState.action, kind="primary", on_click=TrialState.confirm),
        ),
        wide=True,
    )


def _weeks() -> rx.Component:
    return rx.el.table(
        rx.el.caption("Breaches by week", class_name="sr-only"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th("Week", scope="col"),
                rx.el.th("As it is", scope="col"),
                rx.el.th("As it would be", scope="col"),
            )
        ),
        rx.el.tbody(
            rx.foreach(
                TrialState.weeks,
                lambda week: rx.el.tr(
                    rx.el.th(week.label, scope="row"),
                    rx.el.td(week.before, class_name="num"),
                    rx.el.td(week.after, class_name="num"),
                    key=week.label,
                ),
            )
        ),
        class_name="table trial-weeks",
    )


def _items() -> rx.Component:
    return rx.el.ul(rx.foreach(TrialState.items, _item), class_name="list found", aria_label="Breaches")


def _item(item: Item) -> rx.Component:
    return rx.el.li(
        rx.match(
            item.change,
            ("new", badge("Appears", tone="warn", start="plus")),
            ("gone", badge("Disappears", tone="ok", start="check")),
            badge("Stays"),
        ),
        rx.el.div(
            rx.el.p(item.message),
            rx.el.p(link(item.shift, href=item.href), " · ", item.week, class_name="small muted"),
            class_name="grow",
        ),
        class_name="list-item found-item",
        key=item.key,
    )
