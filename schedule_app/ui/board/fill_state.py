"""Filling the week: what to ask of the optimiser, how far it is, and what becomes of its plans."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import reflex as rx
from pydantic import Field

from schedule_app.db.engine import read_session
from schedule_app.domain.errors import NotFound, ScheduleError
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.rules.wording import TITLES
from schedule_app.domain.weights import HEAVIEST, WEIGHTS
from schedule_app.live import topics
from schedule_app.queries.actors import SignedIn
from schedule_app.queries.board_changes import BoardChanges
from schedule_app.queries.departments import list_departments
from schedule_app.queries.selection import selected_shifts
from schedule_app.queries.solve_runs import Proposed, RunTab, RunView, shown_run
from schedule_app.queries.weights import weights_in_use
from schedule_app.services.filling import Filling, Keeping
from schedule_app.services.solve_runs import discard_run, keep_run, start_run, stop_run
from schedule_app.ui.board.state import BoardState
from schedule_app.ui.board.undo_state import UndoState
from schedule_app.ui.guard import Payload, guarded
from schedule_app.ui.watch import watch

EVERYWHERE = "all"
TIMES = (("10", "10 seconds"), ("30", "30 seconds"), ("120", "2 minutes"), ("600", "10 minutes"))
DEMANDS = (
    ("80", "80 %: a quiet week"),
    ("90", "90 %"),
    ("100", "As many as the shifts need"),
    ("110", "110 %"),
    ("125", "125 %: a busy week"),
    ("150", "150 %"),
)

_KEEPINGS: dict[str, Keeping] = {"all": "all", "told": "told", "repair": "repair"}


class Open(Payload):
    """Whether the dialog is open."""

    is_open: bool


class Chosen(Payload):
    """What was just chosen; the rest stays as it was."""

    department: Annotated[str, Field(pattern=r"^(all|[0-9]{1,18})$", examples=["all"])] | None = None
    keeping: Literal["all", "told", "repair"] | None = None
    seconds: Literal["10", "30", "120", "600"] | None = None
    demand: Literal["80", "90", "100", "110", "125", "150"] | None = None


class Weighed(Payload):
    """What a type of rule shall weigh, as it was typed."""

    rule_type: str = Field(max_length=40, examples=["fairness"])
    weight: str = Field(max_length=4, examples=["3"])


class OneRun(Payload):
    """One of the runs over the schedule on the board."""

    run_id: int = Field(gt=0, lt=2**63)


@dataclass(frozen=True, slots=True)
class WeightField:
    """What a type of rule weighs in the search to be asked for."""

    rule_type: str
    title: str
    unit: str
    value: str


class FillState(rx.State):
    """The dialog's choices, the runs there are, and the plan of one of them as marks on the board."""

    is_open: bool = False
    departments: list[tuple[str, str]] = []
    department: str = EVERYWHERE
    selected: str = ""
    keeping: str = "all"
    seconds: str = "30"
    demand: str = "100"
    weights: list[WeightField] = []
    problem: str = ""
    runs: list[RunTab] = []
    run: RunView = RunView()
    changes: BoardChanges = BoardChanges()

    _looked_at: int = 0
    _shift_ids: tuple[int, ...] = ()

    @guarded(Permission.VIEW_PUBLISHED)
    async def load(self, signed_in: SignedIn) -> None:
        """Read the runs over the schedule on the board; comes after the board's own load."""
        self.is_open, self._looked_at = False, 0
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_DRAFT, is_push=True)
    async def refresh(self, signed_in: SignedIn) -> None:
        """The run has come further, or the week has another version now."""
        await self._read(signed_in.actor)

    @guarded(Permission.ASSIGN)
    async def begin(self, signed_in: SignedIn) -> None:
        """Open the dialog for the draft on the board."""
        await self._begin(signed_in.actor)

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

    @guarded(Permission.ASSIGN, Weighed)
    async def weigh(self, _signed_in: SignedIn, data: Weighed) -> None:
        """Take over a weight."""
        self.weights = [
            replace(each, value=data.weight.strip()) if each.rule_type == data.rule_type else each
            for each in self.weights
        ]
        self.problem = ""

    @guarded(Permission.ASSIGN)
    async def start(self, signed_in: SignedIn) -> None:
        """Begin the search; what refuses is said in the dialog."""
        board = await self.get_state(BoardState)
        board._require_site(signed_in.actor)
        wrong = [each.title for each in self.weights if not _is_weight(each.value)]
        if wrong:
            self.problem = f"{wrong[0]}: please enter a whole number from 0 to {HEAVIEST} as its weight."
            return
        filling = Filling(
            department_id=None if self._shift_ids or self.department == EVERYWHERE else int(self.department),
            shift_ids=self._shift_ids,
            keeping=_KEEPINGS[self.keeping],
            seconds=int(self.seconds),
            weights={each.rule_type: int(each.value) for each in self.weights},
            demand=int(self.demand),
        )
        try:
            await start_run(signed_in.actor, board.head.schedule_id, filling)
        except ScheduleError as refused:
            self.problem = refused.message
            return
        self.is_open, self._looked_at = False, 0
        await self._read(signed_in.actor)

    @guarded(Permission.VIEW_DRAFT, OneRun)
    async def look(self, signed_in: SignedIn, data: OneRun) -> None:
        """Show another of the runs on the board."""
        await self._look(signed_in.actor, data.run_id)

    @guarded(Permission.ASSIGN)
    async def stop(self, signed_in: SignedIn) -> None:
        """End the search with the best it has."""
        await stop_run(signed_in.actor, self._run_id())
        await self._read(signed_in.actor)

    @guarded(Permission.ASSIGN, OneRun)
    async def keep(self, signed_in: SignedIn, data: OneRun) -> rx.event.EventSpec:
        """Put the plan that was seen in place; by now another may be on the board."""
        return await self._keep(signed_in.actor, data.run_id)

    @guarded(Permission.ASSIGN, OneRun)
    async def discard(self, signed_in: SignedIn, data: OneRun) -> None:
        """Throw the plan or the search away, or the message of one that is lost."""
        await discard_run(signed_in.actor, data.run_id)
        await self._read(signed_in.actor)

    async def _begin(self, actor: Actor, shift_ids: Sequence[int] = ()) -> None:
        """Ask how the draft on the board is to be filled, or these of its shifts."""
        board = await self.get_state(BoardState)
        site_id = board.week.site_id
        if not (board.head.status == "draft" and can(actor, Permission.VIEW_DRAFT, site_id=site_id)):
            return
        async with read_session() as session:
            listed = await list_departments(session, site_id)
            weights = await weights_in_use(session, site_id)
            selected = await selected_shifts(session, actor, shift_ids) if shift_ids else None
        offered = [
            (str(each.id), each.name)
            for each in listed
            if can(actor, Permission.ASSIGN, site_id=site_id, department_id=each.id)
        ]
        everywhere = [(EVERYWHERE, "The whole week")] if can(actor, Permission.ASSIGN, site_id=site_id) else []
        self.selected, self._shift_ids = selected.scope if selected else "", tuple(shift_ids)
        self.departments = [*everywhere, *offered]
        self.department = self.departments[0][0] if self.departments else EVERYWHERE
        self.weights = [
            WeightField(name, TITLES[name], WEIGHTS[name].unit, str(weight)) for name, weight in weights.items()
        ]
        self.keeping, self.demand, self.problem, self.is_open = "all", "100", "", True

    async def _look(self, actor: Actor, run_id: int) -> None:
        self._looked_at = run_id
        await self._read(actor)

    async def _keep(self, actor: Actor, run_id: int) -> rx.event.EventSpec:
        kept = await keep_run(actor, run_id)
        await self._read(actor)
        undo = await self.get_state(UndoState)
        return await undo._tell(actor, _said(kept.given, kept.taken))

    def _run_id(self) -> int:
        if not self.run.id:
            raise NotFound
        return self.run.id

    async def _read(self, actor: Actor) -> None:
        board = await self.get_state(BoardState)
        site_id = board.week.site_id
        is_planner = bool(site_id) and can(actor, Permission.VIEW_DRAFT, site_id=site_id)
        schedule_id = board.head.schedule_id if is_planner else 0
        watch(self, {*board._topics(), topics.solve(schedule_id)} if is_planner else set(), is_beside=True)
        shown = Proposed()
        if schedule_id:
            async with read_session() as session:
                shown = await shown_run(session, actor, schedule_id, self._looked_at)
        for name in ("run", "changes", "runs"):
            value = getattr(shown, name)
            if getattr(self, name) != value:
                setattr(self, name, value)


def _is_weight(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and int(typed) <= HEAVIEST


def _said(given: int, taken: int) -> str:
    put_on = f"{given} {'place' if given == 1 else 'places'} filled"
    return f"{put_on}, {taken} taken off." if taken else f"{put_on}."
