"""The board's surface: assets/board.jsx as a Reflex component."""

from typing import Any

import reflex as rx

Told = rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class Board(rx.Component):
    """People down, days across, open shifts on top; pick a shift up, put it on a person.

    What is picked, focused, expanded and being saved lives in the browser; the server hears of it through the events,
    each with one dict: on_pick {shift_id}, on_unpick {}, on_place {shift_id, employee_id},
    on_unassign {assignment_id, version}, on_open_cell {employee_id, date}, on_open_shift {shift_id},
    on_open_assignment {assignment_id}.

    Args:
        label: Names the grid for screen readers: site and week.
        days: Seven BoardDay.
        shifts: The snapshot, per day its BoardShifts in the order they begin.
        staffed: Newer numbers of people by shift id.
        rows: The snapshot, one BoardRow per person, sorted by name.
        patch: Newer rows by employee id; None for a person who is gone.
        can_assign: Whether picking, placing and unassigning are offered.
        can_open: Whether somebody's shift can be opened.
        striped: Draft look.
        verdicts: By employee id, {"level": "ok"|"warn"|"block", "text": str}.
        verdicts_for: The shift the verdicts belong to; 0 for none.
        refusal: The last refused placing, {"nonce": int, "shift_id": int, "employee_id": int}.
        busy: The server is at work; shown as a thin moving line.
        filter: Show only people whose name, role or department holds these words.
    """

    library = "$/public/board.jsx"
    tag = "Board"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    label: rx.Var[str]
    days: rx.Var[list[dict[str, Any]]]
    shifts: rx.Var[list[list[dict[str, Any]]]]
    staffed: rx.Var[dict[str, int]]
    rows: rx.Var[list[dict[str, Any]]]
    patch: rx.Var[dict[str, Any]]
    can_assign: rx.Var[bool]
    can_open: rx.Var[bool]
    striped: rx.Var[bool]
    verdicts: rx.Var[dict[str, Any]]
    verdicts_for: rx.Var[int]
    refusal: rx.Var[dict[str, Any]]
    busy: rx.Var[bool]
    filter: rx.Var[str]

    on_pick: Told
    on_unpick: Told
    on_place: Told
    on_unassign: Told
    on_open_cell: Told
    on_open_shift: Told
    on_open_assignment: Told


board = Board.create
