"""What every page has around it: navigation, who is signed in, unread count, messages, connection banner."""

from datetime import UTC, datetime

import reflex as rx
from reflex_components_core.react_router import link

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission, can
from schedule_app.domain.time import local_date, week_start_of
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.inbox import unread_count
from schedule_app.queries.labels import initials
from schedule_app.queries.sites import get_site
from schedule_app.ui import routes
from schedule_app.ui.components.connection import connection_banner
from schedule_app.ui.components.focus import PassFocus
from schedule_app.ui.components.icon import IconName, icon
from schedule_app.ui.components.types import Text
from schedule_app.ui.guard import AlertState, clear_alert, guarded
from schedule_app.ui.palette.actions import Action, entries
from schedule_app.ui.palette.state import PaletteState
from schedule_app.ui.palette.surface import palette_button, palette_dialogs
from schedule_app.ui.watch import watch, watch_nothing_else


class ShellState(rx.State):
    """Who is signed in and what waits for them. Holds nothing of any page."""

    name: str = ""
    initials: str = ""
    role: str = ""
    is_planner: bool = False
    is_manager: bool = False
    is_operator: bool = False
    unread: int = 0
    schedule_href: str = ""
    coverage_href: str = ""
    insight_href: str = ""

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """First handler of every page."""
        actor = signed_in.actor
        watch_nothing_else(self)
        await clear_alert(self)
        watch(
            self,
            {
                topics.inbox(actor.employee_id),
                topics.session(actor.session_id or 0),
                topics.employee(actor.employee_id),
            },
            is_beside=True,
        )
        async with read_session() as session:
            site = await get_site(session, actor, actor.site_id)
            self.unread = await unread_count(session, actor.employee_id)
        week = week_start_of(local_date(datetime.now(UTC), site.zone), site.week_starts_on)
        await self._show_person(signed_in)
        self.schedule_href = routes.schedule(actor.site_id, week)
        self.coverage_href = routes.coverage(actor.site_id, week)
        self.insight_href = routes.insight(actor.site_id)

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Count anew what is unread, and see who this is now. Who was signed out elsewhere, the guard sends away."""
        async with read_session() as session:
            unread = await unread_count(session, signed_in.actor.employee_id)
        if unread != self.unread:
            self.unread = unread
        await self._show_person(signed_in)

    async def _show_person(self, signed_in: SignedIn) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        values = {
            "name": signed_in.name,
            "initials": initials(signed_in.name),
            "role": signed_in.actor.role.value,
            "is_planner": can(signed_in.actor, Permission.VIEW_DRAFT),
            "is_manager": can(signed_in.actor, Permission.MANAGE_PEOPLE),
            "is_operator": can(signed_in.actor, Permission.OPERATE),
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
        palette = await self.get_state(PaletteState)
        palette._know(signed_in.actor)


def shell(
    title: str,
    *content: rx.Component,
    current: str,
    is_ready: bool | rx.Var[bool],
    narrow: bool = False,
    today_href: Text | None = None,
    before: rx.Component | None = None,
) -> rx.Component:
    """A whole page.

    Args:
        title: names the page for screen readers; the visible heading is the page's own.
        content: the page.
        current: which entry of the navigation is this one.
        is_ready: whether the page has been read once; from then on it stays, focus and all, while it is read anew.
        narrow: a column that is pleasant to read, for lists and forms.
        today_href: where `t` leads on a page that shows a week; elsewhere to this week's board.
        before: what of the page can be shown before it has been read.
    """
    return rx.el.div(
        rx.el.a("Skip to content", href="#content", class_name="skip-link"),
        _topbar(current),
        connection_banner(),
        rx.el.main(
            _alert(),
            rx.el.div(
                rx.cond(is_ready, rx.fragment(*content), _loading(title, before)),
                class_name="page page-narrow" if narrow else "page",
            ),
            id="content",
            tab_index=-1,
            class_name="main",
        ),
        _bottomnav(current),
        _palette(today_href),
        PassFocus.create(),
        class_name="app",
    )


def _topbar(current: str) -> rx.Component:
    return rx.el.header(
        link(icon("calendar-check"), rx.el.span("Shifts"), href=routes.HOME, class_name="topbar-brand"),
        rx.el.nav(
            rx.cond(ShellState.is_planner, _link("topnav-link", "schedule", current), None),
            rx.cond(ShellState.is_planner, _link("topnav-link", "coverage", current), None),
            rx.cond(ShellState.is_planner, _link("topnav-link", "insight", current), None),
            rx.cond(ShellState.is_planner, _link("topnav-link", "requests", current), None),
            _link("topnav-link", "me", current),
            rx.cond(ShellState.is_planner, None, _link("topnav-link", "open", current)),
            rx.cond(ShellState.is_planner, None, _link("topnav-link", "time-off", current)),
            rx.cond(ShellState.is_planner, None, _link("topnav-link", "schedule", current)),
            _link("topnav-link", "inbox", current),
            rx.cond(ShellState.is_manager, _link("topnav-link", "manage", current), None),
            class_name="topnav",
            aria_label="Main",
        ),
        rx.el.div(
            palette_button(),
            rx.el.button(
                icon("moon"),
                class_name="btn btn-quiet btn-icon",
                type="button",
                aria_label=_THEME.label,
                on_click=_THEME.run,
            ),
            link(
                rx.el.span(ShellState.initials, class_name="avatar", aria_hidden="true"),
                rx.el.span("Account of ", ShellState.name, class_name="sr-only"),
                href=routes.ACCOUNT,
                class_name="btn btn-quiet",
            ),
            class_name="topbar-end",
        ),
        class_name="topbar",
    )


def _bottomnav(current: str) -> rx.Component:
    return rx.el.nav(
        _link("bottomnav-link", "me", current),
        rx.cond(
            ShellState.is_planner,
            rx.fragment(_link("bottomnav-link", "schedule", current), _link("bottomnav-link", "requests", current)),
            rx.fragment(_link("bottomnav-link", "open", current), _link("bottomnav-link", "time-off", current)),
        ),
        _link("bottomnav-link", "inbox", current),
        _link("bottomnav-link", "account", current),
        class_name="bottomnav",
        aria_label="Main",
    )


_ENTRIES: dict[str, tuple[IconName, str, Text]] = {
    "schedule": ("calendar-days", "Schedule", ShellState.schedule_href),
    "coverage": ("users", "Coverage", ShellState.coverage_href),
    "insight": ("chart-column", "Insight", ShellState.insight_href),
    "requests": ("list-checks", "Requests", routes.REQUESTS),
    "me": ("calendar-check", "My shifts", routes.ME),
    "time-off": ("calendar-off", "Time off", routes.TIME_OFF),
    "availability": ("calendar-clock", "Availability", routes.AVAILABILITY),
    "open": ("hand", "Open shifts", routes.OPEN_SHIFTS),
    "inbox": ("inbox", "Inbox", routes.INBOX),
    "manage": ("settings-2", "Manage", routes.PEOPLE),
    "account": ("circle-user-round", "Account", routes.ACCOUNT),
}


#: What a page of the navigation demands, and whether it is shown to this person.
_DEMANDS = {
    "schedule": Permission.VIEW_PUBLISHED,
    "coverage": Permission.VIEW_PUBLISHED,
    "insight": Permission.VIEW_DRAFT,
    "requests": Permission.VIEW_DRAFT,
    "account": Permission.MANAGE_SESSIONS,
    "manage": Permission.MANAGE_PEOPLE,
}
_SHOWN = {
    "coverage": ShellState.is_planner,
    "insight": ShellState.is_planner,
    "requests": ShellState.is_planner,
    "manage": ShellState.is_manager,
}
_THEME = Action(
    "theme",
    "Switch between light and dark",
    "moon",
    run=rx.toggle_color_mode,
    words="theme colours night mode",
    is_of_page=False,
)
_SIGN_OUT = Action("sign-out", "Sign out", "log-out", post="/logout", words="log out leave", is_of_page=False)


def everywhere(today_href: Text | None = None) -> list[Action]:
    """The actions that every page has."""
    pages = [
        Action(
            f"go-{name}",
            f"Go to {label}",
            icon_name,
            href=href,
            leads_to=_DEMANDS.get(name, Permission.VIEW_OWN),
            words="page open",
            possible=_SHOWN.get(name, True),
            is_of_page=False,
        )
        for name, (icon_name, label, href) in _ENTRIES.items()
    ]
    swaps = Action(
        "go-swaps",
        "Go to Offers and swaps",
        "arrow-left-right",
        href=routes.SWAPS,
        words="page open exchange give away colleagues",
        is_of_page=False,
    )
    announcements = Action(
        "go-announcements",
        "Go to Announcements",
        "megaphone",
        href=routes.ANNOUNCEMENTS,
        leads_to=Permission.ANNOUNCE,
        words="page open tell people message news write",
        is_of_page=False,
    )
    wishes = Action(
        "go-wishes",
        "Choose how you are told",
        "bell",
        href=routes.WISHES,
        words="notifications preferences quiet hours digest mail push sms",
        is_of_page=False,
    )
    today = Action(
        "today",
        "Go to the current week",
        "calendar-days",
        href=ShellState.schedule_href if today_href is None else today_href,
        leads_to=Permission.VIEW_PUBLISHED,
        words="today this week now",
        shortcut="t",
        is_of_page=False,
    )
    return [today, *pages, swaps, announcements, wishes, _THEME, _SIGN_OUT]


def _palette(today_href: Text | None) -> rx.Component:
    return rx.fragment(
        entries(everywhere(today_href)),
        palette_dialogs(
            people=PaletteState.people,
            weeks=PaletteState.weeks,
            asked=PaletteState.asked,
            on_search=PaletteState.search,
        ),
    )


def _link(class_name: str, entry: str, current: str) -> rx.Component:
    icon_name, label, href = _ENTRIES[entry]
    return link(
        icon(icon_name),
        rx.el.span(label),
        _unread_badge() if entry == "inbox" else None,
        href=href,
        class_name=class_name,
        custom_attrs={"aria-current": "page" if entry == current else "false", "data-nav": entry},
    )


def _unread_badge() -> rx.Component:
    return rx.cond(
        ShellState.unread > 0,
        rx.el.span(
            rx.cond(ShellState.unread > 99, "99+", ShellState.unread),
            rx.el.span(" unread", class_name="sr-only"),
            class_name="count",
            custom_attrs={"data-unread": ShellState.unread},
        ),
        None,
    )


def _alert() -> rx.Component:
    return rx.el.div(
        rx.cond(
            AlertState.message != "",
            rx.el.div(
                icon("triangle-alert"),
                rx.el.p(AlertState.message, class_name="alert-body"),
                rx.el.button(
                    icon("x"),
                    class_name="btn btn-quiet btn-icon",
                    type="button",
                    aria_label="Close message",
                    on_click=AlertState.dismiss,
                ),
                class_name="alert alert-danger",
                key=AlertState.nonce,
            ),
            None,
        ),
        role="alert",
        # Said in full, or else a dialog would hide it from screen readers.
        aria_live="assertive",
        class_name="alert-slot",
    )


def _loading(title: str, before: rx.Component | None) -> rx.Component:
    return rx.fragment(
        rx.el.h1(title, class_name="page-title"),
        before,
        rx.el.div(class_name="skeleton skeleton-block", aria_hidden="true"),
        rx.el.p("Loading", class_name="sr-only"),
    )
