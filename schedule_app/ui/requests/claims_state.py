"""Requests for open shifts, and deciding them."""

from datetime import date
from typing import Literal

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.claims import WaitingClaim, waiting_claims
from schedule_app.queries.sites import list_sites
from schedule_app.services.claims import approve_claim, reject_claim
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class OneClaim(Payload):
    """A request, by its number."""

    claim_id: int = Field(gt=0, lt=2**63)


class Question(OneClaim):
    """What is about to be decided."""

    step: Literal["approve", "reject"]


class Decision(OneClaim):
    """A request and a word to the person."""

    note: str = Field(default="", max_length=500)


class ClaimsState(rx.State):
    """The requests that this planner may decide, and the one that the dialog is about.

    Attributes:
        asking_id: The request in the dialog; 0 when it is closed.
        step: What the dialog would do.
        done: What was decided last, in words.
    """

    claims: list[WaitingClaim] = []
    asking_id: int = 0
    step: str = ""
    asking_text: str = ""
    needs_reason: bool = False
    done: str = ""

    @guarded(Permission.VIEW_DRAFT)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        self.asking_id, self.done = 0, ""
        await self._read(signed_in)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about a site, or about a week that is asked for, has changed."""
        await self._read(signed_in)

    @guarded(Permission.ASSIGN, Question)
    async def ask(self, _signed_in: SignedIn, data: Question) -> None:
        """Ask for a word to the person, or for the reason to go against a rule."""
        claim = self._shown(data.claim_id)
        self.asking_text = f"{claim.employee_name}, {claim.shift}." if claim else ""
        self.needs_reason = data.step == "approve" and bool(claim and claim.warnings)
        self.step, self.asking_id = data.step, data.claim_id

    @guarded(Permission.ASSIGN)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Close the dialog without a decision."""
        self.asking_id = 0

    @guarded(Permission.ASSIGN, Decision)
    async def approve(self, signed_in: SignedIn, data: Decision) -> None:
        """Give the shift. The dialog closes first: a refusal is told on the page below it."""
        name = self._begin(data.claim_id)
        try:
            await approve_claim(signed_in.actor, data.claim_id, note=data.note)
            self.done = f"{name} has the shift now, and has been told."
        finally:
            await self._read(signed_in)

    @guarded(Permission.ASSIGN, Decision)
    async def reject(self, signed_in: SignedIn, data: Decision) -> None:
        """Do not give the shift."""
        name = self._begin(data.claim_id)
        try:
            await reject_claim(signed_in.actor, data.claim_id, note=data.note)
            self.done = f"{name} has been told."
        finally:
            await self._read(signed_in)

    def _begin(self, claim_id: int) -> str:
        self.asking_id, self.done = 0, ""
        claim = self._shown(claim_id)
        return claim.employee_name if claim else "The person"

    async def _read(self, signed_in: SignedIn) -> None:
        actor = signed_in.actor
        async with read_session() as session:
            sites = await list_sites(session, actor)
        always = {topic(site.id) for site in sites for topic in (topics.site, topics.open_shifts)}
        watch(self, always)
        async with read_session() as session:
            view = await waiting_claims(session, actor)
        watch(self, always | {topics.week(site_id, date.fromisoformat(week)) for site_id, week in view.weeks})
        if self.claims != view.claims:
            self.claims = view.claims
        if self.asking_id and self._shown(self.asking_id) is None:
            self.asking_id = 0

    def _shown(self, claim_id: int) -> WaitingClaim | None:
        return next((claim for claim in self.claims if claim.id == claim_id), None)
