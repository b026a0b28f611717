"""What the inbox shows, and reading it."""

from typing import Literal

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor, Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.inbox import InboxItem, inbox
from schedule_app.services.notifications import mark_all_read, mark_read, mark_unread
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch

_PAGE_SIZE = 50
_MOST_SHOWN = 500


class Filters(Payload):
    """How the inbox is narrowed down."""

    unread_only: bool = False
    category: Literal["", "schedule", "assignment", "approval", "announcement", "system"] = ""
    priority: Literal["", "low", "normal", "high", "urgent"] = ""


class OneMessage(Payload):
    """A message, by its number."""

    id: int = Field(gt=0, lt=2**63)


class InboxState(rx.State):
    """One person's messages: as many as are `shown`, the newest of them or those older than `before_id`."""

    is_ready: bool = False
    items: list[InboxItem] = []
    unread: int = 0
    has_more: bool = False
    unread_only: bool = False
    category: str = ""
    priority: str = ""
    shown: int = _PAGE_SIZE
    before_id: int = 0

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the inbox."""
        actor = signed_in.actor
        # What a message asks may be answered elsewhere, too.
        watch(self, {topics.inbox(actor.employee_id), topics.employee(actor.employee_id), topics.site(actor.site_id)})
        self.shown, self.before_id = _PAGE_SIZE, 0
        await self._read(signed_in.actor)
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something new has come, or was read elsewhere."""
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_OWN, Filters)
    async def narrow(self, signed_in: SignedIn, data: Filters) -> None:
        """Show only some of the messages."""
        self.unread_only, self.category, self.priority = data.unread_only, data.category, data.priority
        self.shown, self.before_id = _PAGE_SIZE, 0
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_OWN)
    async def show_more(self, signed_in: SignedIn) -> None:
        """Show older messages too; instead of the newer ones, when these are as many as a page holds."""
        if self.shown < _MOST_SHOWN:
            self.shown = min(self.shown + _PAGE_SIZE, _MOST_SHOWN)
        elif self.has_more:
            self.shown, self.before_id = _PAGE_SIZE, self.items[-1].id
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_OWN)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Back to the newest messages."""
        self.shown, self.before_id = _PAGE_SIZE, 0
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_OWN, OneMessage)
    async def read(self, signed_in: SignedIn, data: OneMessage) -> None:
        """Mark as read."""
        await mark_read(signed_in.actor, [data.id])
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_OWN, OneMessage)
    async def unread_again(self, signed_in: SignedIn, data: OneMessage) -> None:
        """Mark as unread."""
        await mark_unread(signed_in.actor, [data.id])
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_OWN)
    async def read_all(self, signed_in: SignedIn) -> None:
        """Mark everything as read."""
        await mark_all_read(signed_in.actor)
        await self._read(signed_in.actor)

    async def _read(self, actor: Actor) -> None:
        async with read_session() as session:
            view = await inbox(
                session,
                actor.employee_id,
                unread_only=self.unread_only,
                category=self.category or None,
                priority=self.priority or None,
                limit=self.shown,
                before_id=self.before_id or None,
            )
        self.items = view.items
        self.unread = view.unread
        self.has_more = view.has_more
