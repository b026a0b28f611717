"""Who can cover an open place: everybody in order, live, and one click to assign."""

from collections.abc import Mapping

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NeedsOverride, NotFound, ScheduleError
from schedule_app.domain.permissions import Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.cover import CoverPerson, CoverView, who_can_cover
from schedule_app.services.assignments import assign_employee
from schedule_app.services.shift_offers import start_offering
from schedule_app.ui.board.state import ASK_A_MANAGER, BoardState, OneShift, Reason
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch
from schedule_app.ui.week_address import name_in_address, number_in_address

#: So many of each list are shown until everybody is asked for.
_FIRST = 50


class OnePerson(Payload):
    """Somebody of the list."""

    employee_id: int = Field(gt=0, lt=2**63)


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class CoverState(rx.State):
    """The ranked people, and what was wrong with the last try."""

    is_open: bool = False
    title: str = ""
    staffing: str = ""
    is_full: bool = False
    able: list[CoverPerson] = []
    others: list[CoverPerson] = []
    can_be_offered: bool = False
    is_offering: bool = False
    offered: int = 0
    able_count: int = 0
    others_count: int = 0
    error: str = ""
    said: str = ""
    reason_for: int = 0
    reason_name: str = ""

    _shift_id: int = 0
    _explained: frozenset[int] = frozenset()
    _shows_all: bool = False

    @guarded(Permission.ASSIGN, OneShift)
    async def open(self, signed_in: SignedIn, data: OneShift) -> None:
        """Open the list for a shift."""
        await self._open(signed_in, data.shift_id)

    @guarded(Permission.VIEW_PUBLISHED)
    async def open_named(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Open the list for the shift that the page's address names, as that of a notice does."""
        named = number_in_address(self, "cover")
        board = await self.get_state(BoardState)
        if not named or not can(signed_in.actor, Permission.ASSIGN) or not board.week.site_id or board.span:
            return None
        await self._open(signed_in, named)
        # Once closed it stays closed, also when the page is loaded anew.
        return name_in_address(cover="")

    @guarded(Permission.ASSIGN, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.ASSIGN)
    async def offer(self, signed_in: SignedIn) -> None:
        """Have the shift offered to those who can take it."""
        if not self._shift_id:
            raise NotFound
        try:
            await start_offering(signed_in.actor, self._shift_id)
            self._say(said="They are being asked. Who says yes first has it.")
        except ScheduleError as refused:
            self._say(error=refused.message)
        await self._rank(signed_in)

    @guarded(Permission.ASSIGN, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """Something about this week or site has changed, and with it perhaps who can take the shift."""
        if self.is_open and self._shift_id:
            try:
                await self._rank(signed_in)
            except NotFound:
                self._set({"is_open": False})

    @guarded(Permission.ASSIGN, OnePerson)
    async def explain(self, signed_in: SignedIn, data: OnePerson) -> None:
        """Show every rule that was asked about somebody, or put them away again."""
        self._explained = self._explained ^ {data.employee_id}
        await self._rank(signed_in)

    @guarded(Permission.ASSIGN)
    async def show_everybody(self, signed_in: SignedIn) -> None:
        """Show the whole of both lists."""
        self._shows_all = True
        await self._rank(signed_in)

    @guarded(Permission.ASSIGN, OnePerson)
    async def assign(self, signed_in: SignedIn, data: OnePerson) -> None:
        """Give the shift to somebody; a warning asks a manager for a reason first."""
        await self._assign(signed_in, data.employee_id, None)

    @guarded(Permission.OVERRIDE_WARNING, Reason)
    async def assign_anyway(self, signed_in: SignedIn, data: Reason) -> None:
        """Give it to them in spite of the warning, with the reason given."""
        if self.reason_for:
            await self._assign(signed_in, self.reason_for, data.reason)

    @guarded(Permission.ASSIGN)
    async def leave_it(self, _signed_in: SignedIn) -> None:
        """Do not assign against the warning."""
        self._say()

    async def _open(self, signed_in: SignedIn, shift_id: int) -> None:
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        self._shift_id, self._explained, self._shows_all = 0, frozenset(), False
        self._say()
        watch(self, board._topics())
        await self._rank(signed_in, shift_id)
        self._shift_id, self.is_open = shift_id, True

    async def _assign(self, signed_in: SignedIn, employee_id: int, reason: str | None) -> None:
        if not self._shift_id:
            raise NotFound
        name = next((each.name for each in (*self.able, *self.others) if each.employee_id == employee_id), "")
        board = await self.get_state(BoardState)
        try:
            await assign_employee(signed_in.actor, self._shift_id, employee_id, override_reason=reason)
        except NeedsOverride as warned:
            may_override = can(signed_in.actor, Permission.OVERRIDE_WARNING, site_id=board.week.site_id)
            words = warned.message if may_override else f"{warned.message} {ASK_A_MANAGER}"
            self._say(error=words, reason_for=employee_id if may_override else 0, reason_name=name)
            return
        except ScheduleError as refused:
            self._say(error=refused.message)
            return
        self._say(said=f"{name} has the shift now.")
        await board._reread(signed_in.actor)
        await self._rank(signed_in)
        if self.is_full:
            self.is_open = False

    async def _rank(self, signed_in: SignedIn, shift_id: int | None = None) -> None:
        shift_id = shift_id or self._shift_id
        if not shift_id:
            raise NotFound
        async with read_session() as session:
            view = await who_can_cover(session, signed_in.actor, shift_id, explained=self._explained)
        self._show(view)

    def _show(self, view: CoverView) -> None:
        most = None if self._shows_all else _FIRST
        needs = f". Needs {', '.join(view.qualifications)}" if view.qualifications else ""
        self._set(
            {
                "title": view.title,
                "staffing": f"{view.staffed} of {view.needed} {'person' if view.needed == 1 else 'people'}{needs}.",
                "is_full": view.staffed >= view.needed,
                "able": view.able[:most],
                "others": view.others[:most],
                "able_count": len(view.able),
                "others_count": len(view.others),
                "can_be_offered": view.can_be_offered and any(each.level == "ok" for each in view.able),
                "is_offering": view.is_offering,
                "offered": view.offered,
            }
        )

    def _say(self, *, error: str = "", said: str = "", reason_for: int = 0, reason_name: str = "") -> None:
        self._set({"error": error, "said": said, "reason_for": reason_for, "reason_name": reason_name})

    def _set(self, values: Mapping[str, object]) -> None:
        """Set only what differs: what is set is sent, equal or not."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)
