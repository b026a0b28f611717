"""Route of the week board."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.board.actions import OTHERS
from schedule_app.ui.board.assignment_state import AssignmentState
from schedule_app.ui.board.beside_state import BesideState
from schedule_app.ui.board.bulk_dialog import bulk_dialog
from schedule_app.ui.board.changes_state import ChangesState
from schedule_app.ui.board.copy_dialog import copy_dialog
from schedule_app.ui.board.cover_dialog import cover_dialog
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.board.dialogs import (
    assign_dialog,
    assignment_dialog,
    discard_dialog,
    override_dialog,
    reject_dialog,
    undo_refused_dialog,
)
from schedule_app.ui.board.fill_panel import fill_dialog, fill_panel
from schedule_app.ui.board.fill_state import FillState
from schedule_app.ui.board.keys import KEYS, SPAN_KEYS
from schedule_app.ui.board.ledger_dialog import ledger_dialog
from schedule_app.ui.board.ledger_state import LedgerState
from schedule_app.ui.board.night_state import NightState
from schedule_app.ui.board.presence_state import PresenceState
from schedule_app.ui.board.proposals_dialog import proposals_dialog
from schedule_app.ui.board.repeat_dialog import repeat_dialog
from schedule_app.ui.board.report import report
from schedule_app.ui.board.sections import head, notices, surface, toolbar
from schedule_app.ui.board.shift_dialog import shift_dialog
from schedule_app.ui.board.signing import approve_dialog, publish_dialog
from schedule_app.ui.board.span_state import SpanState
from schedule_app.ui.board.split_dialog import split_dialog
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.swap_dialog import swap_dialog, swap_list_dialog
from schedule_app.ui.board.template_dialog import template_dialog
from schedule_app.ui.board.undo_state import UndoState
from schedule_app.ui.board.why_dialog import why_dialog
from schedule_app.ui.components import button_link, not_here
from schedule_app.ui.palette.actions import entries
from schedule_app.ui.palette.surface import palette_keys
from schedule_app.ui.shell import ShellState, shell


@rx.page(
    route=routes.SCHEDULE,
    title="Schedule",
    on_load=[
        ShellState.load,
        BoardState.load,
        BesideState.load,
        NightState.load,
        UndoState.load,
        ChangesState.load,
        FillState.load,
        PresenceState.load,
        SpanState.load,
        LedgerState.load,
        CoverState.open_named,
        AssignmentState.open_named,
    ],
)
def schedule() -> rx.Component:
    """The week of a site: who works when, and how far the plan has come."""
    return shell(
        "Schedule",
        rx.cond(
            BoardState.is_found,
            rx.fragment(
                head(),
                toolbar(),
                notices(),
                report(),
                fill_panel(),
                surface(),
                assign_dialog(),
                cover_dialog(),
                assignment_dialog(),
                override_dialog(),
                swap_dialog(),
                swap_list_dialog(),
                bulk_dialog(),
                discard_dialog(),
                reject_dialog(),
                undo_refused_dialog(),
                approve_dialog(),
                publish_dialog(),
                shift_dialog(),
                copy_dialog(),
                template_dialog(),
                split_dialog(),
                entries(OTHERS),
                rx.cond(
                    BoardState.span != "",
                    palette_keys(title="In two weeks and the month", keys=SPAN_KEYS),
                    palette_keys(title="On the board", keys=KEYS),
                ),
                repeat_dialog(),
                fill_dialog(),
                why_dialog(),
                proposals_dialog(),
                ledger_dialog(),
            ),
            not_here(
                "Schedule",
                "There is no such week here",
                "The address may be wrong, or the week belongs to a site you do not work for.",
                button_link("Go to this week", href=ShellState.schedule_href),
                name="calendar-days",
            ),
        ),
        current="schedule",
        is_ready=BoardState.is_ready,
        today_href=BoardState.week.today_href,
    )
