"""Asking before a draft is thrown away."""

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.ui.guard import Payload, guarded


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class DiscardState(rx.State):
    """The dialog that asks."""

    is_open: bool = False

    @guarded(Permission.CREATE_SCHEDULE, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open
