"""Which version of a week is looked at, or of all weeks of a span: the one in work, or the one in force."""

from typing import Literal

import reflex as rx

from schedule_app.domain.permissions import Permission
from schedule_app.queries.actors import SignedIn
from schedule_app.ui.board.span_state import SpanState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.week import week_at
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.week_address import week_address


class Version(Payload):
    """Which of a week's two versions to look at."""

    version: Literal["working", "published"]


class VersionState(rx.State):
    """The switch over whichever grid there is. What is chosen is the board's, and kept in the address."""

    @guarded(Permission.VIEW_DRAFT, Version)
    async def look_at(self, signed_in: SignedIn, data: Version) -> rx.event.EventSpec:
        """Look at the version being worked on, or at the one in force."""
        actor = signed_in.actor
        board = await self.get_state(BoardState)
        board._require_site(actor)
        board.version = data.version
        board._forget_pick()
        if board.span:
            board.week = week_at(actor, await week_address(self, actor), board.span, board.version)
            span = await self.get_state(SpanState)
            await span._reread(actor, board)
        else:
            board._show(actor, await board._read(actor), whole=True)
        return board._name_version()
