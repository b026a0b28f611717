"""The board's surface: assets/board.jsx as a Reflex component."""

from typing import Any

import reflex as rx

Told = rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class Board(rx.Component):
    """People down, days across, open shifts on top; pick a shift up or drag it, put it on a person, a day or a shift.

    What is picked, dragged, focused, expanded and being saved lives in the browser; the server hears of it through the
    events, each with one dict: on_pick {shift_id, assignment_id}, on_unpick {}, on_open_cell {employee_id, date},
    on_open_shift {shift_id}, on_open_assignment {assignment_id}, on_judge_swap and on_swap {assignment_id,
    other_assignment_id}; and, with a `key` that comes back in the answer, on_place {shift_id, employee_id},
    on_move {assignment_id, version, shift_id, employee_id, keep}, on_unassign {assignment_id, version},
    on_resize {shift_id, version, start, end}, on_bulk {action, ids, employee_id, day, keep} for what is selected;
    on_go_to {day} for a day of another week, on_night {is_wanted} when the shifts that run into the week's first day
    are to be shown or no longer, on_beside {is_wanted, department} for the heatmap beside the board.

    Who and which shifts are shown is filtered in the browser too, and kept in the page's address: q, department,
    qualification, status and view, for the view of a day also day and hour, and beside for the heatmap. What the week
    does not know of those is left out, in words.

    Dragging is by @dnd-kit/dom: pointer events, so that touch works, no element registered but the grid, so that rows
    may come and go, and none of React's state changed by a move of the pointer.

    Args:
        label: Names the grid for screen readers: site and week.
        days: Seven BoardDay.
        clocks: Their DayClocks.
        nights: A Night, of the week before.
        version: Which of the week's versions is shown.
        beside: What the heatmap beside the board was last told to show.
        shifts: The snapshot, per day its BoardShifts in the order they begin.
        staffed: Newer numbers of people by shift id.
        rows: The snapshot, one BoardRow per person, sorted by name.
        patch: Newer rows by employee id; None for a person who is gone.
        currency: Of the costs; empty for whoever may not know them.
        clock_24h: How the site's clock counts.
        can_assign: Whether picking, dragging, placing and unassigning are offered.
        can_open: Whether an assignment can be looked at in full.
        can_resize: Whether a shift can be given other times.
        can_fill: Whether people can be searched for the shifts selected.
        striped: Draft look.
        verdicts: By employee id, a Verdict.
        judged: What the verdicts are about.
        answer: What became of the last gesture.
        bulk_done: What was done with the selection last: {nonce, text}.
        swapping: What swapping the held chip with another would do, a Swapping.
        changes: What differs from another version, as BoardChanges; marks on chips, and ghosts of chips that are gone.
    """

    library = "$/public/board.jsx"
    tag = "Board"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26", "@dnd-kit/dom@0.5.0"]

    label: rx.Var[str]
    days: rx.Var[list[dict[str, Any]]]
    clocks: rx.Var[list[dict[str, int]]]
    nights: rx.Var[dict[str, Any]]
    version: rx.Var[str]
    beside: rx.Var[dict[str, Any]]
    shifts: rx.Var[list[list[dict[str, Any]]]]
    staffed: rx.Var[dict[str, int]]
    rows: rx.Var[list[dict[str, Any]]]
    patch: rx.Var[dict[str, Any]]
    currency: rx.Var[str]
    clock_24h: rx.Var[bool]
    can_assign: rx.Var[bool]
    can_open: rx.Var[bool]
    can_resize: rx.Var[bool]
    can_fill: rx.Var[bool]
    striped: rx.Var[bool]
    verdicts: rx.Var[dict[str, Any]]
    judged: rx.Var[dict[str, Any]]
    answer: rx.Var[dict[str, Any]]
    bulk_done: rx.Var[dict[str, Any]]
    swapping: rx.Var[dict[str, Any]]
    changes: rx.Var[Any]

    on_pick: Told
    on_unpick: Told
    on_place: Told
    on_move: Told
    on_judge_swap: Told
    on_swap: Told
    on_unassign: Told
    on_resize: Told
    on_bulk: Told
    on_open_cell: Told
    on_open_shift: Told
    on_open_assignment: Told
    on_go_to: Told
    on_night: Told
    on_beside: Told


board = Board.create
