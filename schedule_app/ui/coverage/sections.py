"""The parts of the heatmap's page."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.domain.permissions import Permission
from schedule_app.ui.components import (
    badge,
    button,
    dialog,
    empty_state,
    heat_legend,
    heat_table,
    icon,
    page_header,
    segmented,
    select,
    status_badge,
    week_switcher,
)
from schedule_app.ui.components.types import Item
from schedule_app.ui.coverage.cell_state import CoverageCellState
from schedule_app.ui.coverage.state import CoverageState
from schedule_app.ui.palette.actions import Action, action_button
from schedule_app.ui.shell import ShellState

_VERSION = rx.cond(CoverageState.look.version == "published", "?version=published", "")
OPEN_BOARD = Action(
    "open-board",
    "Open the board",
    "calendar-days",
    href=f"{CoverageState.place.board_href}{_VERSION}",
    leads_to=Permission.VIEW_PUBLISHED,
    words="this week schedule",
)


def head() -> rx.Component:
    """Which site, how far its plan has come, and the way to the board."""
    return page_header(
        "Coverage",
        rx.el.span(CoverageState.place.site_name, class_name="page-sub"),
        status_badge(CoverageState.status),
        actions=(rx.cond(ShellState.is_planner, _to_insight(), rx.fragment()), action_button(OPEN_BOARD)),
    )


def toolbar() -> rx.Component:
    """Turning the weeks, choosing department and version."""
    place, look = CoverageState.place, CoverageState.look
    return rx.el.div(
        week_switcher(
            place.previous_href + look.query,
            place.next_href + look.query,
            place.today_href + look.query,
            CoverageState.week_label,
            place.start,
            lambda value: CoverageState.go_to({"day": value}),
        ),
        select(
            CoverageState.departments,
            label="Department",
            value=rx.Var.create(look.department_id).to_string(),
            on_change=lambda value: CoverageState.choose_department({"department_id": value}),
        ),
        rx.cond(
            CoverageState.has_two_versions,
            segmented(
                "Version",
                (
                    ("working", "Draft", CoverageState.choose_version({"version": "working"})),
                    ("published", "Published", CoverageState.choose_version({"version": "published"})),
                ),
                value=look.version,
            ),
            rx.fragment(),
        ),
        class_name="toolbar",
    )


def heatmap() -> rx.Component:
    """The table with its legend, or what it means that there is none."""
    return rx.cond(
        CoverageState.has_shifts,
        rx.fragment(
            rx.el.div(
                heat_legend(),
                rx.el.span(CoverageState.short_text, class_name="small muted"),
                _hours_button(),
                class_name="toolbar",
            ),
            _table(),
        ),
        empty_state(
            rx.cond(CoverageState.status != "", "No shifts here yet", "Nothing planned for this week yet"),
            "As soon as there are shifts, this page shows where people are missing.",
            _to_board("btn btn-primary"),
            name="calendar-days",
        ),
    )


def _hours_button() -> rx.Component:
    is_useful = CoverageState.shows_every_hour | (CoverageState.hidden_hours > 0)
    label = rx.cond(CoverageState.shows_every_hour, "Hide quiet hours", "Show all hours")
    return rx.cond(is_useful, button(label, kind="quiet", on_click=CoverageState.toggle_hours), rx.fragment())


def _table() -> rx.Component:
    return rx.el.div(
        heat_table(
            CoverageState.days,
            CoverageState.rows,
            caption="People there minus people needed, by hour and day",
            on_cell=lambda day, hour: CoverageCellState.show({"day": day, "hour": hour}),
        ),
        role="region",
        aria_label="Heatmap",
        tab_index=0,
        class_name="heat-scroll",
    )


def cell_dialog() -> rx.Component:
    """The shifts and people behind a cell."""
    return dialog(
        rx.cond(
            CoverageCellState.shifts,
            rx.el.ul(rx.foreach(CoverageCellState.shifts, _cell_shift), class_name="list"),
            rx.el.p("No shift runs in this hour any more.", class_name="muted"),
        ),
        title=CoverageCellState.title,
        text=CoverageCellState.summary,
        is_open=CoverageCellState.is_open,
        on_open_change=lambda _is_open: CoverageCellState.close(),
        actions=(
            button("Close", on_click=CoverageCellState.close),
            _to_board("btn btn-primary"),
        ),
    )


def _cell_shift(shift: Item) -> rx.Component:
    count = rx.fragment(shift.staffed, " of ", shift.needed)
    return rx.el.li(
        rx.el.div(
            rx.el.p(shift.title, " ", shift.label, class_name="list-item-title"),
            rx.cond(shift.department != "", rx.el.p(shift.department, class_name="small muted"), None),
            rx.el.p(rx.cond(shift.people.length() > 0, shift.people.join(", "), "Nobody yet"), class_name="small"),
            class_name="grow",
        ),
        rx.cond(
            shift.staffed < shift.needed,
            badge(count, " · short", tone="danger", start="triangle-alert"),
            badge(count, tone="ok", start="check"),
        ),
        class_name="list-item",
        custom_attrs={"data-shift": shift.shift_id.to_string()},
        key=shift.shift_id.to_string(),
    )


def _to_insight() -> rx.Component:
    return link(icon("chart-column"), "Insight", href=ShellState.insight_href, class_name="btn btn-quiet")


def _to_board(look: str) -> rx.Component:
    return link(icon(OPEN_BOARD.icon), OPEN_BOARD.label, href=OPEN_BOARD.href, class_name=look)
