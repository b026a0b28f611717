"""Who looks at which week and in which cell: passing knowledge, shared by all processes and kept by none.

Each process says on a channel of its own who its open boards belong to, week by week: when that changes, and as a sign
of life. What it does not say again is forgotten, so that a tab, a socket or a process may end in any way.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import psycopg
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

log = structlog.get_logger(__name__)

CHANNEL: Final = "schedule_app_presence"
#: Changes are told together, at most so often however quick people are, and the more seldom the more tabs are told.
GATHER_SECONDS: Final = 0.25
_SECONDS_FOR_EACH: Final = 0.02
HEARTBEAT_SECONDS: Final = 3.0
#: Two signs of life may be lost on the way.
FORGOTTEN_AFTER_SECONDS: Final = 8.0
_RETRY_SECONDS: Final = 1.0
#: What PostgreSQL takes in one notification, less some room.
_MOST_BYTES: Final = 7800


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody on a board; `cell` is the row and column they are in, "12:3", or empty."""

    employee_id: int
    name: str
    cell: str = ""


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    i: int = Field(gt=0)
    n: str = Field(max_length=200)
    c: str = Field(max_length=30)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")

    process: str = Field(max_length=40)
    week: str = Field(max_length=60)
    people: list[_Person]


class Presence:
    """The boards open in this process, and what the other processes have said lately."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[str, Visitor]] = {}
        self._others: dict[tuple[str, str], tuple[float, tuple[Visitor, ...]]] = {}
        self._process = uuid.uuid4().hex
        self._changed: set[str] = set()
        self._is_changed = asyncio.Event()

    def enter(self, token: str, week: str, visitor: Visitor) -> None:
        """A tab shows a week, or its person went to another cell; a tab is in one week, so the newest call wins."""
        before = self._own.get(token)
        if before == (week, visitor):
            return
        self._own[token] = (week, visitor)
        self._mark({week} | ({before[0]} if before else set()))

    def leave(self, token: str) -> None:
        """A tab shows no week any more."""
        before = self._own.pop(token, None)
        if before:
            self._mark({before[0]})

    def week_of(self, token: str) -> str:
        """The week that a tab has entered; empty for none."""
        return self._own[token][0] if token in self._own else ""

    def visitors(self, week: str, *, but: int) -> list[Visitor]:
        """Everybody on a week's board but one, each once, by name."""
        found = list(self._here(week))
        for (_, other), (_, people) in self._others.items():
            found += people if other == week else ()
        # Of two tabs of one person, the one that is in a cell tells more.
        people = {visitor.employee_id: visitor for visitor in sorted(found, key=lambda each: each.cell)}
        people.pop(but, None)
        return sorted(people.values(), key=lambda each: (each.name, each.employee_id))

    def hear(self, payload: str) -> str | None:
        """Take in what another process says; returns the week that looks different now."""
        try:
            told = _Told.model_validate_json(payload)
        except ValidationError:
            log.warning("unreadable presence")
            return None
        if told.process == self._process:
            return None
        key = (told.process, told.week)
        people = tuple(Visitor(person.i, person.n, person.c) for person in told.people)
        before = self._others.pop(key, (0.0, ()))[1]
        if people:
            self._others[key] = (time.monotonic(), people)
        return told.week if people != before else None

    def forget(self, connected: set[str]) -> set[str]:
        """Drop tabs that have gone and processes that are silent; returns the weeks that look different now."""
        for token in self._own.keys() - connected:
            self.leave(token)
        oldest = time.monotonic() - FORGOTTEN_AFTER_SECONDS
        silent = [key for key, (heard_at, _) in self._others.items() if heard_at < oldest]
        for key in silent:
            del self._others[key]
        return {week for _, week in silent}

    async def changed(self) -> set[str]:
        """Wait for changes of this process's own; returns their weeks."""
        await self._is_changed.wait()
        await asyncio.sleep(max(GATHER_SECONDS, len(self._own) * _SECONDS_FOR_EACH))
        self._is_changed.clear()
        weeks, self._changed = self._changed, set()
        return weeks

    def own_weeks(self) -> set[str]:
        """The weeks shown in this process."""
        return {week for week, _ in self._own.values()}

    def telling(self, week: str) -> str:
        """What this process says of a week; somebody in a crowd too large for one notification is left out."""
        people = [{"i": each.employee_id, "n": each.name[:60], "c": each.cell} for each in self._here(week)]
        while True:
            said = json.dumps({"process": self._process, "week": week, "people": people}, ensure_ascii=False)
            if len(said.encode()) <= _MOST_BYTES:
                return said
            people.pop()

    def _here(self, week: str) -> list[Visitor]:
        found = [visitor for own, visitor in self._own.values() if own == week]
        people = {visitor.employee_id: visitor for visitor in sorted(found, key=lambda each: each.cell)}
        return list(people.values())

    def _mark(self, weeks: set[str]) -> None:
        self._changed |= weeks
        self._is_changed.set()


presence = Presence()

#: Called with the weeks that look different now.
OnWeeks = Callable[[set[str]], Awaitable[None]]


async def share_presence(conninfo: str, connected: Callable[[], set[str]], on_weeks: OnWeeks) -> None:
    """Tell and hear until cancelled, reconnecting as long as it takes.

    Args:
        conninfo: a direct connection to PostgreSQL.
        connected: the tabs of this process that show a board at the moment.
        on_weeks: told which boards have to be shown other people.
    """
    while True:
        try:
            async with (
                await psycopg.AsyncConnection.connect(
                    conninfo, autocommit=True, connect_timeout=5, application_name="schedule_app presence"
                ) as hearing,
                await psycopg.AsyncConnection.connect(
                    conninfo, autocommit=True, connect_timeout=5, application_name="schedule_app presence"
                ) as telling,
            ):
                await hearing.execute(f"LISTEN {CHANNEL}")
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(_hear(hearing, on_weeks))
                    tasks.create_task(_tell_changes(telling, on_weeks))
                    tasks.create_task(_live(telling, connected, on_weeks))
        except* psycopg.Error as errors:
            log.warning("presence link lost", reason=type(errors.exceptions[0]).__name__)
        await asyncio.sleep(_RETRY_SECONDS)


async def _hear(connection: psycopg.AsyncConnection, on_weeks: OnWeeks) -> None:
    async for notify in connection.notifies():
        week = presence.hear(notify.payload)
        if week is not None:
            await on_weeks({week})


async def _tell_changes(connection: psycopg.AsyncConnection, on_weeks: OnWeeks) -> None:
    while True:
        weeks = await presence.changed()
        await on_weeks(weeks)
        await _tell(connection, weeks)


async def _live(connection: psycopg.AsyncConnection, connected: Callable[[], set[str]], on_weeks: OnWeeks) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        gone = presence.forget(connected())
        if gone:
            await on_weeks(gone)
        await _tell(connection, presence.own_weeks())


async def _tell(connection: psycopg.AsyncConnection, weeks: set[str]) -> None:
    for week in weeks:
        await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, presence.telling(week)))
