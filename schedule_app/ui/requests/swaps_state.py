"""What two people have agreed on about their shifts, and deciding on it."""

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import InvalidInput, NeedsOverride, NotAllowed, NotFound, ScheduleError
from schedule_app.domain.permissions import Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.swap_requests import WaitingSwap, waiting_swaps
from schedule_app.services.swap_requests import approve_request, reject_request
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class OneSwap(Payload):
    """A request, by its number."""

    request_id: int = Field(gt=0, lt=2**63)


class Decision(OneSwap):
    """What is decided, with a word to both."""

    note: str = Field(default="", max_length=500)


class SwapRequestsState(rx.State):
    """Requests that wait for a planner.

    Attributes:
        may_override: Whether this planner may go against a rule.
        deciding_id: The request that the dialog is about; 0 when it is closed.
        is_approving: Whether it is to be approved; otherwise rejected.
        needs_reason: Whether a rule warns, so that the note is a reason and has to be given.
        about: The people of it, in words.
        problem: Why it was refused.
        decided: What was decided last, in words.
    """

    swaps: list[WaitingSwap] = []
    may_override: bool = False
    deciding_id: int = 0
    is_approving: bool = False
    needs_reason: bool = False
    about: str = ""
    problem: str = ""
    decided: str = ""

    @guarded(Permission.VIEW_DRAFT)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        self.deciding_id, self.decided = 0, ""
        self.may_override = can(signed_in.actor, Permission.OVERRIDE_WARNING)
        await self._read(signed_in)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Somebody has agreed, decided or taken back, or what it depends on has changed."""
        await self._read(signed_in)

    @guarded(Permission.ASSIGN, OneSwap)
    async def ask_approve(self, _signed_in: SignedIn, data: OneSwap) -> None:
        """Ask for a note before approving; for a reason, where a rule warns."""
        self._ask(data.request_id, is_approving=True)

    @guarded(Permission.ASSIGN, OneSwap)
    async def ask_reject(self, _signed_in: SignedIn, data: OneSwap) -> None:
        """Ask for a note before rejecting."""
        self._ask(data.request_id, is_approving=False)

    @guarded(Permission.ASSIGN)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Close the dialog; it goes on waiting."""
        self.deciding_id = 0

    @guarded(Permission.ASSIGN, Decision)
    async def approve(self, signed_in: SignedIn, data: Decision) -> None:
        """Let the shifts change hands."""
        about = self._about(data.request_id)
        try:
            await approve_request(signed_in.actor, data.request_id, note=data.note)
        except (NeedsOverride, InvalidInput, NotAllowed, NotFound) as refused:
            self.problem = refused.message
            return
        except ScheduleError:
            self.deciding_id = 0
            await self._read(signed_in)
            raise
        self.deciding_id, self.decided = 0, f"Approved: {about}. Both have been told."
        await self._read(signed_in)

    @guarded(Permission.ASSIGN, Decision)
    async def reject(self, signed_in: SignedIn, data: Decision) -> None:
        """Leave the shifts as they are."""
        about = self._about(data.request_id)
        try:
            await reject_request(signed_in.actor, data.request_id, note=data.note)
        finally:
            self.deciding_id = 0
            await self._read(signed_in)
        self.decided = f"Not approved: {about}. Both have been told."

    def _ask(self, request_id: int, *, is_approving: bool) -> None:
        found = self._shown(request_id)
        if found is None:
            raise NotFound
        self.is_approving, self.needs_reason = is_approving, is_approving and found.level == "warn"
        self.about, self.problem, self.decided = self._about(request_id), "", ""
        self.deciding_id = request_id

    def _shown(self, request_id: int) -> WaitingSwap | None:
        return next((each for each in self.swaps if each.id == request_id), None)

    def _about(self, request_id: int) -> str:
        found = self._shown(request_id)
        return " and ".join(side.name for side in found.sides) if found else "a request"

    async def _read(self, signed_in: SignedIn) -> None:
        actor = signed_in.actor
        async with read_session() as session:
            view = await waiting_swaps(session, actor)
        watch(
            self,
            {
                topics.swaps(actor.site_id),
                topics.site(actor.site_id),
                *(topics.week(actor.site_id, week) for week in view.weeks),
                *(topics.employee(each) for each in view.people),
            },
        )
        if self.swaps != view.swaps:
            self.swaps = view.swaps
