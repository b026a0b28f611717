"""The form of a rule: what every rule has, and the fields made from the limits of its kind."""

import reflex as rx

from schedule_app.ui.components import button, field, icon, select
from schedule_app.ui.components.types import Attribute, Item, Text
from schedule_app.ui.manage.rules.rule_state import RuleState

_STRICT = (("true", "It blocks: nobody is assigned against it"), ("false", "It warns: a manager may give a reason"))


def rule_form() -> rx.Component:
    """The form; its button shows what saving would do first."""
    return rx.el.form(
        rx.el.div(
            _name(),
            rx.foreach(RuleState.form, _limit),
            class_name="card stack",
        ),
        rx.el.div(_scope(), class_name="card stack"),
        rx.el.div(
            rx.cond(
                RuleState.is_new,
                None,
                button(
                    "Delete",
                    start="trash-2",
                    class_name="btn-apart",
                    on_click=RuleState.ask_delete({"is_open": True}),
                ),
            ),
            button("Check and save", kind="primary", type="submit"),
            class_name="form-actions",
        ),
        id="rule-form",
        key=RuleState.form_key,
        no_validate=True,
        on_submit=lambda data: RuleState.check({"values": data.to_string()}),
        class_name="stack",
    )


def _name() -> rx.Component:
    return field(
        "Name",
        "rule-name",
        name="name",
        default_value=RuleState.common.name,
        error=RuleState.errors.name,
        hint="What people read when the rule stands in the way.",
        max_length=200,
        auto_complete="off",
    )


def _limit(each: Item) -> rx.Component:
    return rx.fragment(
        rx.match(
            each.kind,
            ("flag", _flag(each)),
            ("many", _many(each)),
            ("lines", _lines(each)),
            _typed(each),
        )
    )


def _typed(each: Item) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            each.label,
            rx.el.span(" (", each.unit, ")", class_name="sr-only"),
            html_for=each.name,
            class_name="field-label",
        ),
        _measured(each.name, each.value, each.error, each.unit),
        _note(each.name, each.hint, each.error),
        class_name="field",
        key=each.name,
    )


def _flag(each: Item) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name=each.name,
                default_checked=each.value == "on",
                aria_describedby=each.name + "-note",
            ),
            rx.el.span(each.label),
            class_name="check",
        ),
        _note(each.name, each.hint, each.error),
        class_name="field",
        key=each.name,
    )


def _many(each: Item) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(each.label, class_name="field-label"),
        rx.el.div(
            rx.foreach(
                each.options,
                lambda option: rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name=option.name,
                        default_checked=option.is_chosen,
                        aria_describedby=each.name + "-note",
                        aria_invalid=rx.cond(each.error != "", "true", "false"),
                    ),
                    rx.el.span(option.label),
                    class_name="check",
                    key=option.name,
                ),
            ),
            class_name="rule-options",
        ),
        rx.cond(
            each.options.length() == 0,
            rx.el.p("Nobody at this site holds any, and no shift asks for any.", class_name="small muted"),
            None,
        ),
        _note(each.name, each.hint, each.error),
        class_name="field rule-fieldset",
        key=each.name,
    )


def _lines(each: Item) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(each.label, class_name="field-label"),
        rx.foreach(
            each.lines,
            lambda line, index: rx.el.div(
                rx.foreach(line.parts, lambda part: _part(part, index)),
                class_name="rule-line",
                key=line.key,
            ),
        ),
        rx.el.div(button("Add a line", start="plus", kind="quiet", on_click=RuleState.add_line)),
        _note(each.name, each.hint, each.error),
        class_name="field rule-fieldset",
        key=each.name,
    )


def _part(part: Item, index: Item) -> rx.Component:
    number = rx.el.span(", line ", index + 1, class_name="sr-only")
    return rx.el.div(
        rx.el.label(part.label, number, html_for=part.name, class_name="field-label"),
        rx.cond(
            part.kind == "choice",
            rx.el.span(
                rx.el.select(
                    rx.foreach(part.options, lambda option: rx.el.option(option.label, value=option.value)),
                    name=part.name,
                    default_value=part.value,
                    aria_invalid=rx.cond(part.error != "", "true", "false"),
                    custom_attrs={"id": part.name},
                ),
                icon("chevron-down"),
                class_name="select",
            ),
            _measured(part.name, part.value, part.error, part.unit),
        ),
        _note(part.name, "", part.error),
        class_name="field",
        key=part.name,
    )


def _measured(name: Item, value: Text, error: Text, unit: Text) -> rx.Component:
    return rx.el.div(
        rx.el.input(
            name=name,
            default_value=value,
            custom_attrs={"id": name},
            input_mode="decimal",
            auto_complete="off",
            max_length=20,
            aria_invalid=rx.cond(error != "", "true", "false"),
            aria_describedby=name + "-note",
            class_name="input",
        ),
        rx.el.span(unit),
        class_name="rule-measured",
    )


def _note(name: Item, hint: Text, error: Text) -> rx.Component:
    return rx.el.div(
        rx.cond(
            error != "",
            rx.el.p(icon("circle-x"), error, class_name="field-error"),
            rx.cond(hint != "", rx.el.p(hint, class_name="field-hint"), None),
        ),
        custom_attrs={"id": name + "-note", "aria-live": "polite"},
    )


def _scope() -> rx.Component:
    common, errors = RuleState.common, RuleState.errors
    return rx.fragment(
        field(
            "Applies to",
            "rule-scope",
            control=_choice(RuleState.scopes, "rule-scope", "scope", common.scope),
            error=errors.scope,
        ),
        rx.el.div(
            field(
                "From",
                "rule-from",
                name="effective_from",
                type="date",
                default_value=common.effective_from,
                error=errors.effective_from,
            ),
            field(
                "Until",
                "rule-until",
                name="effective_until",
                type="date",
                default_value=common.effective_until,
                error=errors.effective_until,
            ),
            class_name="form-grid",
        ),
        rx.el.div(
            field(
                "When it is broken",
                "rule-strict",
                control=_choice(_STRICT, "rule-strict", "strict", common.strict),
                error=errors.strict,
                hint=RuleState.strict_hint,
            ),
            field(
                "Priority",
                "rule-priority",
                name="priority",
                type="number",
                min=1,
                max=10,
                step=1,
                default_value=common.priority,
                error=errors.priority,
                hint="From 1 to 10, 10 the most important; how much it weighs where it only warns.",
            ),
            class_name="form-grid",
        ),
        rx.el.label(
            rx.el.input(type="checkbox", name="is_active", default_checked=common.is_active),
            rx.el.span("Switched on"),
            class_name="check",
        ),
    )


def _choice(options: Attribute, control_id: str, name: str, value: Text) -> rx.Component:
    return select(options, control_id=control_id, name=name, default_value=value)
