"""The report of what was made in one step, above the board."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui.board.assign_state import AssignState
from schedule_app.ui.board.report_state import ReportState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.components import icon, icon_button
from schedule_app.ui.components.types import Item, Text


def report() -> rx.Component:
    """What was made, and place by place what the rules had to say; nothing while there is no report."""
    return rx.cond(
        ReportState.title != "",
        rx.el.section(
            rx.el.div(
                icon("circle-check"),
                rx.el.p(ReportState.title, class_name="report-title grow", role="status"),
                rx.cond(
                    ReportState.week == BoardState.week.start,
                    rx.fragment(),
                    link(ReportState.href_label, href=ReportState.href),
                ),
                icon_button("x", "Close the report", on_click=ReportState.dismiss),
                class_name="report-head",
            ),
            _list(ReportState.left_title, ReportState.left_open),
            _list("Done against a rule that warns", ReportState.warned),
            rx.cond(
                ReportState.left_out > 0,
                rx.el.p("And ", ReportState.left_out, " more.", class_name="small muted"),
                rx.fragment(),
            ),
            aria_label="Report",
            class_name="report",
        ),
        rx.fragment(),
    )


def _list(title: Text, lines: Item) -> rx.Component:
    return rx.cond(
        lines,
        rx.el.details(
            rx.el.summary(title, " (", lines.length(), ")", class_name="report-summary"),
            rx.el.ul(rx.foreach(lines, _line), class_name="report-list"),
            open=True,
        ),
        rx.fragment(),
    )


def _line(line: Item) -> rx.Component:
    return rx.el.li(
        rx.cond(
            line["week"] == BoardState.week.start,
            rx.el.button(
                line["label"],
                type="button",
                class_name="report-link",
                on_click=AssignState.open_form({"employee_id": line["employee_id"], "date": line["date"]}),
            ),
            link(line["label"], href=line["href"], class_name="report-link"),
        ),
        rx.el.span(line["text"]),
        key=line["key"],
        class_name="report-line",
    )
