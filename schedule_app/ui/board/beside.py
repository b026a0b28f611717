"""The coverage heatmap beside the board, or under it where there is no room."""

import reflex as rx

from schedule_app.ui.board.beside_state import BesideState
from schedule_app.ui.components import heat_legend, heat_table
from schedule_app.ui.components.types import Item


def beside() -> rx.Component:
    """Its place is kept by the stylesheet as soon as the board is asked for it, so that nothing moves when it comes."""
    department = BesideState.told["department"]
    return rx.el.aside(
        rx.el.div(
            rx.el.h2("Coverage", class_name="beside-title"),
            rx.el.span(
                rx.cond(department != "", department, "Whole site"),
                class_name="small muted",
            ),
            class_name="beside-head",
        ),
        rx.el.div(
            rx.cond(
                BesideState.told["is_on"],
                rx.cond(
                    BesideState.rows,
                    heat_table(
                        BesideState.days,
                        BesideState.rows,
                        caption="People there minus people needed, by hour and day",
                        on_cell=_to_hour,
                        does=". Show who works then",
                    ),
                    rx.el.p("Nobody is needed in this week yet.", class_name="empty"),
                ),
                None,
            ),
            role="region",
            aria_label="Heatmap",
            tab_index=0,
            class_name="heat-scroll",
        ),
        heat_legend(),
        class_name="beside",
        aria_label="Coverage of the week",
    )


def _to_hour(day: Item, hour: Item) -> rx.event.EventSpec:
    """What the board shows is the browser's, so the click stays there."""
    detail = "{detail: {day: '" + day + "', hour: '" + hour.to_string() + "'}}"
    return rx.call_script("window.dispatchEvent(new CustomEvent('board:hour', " + detail + "))")
