"""Signing in, and leaving."""

import reflex as rx

from schedule_app.ui.components import alert, badge, button, dialog, field
from schedule_app.ui.components.types import Item
from schedule_app.ui.manage.access_state import AccessState
from schedule_app.ui.manage.person_state import PersonState


def access_section() -> rx.Component:
    """Below the form: a link to set a password with, and letting the person go or come back."""
    return rx.cond(
        PersonState.can_edit,
        rx.fragment(
            rx.cond(PersonState.is_active, _sign_in(), None),
            rx.cond(PersonState.is_self, None, _standing()),
        ),
        None,
    )


def _sign_in() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Sign-in", class_name="section-title"),
        rx.match(
            PersonState.access,
            ("yes", rx.el.p("Has set a password.")),
            (
                "invited",
                rx.el.p(
                    badge("Invited", tone="info", start="key-round"),
                    " The link is good until ",
                    PersonState.invited_until,
                    ".",
                ),
            ),
            rx.el.p("Cannot sign in yet. Make a link and send it: it leads to a page where they set a password."),
        ),
        rx.el.div(
            button(
                rx.match(PersonState.access, ("yes", "Reset access"), ("invited", "Make a new link"), "Invite"),
                start="key-round",
                on_click=AccessState.invite,
            ),
            rx.cond(PersonState.access == "invited", button("Withdraw the link", on_click=AccessState.revoke), None),
            class_name="row wrap",
        ),
        class_name="card",
    )


def _standing() -> rx.Component:
    return rx.el.section(
        rx.cond(
            PersonState.is_active,
            rx.fragment(
                rx.el.h2("Leaving", class_name="section-title"),
                rx.el.p("They can no longer sign in or be given shifts. What they have worked is kept."),
                rx.el.div(button("Deactivate …", start="user-x", on_click=AccessState.ask_to_leave)),
            ),
            rx.fragment(
                rx.el.h2("Not active", class_name="section-title"),
                rx.el.p("Cannot sign in and is given no shifts."),
                rx.el.div(button("Reactivate", start="rotate-ccw", on_click=AccessState.come_back)),
            ),
        ),
        class_name="card",
    )


def link_dialog() -> rx.Component:
    """The link, this once."""
    return dialog(
        field(
            "Link",
            "invitation-link",
            read_only=True,
            value=AccessState.link,
            hint="It serves once, until "
            + AccessState.link_until
            + ". Send it to nobody else: whoever has it can sign in as this person.",
        ),
        title="Link to set a password",
        text="It is shown this once. Copy it and send it to the person.",
        is_open=AccessState.link != "",
        on_open_change=lambda is_open: AccessState.show_link({"is_open": is_open}),
        actions=(
            button("Done", on_click=AccessState.show_link({"is_open": False})),
            button("Copy", kind="primary", start="copy", on_click=rx.set_clipboard(AccessState.link)),
        ),
    )


def leaving_dialog() -> rx.Component:
    """What leaving means for the person's shifts, before it happens."""
    return dialog(
        rx.cond(AccessState.problem != "", alert(AccessState.problem, tone="danger"), None),
        rx.cond(AccessState.has_shifts, None, rx.el.p("No shifts lie before them.")),
        _shifts("Taken off drafts", AccessState.drafts),
        _shifts("Cancelled in published weeks; they and the managers are told", AccessState.published),
        _shifts("In weeks that are being approved: publish them or take them back first", AccessState.in_approval),
        title="Deactivate " + PersonState.title + "?",
        text="They are signed out everywhere at once.",
        is_open=AccessState.is_leaving,
        on_open_change=lambda is_open: AccessState.show_leaving({"is_open": is_open}),
        actions=(
            button("Keep", on_click=AccessState.show_leaving({"is_open": False})),
            button("Deactivate", kind="danger", on_click=AccessState.leave, disabled=AccessState.is_blocked),
        ),
    )


def _shifts(title: str, labels: Item) -> rx.Component:
    return rx.cond(
        labels,
        rx.el.section(
            rx.el.h3(title, " (", labels.length(), ")", class_name="section-title"),
            rx.el.ul(rx.foreach(labels, _shift), class_name="shift-list"),
        ),
        None,
    )


def _shift(label: Item) -> rx.Component:
    return rx.el.li(label)
