"""A week's coverage as a table: hours down, days across."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from schedule_app.ui.components.types import Item


def heat_table(
    days: Item, rows: Item, *, caption: str, on_cell: Callable[[Item, Item], Any], does: str = ""
) -> rx.Component:
    """The heatmap.

    Args:
        days: A var of BoardDays.
        rows: A var of CoverageRows.
        caption: What the table is, for those who hear it.
        on_cell: Given the date and the hour of a cell in which somebody is needed or there, what its click does.
        does: The same in words, after those of the cell.
    """

    def cell(each: Item, row: Item, day: Item) -> rx.Component:
        text = rx.el.span(each.text, class_name="sr-only")
        number = rx.el.span(each.sign, abs(each.net), aria_hidden="true")
        return rx.el.td(
            rx.cond(
                (each.needed > 0) | (each.staffed > 0),
                rx.el.button(
                    number,
                    text,
                    *((rx.el.span(does, class_name="sr-only"),) if does else ()),
                    type="button",
                    class_name="heat-cell",
                    custom_attrs={"data-level": each.level.to_string(), "data-cell": day + "T" + row.label},
                    on_click=on_cell(day, row.hour),
                ),
                rx.cond(each.exists, _blank("·", text, "data-empty"), _blank("—", text, "data-missing")),
            ),
            key=day,
        )

    def line(row: Item) -> rx.Component:
        return rx.el.tr(
            rx.el.th(row.label, scope="row"),
            rx.foreach(row.cells, lambda each, column: cell(each, row, days[column]["date"])),
            key=row.hour.to_string(),
        )

    return rx.el.table(
        rx.el.caption(caption, class_name="sr-only"),
        rx.el.thead(
            rx.el.tr(
                rx.el.th(rx.el.span("Hour", class_name="sr-only"), scope="col"),
                rx.foreach(days, _day_heading),
            )
        ),
        rx.el.tbody(rx.foreach(rows, line)),
        class_name="heat",
    )


def _day_heading(day: Item) -> rx.Component:
    return rx.el.th(
        rx.el.span(day["label"], aria_hidden="true"),
        rx.el.span(day["long"], rx.cond(day["today"], ", today", ""), class_name="sr-only"),
        scope="col",
        custom_attrs={"data-today": rx.cond(day["today"], "true", "false")},
        key=day["date"],
    )


def _blank(mark: str, text: rx.Component, kind: str) -> rx.Component:
    return rx.el.span(rx.el.span(mark, aria_hidden="true"), text, class_name="heat-cell", custom_attrs={kind: "true"})
