"""The parts of the board's page around and with the grid."""

import reflex as rx

from schedule_app.ui.board import actions
from schedule_app.ui.board.assign_state import AssignState
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.beside import beside
from schedule_app.ui.board.beside_state import BesideState
from schedule_app.ui.board.bulk_state import BulkState
from schedule_app.ui.board.changes_state import ChangesState
from schedule_app.ui.board.fill_state import FillState
from schedule_app.ui.board.ledger_dialog import ledger_button
from schedule_app.ui.board.move_state import MoveState
from schedule_app.ui.board.night_state import NightState
from schedule_app.ui.board.presence_state import PresenceState
from schedule_app.ui.board.presence_surface import presence
from schedule_app.ui.board.span_state import SpanState
from schedule_app.ui.board.span_surface import span
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.surface import board
from schedule_app.ui.board.swap_state import SwapState
from schedule_app.ui.board.undo_buttons import undo_buttons
from schedule_app.ui.board.undo_state import UndoState
from schedule_app.ui.board.version_state import VersionState
from schedule_app.ui.components import (
    alert,
    button,
    empty_state,
    page_header,
    segmented,
    status_badge,
    week_switcher,
)
from schedule_app.ui.palette.actions import action_button


def head() -> rx.Component:
    """Site, state of the plan and which version of it, and the steps that can be taken now."""
    return page_header(
        BoardState.week.site_name,
        rx.cond(
            BoardState.head.status != "",
            rx.fragment(
                status_badge(BoardState.head.status),
                rx.el.span("Version ", BoardState.head.version_number, class_name="page-sub small"),
                rx.el.span(BoardState.head.trail, class_name="page-sub small"),
                rx.cond(BoardState.head.status == "published", ledger_button(), rx.fragment()),
            ),
            rx.fragment(),
        ),
        _step(
            actions.HAS_TWO_VERSIONS,
            segmented(
                "Version",
                (
                    ("working", "Draft", VersionState.look_at({"version": "working"})),
                    ("published", "Published", VersionState.look_at({"version": "published"})),
                ),
                value=BoardState.version,
            ),
        ),
        _step(BoardState.head.can_open, presence(others=PresenceState.others, on_cell=PresenceState.go_to_cell)),
        actions=(
            _step(
                actions.DISCARD.is_offered,
                button(actions.DISCARD.label, kind="quiet", on_click=actions.DISCARD.run),
            ),
            action_button(actions.SEND_BACK),
            action_button(actions.REVISE),
            action_button(actions.SUBMIT, kind="primary"),
            action_button(actions.APPROVE, kind="primary"),
            action_button(actions.PUBLISH, kind="primary"),
        ),
    )


def toolbar() -> rx.Component:
    """Turning the weeks, and what can be done with the week."""
    return rx.el.div(
        week_switcher(
            BoardState.week.previous_href,
            BoardState.week.next_href,
            BoardState.week.today_href,
            BoardState.week.label,
            BoardState.week.start,
            lambda value: BoardState.go_to({"day": value}),
        ),
        rx.el.div(
            _step(
                UndoState.is_offered,
                undo_buttons(
                    undo=UndoState.view.undo,
                    redo=UndoState.view.redo,
                    told=UndoState.told,
                    on_undo=UndoState.undo,
                    on_redo=UndoState.redo,
                ),
            ),
            action_button(actions.NEW_SHIFT),
            action_button(actions.COPY),
            action_button(actions.TEMPLATES),
            action_button(actions.ASSIGN),
            action_button(actions.FILL),
            action_button(actions.SHOW_CHANGES),
            action_button(actions.COVERAGE),
            action_button(actions.VERSIONS),
            class_name="toolbar page-actions",
        ),
        class_name="toolbar",
    )


def notices() -> rx.Component:
    """Why the week was sent back, and that a week in approval cannot be edited."""
    return rx.fragment(
        rx.cond(
            BoardState.head.rejected_reason != "",
            alert(BoardState.head.rejected_reason, tone="warn", title="Sent back"),
            rx.fragment(),
        ),
    )


def surface() -> rx.Component:
    """The week's grid, or how to begin the week; or the grid of several weeks."""
    return rx.cond(BoardState.span != "", _span(), _week())


def _span() -> rx.Component:
    return span(
        label=BoardState.week.site_name + ", " + BoardState.week.label,
        weeks=SpanState.weeks,
        days=SpanState.days,
        patterns=SpanState.patterns,
        shifts=SpanState.shifts,
        staffed=SpanState.staffed,
        rows=SpanState.rows,
        patch=SpanState.patch,
        statuses=SpanState.statuses,
        is_month=BoardState.span == "month",
        currency=SpanState.currency,
        can_open=SpanState.can_open,
        can_create=BoardState.week.can_create,
        verdicts=BoardState.verdicts,
        judged=BoardState.judged,
        answer=MoveState.answer,
        on_pick=BoardState.pick,
        on_unpick=lambda _nothing: BoardState.unpick(),
        on_place=MoveState.place,
        on_open_assignment=AssignmentState.open,
    )


def _week() -> rx.Component:
    return rx.cond(
        BoardState.head.status != "",
        rx.el.div(
            board(
                label=BoardState.week.site_name + ", " + BoardState.week.label,
                days=BoardState.days,
                clocks=BoardState.clock,
                nights=NightState.night,
                shifts=BoardState.shifts,
                staffed=BoardState.staffed,
                rows=BoardState.rows,
                currency=BoardState.week.currency,
                clock_24h=BoardState.week.clock_24h,
                patch=BoardState.patch,
                can_assign=BoardState.head.can_assign,
                can_open=BoardState.head.can_open,
                striped=BoardState.head.status != "published",
                can_resize=BoardState.head.can_edit_shifts,
                can_fill=actions.CAN_FILL,
                verdicts=BoardState.verdicts,
                judged=BoardState.judged,
                answer=MoveState.answer,
                swapping=SwapState.held_over,
                changes=rx.cond(
                    FillState.run.id > 0,
                    FillState.changes,
                    rx.cond(actions.SHOWS_CHANGES, ChangesState.changes, None),
                ),
                bulk_done=BulkState.done,
                on_pick=BoardState.pick,
                on_unpick=lambda _nothing: BoardState.unpick(),
                on_place=MoveState.place,
                on_move=MoveState.move,
                on_swap=SwapState.ask,
                on_judge_swap=SwapState.judge,
                on_unassign=MoveState.unassign,
                on_resize=MoveState.resize,
                on_bulk=BulkState.begin,
                on_open_cell=AssignState.open_form,
                on_open_shift=AssignState.open_form,
                on_open_assignment=AssignmentState.open,
                on_go_to=BoardState.go_to,
                on_night=NightState.look,
                version=BoardState.version,
                beside=BesideState.told,
                on_beside=BesideState.look,
            ),
            beside(),
            class_name="board-and-beside",
        ),
        _beginning(),
    )


def _beginning() -> rx.Component:
    return rx.cond(
        BoardState.week.can_create,
        empty_state(
            "Nothing planned for this week yet",
            "Begin a draft. Nobody is told anything before you publish it.",
            action_button(actions.COPY_WEEK, kind="primary"),
            action_button(actions.EMPTY_WEEK),
            name="calendar-plus",
        ),
        empty_state(
            "Nothing published for this week yet",
            "You will get a message here as soon as it is.",
            name="calendar-days",
        ),
    )


def _step(is_possible: bool | rx.Var[bool], control: rx.Component) -> rx.Component:
    return rx.cond(is_possible, control, rx.fragment())
