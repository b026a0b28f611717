"""When a person can work: the week, what takes its place later, single dates, and what a change would touch."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import reflex as rx

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import Difference, InvalidInput, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Permission
from schedule_app.domain.time import Interval, day_label, shift_label
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.availability import list_newly_outside, own_availability
from schedule_app.services.availability import save_availability
from schedule_app.services.availability_details import (
    AvailabilityDetails,
    as_text,
    availability_json,
    check_dates,
    columns,
    day_words,
    facts_of,
    of_text,
    stored_details,
    tidied,
    week_words,
)
from schedule_app.ui.availability.form import (
    Chosen,
    Errors,
    FilledDate,
    FilledWeek,
    OneDay,
    errors_of,
    with_date,
    with_week,
    without_date,
    without_week,
)
from schedule_app.ui.guard import guarded
from schedule_app.ui.watch import watch


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, and what holds from it or on it, in words."""

    day: str
    label: str
    words: str


class AvailabilityState(rx.State):
    """What is stored, the forms' first values, and the change that is being checked.

    Attributes:
        week: What the editor opens with, as `Employee.availability`.
        starts_on: From when that is to hold.
        editing: The later week that is open in the editor, in words; "" for the one that holds now.
        is_outdated: Whether something else is stored by now than the editor was opened with.
        checking: What is about to be saved, in words; "" while nothing is.
        touched: The person's planned shifts that it touches.
        done: What was saved last.
    """

    is_ready: bool = False
    today: str = ""
    week: dict[str, Any] = {}
    starts_on: str = ""
    editing: str = ""
    later: list[Dated] = []
    exceptions: list[Dated] = []
    choice: str = "off"
    form_key: int = 0
    date_key: int = 0
    errors: Errors = Errors()
    problem: str = ""
    differences: list[Difference] = []
    is_outdated: bool = False
    checking: str = ""
    touched: list[str] = []
    done: str = ""

    # What the forms were filled with, what is known to be stored, and what is about to be; each `as_text`.
    _seen: str = ""
    _known: str = ""
    _pending: str = ""
    _today: dt.date = dt.date.min
    _editing: dt.date | None = None

    @guarded(Permission.VIEW_OWN)
    async def load(self, signed_in: SignedIn) -> None:
        """Open the page."""
        watch(self, {topics.employee(signed_in.actor.employee_id), topics.site(signed_in.actor.site_id)})
        self.done, self.choice = "", "off"
        await self._open(signed_in)
        self.is_ready = True

    @guarded(Permission.VIEW_OWN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something has changed; what is being typed stays, and it is said that there is something newer."""
        stored, today, clock_24h = await self._stored(signed_in)
        self._list(stored, today, clock_24h=clock_24h)
        is_outdated = as_text(stored) != self._known
        if is_outdated != self.is_outdated:
            self.is_outdated = is_outdated

    @guarded(Permission.VIEW_OWN)
    async def show_newest(self, signed_in: SignedIn) -> None:
        """Fill the forms with what is stored now."""
        await self._open(signed_in)

    @guarded(Permission.VIEW_OWN, OneDay)
    async def edit_later(self, _signed_in: SignedIn, data: OneDay) -> None:
        """Open a week that begins later in the editor."""
        for each in of_text(self._seen).later if self._seen else ():
            if each.starts_on != data.day:
                continue
            self._editing, self.starts_on = data.day, data.day.isoformat()
            self.editing, self.week = f"The week from {day_label(data.day)}", availability_json(each.days)
            self.errors, self.form_key = Errors(), self.form_key + 1

    @guarded(Permission.VIEW_OWN, Chosen)
    async def choose(self, _signed_in: SignedIn, data: Chosen) -> None:
        """Say what holds on the date that is being entered, so that it can ask for times."""
        self.choice, self.errors = data.choice, Errors()

    @guarded(Permission.RESPOND, FilledWeek)
    async def check_week(self, signed_in: SignedIn, data: FilledWeek) -> None:
        """Say which shifts another week touches; nothing is saved yet."""
        since = data.starts_on or self.today
        await self._check(
            signed_in,
            lambda seen: with_week(seen, data, self._today, self._editing),
            lambda: f"This week holds from {day_label(dt.date.fromisoformat(since))}.",
        )

    @guarded(Permission.RESPOND, OneDay)
    async def check_removing_week(self, signed_in: SignedIn, data: OneDay) -> None:
        """Say which shifts it touches when a week that begins later does not."""
        words = f"The week from {day_label(data.day)} is dropped; the one before it goes on."
        await self._check(signed_in, lambda seen: without_week(seen, data.day), lambda: words)

    @guarded(Permission.RESPOND, FilledDate)
    async def check_date(self, signed_in: SignedIn, data: FilledDate) -> None:
        """Say which shifts an exception touches; nothing is saved yet."""
        await self._check(
            signed_in,
            lambda seen: with_date(seen, data, self._today),
            lambda: f"It holds on {day_label(dt.date.fromisoformat(data.day))} alone.",
        )

    @guarded(Permission.RESPOND, OneDay)
    async def check_removing_date(self, signed_in: SignedIn, data: OneDay) -> None:
        """Say which shifts it touches when a date is as its week again."""
        words = f"{day_label(data.day)} is as in your week again."
        await self._check(signed_in, lambda seen: without_date(seen, data.day), lambda: words)

    @guarded(Permission.VIEW_OWN)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Back to the form, with all that was entered."""
        self.checking, self._pending = "", ""

    @guarded(Permission.RESPOND)
    async def save(self, signed_in: SignedIn) -> None:
        """Save what was checked, or save it over a newer version; pressed twice, it is saved once."""
        pending, self._pending, self.checking = self._pending, "", ""
        self.problem, self.differences = "", []
        if not pending:
            return
        try:
            await save_availability(signed_in.actor, of_text(pending), seen=self._known)
        except StaleVersion as stale:
            self.problem, self.differences = stale.message, list(stale.differences)
            stored, _, _ = await self._stored(signed_in)
            self._known, self._pending, self.is_outdated = as_text(stored), pending, False
            return
        except ScheduleError as refused:
            self.problem = refused.message
            return
        await self._open(signed_in)
        self.done = "Saved. Whoever plans your shifts has been told."

    async def _check(self, signed_in: SignedIn, change: Any, words: Any) -> None:  # noqa: ANN401 - two functions
        self.errors, self.problem, self.differences, self.done = Errors(), "", [], ""
        if not self._seen:
            return
        seen = of_text(self._seen)
        try:
            wanted = change(seen)
            check_dates(wanted, self._today)
        except InvalidInput as refused:
            self.errors = errors_of(refused)
            if self.errors == Errors():
                self.problem = refused.message
            return
        async with read_session() as session:
            person = await own_availability(session, signed_in.actor.employee_id)
            after = facts_of(tidied(wanted, self._today))
            rows = await list_newly_outside(session, signed_in.actor.employee_id, facts_of(seen), after)
        self.touched = [
            shift_label(
                Interval(each.starts_at, each.ends_at),
                each.time_zone,
                each.title or each.shift_type.capitalize(),
                clock_24h=person.clock_24h,
            )
            for each in rows
            if each.in_force
        ]
        self._pending, self.checking = as_text(wanted), words()

    async def _stored(self, signed_in: SignedIn) -> tuple[AvailabilityDetails, dt.date, bool]:
        async with read_session() as session:
            row = await own_availability(session, signed_in.actor.employee_id)
        return stored_details(row, row.today), row.today, row.clock_24h

    async def _open(self, signed_in: SignedIn) -> None:
        stored, today, clock_24h = await self._stored(signed_in)
        self._seen = self._known = as_text(stored)
        self._today, self._editing, self._pending = today, None, ""
        self.week, self.starts_on, self.editing = columns(stored)["availability"], today.isoformat(), ""
        self.errors, self.problem, self.differences = Errors(), "", []
        self.checking, self.touched, self.is_outdated = "", [], False
        # Fields keep what was typed into them for as long as the form is the same one.
        self.form_key, self.date_key = self.form_key + 1, self.date_key + 1
        self._list(stored, today, clock_24h=clock_24h)

    def _list(self, stored: AvailabilityDetails, today: dt.date, *, clock_24h: bool) -> None:
        values = {
            "today": today.isoformat(),
            "later": [
                Dated(each.starts_on.isoformat(), day_label(each.starts_on), week_words(each.days, clock_24h=clock_24h))
                for each in stored.later
            ],
            "exceptions": [
                Dated(day.isoformat(), day_label(day), day_words(record, clock_24h=clock_24h))
                for day, record in stored.exceptions.items()
            ],
        }
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
