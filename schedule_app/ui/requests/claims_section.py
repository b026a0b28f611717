"""The requests for open shifts that wait for a planner."""

import reflex as rx

from schedule_app.ui.components import button, dialog, field, icon, told
from schedule_app.ui.components.icon import IconName
from schedule_app.ui.components.types import Child, Handler, Item
from schedule_app.ui.requests.claims_state import ClaimsState


def claims_section() -> rx.Component:
    """Who asks for which open shift, what it would do, and the two answers."""
    return rx.el.section(
        rx.el.h2("Open shifts", id="claims-title", class_name="section-title"),
        told(ClaimsState.done),
        rx.cond(
            ClaimsState.claims,
            rx.el.ul(rx.foreach(ClaimsState.claims, _claim), class_name="stack"),
            rx.el.p("Nobody asks for an open shift.", class_name="muted"),
        ),
        _dialog(),
        aria_labelledby="claims-title",
        class_name="stack section",
    )


def _claim(claim: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(claim.employee_name, class_name="shift-day"),
            rx.el.p(claim.shift),
        ),
        rx.el.div(
            _fact("map-pin", claim.where),
            _fact("users", claim.places),
            _fact("clock", claim.hours),
            class_name="shift-facts",
        ),
        rx.foreach(claim.problems, _problem("circle-x")),
        rx.foreach(claim.warnings, _problem("triangle-alert")),
        rx.el.p("Asked ", claim.asked_label, class_name="small muted"),
        rx.el.div(
            rx.cond(
                claim.can_approve,
                rx.cond(
                    claim.warnings.length() > 0,
                    _approve(claim, ClaimsState.ask({"claim_id": claim.id, "step": "approve"})),
                    _approve(claim, ClaimsState.approve({"claim_id": claim.id, "note": ""})),
                ),
                None,
            ),
            button(
                "Reject",
                _of(claim),
                start="x",
                large=True,
                on_click=ClaimsState.ask({"claim_id": claim.id, "step": "reject"}),
            ),
            class_name="btn-pair",
        ),
        class_name="shift-card",
        custom_attrs={"data-claim": claim.id.to_string()},
        key=claim.id.to_string(),
    )


def _approve(claim: Item, on_click: Handler) -> rx.Component:
    return button("Approve", _of(claim), kind="primary", start="check", large=True, on_click=on_click)


def _dialog() -> rx.Component:
    is_approval = ClaimsState.step == "approve"
    return dialog(
        rx.cond(is_approval, _form(ClaimsState.approve), _form(ClaimsState.reject)),
        title=rx.cond(is_approval, "Give this shift?", "Reject this request?"),
        text=ClaimsState.asking_text,
        is_open=ClaimsState.asking_id > 0,
        on_open_change=lambda _is_open: ClaimsState.leave(),
        actions=(
            button("Decide later", large=True, on_click=ClaimsState.leave),
            button(
                rx.cond(is_approval, "Give the shift", "Reject"),
                kind="primary",
                large=True,
                type="submit",
                form="claim-form",
            ),
        ),
    )


def _form(decide: Handler) -> rx.Component:
    return rx.el.form(
        _number(ClaimsState.asking_id),
        field(
            rx.cond(ClaimsState.needs_reason, "Reason for giving the shift all the same", "Note to the person"),
            "claim-note",
            name="note",
            hint=rx.cond(
                ClaimsState.needs_reason,
                "Kept with the assignment and in the record of changes, and told to the person.",
                "You may leave this empty.",
            ),
            multiline=True,
            max_length=500,
            required=ClaimsState.needs_reason,
        ),
        id="claim-form",
        on_submit=decide,
    )


def _number(claim_id: Item) -> rx.Component:
    return rx.el.input(type="hidden", name="claim_id", value=claim_id.to_string())


def _fact(name: IconName, content: Child) -> rx.Component:
    return rx.el.p(icon(name), rx.el.span(content))


def _problem(name: IconName):  # noqa: ANN202 - what foreach takes
    return lambda words: rx.el.p(icon(name), rx.el.span(words), class_name="small cover-problem")


def _of(claim: Item) -> rx.Component:
    return rx.el.span(": ", claim.employee_name, ", ", claim.shift, class_name="sr-only")
