"""What the page of a week's versions shows: all of them, and two compared."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.differences import ComparisonView
from schedule_app.queries.versions import VersionItem, compare_versions, week_versions
from schedule_app.ui import routes
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import ChosenDay, Place, is_plannable, query_parameter, week_address

NOTHING = 0
_IN_WORK = {"draft", "pending", "approved"}


class ChosenPair(Payload):
    """Two versions, or the one that is another now; 0 in place of the first stands for an empty week."""

    one_id: int | None = Field(default=None, ge=0, lt=2**63)
    other_id: int | None = Field(default=None, gt=0, lt=2**63)


@dataclass(frozen=True, slots=True)
class InWork:
    """The version of the week that is in work; number 0 when none is."""

    number: int = 0
    status: str = ""


class VersionsState(rx.State):
    """A week's versions, the newest first, and the comparison of two."""

    place: Place = Place()
    versions: list[VersionItem] = []
    has_versions: bool = False
    options: list[tuple[str, str]] = []
    from_options: list[tuple[str, str]] = []
    one_id: int = NOTHING
    other_id: int = 0
    view: ComparisonView = ComparisonView()
    working: InWork = InWork()
    can_restore: bool = False
    is_ready: bool = False
    is_found: bool = True

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the week that the address names, and compare the two versions that it names."""
        self.is_ready = True
        try:
            await self._open(signed_in.actor)
        except NotFound:
            self.is_found = False
            raise
        self.is_found = True

    async def _open(self, actor: Actor) -> None:
        address = await week_address(self, actor)
        site, start = address.site, address.week_start
        if not can(actor, Permission.VIEW_DRAFT, site_id=site.id):
            raise NotFound("Versions of a week are shown to those who plan it.")
        self.place = address.place(routes.versions)
        watch(self, {topics.site(site.id), topics.week(site.id, start)})
        asked = _number(query_parameter(self, "one")), _number(query_parameter(self, "other"))
        await self._read(actor, *asked)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about this week or site has changed."""
        if self.place.site_id:
            await self._read(signed_in.actor, self.one_id, self.other_id)

    @guarded(Permission.VIEW_DRAFT, ChosenPair)
    async def compare(self, signed_in: SignedIn, data: ChosenPair) -> rx.event.EventSpec:
        """Compare two versions of this week."""
        one_id = self.one_id if data.one_id is None else data.one_id
        other_id = self.other_id if data.other_id is None else data.other_id
        if not {one_id, other_id} <= {NOTHING, *(each.id for each in self.versions)} or not self.place.site_id:
            raise NotFound
        await self._read(signed_in.actor, one_id, other_id)
        return self._remember()

    @guarded(Permission.VIEW_DRAFT, ChosenDay)
    async def go_to(self, _signed_in: SignedIn, data: ChosenDay) -> rx.event.EventSpec | None:
        """Go to the week of a day; a year still being typed is no day to go to."""
        if not self.place.site_id or not is_plannable(data.day):
            return None
        return rx.redirect(routes.versions(self.place.site_id, data.day))

    def _remember(self) -> rx.event.EventSpec:
        """Have the page's address name the two versions."""
        path = routes.versions(self.place.site_id, date.fromisoformat(self.place.start))
        address = f"{path}?{urlencode({'one': self.one_id, 'other': self.other_id})}"
        # Navigating there would load the page anew and take the focus from the control just used.
        return rx.call_script(f"history.replaceState(history.state, '', {json.dumps(address)})")

    async def _reread(self, actor: Actor, other_id: int | None = None) -> None:
        """Read anew, after a change made here; `other_id` is a version to look at from now on."""
        if other_id is None:
            await self._read(actor, self.one_id, self.other_id)
        else:
            await self._read(actor, None, other_id)

    async def _read(self, actor: Actor, one_id: int | None, other_id: int | None) -> None:
        async with read_session() as session:
            found = await week_versions(session, actor, self.place.site_id, date.fromisoformat(self.place.start))
            one_id, other_id = _pair(found, one_id, other_id)
            view = ComparisonView()
            if other_id:
                view = await compare_versions(session, actor, one_id or None, other_id)
        options = [(str(each.id), f"Version {each.number} · {each.status.capitalize()}") for each in found]
        self._set(
            {
                "versions": found,
                "has_versions": bool(found),
                "options": options,
                "from_options": [*options, (str(NOTHING), "An empty week")],
                "one_id": one_id,
                "other_id": other_id,
                "view": view,
                "working": next(
                    (InWork(each.number, each.status) for each in found if each.status in _IN_WORK), InWork()
                ),
                "can_restore": can(actor, Permission.CREATE_SCHEDULE, site_id=self.place.site_id),
            }
        )

    def _set(self, values: Mapping[str, object]) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def _number(words: str) -> int | None:
    return int(words) if words.isascii() and words.isdecimal() and len(words) <= 18 else None


def _pair(found: Sequence[VersionItem], one_id: int | None, other_id: int | None) -> tuple[int, int]:
    """What was asked for as far as it is there, else the newest version with what is or was in force."""
    known = [each.id for each in found]
    if not found:
        return NOTHING, 0
    if other_id not in known:
        one_id, other_id = None, known[0]
    if one_id not in (NOTHING, *known):
        rest = [each for each in found if each.id != other_id]
        in_force = [each.id for each in rest if each.status == "published"]
        one_id = next(iter([*in_force, *(each.id for each in rest)]), NOTHING)
    return one_id or NOTHING, other_id or 0
