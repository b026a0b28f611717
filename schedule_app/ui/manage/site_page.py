"""Route of a site's settings."""

import reflex as rx

from schedule_app.queries.labels import WEEKDAYS
from schedule_app.ui import routes
from schedule_app.ui.components import alert, button, button_link, field, select
from schedule_app.ui.components.differing import refused
from schedule_app.ui.components.types import Attribute, Item
from schedule_app.ui.manage.frame import at_site, manage_head
from schedule_app.ui.manage.site_state import SiteState
from schedule_app.ui.shell import ShellState, shell

_DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS)]
_CLOCKS = (("24", "24 hours, 15:30"), ("12", "12 hours, 3:30 PM"))


@rx.page(route=routes.SITE, title="Site", on_load=[ShellState.load, SiteState.load])
def site() -> rx.Component:
    """The customs of a site."""
    return shell(
        "Site",
        manage_head(
            rx.cond(SiteState.is_new, "New site", "Site"),
            "site",
            SiteState.site_id,
            SiteState.sites,
            lambda value: SiteState.choose({"site_id": value}),
            rx.cond(
                SiteState.can_create & ~SiteState.is_new,
                button("Add a site", start="plus", on_click=SiteState.begin),
                None,
            ),
        ),
        _news(),
        _form(),
        rx.cond(SiteState.is_new, None, _messages()),
        current="manage",
        is_ready=SiteState.is_ready,
        narrow=True,
    )


def _news() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SiteState.is_outdated,
            alert(
                rx.el.p("What you typed is still here. Saving will show you both versions."),
                button("Show the newest", on_click=SiteState.show_newest),
                title="Somebody changed this site in the meantime.",
                tone="warn",
            ),
            None,
        ),
        rx.cond(SiteState.is_saved, alert("Saved.", tone="ok"), None),
        refused(SiteState.problem, SiteState.differences, on_take=SiteState.show_newest),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.section(
            rx.el.h2("Place and time", class_name="section-title"),
            rx.el.div(
                _field("Name", "name", required=True, max_length=200),
                _field(
                    "Time zone",
                    "time_zone",
                    required=True,
                    list="zones",
                    hint="Shifts that exist keep their times and their zone; new ones take this one.",
                ),
                rx.el.datalist(rx.foreach(SiteState.zones, _zone), id="zones"),
                _choice(
                    "The week starts on",
                    "week_starts_on",
                    _DAYS,
                    hint=rx.cond(
                        SiteState.weeks > 0,
                        "Fixed, because there are weeks already that start on this day.",
                        "Cannot be changed any more once there is a week.",
                    ),
                ),
                _choice("Clock", "clock", _CLOCKS),
                _field(
                    "Currency", "currency", required=True, max_length=3, hint="Three letters, as EUR. For hourly rates."
                ),
                class_name="form-grid",
            ),
            class_name="card",
        ),
        rx.el.section(
            rx.el.h2("Publishing", class_name="section-title"),
            rx.el.label(
                rx.el.input(type="checkbox", name="four_eyes", default_checked=SiteState.fields.four_eyes),
                "Four eyes: who submits a week may not approve it",
                class_name="check",
            ),
            rx.el.div(
                _field(
                    "Hours to answer",
                    "confirm_hours",
                    required=True,
                    input_mode="decimal",
                    max_length=10,
                    hint="How long people have to confirm or decline a published shift.",
                ),
                class_name="form-grid",
            ),
            class_name="card",
        ),
        rx.el.section(
            rx.el.h2("Open shifts", class_name="section-title"),
            rx.el.label(
                rx.el.input(
                    type="checkbox", name="claims_need_approval", default_checked=SiteState.fields.claims_need_approval
                ),
                "A planner decides who gets an open shift; otherwise whoever comes first has it",
                class_name="check",
            ),
            rx.el.div(
                _field(
                    "People asked at a time",
                    "offer_waves",
                    required=True,
                    input_mode="numeric",
                    max_length=10,
                    hint="When somebody cannot come, those who can take the shift are asked, the best ranked first."
                    " 0 asks nobody.",
                ),
                _field(
                    "Minutes until the next are asked",
                    "offer_wave_minutes",
                    required=True,
                    input_mode="numeric",
                    max_length=10,
                    hint="If nobody has taken it by then.",
                ),
                class_name="form-grid",
            ),
            class_name="card",
        ),
        rx.el.section(
            rx.el.h2("Offers and swaps", class_name="section-title"),
            rx.el.label(
                rx.el.input(
                    type="checkbox", name="swaps_need_approval", default_checked=SiteState.fields.swaps_need_approval
                ),
                "A planner approves what colleagues agree on; without that it counts at once, unless a rule warns",
                class_name="check",
            ),
            rx.el.div(
                _field(
                    "Hours before a shift",
                    "swap_hours",
                    required=True,
                    input_mode="decimal",
                    max_length=10,
                    hint="Until then a shift can change hands, and be approved.",
                ),
                class_name="form-grid",
            ),
            class_name="card",
        ),
        rx.el.div(
            rx.cond(SiteState.is_new, button("Cancel", on_click=SiteState.show_newest), None),
            button(rx.cond(SiteState.is_new, "Add this site", "Save"), kind="primary", type="submit"),
            class_name="form-actions",
        ),
        id="site-form",
        key=SiteState.form_key,
        on_submit=SiteState.save,
        class_name="stack",
    )


def _messages() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Messages", class_name="section-title"),
        rx.el.p("What people are told over, and what they cannot switch off.", class_name="muted"),
        rx.el.div(
            button_link("Choose the channels", href=at_site(routes.SITE_MESSAGES, SiteState.site_id), start="bell"),
            class_name="toolbar",
        ),
        class_name="card",
    )


def _zone(name: Item) -> rx.Component:
    return rx.el.option(value=name)


def _field(label: str, name: str, **props: Attribute) -> rx.Component:
    return field(
        label,
        f"site-{name.replace('_', '-')}",
        name=name,
        default_value=getattr(SiteState.fields, name),
        error=getattr(SiteState.errors, name),
        auto_complete="off",
        **props,
    )


def _choice(label: str, name: str, options: object, **props: Attribute) -> rx.Component:
    control_id = f"site-{name.replace('_', '-')}"
    return field(
        label,
        control_id,
        control=select(
            options,  # type: ignore[arg-type]
            control_id=control_id,
            name=name,
            default_value=getattr(SiteState.fields, name),
        ),
        error=getattr(SiteState.errors, name),
        **props,
    )
