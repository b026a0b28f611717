"""What colleagues ask of a person, what they have asked, and what came of it."""

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.domain.swap_request import SwapStatus
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.swap_requests import AskedSwap, OwnSwap, PastSwap, my_swaps
from schedule_app.services.swap_requests import accept_request, decline_request, withdraw_request
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class OneRequest(Payload):
    """A request, by its number."""

    request_id: int = Field(gt=0, lt=2**63)


class SwapsState(rx.State):
    """One person's requests.

    Attributes:
        hidden: How many are not shown, because the rules do not allow this person the shift any more.
        said: What was said last, in words.
    """

    is_ready: bool = False
    asked: list[AskedSwap] = []
    mine: list[OwnSwap] = []
    past: list[PastSwap] = []
    hidden: int = 0
    said: str = ""

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        watch(self, {topics.employee(signed_in.actor.employee_id), topics.site(signed_in.actor.site_id)})
        self.said = ""
        await self._read(signed_in)
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody has asked or answered, or the person's shifts have changed."""
        await self._read(signed_in)

    @guarded(Permission.RESPOND, OneRequest)
    async def accept(self, signed_in: SignedIn, data: OneRequest) -> None:
        """Say yes."""
        self.said = ""
        try:
            status = await accept_request(signed_in.actor, data.request_id)
            is_settled = status == SwapStatus.APPROVED
            self.said = (
                "Settled: your shifts have changed."
                if is_settled
                else "You said yes. A manager decides, and you are told."
            )
        finally:
            await self._read(signed_in)

    @guarded(Permission.RESPOND, OneRequest)
    async def decline(self, signed_in: SignedIn, data: OneRequest) -> None:
        """Say no."""
        self.said = ""
        try:
            await decline_request(signed_in.actor, data.request_id)
            self.said = "You said no. Your shifts stay as they are."
        finally:
            await self._read(signed_in)

    @guarded(Permission.RESPOND, OneRequest)
    async def withdraw(self, signed_in: SignedIn, data: OneRequest) -> None:
        """Take back what was asked, or having said yes."""
        self.said = ""
        try:
            await withdraw_request(signed_in.actor, data.request_id)
            self.said = "Taken back. Your shifts stay as they are."
        finally:
            await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            view = await my_swaps(session, signed_in.actor.employee_id)
        values = {"asked": view.asked, "mine": view.mine, "past": view.past, "hidden": view.hidden}
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
