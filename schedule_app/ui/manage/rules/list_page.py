"""Route of the list of rules."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui import routes
from schedule_app.ui.components import badge, button, button_link
from schedule_app.ui.components.types import Item
from schedule_app.ui.manage.frame import at_site, manage_head
from schedule_app.ui.manage.rules.list_state import RulesState
from schedule_app.ui.manage.rules.say import say_rule
from schedule_app.ui.manage.rules.say_state import SayState
from schedule_app.ui.manage.rules.trial import trial_dialog
from schedule_app.ui.manage.rules.trial_state import TrialState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.RULES, title="Rules", on_load=[ShellState.load, RulesState.load, SayState.begin])
def rules() -> rx.Component:
    """What a site's plans have to keep to."""
    return shell(
        "Rules",
        manage_head(
            "Rules",
            "rules",
            RulesState.site_id,
            RulesState.sites,
            lambda value: RulesState.choose({"site_id": value}),
            button_link("Weights", href=at_site(routes.WEIGHTS, RulesState.site_id)),
        ),
        rx.el.p(
            RulesState.total,
            rx.cond(RulesState.total == 1, " rule at ", " rules at "),
            RulesState.site_name,
            ". ",
            rx.cond(
                RulesState.found > 0,
                link(
                    RulesState.found,
                    rx.cond(RulesState.found == 1, " breach", " breaches"),
                    " now",
                    href=at_site(routes.VIOLATIONS, RulesState.site_id),
                ),
                "Nothing is broken now.",
            ),
            role="status",
            class_name="muted rule-total",
        ),
        say_rule(),
        rx.foreach(RulesState.groups, _group),
        trial_dialog(),
        current="manage",
        is_ready=RulesState.is_ready,
    )


def _group(group: Item) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(group.title, class_name="section-title"),
            button_link(
                "New",
                rx.el.span(" rule: ", group.title, class_name="sr-only"),
                href=group.new_href,
                kind="quiet",
                start="plus",
            ),
            class_name="spread",
        ),
        rx.cond(
            group.rules,
            rx.el.ul(rx.foreach(group.rules, _rule), class_name="list card rules"),
            rx.el.p("None yet.", class_name="muted small"),
        ),
        class_name="section",
        key=group.rule_type,
    )


def _rule(item: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                link(item.name, href=item.href, class_name="rule-name"),
                rx.cond(item.is_active, badge("On", tone="ok", start="check"), badge("Off", start="ban")),
                rx.cond(
                    item.now > 0,
                    link(
                        badge(
                            item.now,
                            rx.cond(item.now == 1, " breach now", " breaches now"),
                            tone="warn",
                            start="triangle-alert",
                        ),
                        href=item.now_href,
                    ),
                    None,
                ),
                class_name="rule-head",
            ),
            rx.el.p(item.sentence, class_name=rx.cond(item.is_broken, "field-error", "small muted")),
            class_name="rule-text",
        ),
        button(
            rx.cond(item.is_active, "Switch off", "Switch on"),
            rx.el.span(" ", item.name, class_name="sr-only"),
            on_click=TrialState.switch({"rule_id": item.id}),
        ),
        class_name="list-item rule",
        key=item.id,
    )
