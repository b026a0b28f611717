"""Route of one rule, or of a new one."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import alert, badge, button, button_link, dialog, not_here
from schedule_app.ui.manage.frame import manage_part_head
from schedule_app.ui.manage.rules.rule_sections import rule_form
from schedule_app.ui.manage.rules.rule_state import RuleState
from schedule_app.ui.manage.rules.trial import trial_dialog
from schedule_app.ui.manage.rules.trial_state import TrialState
from schedule_app.ui.shell import ShellState, shell

_TAKE_THEIRS = [TrialState.show({"is_open": False}), RuleState.show_newest]


@rx.page(route=routes.RULE, title="Rule", on_load=[ShellState.load, RuleState.load])
def rule() -> rx.Component:
    """What a rule asks for, of whom, and how hard."""
    return shell(
        "Rule",
        rx.cond(
            RuleState.is_found,
            rx.fragment(_head(), _news(), rule_form(), _deleting(), trial_dialog(on_take=_TAKE_THEIRS)),
            not_here(
                "Rule",
                "There is no such rule here",
                "It may have been deleted, or it belongs to a site you do not manage.",
                button_link("To the rules", href=routes.RULES),
                name="ban",
            ),
        ),
        current="manage",
        is_ready=RuleState.is_ready,
        narrow=True,
    )


def _head() -> rx.Component:
    return manage_part_head(
        RuleState.title, "rules", RuleState.site_id, RuleState.site_name, badge(RuleState.kind), back=routes.RULES
    )


def _news() -> rx.Component:
    return rx.fragment(
        rx.cond(
            RuleState.is_outdated,
            alert(
                rx.el.p("What you typed is still here. When you save it, both versions are shown."),
                button("Show the newest", on_click=RuleState.show_newest),
                title="Somebody changed this rule in the meantime.",
                tone="warn",
            ),
            None,
        ),
        rx.cond(RuleState.problem != "", alert(RuleState.problem, tone="danger"), None),
    )


def _deleting() -> rx.Component:
    return dialog(
        title="Delete this rule?",
        text="It no longer holds from then on. What was found against it stays in the record of changes.",
        is_open=RuleState.is_deleting,
        on_open_change=lambda is_open: RuleState.ask_delete({"is_open": is_open}),
        actions=(
            button("Keep it", on_click=RuleState.ask_delete({"is_open": False})),
            button("Delete rule", kind="danger", on_click=RuleState.delete),
        ),
    )
