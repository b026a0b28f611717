"""What can be done with a week as a whole, for the page's buttons and the palette."""

from typing import Final

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.ui.board.assign_state import AssignState
from schedule_app.ui.board.changes_state import ChangesState
from schedule_app.ui.board.copy_state import CopyState
from schedule_app.ui.board.discard_state import DiscardState
from schedule_app.ui.board.fill_state import FillState
from schedule_app.ui.board.reject_state import RejectState
from schedule_app.ui.board.shift_state import ShiftState
from schedule_app.ui.board.signing_state import ApproveState, PublishState
from schedule_app.ui.board.span_state import SpanState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.template_state import TemplateState
from schedule_app.ui.board.undo_state import UndoState
from schedule_app.ui.board.version_state import VersionState
from schedule_app.ui.palette.actions import Action

_HEAD, _WEEK = BoardState.head, BoardState.week
_CAN_UNDO = UndoState.is_offered & (UndoState.view.undo != "")
_CAN_REDO = UndoState.is_offered & (UndoState.view.redo != "")
SHOWS_CHANGES: Final = rx.Var.create(ChangesState.schedule_id > 0) & (ChangesState.schedule_id == _HEAD.schedule_id)
HAS_TWO_VERSIONS: Final = _HEAD.has_two_versions | ((BoardState.span != "") & SpanState.has_two_versions)
_HAS_PLAN = _HEAD.status != ""
_BEGINS = (_HEAD.status == "") & _WEEK.can_create

DISCARD: Final = Action(
    "discard",
    "Discard draft",
    "trash-2",
    run=DiscardState.show({"is_open": True}),
    words="delete throw away week",
    possible=_HEAD.can_discard,
)
SEND_BACK: Final = Action(
    "send-back", "Send back", "rotate-ccw", run=RejectState.ask, words="reject refuse", possible=_HEAD.can_reject
)
REVISE: Final = Action(
    "revise",
    "Edit as new draft",
    "pencil",
    run=BoardState.revise,
    words="change published week revise version",
    possible=_HEAD.can_revise,
)
SUBMIT: Final = Action(
    "submit", "Submit for approval", "send", run=BoardState.submit, words="ask", possible=_HEAD.can_submit
)
APPROVE: Final = Action(
    "approve", "Approve", "badge-check", run=ApproveState.ask, words="sign accept week", possible=_HEAD.can_approve
)
PUBLISH: Final = Action(
    "publish", "Publish", "megaphone", run=PublishState.ask, words="in force tell staff", possible=_HEAD.can_publish
)
NEW_SHIFT: Final = Action(
    "new-shift", "New shift", "plus", run=ShiftState.begin, words="add create", possible=_HEAD.can_edit_shifts
)
COPY: Final = Action(
    "copy",
    "Copy …",
    "copy",
    run=CopyState.begin,
    words="day range repeat shifts",
    possible=_HAS_PLAN & _WEEK.can_create,
)
TEMPLATES: Final = Action(
    "templates",
    "Templates",
    "calendar-plus",
    run=TemplateState.begin,
    words="week shift template keep lay out",
    possible=_HAS_PLAN & _WEEK.can_create,
)
SHOW_CHANGES: Final = Action(
    "show-changes",
    "Show changes",
    "arrow-left-right",
    run=ChangesState.toggle,
    words="hide compare differences published",
    possible=(_HEAD.has_two_versions & (_HEAD.status != "published")) | SHOWS_CHANGES,
    pressed=SHOWS_CHANGES,
)
ASSIGN: Final = Action(
    "assign", "Assign", "user-plus", run=AssignState.open_form({}), words="place give shift", possible=_HEAD.can_assign
)
CAN_FILL: Final = (_HEAD.status == "draft") & _HEAD.can_assign
FILL: Final = Action(
    "fill",
    "Fill …",
    "sparkles",
    run=FillState.begin,
    words="optimise automatic plan solve search whole week department",
    possible=CAN_FILL,
)
VERSIONS: Final = Action(
    "versions",
    "Versions",
    "history",
    href=_WEEK.versions_href,
    leads_to=Permission.VIEW_DRAFT,
    words="compare changes",
    possible=_WEEK.versions_href != "",
)
COVERAGE: Final = Action(
    "coverage",
    "Coverage",
    "users",
    href=rx.cond(
        _HEAD.has_two_versions & (BoardState.version == "published"),
        _WEEK.coverage_href + "?version=published",
        _WEEK.coverage_href,
    ),
    leads_to=Permission.VIEW_PUBLISHED,
    words="heatmap hours of this week",
)
COPY_WEEK: Final = Action(
    "copy-week",
    "Copy the last planned week's shifts",
    "copy",
    run=BoardState.create_from_last,
    words="begin create draft",
    possible=_BEGINS & (_WEEK.copy_from > 0),
)
EMPTY_WEEK: Final = Action(
    "empty-week",
    "Begin with an empty week",
    "calendar-plus",
    run=BoardState.create,
    words="create draft",
    possible=_BEGINS,
)

#: The page has a switch, links and a button for them. What throws away comes last, where no hurried Enter runs it.
OTHERS: Final = (
    Action("undo", "Undo", "undo-2", run=UndoState.undo, words="take back", possible=_CAN_UNDO),
    Action("redo", "Redo", "redo-2", run=UndoState.redo, words="do again", possible=_CAN_REDO),
    Action(
        "show-draft",
        "Show the draft",
        "eye",
        run=VersionState.look_at({"version": "working"}),
        words="version working",
        possible=HAS_TWO_VERSIONS & (BoardState.version == "published"),
    ),
    Action(
        "show-published",
        "Show the published version",
        "eye",
        run=VersionState.look_at({"version": "published"}),
        words="in force",
        possible=HAS_TWO_VERSIONS & (BoardState.version != "published"),
    ),
    Action(
        "next-week",
        "Next week",
        "chevron-right",
        href=_WEEK.next_href,
        leads_to=Permission.VIEW_PUBLISHED,
        words="forward",
    ),
    Action(
        "previous-week",
        "Previous week",
        "chevron-left",
        href=_WEEK.previous_href,
        leads_to=Permission.VIEW_PUBLISHED,
        words="last back",
    ),
    DISCARD,
)
