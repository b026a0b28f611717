"""Route of how the person wishes to be told."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.account.wishes_state import WishesState
from schedule_app.ui.components import alert, button, field, page_header, select, told
from schedule_app.ui.components.differing import refused
from schedule_app.ui.components.types import Attribute, Item
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.WISHES, title="How you are told", on_load=[ShellState.load, WishesState.load])
def wishes() -> rx.Component:
    """What reaches the person besides the inbox, and when."""
    return shell(
        "How you are told",
        page_header("How you are told"),
        rx.el.p(
            "Every message is in your inbox, always. Choose here what else reaches you, and when.", class_name="muted"
        ),
        _news(),
        rx.el.form(
            _table(),
            _times(),
            _place(),
            rx.el.div(button("Save", kind="primary", large=True, type="submit"), class_name="form-actions"),
            id="wishes",
            key=WishesState.form_key,
            on_submit=WishesState.save,
            class_name="stack",
        ),
        current="account",
        is_ready=WishesState.is_ready,
        narrow=True,
    )


def _news() -> rx.Component:
    return rx.fragment(
        told(WishesState.done),
        rx.cond(
            WishesState.is_outdated,
            alert(
                rx.el.p("What you entered is still here."),
                button("Show the newest", on_click=WishesState.show_newest),
                title="This was changed elsewhere in the meantime.",
                tone="warn",
            ),
            None,
        ),
        refused(WishesState.problem, WishesState.differences, on_take=WishesState.show_newest),
    )


def _table() -> rx.Component:
    return rx.el.section(
        rx.el.h2("What reaches you", class_name="section-title", id="wishes-title"),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("Messages about", scope="col", class_name="wishes-what"),
                    rx.el.th("E-mail", scope="col"),
                    rx.el.th("Push", scope="col"),
                    rx.el.th("SMS", scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(WishesState.rows, _row)),
            class_name="wishes",
            aria_labelledby="wishes-title",
        ),
        rx.cond(
            WishesState.has_locked,
            rx.el.p("“Always”: your site has decided that nobody switches this off.", class_name="small muted"),
            None,
        ),
        rx.cond(
            WishesState.off != "",
            rx.el.p(
                "Off here, because the program is not set up for it: ", WishesState.off, ".", class_name="small muted"
            ),
            None,
        ),
        class_name="card stack",
    )


def _row(row: Item) -> rx.Component:
    return rx.el.tr(rx.el.th(row.label, scope="row"), rx.foreach(row.wishes, _wish), key=row.category)


def _wish(wish: Item) -> rx.Component:
    return rx.el.td(
        rx.cond(
            wish.note == "off",
            rx.el.span("Off", rx.el.span(" here", class_name="sr-only"), class_name="small muted"),
            rx.el.label(
                rx.el.input(
                    type="checkbox", name=wish.name, default_checked=wish.is_on, disabled=wish.note != "", value="on"
                ),
                rx.el.span(wish.label, class_name="sr-only"),
                rx.cond(wish.note != "", rx.el.span("Always", class_name="muted"), None),
                class_name="wish",
            ),
        ),
        key=wish.name,
    )


def _times() -> rx.Component:
    return rx.el.section(
        rx.el.h2("When", class_name="section-title"),
        rx.el.p("What is urgent always comes at once.", class_name="muted"),
        rx.el.div(
            _field(
                "Once a day at",
                "digest_at",
                type="time",
                hint="Everything of a day in one message. Leave it empty to be told at once.",
            ),
            class_name="form-grid",
        ),
        rx.el.div(
            _field("Quiet from", "quiet_from", type="time", hint="What comes then waits until the end."),
            _field("Quiet until", "quiet_until", type="time", hint="It may be the next morning. Empty for never."),
            class_name="form-grid",
        ),
        class_name="card stack",
    )


def _place() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Your time", class_name="section-title"),
        _field(
            "Time zone",
            "time_zone",
            list="wish-zones",
            max_length=64,
            placeholder=WishesState.site_zone,
            hint=rx.cond(
                WishesState.site_zone != "",
                f"Empty for that of your site, {WishesState.site_zone}. Shifts keep the time of their place.",
                "",
            ),
        ),
        field(
            "Clock",
            "wish-clock",
            hint="For times that are written for you: in messages and on your own pages. The board keeps your site's.",
            control=select(
                WishesState.clocks, control_id="wish-clock", name="clock", default_value=WishesState.fields.clock
            ),
        ),
        rx.el.datalist(rx.foreach(WishesState.zones, lambda name: rx.el.option(value=name)), id="wish-zones"),
        class_name="card stack",
    )


def _field(label: str, name: str, **props: Attribute) -> rx.Component:
    return field(
        label,
        f"wish-{name.replace('_', '-')}",
        name=name,
        default_value=getattr(WishesState.fields, name),
        error=getattr(WishesState.errors, name),
        auto_complete="off",
        **props,
    )
