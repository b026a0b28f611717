"""Filling the week: what to ask of the optimiser, how far it is, and what becomes of its plan."""

from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.board_changes import BoardChanges
from schedule_app.queries.departments import list_departments
from schedule_app.queries.solve_runs import RunView, newest_run
from schedule_app.services.filling import Filling
from schedule_app.services.solve_runs import discard_run, keep_run, start_run, stop_run
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.undo_state import UndoState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch

EVERYWHERE = "all"
TIMES = (("10", "10 seconds"), ("30", "30 seconds"), ("120", "2 minutes"), ("600", "10 minutes"))


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Chosen(Payload):
    """What was just chosen; the rest stays as it was."""

    department: Annotated[str, Field(pattern=r"^(all|[0-9]{1,18})$", examples=["all"])] | None = None
    keeping: Literal["all", "told"] | None = None
    seconds: Literal["10", "30", "120", "600"] | None = None


class FillState(rx.State):
    """The dialog's choices, the newest run, and its plan as marks on the board."""

    is_open: bool = False
    departments: list[tuple[str, str]] = []
    department: str = EVERYWHERE
    keeping: str = "all"
    seconds: str = "30"
    problem: str = ""
    run: RunView = RunView()
    changes: BoardChanges = BoardChanges()

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Read the newest run over the schedule on the board; comes after the board's own load."""
        self.is_open = False
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The run has come further, or the week has another version now."""
        await self._read(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the dialog for the draft on the board."""
        board = await self.get_state(BoardState)
        actor, site_id = signed_in.actor, board.week.site_id
        if not (board.head.status == "draft" and can(actor, Permission.VIEW_DRAFT, site_id=site_id)):
            return
        async with read_session() as session:
            listed = await list_departments(session, site_id)
        offered = [
            (str(each.id), each.name)
            for each in listed
            if can(actor, Permission.ASSIGN, site_id=site_id, department_id=each.id)
        ]
        everywhere = [(EVERYWHERE, "The whole week")] if can(actor, Permission.ASSIGN, site_id=site_id) else []
        self.departments = [*everywhere, *offered]
        self.department = self.departments[0][0] if self.departments else EVERYWHERE
        self.keeping, self.problem, self.is_open = "all", "", True

    @guarded(Permission.ASSIGN, Open)
    async def show(self, _signed_in: SignedIn, data: Open) -> None:
        """Open or close the dialog."""
        self.is_open = data.is_open

    @guarded(Permission.ASSIGN, Chosen)
    async def choose(self, _signed_in: SignedIn, data: Chosen) -> None:
        """Take over a choice."""
        for name, value in data.model_dump(exclude_none=True).items():
            setattr(self, name, value)
        self.problem = ""

    @guarded(Permission.ASSIGN)
    async def start(self, signed_in: SignedIn) -> None:
        """Begin the search; what refuses is said in the dialog."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        filling = Filling(
            department_id=None if self.department == EVERYWHERE else int(self.department),
            keeping="told" if self.keeping == "told" else "all",
            seconds=int(self.seconds),
        )
        try:
            await start_run(signed_in.actor, board.head.schedule_id, filling)
        except ScheduleError as refused:
            self.problem = refused.message
            return
        self.is_open = False
        await self._read(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def stop(self, signed_in: SignedIn) -> None:
        """End the search with the best it has."""
        await stop_run(signed_in.actor, self._run_id())
        await self._read(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def keep(self, signed_in: SignedIn) -> rx.event.EventSpec:
        """Put the plan in place."""
        kept = await keep_run(signed_in.actor, self._run_id())
        await self._read(signed_in.actor)
        undo = await self.get_state(UndoState)
        return await undo._tell(signed_in.actor, _said(kept.given, kept.taken))

    @guarded(Permission.ASSIGN)
    async def discard(self, signed_in: SignedIn) -> None:
        """Throw the plan or the search away, or the message of one that is lost."""
        await discard_run(signed_in.actor, self._run_id())
        await self._read(signed_in.actor)

    def _run_id(self) -> int:
        if not self.run.id:
            raise NotFound
        return self.run.id

    async def _read(self, actor: Actor) -> None:
        board = await self.get_state(BoardState)
        site_id = board.week.site_id
        is_planner = bool(site_id) and can(actor, Permission.VIEW_DRAFT, site_id=site_id)
        schedule_id = board.head.schedule_id if is_planner else 0
        watch(self, {*board._topics(), topics.solve(schedule_id)} if is_planner else set())
        run, changes = RunView(), BoardChanges()
        if schedule_id:
            async with read_session() as session:
                proposed = await newest_run(session, actor, schedule_id)
            run, changes = proposed.run, proposed.changes
        if self.run != run:
            self.run = run
        if self.changes != changes:
            self.changes = changes


def _said(given: int, taken: int) -> str:
    put_on = f"{given} {'place' if given == 1 else 'places'} filled"
    return f"{put_on}, {taken} taken off." if taken else f"{put_on}."
