"""How the person wishes to be told: the form's first values, and what is wrong with what was entered."""

from dataclasses import dataclass
from datetime import time
from typing import Annotated, Final, Literal, TypeAlias

import reflex as rx
from pydantic import Field

from schedule_app.channels import states
from schedule_app.db.engine import read_session
from schedule_app.domain.delivery import CHOSEN, Channel, Setting, is_on, setting_of
from schedule_app.domain.errors import Difference, InvalidInput, ScheduleError, StaleVersion
from schedule_app.domain.notices import Category
from schedule_app.domain.permissions import Permission
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.preferences import Wishes, own_wishes
from schedule_app.services.forms import checked
from schedule_app.services.preferences import CATEGORIES, CHANNELS, WishDetails, entered_time, save_wishes
from schedule_app.services.sites import zone_names
from schedule_app.settings import get_settings
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch

MaybeTime: TypeAlias = Annotated[str, Field(max_length=8, examples=["22:00"])]
_CLOCKS: Final = {"24": "24 hours, 18:00", "12": "12 hours, 6:00\u00a0PM"}
_TO_FIRST_ERROR: Final = "setTimeout(() => document.querySelector('#wishes [aria-invalid=true]')?.focus(), 60)"


class Filled(Payload):
    """The form, filled in: of each kind of message the channels that are ticked, as "category_channel"."""

    schedule_email: str = ""
    schedule_push: str = ""
    schedule_sms: str = ""
    assignment_email: str = ""
    assignment_push: str = ""
    assignment_sms: str = ""
    approval_email: str = ""
    approval_push: str = ""
    approval_sms: str = ""
    announcement_email: str = ""
    announcement_push: str = ""
    announcement_sms: str = ""
    system_email: str = ""
    system_push: str = ""
    system_sms: str = ""
    quiet_from: MaybeTime = ""
    quiet_until: MaybeTime = ""
    digest_at: MaybeTime = ""
    time_zone: str = Field(default="", max_length=64)
    clock: Literal["", "24", "12"] = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """One box of the table.

    Attributes:
        label: What it is for, read out with it.
        note: Why it cannot be changed, "always" or "off"; "" where it can.
    """

    name: str
    label: str
    is_on: bool
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of message and its channels."""

    category: str
    label: str
    wishes: list[Wish]


@dataclass(frozen=True, slots=True)
class Fields:
    """The other fields' first values."""

    quiet_from: str = ""
    quiet_until: str = ""
    digest_at: str = ""
    time_zone: str = ""
    clock: str = ""


class WishesState(rx.State):
    """The form.

    Attributes:
        off: The channels that nobody is told over here.
    """

    is_ready: bool = False
    rows: list[Row] = []
    off: str = ""
    has_locked: bool = False
    fields: Fields = Fields()
    errors: Fields = Fields()
    zones: list[str] = []
    site_zone: str = ""
    clocks: list[tuple[str, str]] = []
    form_key: int = 0
    problem: str = ""
    differences: list[Difference] = []
    is_outdated: bool = False
    done: str = ""

    _version: int = 0

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        watch(self, {topics.employee(signed_in.actor.employee_id), topics.site(signed_in.actor.site_id)})
        if not self.zones:
            self.zones = zone_names()
        self.done = ""
        await self._open(signed_in)
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something has changed; what is being entered stays, and it is said that there is something newer."""
        async with read_session() as session:
            stored = await own_wishes(session, signed_in.actor.employee_id)
        is_outdated = stored.version != self._version or _rows(stored) != self.rows
        if is_outdated != self.is_outdated:
            self.is_outdated = is_outdated

    @guarded(Permission.VIEW_OWN)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Fill the form with what is stored now."""
        self.done = ""
        await self._open(signed_in)

    @guarded(Permission.VIEW_OWN, Filled)
    async def save(self, signed_in: SignedIn, data: Filled) -> rx.event.EventSpec | None:
        """Save; what refuses is said in the form, and nothing entered is lost."""
        self.errors, self.problem, self.differences, self.done = Fields(), "", [], ""
        try:
            await save_wishes(signed_in.actor, _entered(data), expected_version=self._version)
        except StaleVersion as stale:
            self.problem, self.differences = stale.message, list(stale.differences)
            self._version, self.is_outdated = stale.version or 0, False
            return None
        except InvalidInput as refused:
            problems = {name: words for name, words in refused.problems.items() if hasattr(Fields, name)}
            self.errors = Fields(**problems)
            self.problem = "" if problems else refused.message
            return rx.call_script(_TO_FIRST_ERROR)
        except ScheduleError as refused:
            self.problem = refused.message
            return None
        await self._open(signed_in)
        self.done = "Saved. It holds for what is told from now on."
        return None

    async def _open(self, signed_in: SignedIn) -> None:
        async with read_session() as session:
            stored = await own_wishes(session, signed_in.actor.employee_id)
        self.rows, self.site_zone, self._version = _rows(stored), stored.site_zone, stored.version
        self.has_locked = any(wish.note == "always" for row in self.rows for wish in row.wishes)
        kept = states(get_settings())
        self.off = ", ".join(CHANNELS[each] for each in CHOSEN if not kept[each].is_on)
        self.fields = Fields(
            _shown(stored.quiet_from),
            _shown(stored.quiet_until),
            _shown(stored.digest_at),
            stored.time_zone,
            "" if stored.own_clock_24h is None else _clock(stored.own_clock_24h),
        )
        sites = _CLOCKS[_clock(stored.site_clock_24h)]
        self.clocks = [("", f"As at your site: {sites}"), *_CLOCKS.items()]
        self.errors, self.problem, self.differences, self.is_outdated = Fields(), "", [], False
        # Fields keep what was entered into them for as long as the form is the same one.
        self.form_key += 1


def _rows(stored: Wishes) -> list[Row]:
    kept = states(get_settings())
    return [
        Row(
            category.value,
            label,
            [_wish(stored, category, channel, is_kept=kept[channel].is_on) for channel in CHOSEN],
        )
        for category, label in CATEGORIES.items()
    ]


def _wish(stored: Wishes, category: Category, channel: Channel, *, is_kept: bool) -> Wish:
    setting = setting_of(stored.site, category, channel)
    return Wish(
        f"{category}_{channel}",
        f"{CATEGORIES[category]}: {CHANNELS[channel]}",
        is_on(setting, stored.channels, category, channel),
        "off" if not is_kept else "always" if setting == Setting.LOCKED else "",
    )


def _entered(data: Filled) -> WishDetails:
    """What was entered. What cannot be ticked now is left as it is."""
    values = data.model_dump()
    kept = states(get_settings())
    return checked(
        WishDetails,
        {
            "channels": {
                category: {channel: bool(values[f"{category}_{channel}"]) for channel in CHOSEN if kept[channel].is_on}
                for category in Category
            },
            **{name: entered_time(values[name], name) for name in ("quiet_from", "quiet_until", "digest_at")},
            "time_zone": data.time_zone or None,
            "clock_24h": data.clock == "24" if data.clock else None,
        },
    )


def _clock(is_24h: bool) -> str:
    return "24" if is_24h else "12"


def _shown(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""
