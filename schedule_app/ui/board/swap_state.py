"""Swapping two people's shifts: what it would do while one is held over the other, the question, and the list."""

from collections.abc import Mapping
from typing import TypedDict

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.swaps import SwapOption, SwapSide, SwapView, judge_swap, swap_options
from schedule_app.services.moves import swap_assignments
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch


class Pair(Payload):
    """Two assignments."""

    assignment_id: int = Field(gt=0, lt=2**63)
    other_assignment_id: int = Field(gt=0, lt=2**63)


class Opened(Payload):
    """The assignment that another is looked for."""

    assignment_id: int = Field(gt=0, lt=2**63)


class Chosen(Payload):
    """Another assignment, as the list showed it."""

    other_assignment_id: int = Field(gt=0, lt=2**63)
    version: int = Field(ge=1, lt=2**31)


class Words(Payload):
    """What is looked for in the list."""

    words: str = Field(max_length=100)


class Filled(Payload):
    """Why warnings do not matter, if there are any."""

    reason: str = Field(default="", max_length=500)


class Open(Payload):
    """Whether the list is open."""

    is_open: bool


class Swapping(TypedDict):
    """What swapping two assignments would do, for the board; numbers 0 for nothing asked."""

    one: int
    other: int
    level: str
    text: str
    effects: list[dict[str, str | bool]]


_NOTHING: Swapping = {"one": 0, "other": 0, "level": "wait", "text": "", "effects": []}


class SwapState(rx.State):
    """What a swap would do: to the two under the pointer, to the two that are asked about, to those of the list."""

    held_over: Swapping = _NOTHING
    is_asked: bool = False
    view: SwapView = SwapView()
    may_override: bool = False
    error: str = ""
    is_listed: bool = False
    has: str = ""
    options: list[SwapOption] = []
    found: int = 0
    words: str = ""

    _listed_id: int = 0

    @guarded(Permission.ASSIGN, Pair)
    async def judge(self, signed_in: SignedIn, data: Pair) -> None:
        """One is held over the other: say what swapping them would do."""
        view = await _judged(signed_in.actor, data)
        self._set({"held_over": _swapping(view)})

    @guarded(Permission.ASSIGN, Pair)
    async def ask(self, signed_in: SignedIn, data: Pair) -> None:
        """Say what swapping the two would do, and ask."""
        await self._ask(signed_in.actor, data)

    @guarded(Permission.ASSIGN, Filled)
    async def swap(self, signed_in: SignedIn, data: Filled) -> None:
        """Do what was asked, as it was shown; what refuses is said, and shown as it is now."""
        if not self.view.one_id:
            raise NotFound
        # The second click of two finds it done.
        if self.is_asked and not await self._swap(signed_in.actor, data.reason):
            await self._judge_again(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def leave(self, _signed_in: SignedIn) -> None:
        """Leave the two as they are."""
        self._set({"is_asked": False})

    @guarded(Permission.ASSIGN, Opened)
    async def open_list(self, signed_in: SignedIn, data: Opened) -> None:
        """List what an assignment could be swapped with."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        watch(self, board._topics())
        await self._list(signed_in.actor, data.assignment_id, "")
        self._set({"is_listed": True, "error": ""})

    @guarded(Permission.ASSIGN, Words)
    async def find(self, signed_in: SignedIn, data: Words) -> None:
        """List those whose person or shift has these words."""
        await self._list(signed_in.actor, self._listed_id, data.words)

    @guarded(Permission.ASSIGN, Open)
    async def show_list(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the list."""
        self.is_listed = data.is_open and self._listed_id > 0

    @guarded(Permission.ASSIGN, Chosen)
    async def choose(self, signed_in: SignedIn, data: Chosen) -> None:
        """Swap with one of the list; a warning asks first, and so does what has changed since it was listed."""
        pair = Pair(assignment_id=self._listed_id, other_assignment_id=data.other_assignment_id)
        await self._ask(signed_in.actor, pair)
        self.is_listed = False
        if self.view.level == "ok" and self.view.other_version == data.version:
            await self._swap(signed_in.actor, "")

    @guarded(Permission.ASSIGN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about this week has changed, and with it perhaps what the swap would do."""
        await self._judge_again(signed_in.actor)
        if self.is_listed:
            try:
                await self._list(signed_in.actor, self._listed_id, self.words)
            except NotFound:
                self.is_listed = False

    async def _ask(self, actor: Actor, pair: Pair) -> None:
        board = await self.get_state(BoardState)
        board._require_site(actor)
        watch(self, board._topics())
        view = await _judged(actor, pair)
        may_override = can(actor, Permission.OVERRIDE_WARNING, site_id=board.week.site_id)
        self._set({"view": view, "is_asked": True, "may_override": may_override, "error": "", "held_over": _NOTHING})

    async def _judge_again(self, actor: Actor) -> None:
        """Whoever is shown another version decides about that one."""
        if not self.is_asked:
            return
        pair = Pair(assignment_id=self.view.one_id, other_assignment_id=self.view.other_id)
        try:
            self._set({"view": await _judged(actor, pair)})
        except NotFound:
            gone = "One of the two is not there any more: somebody moved it or took it away."
            blocked = SwapView(pair.assignment_id, 0, pair.other_assignment_id, 0, "block", gone)
            self._set({"view": blocked})

    async def _swap(self, actor: Actor, reason: str) -> bool:
        view = self.view
        try:
            await swap_assignments(
                actor,
                view.one_id,
                view.other_id,
                one_version=view.one_version,
                other_version=view.other_version,
                override_reason=reason or None,
            )
        except ScheduleError as refused:
            self.error = refused.message
            return False
        self._set({"is_asked": False})
        board = await self.get_state(BoardState)
        await board._reread(actor)
        return True

    async def _list(self, actor: Actor, assignment_id: int, words: str) -> None:
        async with read_session() as session:
            found = await swap_options(session, actor, assignment_id, words)
        self._listed_id = assignment_id
        self._set({"has": found.has, "options": found.options, "found": found.found, "words": words})

    def _set(self, values: Mapping[str, object]) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


async def _judged(actor: Actor, pair: Pair) -> SwapView:
    async with read_session() as session:
        return await judge_swap(session, actor, pair.assignment_id, pair.other_assignment_id)


def _swapping(view: SwapView) -> Swapping:
    problems = [view.refusal] if view.refusal else [*view.one.problems, *view.other.problems]
    effects = [] if view.level == "block" else [each for side in (view.one, view.other) for each in _effects(side)]
    return {
        "one": view.one_id,
        "other": view.other_id,
        "level": view.level,
        "text": " ".join(problems),
        "effects": effects,
    }


def _effects(side: SwapSide) -> list[dict[str, str | bool]]:
    said = (side.name, side.hours, side.is_over), ("Cost", side.cost, False), ("Fair share", side.fair, False)
    return [{"name": name, "text": words, "isBad": is_bad} for name, words, is_bad in said if words]
