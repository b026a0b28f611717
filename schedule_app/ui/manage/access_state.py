"""Whether a person may sign in, and whether they still work here."""

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Permission
from schedule_app.domain.time import moment_label
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.leaving import preview_leaving
from schedule_app.queries.people import PersonView, get_person
from schedule_app.services.invitations import invite, revoke_invitation
from schedule_app.services.leaving import deactivate_person, reactivate_person
from schedule_app.settings import get_settings
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.manage.person_state import PersonState


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class AccessState(rx.State):
    """A new link, shown once, and what leaving would mean."""

    link: str = ""
    link_until: str = ""
    is_leaving: bool = False
    drafts: list[str] = []
    in_approval: list[str] = []
    published: list[str] = []
    has_shifts: bool = False
    is_blocked: bool = False
    problem: str = ""

    _leaving_version: int = 0

    @guarded(Permission.MANAGE_PEOPLE)
    async def invite(self, signed_in: SignedIn) -> None:
        """Make a link for the person to set their password with."""
        person = await self._person(signed_in)
        made = await invite(signed_in.actor, person.id)
        self.link = f"{get_settings().public_url}/invitation/{made.token}"
        self.link_until = moment_label(made.expires_at, person.zone, clock_24h=person.clock_24h)

    @guarded(Permission.MANAGE_PEOPLE, Open)
    async def show_link(self, _signed_in: SignedIn, data: Open) -> None:
        """Close the link for good."""
        if not data.is_open:
            self.link = ""

    @guarded(Permission.MANAGE_PEOPLE)
    async def revoke(self, signed_in: SignedIn) -> None:
        """Make the open link worthless."""
        person = await self._person(signed_in)
        await revoke_invitation(signed_in.actor, person.id)

    @guarded(Permission.MANAGE_PEOPLE)
    async def ask_to_leave(self, signed_in: SignedIn) -> None:
        """Ask whether to let the person go, saying what becomes of their shifts."""
        person = await self._person(signed_in)
        async with read_session() as session:
            leaving = await preview_leaving(session, person.id, clock_24h=person.clock_24h)
        self.drafts, self.in_approval, self.published = leaving.drafts, leaving.in_approval, leaving.published
        self.has_shifts = bool(leaving.drafts or leaving.in_approval or leaving.published)
        self.is_blocked = bool(leaving.in_approval)
        self._leaving_version = person.version
        self.is_leaving, self.problem = True, ""

    @guarded(Permission.MANAGE_PEOPLE, Open)
    async def show_leaving(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the question."""
        self.is_leaving = data.is_open

    @guarded(Permission.MANAGE_PEOPLE)
    async def leave(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Let the person go."""
        person = await self._person(signed_in)
        try:
            await deactivate_person(signed_in.actor, person.id, expected_version=self._leaving_version)
        except ScheduleError as refused:
            self.problem = refused.message
            return None
        self.is_leaving = False
        return PersonState.show_newest()

    @guarded(Permission.MANAGE_PEOPLE)
    async def come_back(self, signed_in: SignedIn) -> rx.event.EventSpec:
        """Let the person come back."""
        person = await self._person(signed_in)
        await reactivate_person(signed_in.actor, person.id, expected_version=person.version)
        return PersonState.show_newest()

    async def _person(self, signed_in: SignedIn) -> PersonView:
        opened = await self.get_state(PersonState)
        if not opened._id:
            raise NotFound
        async with read_session() as session:
            return await get_person(session, signed_in.actor, opened._id)
