"""The parts of the insight page."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui.components import alert, button, empty_state, field, icon, page_header, segmented
from schedule_app.ui.components.types import Item, Text
from schedule_app.ui.insight.charts import bars, columns
from schedule_app.ui.insight.state import InsightState


def head() -> rx.Component:
    """Which site."""
    return page_header("Insight", rx.el.span(InsightState.window.site_name, class_name="page-sub"))


def toolbar() -> rx.Component:
    """Choosing the weeks, and what of them counts."""
    window = InsightState.window
    return rx.el.div(
        rx.el.form(
            _day("From", "insight-first", "first", window.first),
            _day("To", "insight-last", "last", window.last),
            button("Show", type="submit"),
            on_submit=InsightState.choose,
            class_name="insight-window",
        ),
        segmented(
            "What counts",
            (
                ("published", "Published", InsightState.look_at({"drafts": False})),
                ("drafts", "With drafts", InsightState.look_at({"drafts": True})),
            ),
            value=rx.cond(window.drafts, "drafts", "published"),
        ),
        class_name="toolbar insight-toolbar",
    )


def _day(label: str, control_id: str, name: str, value: Text) -> rx.Component:
    return field(
        label,
        control_id,
        name=name,
        type="date",
        required=True,
        default_value=value,
        key=value,
    )


def figures() -> rx.Component:
    """The cards, or why there are none."""
    return rx.cond(
        InsightState.problem != "",
        alert(InsightState.problem, tone="danger", title="These weeks cannot be shown"),
        rx.cond(
            InsightState.has_plan,
            rx.el.div(rx.foreach(InsightState.cards, _card), class_name="insight"),
            empty_state(
                "Nothing published in these weeks",
                "Choose other weeks above, or count drafts too.",
                name="calendar-days",
            ),
        ),
    )


def _card(card: Item) -> rx.Component:
    numbers_id = "numbers-" + card.part
    return rx.el.section(
        rx.el.div(
            rx.el.h2(card.title, class_name="card-title", id="part-" + card.part),
            rx.el.div(
                button(
                    rx.cond(card.is_open, "Hide the numbers", "Show the numbers"),
                    rx.el.span(" of ", card.title, class_name="sr-only"),
                    kind="quiet",
                    on_click=InsightState.toggle({"part": card.part}),
                    custom_attrs={"aria-expanded": rx.cond(card.is_open, "true", "false"), "aria-controls": numbers_id},
                ),
                link(
                    icon("download"),
                    "CSV",
                    rx.el.span(" of ", card.title, class_name="sr-only"),
                    href=f"/insight/{InsightState.window.site_id}/{card.part}.csv{InsightState.window.query}",
                    download=True,
                    # A file of the server's, and no page of the app's.
                    reload_document=True,
                    discover="none",
                    class_name="btn btn-quiet",
                ),
                class_name="row",
            ),
            class_name="spread",
        ),
        rx.el.p(card.headline, class_name="insight-headline"),
        rx.foreach(card.charts, _chart),
        rx.el.p(card.note, class_name="small muted"),
        rx.el.div(rx.cond(card.is_open, _numbers(card), rx.fragment()), id=numbers_id),
        aria_labelledby="part-" + card.part,
        class_name="card",
        custom_attrs={"data-part": card.part},
        key=card.part,
    )


def _chart(chart: Item) -> rx.Component:
    return rx.el.div(
        rx.cond(
            chart.title != "",
            rx.el.h3(chart.title, class_name="section-title"),
            rx.fragment(),
        ),
        rx.cond(chart.columns.length() > 0, columns(chart), bars(chart)),
        rx.cond(
            (chart.title != "") & (chart.tone == "plain") & (chart.columns.length() > 0) & (chart.first == "Fewest"),
            rx.el.p(chart.text, class_name="small", aria_hidden="true"),
            rx.fragment(),
        ),
        class_name="chart",
        key=chart.title,
    )


def _numbers(card: Item) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.table(
                rx.el.caption(card.title, class_name="sr-only"),
                rx.el.thead(rx.el.tr(rx.foreach(card.headings, lambda words: rx.el.th(words, scope="col")))),
                rx.el.tbody(
                    rx.foreach(card.rows, lambda row: rx.el.tr(rx.foreach(row, lambda cell: rx.el.td(cell)))),
                ),
                class_name="table insight-numbers",
            ),
            role="region",
            tab_index=0,
            aria_label="Numbers of " + card.title,
            class_name="table-scroll insight-scroll",
        ),
        rx.cond(
            card.more > 0,
            rx.el.p(card.more, " more rows are in the CSV.", class_name="small muted"),
            rx.fragment(),
        ),
    )
