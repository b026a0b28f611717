"""The proposals for the week on the board side by side, and what becomes of each."""

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Conflict, IllegalTransition, RuleBroken
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.live.shared import shared_results
from schedule_app.live.viewers import viewers
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.proposals import ProposalsView, compare_proposals, proposed_runs
from schedule_app.services.solve_runs import discard_run
from schedule_app.ui.board.fill_state import FillState, OneRun, Open
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import guarded
from schedule_app.ui.watch import watch


class ProposalsState(rx.State):
    """The dialog that compares them."""

    is_open: bool = False
    view: ProposalsView = ProposalsView()
    problem: str = ""

    @guarded(Permission.VIEW_DRAFT)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the comparison."""
        self.problem = ""
        await self._read(signed_in.actor)
        self.is_open = True

    @guarded(Permission.VIEW_DRAFT, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Close the dialog; it keeps nothing."""
        if not data.is_open:
            self._close()

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The week has changed, or there are other proposals now."""
        if self.is_open:
            await self._read(signed_in.actor)

    @guarded(Permission.VIEW_DRAFT, OneRun)
    async def look(self, signed_in: SignedIn, data: OneRun) -> None:
        """Show one of them on the board."""
        fill = await self.get_state(FillState)
        await fill._look(signed_in.actor, data.run_id)
        self._close()

    @guarded(Permission.ASSIGN, OneRun)
    async def keep(self, signed_in: SignedIn, data: OneRun) -> rx.event.EventSpec | None:
        """Put one of them in place; what refuses is said in the dialog."""
        fill = await self.get_state(FillState)
        try:
            told = await fill._keep(signed_in.actor, data.run_id)
        except (Conflict, IllegalTransition, RuleBroken) as refused:
            self.problem = refused.message
            return None
        self._close()
        return told

    @guarded(Permission.ASSIGN, OneRun)
    async def discard(self, signed_in: SignedIn, data: OneRun) -> None:
        """Throw one of them away."""
        self.problem = ""
        await discard_run(signed_in.actor, data.run_id)
        await self._read(signed_in.actor)
        fill = await self.get_state(FillState)
        await fill._read(signed_in.actor)

    def _close(self) -> None:
        self.is_open, self.view = False, ProposalsView()

    async def _read(self, actor: Actor) -> None:
        board = await self.get_state(BoardState)
        schedule_id, shown = board.head.schedule_id, board._topics()
        watch(self, {*shown, topics.solve(schedule_id)})
        async with read_session() as session:
            proposed = await proposed_runs(session, actor, schedule_id)
        sees_cost = can(actor, Permission.VIEW_COST, site_id=board.week.site_id)

        async def read() -> ProposalsView:
            async with read_session() as session:
                return await compare_proposals(session, actor, schedule_id)

        # A search that goes on tells of itself several times a second, and changes nothing of this.
        key = ("proposals", schedule_id, proposed, sees_cost)
        view = await shared_results.get(key, viewers.revision(shown), read)
        if self.view != view:
            self.view = view
