"""One assignment in full, and taking it back."""

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError, StaleVersion
from schedule_app.domain.permissions import Permission, can
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.assignments import AssignmentDetail, assignment_detail
from schedule_app.services.assignments import unassign_employee
from schedule_app.ui.board.cover_state import CoverState
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.week import cell_address
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.week_address import name_in_address, number_in_address


class Opened(Payload):
    """The assignment that was opened."""

    assignment_id: int = Field(gt=0, lt=2**63)


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class AssignmentState(rx.State):
    """What is known of one assignment."""

    is_open: bool = False
    detail: AssignmentDetail = AssignmentDetail()
    can_take_off: bool = False
    error: str = ""

    @guarded(Permission.VIEW_DRAFT, Opened)
    async def open(self, signed_in: SignedIn, data: Opened) -> None:
        """Show an assignment."""
        await self._open(signed_in, data.assignment_id)

    @guarded(Permission.VIEW_PUBLISHED)
    async def open_named(self, signed_in: SignedIn) -> rx.event.EventSpec | None:
        """Show the assignment that the page's address names, as that of a notice does."""
        named = number_in_address(self, "replace")
        if not named or not can(signed_in.actor, Permission.VIEW_DRAFT):
            return None
        await self._open(signed_in, named)
        # Once closed it stays closed, also when the page is loaded anew.
        return name_in_address(replace="")

    @guarded(Permission.VIEW_DRAFT, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.VIEW_DRAFT)
    async def show_in_week(self, _signed_in: SignedIn) -> rx.event.EventSpec:
        """Go to the assignment's cell on the board of its week."""
        board = await self.get_state(BoardState)
        address = cell_address(board.week, board.version, self.detail.employee_id, self.detail.local_date)
        if address is None:
            raise NotFound
        self.is_open = False
        return rx.redirect(address)

    @guarded(Permission.ASSIGN)
    async def take_off(self, signed_in: SignedIn) -> None:
        """Take the person off the shift. If it was changed meanwhile, show how; the next try counts for that."""
        await self._take_off(signed_in)

    @guarded(Permission.ASSIGN)
    async def find_another(self, signed_in: SignedIn) -> None:
        """Take the person off the shift and show who could take it instead."""
        if await self._take_off(signed_in):
            cover = await self.get_state(CoverState)
            await cover._open(signed_in, self.detail.shift_id)

    async def _open(self, signed_in: SignedIn, assignment_id: int) -> None:
        await self._read(signed_in, assignment_id)
        board = await self.get_state(BoardState)
        self.can_take_off = board.head.can_assign
        self.error = ""
        self.is_open = True

    async def _take_off(self, signed_in: SignedIn) -> bool:
        try:
            await unassign_employee(signed_in.actor, self.detail.id, expected_version=self.detail.version)
        except StaleVersion as refused:
            self.error = refused.message
            await self._read(signed_in, self.detail.id)
            return False
        except ScheduleError as refused:
            self.error = refused.message
            return False
        self.is_open = False
        board = await self.get_state(BoardState)
        await board._reread(signed_in.actor)
        return True

    async def _read(self, signed_in: SignedIn, assignment_id: int) -> None:
        async with read_session() as session:
            self.detail = await assignment_detail(session, signed_in.actor, assignment_id)
