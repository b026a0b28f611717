"""The page of requests as a whole; each kind of request has a state of its own."""

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.ui.guard import guarded


class RequestsState(rx.State):
    """Whether the page has been read once."""

    is_ready: bool = False

    @guarded(Permission.VIEW_DRAFT)
    async def load(self, _: SignedIn) -> None:
        """Show the page; last handler of it, when every kind has been read."""
        self.is_ready = True
