"""Sending a week back, with the reason."""

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.ui.board.state import BoardState, Reason
from schedule_app.ui.guard import Payload, guarded


class Open(Payload):
    """Whether a dialog is open."""

    is_open: bool


class RejectState(rx.State):
    """The dialog that asks why."""

    is_open: bool = False

    @guarded(Permission.APPROVE)
    async def ask(self, _signed_in: SignedIn) -> None:
        """Ask for the reason."""
        self.is_open = True

    @guarded(Permission.APPROVE, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.APPROVE, Reason)
    async def send_back(self, _signed_in: SignedIn, data: Reason) -> rx.event.EventSpec:
        """Send the week back to draft."""
        self.is_open = False
        return BoardState.reject({"reason": data.reason})
