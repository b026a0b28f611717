"""The proposals for the week side by side."""

import reflex as rx

from schedule_app.ui.board.proposals_state import ProposalsState
from schedule_app.ui.components import alert, button, dialog, icon, icon_button
from schedule_app.ui.components.types import Item


def proposals_dialog() -> rx.Component:
    """What each proposal comes to, beside what stands now; the best figure of each line is marked."""
    view: Item = ProposalsState.view
    return dialog(
        rx.cond(ProposalsState.problem != "", alert(ProposalsState.problem, tone="warn"), None),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(rx.el.span("Figure", class_name="sr-only"), scope="col"),
                        rx.foreach(view.columns, _head),
                    )
                ),
                rx.el.tbody(rx.foreach(view.lines, _line)),
                rx.el.tfoot(
                    rx.el.tr(
                        rx.el.td(rx.el.span("What to do with it", class_name="sr-only")),
                        rx.foreach(view.columns, _steps),
                    )
                ),
                class_name="table proposals",
            ),
            role="region",
            aria_label="Proposals side by side",
            tab_index=0,
            class_name="table-scroll",
        ),
        title="Compare proposals",
        text="Each as if it were kept now, all measured alike.",
        is_open=ProposalsState.is_open,
        on_open_change=lambda is_open: ProposalsState.show({"is_open": is_open}),
        wide=True,
    )


def _head(column: Item) -> rx.Component:
    return rx.el.th(
        column.name,
        rx.cond(column.asked != "", rx.el.span(column.asked, class_name="proposals-asked"), None),
        scope="col",
        class_name="num",
    )


def _line(line: Item) -> rx.Component:
    return rx.el.tr(rx.el.th(line.name, scope="row"), rx.foreach(line.cells, _cell))


def _cell(cell: Item) -> rx.Component:
    best = rx.fragment(icon("check"), rx.el.span("best: ", class_name="sr-only"))
    return rx.el.td(
        rx.el.span(rx.cond(cell.is_best, best, None), cell.text, class_name="proposals-figure"),
        class_name="num",
        custom_attrs={"data-best": cell.is_best.to_string()},
    )


def _steps(column: Item) -> rx.Component:
    run = {"run_id": column.id}
    return rx.el.td(
        rx.cond(
            column.id > 0,
            rx.el.div(
                button("Keep", aria_label="Keep " + column.name, on_click=ProposalsState.keep(run)),
                icon_button("eye", "Show " + column.name, on_click=ProposalsState.look(run)),
                icon_button("trash-2", "Discard " + column.name, on_click=ProposalsState.discard(run)),
                class_name="proposals-steps",
            ),
            None,
        ),
    )
