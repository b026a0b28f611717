"""The dialogs before two steps that count: what is being approved, and what publishing will do."""

from collections.abc import Mapping

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Actor, Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.differences import ComparisonView
from schedule_app.queries.publication import PublicationPreview, preview_publication
from schedule_app.queries.versions import compare_versions
from schedule_app.services.schedules import publish_schedule
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class Open(Payload):
    """Whether a dialog is open."""

    is_open: bool


class ApproveState(rx.State):
    """What differs from the published week; whoever approves signs exactly this."""

    is_open: bool = False
    view: ComparisonView = ComparisonView()
    has_changed: bool = False

    @guarded(Permission.APPROVE)
    async def ask(self, signed_in: SignedIn) -> None:
        """Show what would be approved."""
        board = await self.get_state(BoardState)
        watch(self, _topics(board))
        view = await _comparison(signed_in.actor, board)
        _set(self, {"view": view, "has_changed": False, "is_open": True})

    @guarded(Permission.APPROVE, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open and self.view.digest != ""

    @guarded(Permission.APPROVE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The week has changed while it was being looked at."""
        if not self.is_open:
            return
        board = await self.get_state(BoardState)
        if not board.head.can_approve:
            self.is_open = False
            return
        view = await _comparison(signed_in.actor, board)
        _set(self, {"has_changed": self.has_changed or view.digest != self.view.digest, "view": view})

    @guarded(Permission.APPROVE)
    async def sign(self, _signed_in: SignedIn) -> rx.event.EventSpec:
        """Approve what was shown."""
        self.is_open = False
        return BoardState.approve({"digest": self.view.digest})


class PublishState(rx.State):
    """Who will be told what; whoever publishes does exactly this."""

    is_open: bool = False
    view: PublicationPreview = PublicationPreview()
    has_changed: bool = False
    error: str = ""

    @guarded(Permission.PUBLISH)
    async def ask(self, signed_in: SignedIn) -> None:
        """Show what publishing would do."""
        board = await self.get_state(BoardState)
        watch(self, _topics(board))
        view = await _preview(signed_in.actor, board)
        _set(self, {"view": view, "has_changed": False, "error": "", "is_open": True})

    @guarded(Permission.PUBLISH, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open and self.view.digest != ""

    @guarded(Permission.PUBLISH, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The week has changed while it was being looked at."""
        if not self.is_open:
            return
        board = await self.get_state(BoardState)
        if not board.head.can_publish:
            self.is_open = False
            return
        await self._preview_again(signed_in.actor, board)

    @guarded(Permission.PUBLISH)
    async def publish(self, signed_in: SignedIn) -> None:
        """Publish what was shown. What refuses is said, and the preview shows how things are now."""
        if not self.view.digest:
            raise NotFound
        if not self.is_open:
            return
        board = await self.get_state(BoardState)
        head = board.head
        try:
            await publish_schedule(
                signed_in.actor, head.schedule_id, expected_version=head.version, seen=self.view.digest
            )
        except ScheduleError as refused:
            self.error = refused.message
            await self._preview_again(signed_in.actor, board)
        else:
            self.is_open = False
        await board._reread(signed_in.actor)

    async def _preview_again(self, actor: Actor, board: BoardState) -> None:
        view = await _preview(actor, board)
        _set(self, {"has_changed": self.has_changed or view.digest != self.view.digest, "view": view})


async def _comparison(actor: Actor, board: BoardState) -> ComparisonView:
    async with read_session() as session:
        return await compare_versions(session, actor, board.head.published_id or None, board.head.schedule_id)


async def _preview(actor: Actor, board: BoardState) -> PublicationPreview:
    async with read_session() as session:
        return await preview_publication(session, actor, board.head.schedule_id)


def _topics(board: BoardState) -> set[str]:
    return board._topics() if board.week.site_id else {topics.site(0)}


def _set(state: rx.State, values: Mapping[str, object]) -> None:
    """Set only what differs: what is set is sent, equal or not."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
