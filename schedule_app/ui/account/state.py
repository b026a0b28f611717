"""Where the person is signed in, and the link to their calendar."""

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.permissions import Actor, Permission
from schedule_app.live import topics
from schedule_app.queries.account import SessionItem, list_sessions
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.calendar_feeds import FeedView, feed_view
from schedule_app.services.calendar_feeds import end_feed, open_feed
from schedule_app.services.sign_in import revoke_session, sign_out_everywhere
from schedule_app.settings import get_settings
from schedule_app.ui.guard import Payload, guarded, leave
from schedule_app.ui.watch import watch


class OneSession(Payload):
    """A signed-in browser, by its number."""

    id: int = Field(gt=0, lt=2**63)


class ShownLink(Payload):
    """Whether the new link is shown."""

    is_open: bool


class AccountState(rx.State):
    """The person's details, sessions, and the link to their calendar."""

    is_ready: bool = False
    name: str = ""
    email: str = ""
    role: str = ""
    site_name: str = ""
    sessions: list[SessionItem] = []
    feed: FeedView = FeedView()
    link: str = ""

    @guarded(Permission.MANAGE_SESSIONS)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        person = signed_in.actor.employee_id
        watch(self, {topics.employee(person), topics.sessions(person), topics.site(signed_in.actor.site_id)})
        await self._read(signed_in)
        self.link, self.is_ready = "", True

    @guarded(Permission.MANAGE_SESSIONS, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The person's details have changed, or where they are signed in."""
        await self._read(signed_in)

    @guarded(Permission.MANAGE_SESSIONS, OneSession)
    async def end(self, signed_in: SignedIn, data: OneSession) -> None:
        """End one session; its browser is at the sign-in page a moment later."""
        await revoke_session(signed_in.actor, data.id)
        await self._read(signed_in)

    @guarded(Permission.MANAGE_SESSIONS)
    async def end_all(self, signed_in: SignedIn) -> rx.event.EventSpec:
        """End every session, this one too."""
        await sign_out_everywhere(signed_in.actor)
        return leave()

    @guarded(Permission.VIEW_OWN)
    async def make_link(self, signed_in: SignedIn) -> None:
        """Make a new link to the person's shifts; it is shown this once."""
        self.link = f"{get_settings().public_url}/calendar/{await open_feed(signed_in.actor)}.ics"
        await self._read(signed_in)

    @guarded(Permission.VIEW_OWN, ShownLink)
    async def show_link(self, _signed_in: SignedIn, data: ShownLink) -> None:
        """Put the link away."""
        if not data.is_open:
            self.link = ""

    @guarded(Permission.VIEW_OWN)
    async def end_link(self, signed_in: SignedIn) -> None:
        """End the link; calendars that read it get nothing any more."""
        await end_feed(signed_in.actor)
        await self._read(signed_in)

    async def _read(self, signed_in: SignedIn) -> None:
        actor: Actor = signed_in.actor
        async with read_session() as session:
            self.sessions = await list_sessions(session, actor.employee_id, actor.session_id)
            feed = await feed_view(session, actor.employee_id)
        if self.feed != feed:
            self.feed = feed
        self.name, self.email, self.site_name = signed_in.name, signed_in.email, signed_in.site_name
        self.role = actor.role.value.capitalize()
