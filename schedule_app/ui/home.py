"""The way in: sends everybody to the page they start from."""

import reflex as rx

from schedule_app.domain.permissions import Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.ui import routes
from schedule_app.ui.guard import guarded
from schedule_app.ui.shell import ShellState, shell


class HomeState(rx.State):
    """Knows where people start."""

    @guarded(Permission.VIEW_OWN)
    async def go(self, signed_in: SignedIn) -> rx.event.EventSpec:
        """Planners start on this week's board, everybody else with their own shifts."""
        if can(signed_in.actor, Permission.VIEW_DRAFT):
            shell_state = await self.get_state(ShellState)
            return rx.redirect(shell_state.schedule_href, replace=True)
        return rx.redirect(routes.ME, replace=True)


@rx.page(route="/", title="Shifts", on_load=[ShellState.load, HomeState.go])
def home() -> rx.Component:
    """Shown for the moment until the first page is known."""
    return shell("Shifts", current="", is_ready=False, narrow=True)
