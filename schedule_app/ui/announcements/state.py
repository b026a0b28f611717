"""The announcements of a site, one that is being written, and one of which it is asked who has seen it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.announcement import LONGEST_BODY, LONGEST_SUBJECT, Audience
from schedule_app.domain.errors import InvalidInput, NotFound, ScheduleError
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.announcements import (
    PAGE_SIZE,
    Addressed,
    AnnouncementItem,
    PersonTold,
    get_announcement,
    list_announcements,
    reach,
    shift_words,
)
from schedule_app.queries.sites import get_site, list_sites
from schedule_app.services.announcements import AnnouncementDetails, announce, withdraw_announcement
from schedule_app.services.forms import checked
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import query_parameter

_MOST_LISTED = 200
_NOTHING = AnnouncementItem(0, "", "", "normal", "", "", 0, 0, 0, 0, "", can_withdraw=False)

Whom = Annotated[str, Field(pattern=r"^(site|(department|shift):[0-9]{1,18})$", examples=["site"])]


class ToWhom(Payload):
    """Who would be told: "site", "department:5" or "shift:7"."""

    audience: Whom


class Written(ToWhom):
    """The form, filled in."""

    subject: str = Field(default="", max_length=LONGEST_SUBJECT)
    body: str = Field(default="", max_length=LONGEST_BODY)
    priority: Literal["normal", "high", "urgent"] = "normal"
    key: UUID | None = None


class OneAnnouncement(Payload):
    """An announcement, by its number."""

    announcement_id: int = Field(gt=0, lt=2**63)


class OneSite(Payload):
    """A site, by its number."""

    site_id: int = Field(gt=0, lt=2**63)


class Open(Payload):
    """Whether something is open."""

    is_open: bool


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong, by field."""

    audience: str = ""
    subject: str = ""
    body: str = ""
    priority: str = ""


class AnnouncementsState(rx.State):
    """One planner's page.

    Attributes:
        audiences: To whom this planner may write, with the words for it.
        audience: To whom the one that is being written would go.
        reach: How many people that are.
        reading: The one whose readers are listed; its id is 0 while none is.
        is_withdrawing: Whether it is asked if that one is to be taken back.
        done: What was done last.
    """

    is_ready: bool = False
    site_id: int = 0
    sites: list[tuple[str, str]] = []
    items: list[AnnouncementItem] = []
    has_more: bool = False
    is_writing: bool = False
    audiences: list[tuple[str, str]] = []
    audience: str = ""
    reach: int = 0
    errors: Errors = Errors()
    problem: str = ""
    form_key: int = 0
    reading: AnnouncementItem = _NOTHING
    people: list[PersonTold] = []
    is_withdrawing: bool = False
    done: str = ""

    _listed: int = PAGE_SIZE
    _shift: tuple[str, str] | None = None

    @guarded(Permission.ANNOUNCE)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page; with a shift in its address, begin to write to its people."""
        actor = signed_in.actor
        site_id = _number(query_parameter(self, "site")) or actor.site_id
        shift_id = _number(query_parameter(self, "shift"))
        self.site_id, self.is_writing, self.done, self.reading = 0, False, "", _NOTHING
        self._listed, self._shift = PAGE_SIZE, None
        async with read_session() as session:
            site = await get_site(session, actor, site_id)
            self.sites = [(str(each.id), each.name) for each in await list_sites(session, actor)]
            if shift_id:
                words = await shift_words(session, actor, Addressed(Audience.SHIFT, site.id, shift_id=shift_id))
                self._shift = (f"shift:{shift_id}", words)
        self.site_id = site.id
        await self._read(actor)
        self.is_ready = True
        if self._shift:
            await self._begin(actor, self._shift[0])

    @guarded(Permission.ANNOUNCE, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something was announced or taken back, or somebody has read something."""
        if self.site_id:
            await self._read(signed_in.actor)
            if self.is_writing:
                await self._measure(signed_in.actor, self.audience)

    @guarded(Permission.ANNOUNCE, OneSite)
    async def choose_site(self, _signed_in: SignedIn, data: OneSite) -> rx.event.EventSpec:
        """Go to another site."""
        return rx.redirect(f"{routes.ANNOUNCEMENTS}?site={data.site_id}")

    @guarded(Permission.ANNOUNCE)
    async def show_more(self, signed_in: SignedIn) -> None:
        """List older ones too."""
        self._listed = min(self._listed + PAGE_SIZE, _MOST_LISTED)
        await self._read(signed_in.actor)

    @guarded(Permission.ANNOUNCE)
    async def begin(self, signed_in: SignedIn) -> None:
        """Begin to write one."""
        if not self.site_id:
            raise NotFound
        await self._begin(signed_in.actor, self.audiences[0][0] if self.audiences else "")

    @guarded(Permission.ANNOUNCE, ToWhom)
    async def address(self, signed_in: SignedIn, data: ToWhom) -> None:
        """Say how many people that reaches."""
        if not self.site_id:
            raise NotFound
        self.errors = Errors()
        await self._measure(signed_in.actor, data.audience)

    @guarded(Permission.ANNOUNCE, Open)
    async def write(self, _signed_in: SignedIn, data: Open) -> None:
        """Leave what is being written."""
        if not data.is_open:
            self.is_writing = False

    @guarded(Permission.ANNOUNCE, Written)
    async def send(self, signed_in: SignedIn, data: Written) -> None:
        """Tell everybody; what refuses is said in the form, and nothing written is lost."""
        if not self.site_id:
            raise NotFound
        self.errors, self.problem, self.done = Errors(), "", ""
        addressed = _addressed(data.audience, self.site_id)
        try:
            details = checked(
                AnnouncementDetails,
                {
                    "audience": addressed.audience,
                    "site_id": addressed.site_id,
                    "department_id": addressed.department_id,
                    "shift_id": addressed.shift_id,
                    "subject": data.subject,
                    "body": data.body,
                    "priority": data.priority,
                },
            )
            told = await announce(signed_in.actor, details, key=data.key)
        except InvalidInput as refused:
            problems = {name: words for name, words in refused.problems.items() if hasattr(Errors, name)}
            self.errors = Errors(**problems)
            self.problem = "" if problems else refused.message
            return
        except ScheduleError as refused:
            self.problem = refused.message
            return
        self.is_writing = False
        self.done = "Sent to 1 person." if told == 1 else f"Sent to {told} people."
        await self._read(signed_in.actor)

    @guarded(Permission.ANNOUNCE, OneAnnouncement)
    async def read(self, signed_in: SignedIn, data: OneAnnouncement) -> None:
        """Say who has seen one."""
        async with read_session() as session:
            self.reading, self.people = await get_announcement(session, signed_in.actor, data.announcement_id)
        self.is_withdrawing, self.problem = False, ""
        self._watch()

    @guarded(Permission.ANNOUNCE, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Close the one that is read."""
        if not data.is_open:
            self.reading, self.people, self.is_withdrawing = _NOTHING, [], False

    @guarded(Permission.ANNOUNCE, Open)
    async def ask_withdraw(self, _signed_in: SignedIn, data: Open) -> None:
        """Ask whether the one that is read is to be taken back, or no longer."""
        self.is_withdrawing = data.is_open and self.reading.can_withdraw

    @guarded(Permission.ANNOUNCE, OneAnnouncement)
    async def withdraw(self, signed_in: SignedIn, data: OneAnnouncement) -> None:
        """Take it back. The dialog closes first: a refusal is told on the page below it."""
        self.reading, self.people, self.is_withdrawing, self.done = _NOTHING, [], False, ""
        try:
            await withdraw_announcement(signed_in.actor, data.announcement_id)
            self.done = "Taken back."
        finally:
            if self.site_id:
                await self._read(signed_in.actor)

    async def _begin(self, actor: Actor, audience: str) -> None:
        self.errors, self.problem, self.done = Errors(), "", ""
        self.form_key += 1
        self.is_writing = True
        await self._measure(actor, audience)

    async def _measure(self, actor: Actor, audience: str) -> None:
        self.audience, self.reach = audience, 0
        if not audience:
            return
        async with read_session() as session:
            self.reach = await reach(session, actor, _addressed(audience, self.site_id))

    async def _read(self, actor: Actor) -> None:
        async with read_session() as session:
            site = await get_site(session, actor, self.site_id)
            items = await list_announcements(session, actor, self.site_id, limit=self._listed + 1)
            if self.reading.id:
                try:
                    reading = await get_announcement(session, actor, self.reading.id)
                except NotFound:
                    reading = (_NOTHING, [])
                self._set({"reading": reading[0], "people": reading[1]})

        def may(department_id: int | None) -> bool:
            return can(actor, Permission.ANNOUNCE, site_id=site.id, department_id=department_id)

        audiences = [self._shift] if self._shift else []
        audiences += [("site", f"Everybody at {site.name}")] if may(None) else []
        audiences += [
            (f"department:{number}", f"Everybody in {name}") for number, name in site.departments if may(number)
        ]
        self._set({"items": items[: self._listed], "has_more": len(items) > self._listed, "audiences": audiences})
        self._watch()

    def _watch(self) -> None:
        shown = {each.id for each in self.items} | ({self.reading.id} if self.reading.id else set())
        watch(
            self,
            {topics.announcements(self.site_id), topics.site(self.site_id), *map(topics.announcement, shown)},
        )

    def _set(self, values: dict[str, Any]) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _addressed(audience: str, site_id: int) -> Addressed:
    kind, _, number = audience.partition(":")
    found = int(number) if number else None
    return Addressed(
        Audience(kind),
        site_id,
        department_id=found if kind == Audience.DEPARTMENT else None,
        shift_id=found if kind == Audience.SHIFT else None,
    )


def _number(text: str) -> int:
    """A number in an address; 0 for none, and NotFound for what is none."""
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotFound
    return int(text)
