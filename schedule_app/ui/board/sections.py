"""The parts of the board's page around and with the grid."""

import reflex as rx

from schedule_app.ui.board.assign_state import AssignState
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.changes_state import ChangesState
from schedule_app.ui.board.copy_state import CopyState
from schedule_app.ui.board.discard_state import DiscardState
from schedule_app.ui.board.filter_state import BoardFilterState
from schedule_app.ui.board.move_state import MoveState
from schedule_app.ui.board.reject_state import RejectState
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.signing_state import ApproveState, PublishState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.surface import board
from schedule_app.ui.board.template_state import TemplateState
from schedule_app.ui.board.undo_buttons import undo_buttons
from schedule_app.ui.board.undo_state import UndoState
from schedule_app.ui.components import (
    alert,
    button,
    button_link,
    empty_state,
    page_header,
    segmented,
    status_badge,
    week_switcher,
)


def head() -> rx.Component:
    """Site, state of the plan, and the steps that can be taken now."""
    return page_header(
        BoardState.week.site_name,
        rx.cond(
            BoardState.head.status != "",
            rx.fragment(
                status_badge(BoardState.head.status),
                rx.el.span("Version ", BoardState.head.version_number, class_name="page-sub small"),
                rx.el.span(BoardState.head.trail, class_name="page-sub small"),
            ),
            rx.fragment(),
        ),
        actions=(
            _step(
                BoardState.head.can_discard,
                button("Discard draft", kind="quiet", on_click=DiscardState.show({"is_open": True})),
            ),
            _step(BoardState.head.can_reject, button("Send back", start="rotate-ccw", on_click=RejectState.ask)),
            _step(BoardState.head.can_revise, button("Edit as new draft", start="pencil", on_click=BoardState.revise)),
            _step(
                BoardState.head.can_submit,
                button("Submit for approval", start="send", kind="primary", on_click=BoardState.submit),
            ),
            _step(
                BoardState.head.can_approve,
                button("Approve", start="badge-check", kind="primary", on_click=ApproveState.ask),
            ),
            _step(
                BoardState.head.can_publish,
                button("Publish", start="megaphone", kind="primary", on_click=PublishState.ask),
            ),
        ),
    )


def toolbar() -> rx.Component:
    """Turning the weeks, choosing the version, finding people."""
    return rx.el.div(
        week_switcher(
            BoardState.week.previous_href,
            BoardState.week.next_href,
            BoardState.week.today_href,
            BoardState.week.label,
            BoardState.week.start,
            lambda value: BoardState.go_to({"day": value}),
        ),
        rx.cond(
            BoardState.head.has_two_versions,
            segmented(
                "Version",
                (
                    ("working", "Draft", BoardState.look_at({"version": "working"})),
                    ("published", "Published", BoardState.look_at({"version": "published"})),
                ),
                value=BoardState.version,
            ),
            rx.fragment(),
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
            rx.el.input(
                type="search",
                placeholder="Find people",
                aria_label="Find people by name, role or department",
                default_value=BoardFilterState.text,
                class_name="input input-search",
                on_change=lambda value: BoardFilterState.narrow({"text": value}).debounce(80),
            ),
            _step(
                BoardState.head.can_edit_shifts,
                button("New shift", start="plus", on_click=ShiftState.begin),
            ),
            _step(
                BoardState.week.can_create & (BoardState.head.status != ""),
                rx.fragment(
                    button("Copy …", start="copy", on_click=CopyState.begin),
                    button("Templates", start="calendar-plus", on_click=TemplateState.begin),
                ),
            ),
            _step(
                BoardState.head.can_assign,
                button("Assign", start="user-plus", on_click=AssignState.open_form({})),
            ),
            _step(
                (BoardState.head.has_two_versions & (BoardState.head.status != "published")) | _shows_changes(),
                button(
                    "Show changes",
                    start="arrow-left-right",
                    aria_pressed=rx.cond(_shows_changes(), "true", "false"),
                    on_click=ChangesState.toggle,
                ),
            ),
            button_link("Coverage", href=_coverage(), start="users"),
            _step(
                BoardState.week.versions_href != "",
                button_link("Versions", href=BoardState.week.versions_href, start="history"),
            ),
            class_name="toolbar page-actions",
        ),
        class_name="toolbar",
    )


def _coverage() -> rx.Var[str]:
    is_old = BoardState.head.has_two_versions & (BoardState.version == "published")
    return rx.cond(is_old, BoardState.week.coverage_href + "?version=published", BoardState.week.coverage_href)


def _shows_changes() -> rx.Var[bool]:
    return rx.Var.create(ChangesState.schedule_id > 0) & (ChangesState.schedule_id == BoardState.head.schedule_id)


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
    """The grid, or how to begin the week."""
    return rx.cond(
        BoardState.head.status != "",
        board(
            label=BoardState.week.site_name + ", " + BoardState.week.label,
            days=BoardState.days,
            shifts=BoardState.shifts,
            staffed=BoardState.staffed,
            rows=BoardState.rows,
            patch=BoardState.patch,
            can_assign=BoardState.head.can_assign,
            can_open=BoardState.head.can_open,
            striped=BoardState.head.status != "published",
            can_resize=BoardState.head.can_edit_shifts,
            verdicts=BoardState.verdicts,
            judged=BoardState.judged,
            answer=MoveState.answer,
            busy=False,
            filter=BoardFilterState.text,
            changes=rx.cond(_shows_changes(), ChangesState.changes, None),
            on_pick=BoardState.pick,
            on_unpick=lambda _nothing: BoardState.unpick(),
            on_place=MoveState.place,
            on_move=MoveState.move,
            on_swap=MoveState.ask_swap,
            on_unassign=MoveState.unassign,
            on_resize=MoveState.resize,
            on_open_cell=AssignState.open_form,
            on_open_shift=AssignState.open_form,
            on_open_assignment=AssignmentState.open,
        ),
        _beginning(),
    )


def _beginning() -> rx.Component:
    return rx.cond(
        BoardState.week.can_create,
        empty_state(
            "Nothing planned for this week yet",
            "Begin a draft. Nobody is told anything before you publish it.",
            rx.cond(
                BoardState.week.copy_from > 0,
                button(
                    "Copy the last planned week's shifts",
                    kind="primary",
                    start="copy",
                    on_click=BoardState.create_from_last,
                ),
                rx.fragment(),
            ),
            button("Begin with an empty week", start="calendar-plus", on_click=BoardState.create),
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
