"""The dialog that shows what a change of a rule would do."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui.components import alert, badge, button, dialog, field, select
from schedule_app.ui.components.differing import both_versions, choosing
from schedule_app.ui.components.types import Handler, Item
from schedule_app.ui.manage.rules.trial_state import TrialState

_WINDOWS = (("past", "The last 4 weeks"), ("next", "This week and the next 4"), ("both", "All nine weeks"))


def trial_dialog(*, on_take: Handler = None) -> rx.Component:
    """What comes, what goes and what stays, week by week and person by person; then the step itself.

    Args:
        on_take: Fills the form with what is stored, where there is a form: somebody may have been first.
    """
    differences: Item = TrialState.differences
    is_stale = differences.length() > 0
    back = TrialState.show({"is_open": False})
    return dialog(
        rx.cond(TrialState.problem != "", alert(TrialState.problem, tone="danger"), None),
        rx.cond(is_stale, both_versions(differences), None),
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
        title=rx.cond(is_stale, "Two versions of this rule", TrialState.title),
        text=TrialState.sentence,
        is_open=TrialState.is_open,
        on_open_change=lambda is_open: TrialState.show({"is_open": is_open}),
        actions=(
            rx.cond(
                is_stale,
                choosing(on_back=back, on_take=on_take, on_click=TrialState.confirm),
                rx.fragment(
                    button("Back", on_click=back),
                    button(TrialState.action, kind="primary", on_click=TrialState.confirm),
                ),
            ),
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
