"""Finding people on the board. Its own state, so that typing sends nothing else."""

import reflex as rx
from pydantic import Field

from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.ui.guard import Payload, guarded


class Words(Payload):
    """What is looked for."""

    text: str = Field(max_length=100)


class BoardFilterState(rx.State):
    """Words that the people shown must have in their name, role or department."""

    text: str = ""

    @guarded(Permission.VIEW_PUBLISHED, Words)
    async def narrow(self, _signed_in: SignedIn, data: Words) -> None:
        """Show only people who match."""
        self.text = data.text
