"""Route of one person, or of a new one."""

import reflex as rx

from schedule_app.ui import routes
from schedule_app.ui.components import alert, badge, button, button_link, not_here
from schedule_app.ui.manage.access_section import access_section, leaving_dialog, link_dialog
from schedule_app.ui.manage.frame import manage_part_head
from schedule_app.ui.manage.person_sections import person_form, versions
from schedule_app.ui.manage.person_state import PersonState
from schedule_app.ui.shell import ShellState, shell


@rx.page(route=routes.PERSON, title="Person", on_load=[ShellState.load, PersonState.load])
def person() -> rx.Component:
    """What is kept of a person, and what they may."""
    return shell(
        "Person",
        rx.cond(
            PersonState.is_found,
            rx.fragment(
                _head(),
                _news(),
                person_form(),
                rx.cond(PersonState.is_new, None, access_section()),
                link_dialog(),
                leaving_dialog(),
            ),
            not_here(
                "Person",
                "There is nobody like that here",
                "The address may be wrong, or the person belongs to a site you do not manage.",
                button_link("To the people", href=routes.PEOPLE),
                name="users",
            ),
        ),
        current="manage",
        is_ready=PersonState.is_ready,
        narrow=True,
    )


def _head() -> rx.Component:
    return manage_part_head(
        PersonState.title,
        "people",
        PersonState.site_id,
        PersonState.site_name,
        rx.cond(PersonState.is_active, None, badge("Not active")),
        back=routes.PEOPLE,
    )


def _news() -> rx.Component:
    return rx.fragment(
        rx.cond(
            PersonState.is_outdated,
            alert(
                rx.el.p("What you typed is still here. Saving will show you both versions."),
                button("Show the newest", on_click=PersonState.show_newest),
                title="Somebody changed this person in the meantime.",
                tone="warn",
            ),
            None,
        ),
        rx.cond(PersonState.is_saved, alert("Saved.", tone="ok"), None),
        rx.cond(
            PersonState.can_edit,
            None,
            alert("Only admins change admins.", tone="info"),
        ),
        versions(),
    )
