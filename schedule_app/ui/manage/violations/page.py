"""Route of the list of what is broken now."""

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.ui import routes
from schedule_app.ui.components import badge, button, empty_state, select
from schedule_app.ui.components.types import Attribute, Item, Text
from schedule_app.ui.manage.frame import manage_head
from schedule_app.ui.manage.violations.state import ViolationsState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.VIOLATIONS, title="Broken now", on_load=[ShellState.load, ViolationsState.load])
def violations() -> rx.Component:
    """What goes against the rules in the current and the coming weeks."""
    return shell(
        "Broken now",
        manage_head(
            "Broken now",
            "violations",
            ViolationsState.site_id,
            ViolationsState.sites,
            lambda value: ViolationsState.choose({"site_id": value}),
        ),
        _filters(),
        rx.cond(
            ViolationsState.items,
            rx.el.ul(rx.foreach(ViolationsState.items, _item), class_name="list card found", aria_label="Breaches"),
            rx.cond(
                ViolationsState.found > 0,
                empty_state(
                    "Nothing like that is broken",
                    "Other breaches are hidden by what you chose above.",
                    button("Show all of them", on_click=ViolationsState.narrow({})),
                    name="search",
                ),
                empty_state(
                    "Nothing is broken",
                    "Everybody's shifts of this week and the next seven keep to the rules of the site.",
                    name="circle-check",
                ),
            ),
        ),
        rx.cond(
            ViolationsState.hidden > 0,
            rx.el.p(
                "and ",
                ViolationsState.hidden,
                " more; choose a rule, a person or a week above to see them.",
                class_name="muted small",
            ),
            None,
        ),
        current="manage",
        is_ready=ViolationsState.is_ready,
    )


def _filters() -> rx.Component:
    choices, look = ViolationsState.choices, ViolationsState.look
    return rx.el.div(
        _filter("Rule", choices.rules, "rule", look.rule),
        _filter("Person", choices.people, "person", look.person),
        _filter("Department", choices.departments, "department", look.department),
        _filter("Week", choices.weeks, "week", look.week),
        rx.el.p(
            ViolationsState.total,
            rx.cond(ViolationsState.total == 1, " breach", " breaches"),
            role="status",
            class_name="muted small num",
        ),
        class_name="toolbar",
    )


def _filter(label: str, options: Attribute, name: str, value: Text) -> rx.Component:
    look = ViolationsState.look
    present = {"rule": look.rule, "person": look.person, "department": look.department, "week": look.week}
    return select(
        options,
        label=label,
        value=value,
        on_change=lambda chosen: ViolationsState.narrow({**present, name: chosen}),
    )


def _item(item: Item) -> rx.Component:
    return rx.el.li(
        rx.cond(
            item.blocks,
            badge(rx.cond(item.of_week, "To be put right", "Would be refused"), tone="danger", start="circle-x"),
            badge("Warning", tone="warn", start="triangle-alert"),
        ),
        rx.el.div(
            rx.el.p(item.message),
            rx.el.p(
                link(item.shift, href=item.href),
                " · ",
                rx.cond(item.rule_href != "", link(item.rule, href=item.rule_href), rx.el.span(item.rule)),
                class_name="small muted",
            ),
            rx.cond(item.accepted != "", rx.el.p("Allowed by ", item.accepted, class_name="small muted"), None),
            class_name="grow",
        ),
        class_name="list-item found-item",
        key=item.key,
    )
