"""Filling the week: the dialog that asks how, and the panel above the board that follows the search."""

from collections.abc import Sequence
from typing import TypeAlias

import reflex as rx

from schedule_app.queries.solve_runs import HEIGHT, WIDTH
from schedule_app.ui.board.fill_state import DEMANDS, TIMES, FillState
from schedule_app.ui.board.proposals_state import ProposalsState
from schedule_app.ui.board.why_state import WhyState
from schedule_app.ui.components import alert, button, dialog, field, icon, select
from schedule_app.ui.components.types import Item, Text

Options: TypeAlias = Sequence[tuple[str, str]] | rx.Var[list[tuple[str, str]]]

_KEEPINGS = (
    ("all", "Keep everybody who is planned"),
    ("told", "Plan anew, but keep who is pinned or was told already"),
    ("repair", "Repair: change as little as may be, in up to three ways"),
)
_DISTURBED = "People who were told something that is no longer so, or who get more than they were told."
_RUN = FillState.run
_RUNS: Item = FillState.runs
_WEIGHTS: Item = FillState.weights


def fill_dialog() -> rx.Component:
    """What to fill, what may change, and how long to search."""
    return dialog(
        rx.el.div(
            rx.cond(
                FillState.selected != "",
                rx.el.p("Only what is selected: ", rx.el.strong(FillState.selected)),
                _choice("Fill", "fill-department", FillState.departments, "department", FillState.department),
            ),
            _choice("People planned already", "fill-keeping", _KEEPINGS, "keeping", FillState.keeping),
            _choice("Search for at most", "fill-seconds", TIMES, "seconds", FillState.seconds),
            _scenario(),
            rx.cond(FillState.problem != "", alert(FillState.problem, tone="warn"), rx.fragment()),
            class_name="stack",
        ),
        title=rx.cond(FillState.selected != "", "Fill the selection", "Fill the week"),
        text="Searches for the plan that covers most and breaks least. You see it before anything changes.",
        is_open=FillState.is_open,
        on_open_change=lambda is_open: FillState.show({"is_open": is_open}),
        actions=(
            button("Cancel", on_click=FillState.show({"is_open": False})),
            button("Search", kind="primary", start="sparkles", on_click=FillState.start),
        ),
    )


def fill_panel() -> rx.Component:
    """How far the search is, its best plan in figures, and what can be done with it; nothing while there is none."""
    return rx.cond(
        _RUN.id > 0,
        rx.el.section(
            icon("sparkles"),
            rx.el.div(
                rx.cond(_RUNS.length() > 1, _tabs(), rx.fragment()),
                rx.el.p(_RUN.title, class_name="fill-title"),
                rx.cond(_RUN.asked != "", rx.el.p("Asked for: ", _RUN.asked, class_name="small muted"), rx.fragment()),
                rx.cond(_RUN.message != "", rx.el.p(_RUN.message, class_name="small"), rx.fragment()),
                class_name="fill-words",
            ),
            rx.cond(_RUN.curve != "", _figures(), rx.fragment()),
            rx.el.div(*_steps(), class_name="toolbar page-actions"),
            aria_label="Filling the week",
            class_name="fill",
            custom_attrs={"data-status": _RUN.status},
        ),
        rx.fragment(),
    )


def _tabs() -> rx.Component:
    return rx.el.div(rx.foreach(_RUNS, _tab), role="group", aria_label="Proposals", class_name="segmented fill-tabs")


def _tab(run: Item) -> rx.Component:
    return rx.el.button(
        run.name,
        type="button",
        title=run.asked,
        on_click=FillState.look({"run_id": run.id}),
        class_name="segmented-item",
        custom_attrs={"aria-pressed": rx.cond(run.id == _RUN.id, "true", "false")},
    )


def _figures() -> rx.Component:
    return rx.el.div(
        rx.el.dl(
            _figure("Places filled", _RUN.covered),
            _figure("Score", _RUN.score, "What is missing and what goes against rules, weighed; less is better."),
            rx.cond(_RUN.disturbed != "", _figure("People disturbed", _RUN.disturbed, _DISTURBED), rx.fragment()),
            rx.cond(_RUN.gap != "", _figure("From the best", _RUN.gap), rx.fragment()),
            class_name="fill-figures",
        ),
        rx.el.svg(
            rx.el.path(d=_RUN.curve, custom_attrs={"vectorEffect": "non-scaling-stroke"}),
            view_box=f"0 0 {WIDTH} {HEIGHT}",
            preserve_aspect_ratio="none",
            aria_hidden="true",
            class_name="fill-curve",
        ),
        class_name="fill-result",
    )


def _figure(name: str, value: Text, title: str = "") -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), title=title or None)


def _steps() -> tuple[rx.Component, ...]:
    is_running = (_RUN.status == "running") | (_RUN.status == "queued")
    is_proposed = _RUN.status == "proposed"
    seen = {"run_id": _RUN.id}
    return (
        rx.cond(is_running, button("Stop", disabled=_RUN.is_stopping, on_click=FillState.stop), rx.fragment()),
        rx.cond(_RUN.has_reasons, button("Why this plan?", on_click=WhyState.begin), rx.fragment()),
        rx.cond(is_proposed, button("Compare", on_click=ProposalsState.begin), rx.fragment()),
        rx.cond(
            _RUN.status == "failed",
            button("Close", on_click=FillState.discard(seen)),
            button("Discard", on_click=FillState.discard(seen)),
        ),
        rx.cond(
            is_proposed, button("Keep", kind="primary", start="check", on_click=FillState.keep(seen)), rx.fragment()
        ),
    )


def _choice(label: str, control_id: str, options: Options, name: str, value: Text) -> rx.Component:
    return field(
        label,
        control_id,
        control=select(
            options,
            control_id=control_id,
            value=value,
            on_change=lambda chosen: FillState.choose({name: chosen}),
        ),
    )


def _scenario() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Try other weights or another demand"),
        rx.el.div(
            rx.el.p(
                "For this search alone. The plan stands beside the others, to be compared with them.",
                class_name="small muted",
            ),
            _choice("People to plan for", "fill-demand", DEMANDS, "demand", FillState.demand),
            rx.cond(
                _WEIGHTS.length() > 0,
                rx.el.fieldset(
                    rx.el.legend("What breaking a rule that only warns weighs", class_name="field-label"),
                    rx.foreach(_WEIGHTS, _weight),
                    class_name="fill-weights",
                ),
                rx.fragment(),
            ),
            class_name="stack",
        ),
        class_name="fill-scenario",
    )


def _weight(line: Item) -> rx.Component:
    control_id = "fill-weight-" + line.rule_type
    return rx.el.div(
        rx.el.label(line.title, html_for=control_id, title=line.unit),
        rx.el.input(
            custom_attrs={"id": control_id},
            default_value=line.value,
            input_mode="numeric",
            auto_complete="off",
            max_length=3,
            on_blur=lambda value: FillState.weigh({"rule_type": line.rule_type, "weight": value}),
            class_name="input num",
        ),
        class_name="fill-weight",
        key=line.rule_type,
    )
