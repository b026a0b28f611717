"""Route of the weights of a site."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import alert, button, icon
from schedule_app.ui.components.types import Item
from schedule_app.ui.manage.frame import manage_part_head
from schedule_app.ui.manage.rules.weights_state import WeightsState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.WEIGHTS, title="Weights", on_load=[ShellState.load, WeightsState.load])
def weights() -> rx.Component:
    """What breaking a rule that only warns weighs."""
    return shell(
        "Weights",
        manage_part_head("Weights", "rules", WeightsState.site_id, WeightsState.site_name, back=routes.RULES),
        rx.el.p(
            "Rules that block are always kept. Of those that only warn, each thing that is broken weighs as much as "
            "its kind, times what the priority of the rule is worth; the lighter a plan, the better. 0 leaves a kind "
            "out.",
            class_name="muted",
        ),
        _news(),
        _form(),
        current="manage",
        is_ready=WeightsState.is_ready,
        narrow=True,
    )


def _news() -> rx.Component:
    return rx.fragment(
        rx.cond(
            WeightsState.is_outdated,
            alert(
                rx.el.p("What you typed is still here, and cannot be saved over it."),
                button("Show the newest", on_click=WeightsState.show_newest),
                title="Somebody changed this site in the meantime.",
                tone="warn",
            ),
            None,
        ),
        rx.cond(WeightsState.is_saved, alert("Saved.", tone="ok"), None),
        rx.cond(WeightsState.problem != "", alert(WeightsState.problem, tone="danger"), None),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.ul(rx.foreach(WeightsState.lines, _line), class_name="list card", aria_label="Weights"),
        rx.el.div(
            button("Fill in the defaults", on_click=WeightsState.show_defaults),
            button("Save", kind="primary", type="submit"),
            class_name="form-actions",
        ),
        id="weights-form",
        key=WeightsState.form_key,
        no_validate=True,
        on_submit=lambda data: WeightsState.save({"values": data.to_string()}),
        class_name="stack",
    )


def _line(line: Item) -> rx.Component:
    note = "weight-" + line.rule_type + "-note"
    return rx.el.li(
        rx.el.div(
            rx.el.label(line.title, html_for="weight-" + line.rule_type, class_name="rule-name"),
            rx.el.p("For ", line.unit, ".", class_name="small muted"),
            rx.el.p(
                "At priority 1, 5 and 10: ",
                rx.foreach(line.priorities, lambda each: rx.el.span(each)),
                class_name="small muted weights-at",
            ),
            class_name="rule-text",
        ),
        rx.el.div(
            rx.el.input(
                name=line.rule_type,
                default_value=line.value,
                custom_attrs={"id": "weight-" + line.rule_type},
                input_mode="numeric",
                auto_complete="off",
                max_length=4,
                aria_invalid=rx.cond(line.error != "", "true", "false"),
                aria_describedby=note,
                class_name="input num",
            ),
            rx.el.div(
                rx.cond(
                    line.error != "",
                    rx.el.p(icon("circle-x"), line.error, class_name="field-error"),
                    rx.el.p("Default ", line.default, class_name="field-hint"),
                ),
                custom_attrs={"id": note, "aria-live": "polite"},
            ),
            class_name="weights-value",
        ),
        class_name="list-item rule",
        key=line.rule_type,
    )
