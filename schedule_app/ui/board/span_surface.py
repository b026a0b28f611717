"""The grid of two weeks or a month: assets/span.jsx as a Reflex component."""

from typing import Any

import reflex as rx

from schedule_app.ui.board.surface import Told


class Span(rx.Component):
    """People down, the days of some weeks across, and what each week's version is.

    Shifts of two weeks are picked up and placed as on the week's board; everything else leads to the weeks' boards.
    The events are the board's: on_pick {shift_id}, on_unpick {}, on_place {shift_id, employee_id, key},
    on_open_assignment {assignment_id}.

    Args:
        label: Names the grid for screen readers: site and days.
        weeks: ShownWeek each.
        days: Seven BoardDay for each week.
        patterns: What shifts have in common, as SpanPattern.
        shifts: The snapshot, per day its shifts in the order they begin, [id, pattern, needed, staffed] each.
        staffed: Newer numbers of people by shift id.
        rows: The snapshot, one SpanRow per person, sorted by name.
        patch: Newer rows by employee id; None for a person who is gone.
        statuses: What the numbers of statuses mean.
        is_month: Whether it is a month, with less room for each day.
        currency: Of the costs; empty for whoever may not know them.
        can_open: Whether an assignment can be looked at in full.
        can_create: Whether a week without a plan can be begun.
        verdicts: By employee id, a Verdict.
        judged: What the verdicts are about.
        answer: What became of the last gesture.
    """

    library = "$/public/span.jsx"
    tag = "Span"
    lib_dependencies: list[str] = ["@tanstack/react-virtual@3.14.26"]

    label: rx.Var[str]
    weeks: rx.Var[list[dict[str, Any]]]
    days: rx.Var[list[dict[str, Any]]]
    patterns: rx.Var[list[dict[str, Any]]]
    shifts: rx.Var[list[list[list[int]]]]
    staffed: rx.Var[dict[str, int]]
    rows: rx.Var[list[dict[str, Any]]]
    patch: rx.Var[dict[str, Any]]
    statuses: rx.Var[list[str]]
    is_month: rx.Var[bool]
    currency: rx.Var[str]
    can_open: rx.Var[bool]
    can_create: rx.Var[bool]
    verdicts: rx.Var[dict[str, Any]]
    judged: rx.Var[dict[str, Any]]
    answer: rx.Var[dict[str, Any]]

    on_pick: Told
    on_unpick: Told
    on_place: Told
    on_open_assignment: Told


span = Span.create
