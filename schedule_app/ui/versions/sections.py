"""The parts of the page of a week's versions."""

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.ui.components import (
    button,
    comparison,
    icon_button,
    page_header,
    select,
    status_badge,
    week_switcher,
)
from schedule_app.ui.components.types import Item
from schedule_app.ui.palette.actions import Action, action_button
from schedule_app.ui.versions.restore_state import RestoreState
from schedule_app.ui.versions.state import VersionsState

OPEN_BOARD = Action(
    "open-board",
    "Open the board",
    "calendar-days",
    href=VersionsState.place.board_href,
    leads_to=Permission.VIEW_PUBLISHED,
    words="this week schedule",
)


def head() -> rx.Component:
    """Which site, and the way back to the board."""
    return page_header(
        "Versions",
        rx.el.span(VersionsState.place.site_name, class_name="page-sub"),
        actions=(action_button(OPEN_BOARD),),
    )


def toolbar() -> rx.Component:
    """Turning the weeks."""
    place = VersionsState.place
    return rx.el.div(
        week_switcher(
            place.previous_href,
            place.next_href,
            place.today_href,
            place.label,
            place.start,
            lambda value: VersionsState.go_to({"day": value}),
        ),
        class_name="toolbar",
    )


def version_list() -> rx.Component:
    """Every version with what was done to it."""
    return rx.el.section(
        rx.el.h2("All versions of this week", class_name="section-title"),
        rx.el.ol(rx.foreach(VersionsState.versions, _version), class_name="list versions-list"),
        class_name="stack",
    )


def _version(version: Item) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h3("Version ", version.number, class_name="list-item-title"),
                status_badge(version.status),
                class_name="row",
            ),
            rx.el.p(
                version.shifts,
                rx.cond(version.shifts == 1, " shift, ", " shifts, "),
                version.people,
                rx.cond(version.people == 1, " person", " people"),
                rx.cond(version.made_from > 0, f", made from version {version.made_from}", ""),
                class_name="small muted",
            ),
            rx.el.ol(rx.foreach(version.trail, _step), class_name="versions-trail small"),
            rx.cond(
                VersionsState.can_restore & ((version.status == "archived") | (version.status == "published")),
                rx.el.div(
                    button(
                        "Restore as new draft",
                        rx.el.span(" of version ", version.number, class_name="sr-only"),
                        start="undo-2",
                        on_click=RestoreState.ask({"schedule_id": version.id}),
                    )
                ),
                None,
            ),
            class_name="stack grow",
        ),
        class_name="list-item versions-item",
        custom_attrs={"data-version": version.number.to_string()},
        key=version.id.to_string(),
    )


def _step(step: Item) -> rx.Component:
    return rx.el.li(
        rx.el.span(step.step, class_name="versions-step"),
        rx.el.span(
            step.when,
            rx.cond(step.who != "", f", {step.who}", ""),
            rx.cond(step.reason != "", f": “{step.reason}”", ""),
        ),
    )


def compared() -> rx.Component:
    """Two versions to choose, and what differs between them."""
    one, other = rx.Var.create(VersionsState.one_id), rx.Var.create(VersionsState.other_id)
    return rx.el.section(
        rx.el.h2("Compare two versions", class_name="section-title"),
        rx.el.div(
            rx.el.div(
                rx.el.span("From", aria_hidden="true"),
                select(
                    VersionsState.from_options,
                    label="From version",
                    value=one.to_string(),
                    on_change=lambda value: VersionsState.compare({"one_id": value}),
                ),
                class_name="row versions-side",
            ),
            icon_button(
                "arrow-left-right",
                "Swap the two versions",
                kind="plain",
                disabled=one == 0,
                on_click=VersionsState.compare({"one_id": other, "other_id": one}),
            ),
            rx.el.div(
                rx.el.span("to", aria_hidden="true"),
                select(
                    VersionsState.options,
                    label="To version",
                    value=other.to_string(),
                    on_change=lambda value: VersionsState.compare({"other_id": value}),
                ),
                class_name="row versions-side",
            ),
            class_name="toolbar",
        ),
        comparison(VersionsState.view),
        class_name="stack versions-compared",
    )
