"""What the pages of managing share: which site they are about, and the way from one to the other."""

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.queries.sites import SiteInfo, get_site, list_sites
from schedule_app.ui import routes
from schedule_app.ui.components import icon_link, page_header, segmented, select
from schedule_app.ui.components.types import Child, Handler, Item, Text
from schedule_app.ui.shell import ShellState
from schedule_app.ui.week_address import query_parameter


async def chosen_site(
    state: rx.State, actor: Actor, permission: Permission, *, wanted: str | None = None
) -> tuple[SiteInfo, list[tuple[str, str]]]:
    """Find the site that the page's address names, or the actor's own, and the ones there are to choose from.

    Args:
        state: Of the page.
        actor: Who looks.
        permission: What the page is for.
        wanted: The site's number, where the address has it in its path.

    Raises:
        NotFound: The address names no site of the actor's.
        NotAllowed: The actor may not do this at that site.
    """
    wanted = query_parameter(state, "site") if wanted is None else wanted
    if wanted and not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 19):
        raise NotFound
    site_id = int(wanted) if wanted else actor.site_id
    async with read_session() as session:
        site = await get_site(session, actor, site_id)
        options = await list_sites(session, actor)
    require(actor, permission, site_id=site.id)
    return site, [(str(each.id), each.name) for each in options]


def at_site(path: str, site_id: Item) -> Text:
    """The address of a page of managing for a site."""
    return path + "?site=" + site_id.to_string()


def manage_head(
    title: Text, current: str, site_id: Item, sites: Item, on_site: Handler, *actions: Child
) -> rx.Component:
    """Heading, the other pages of managing and, where there are several, the choice of the site."""
    choice = rx.cond(
        sites.length() > 1,
        select(sites, label="Site", value=site_id.to_string(), on_change=on_site),
        None,
    )
    return rx.fragment(page_header(title, actions=actions), manage_pages(current, site_id, choice))


def manage_part_head(
    title: Text, current: str, site_id: Item, site_name: Text, *after: Child, back: str
) -> rx.Component:
    """Heading of one thing from a list of managing, the way back to the list, and the other pages.

    Args:
        title: What the thing is called.
        current: The page of managing that the list is.
        site_id: Of the thing's site.
        site_name: That site.
        after: Beside the title.
        back: The list's path.
    """
    return rx.fragment(
        rx.el.div(
            icon_link("chevron-left", "Back to the " + current, href=at_site(back, site_id)),
            rx.el.h1(title, class_name="page-title manage-title"),
            *after,
            rx.el.span(site_name, class_name="page-sub"),
            class_name="page-header",
        ),
        manage_pages(current, site_id),
    )


def manage_pages(current: str, site_id: Item, *choice: Child) -> rx.Component:
    """The pages of managing, and a choice below them; that of operation for whoever looks after the program."""
    pages = (
        ("people", "People", at_site(routes.PEOPLE, site_id)),
        ("departments", "Departments", at_site(routes.DEPARTMENTS, site_id)),
        ("templates", "Templates", routes.TEMPLATES.removesuffix("[site]") + site_id.to_string()),
        ("site", "Site", at_site(routes.SITE, site_id)),
        ("rules", "Rules", at_site(routes.RULES, site_id)),
        ("violations", "Broken now", at_site(routes.VIOLATIONS, site_id)),
    )
    return rx.el.div(
        rx.cond(
            ShellState.is_operator,
            segmented("Manage", (*pages, ("operation", "Operation", routes.OPERATION)), value=current),
            segmented("Manage", pages, value=current),
        ),
        *choice,
        class_name="toolbar manage-nav",
    )
