"""Form parts: every control has a visible label tied to it."""

from collections.abc import Sequence

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui.components.icon import icon
from schedule_app.ui.components.types import Attribute, Handler, Text


def field(
    label: Text,
    control_id: str,
    *,
    hint: Text = "",
    error: Text = "",
    multiline: bool = False,
    control: rx.Component | None = None,
    **props: Attribute,
) -> rx.Component:
    """A label, a control and below it a hint and an error that are read out with the control.

    Args:
        label: What to enter.
        control_id: The control's id; also its name unless a name is given.
        hint: A line of help.
        error: What is wrong with the value; empty when nothing is.
        multiline: A text area instead of an input.
        control: A ready control, as `select(..., control_id=...)`, instead of an input.
        props: Whatever an input takes: type, value, default_value, required, max_length, auto_complete.
    """
    has_error = error != ""
    if control is None:
        props.setdefault("name", control_id)
        make = rx.el.textarea if multiline else rx.el.input
        control = make(
            custom_attrs=_own_id(control_id),
            class_name="input",
            aria_invalid=rx.cond(has_error, "true", "false"),
            aria_describedby=f"{control_id}-note",
            **props,
        )
    return rx.el.div(
        rx.el.label(label, html_for=control_id, class_name="field-label"),
        control,
        rx.el.div(
            rx.cond(
                has_error,
                rx.el.p(icon("circle-x"), error, class_name="field-error"),
                rx.cond(hint != "", rx.el.p(hint, class_name="field-hint"), rx.fragment()),
            ),
            id=f"{control_id}-note",
            custom_attrs={"aria-live": "polite"},
        ),
        class_name="field",
    )


def select(
    options: Sequence[tuple[str, str]] | rx.Var[list[tuple[str, str]]],
    *,
    label: str = "",
    control_id: str = "",
    **props: Attribute,
) -> rx.Component:
    """A native select.

    Args:
        options: (value, text) pairs, or a var of such pairs.
        label: Its accessible name where no visible label is tied to it by its id.
        control_id: The id that a visible label is tied to.
        props: Whatever a select takes: name, value, default_value, on_change.
    """
    if label:
        props["aria_label"] = label
    if control_id:
        props["custom_attrs"] = _own_id(control_id)
    items = (
        [rx.foreach(options, lambda pair: rx.el.option(pair[1], value=pair[0]))]
        if isinstance(options, rx.Var)
        else [rx.el.option(text, value=value) for value, text in options]
    )
    return rx.el.span(rx.el.select(*items, **props), icon("chevron-down"), class_name="select")


def _own_id(control_id: str) -> dict[str, str]:
    """The id of a form control as an attribute of HTML alone.

    Given to Reflex as `id`, it makes the form send the control's value a second time, under the id.
    """
    return {"id": control_id}


def segmented(label: str, items: Sequence[tuple[str, str, Handler]], *, value: Text) -> rx.Component:
    """A few choices of which one is on.

    Args:
        label: What is being chosen, read out before the choices.
        items: (value, text, handler) for buttons, or (value, text, "/path") for links.
        value: The value that is on.
    """
    return rx.el.div(
        *(_segment(key, text, action, value) for key, text, action in items),
        role="group",
        aria_label=label,
        class_name="segmented",
    )


def _segment(key: str, text: str, action: Handler, value: Text) -> rx.Component:
    if isinstance(action, str) or (isinstance(action, rx.Var) and action._var_type is str):
        current = rx.cond(rx.Var.create(value) == key, "page", "false")
        return link(text, href=action, class_name="segmented-item", custom_attrs={"aria-current": current})
    pressed = rx.cond(rx.Var.create(value) == key, "true", "false")
    return rx.el.button(
        text, type="button", on_click=action, class_name="segmented-item", custom_attrs={"aria-pressed": pressed}
    )
