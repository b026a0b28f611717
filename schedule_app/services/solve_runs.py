"""Runs of the optimiser: begun by a manager, worked on by a process of their own, kept or discarded by a manager."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.db.engine import retrying, unit_of_work
from schedule_app.db.locks import LOCK_EMPLOYEES
from schedule_app.db.trips import before_writing
from schedule_app.domain.errors import Conflict, InvalidInput, NotFound
from schedule_app.domain.permissions import Actor, Permission, require
from schedule_app.domain.schedule import ScheduleStatus
from schedule_app.domain.solve_run import SolveRunStatus, check_step
from schedule_app.domain.weights import weights_of
from schedule_app.optimizer import codec
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.reasons import Reasons
from schedule_app.optimizer.solution import Solution
from schedule_app.queries.planning import Planning, read_planning
from schedule_app.services.access import require_draft, require_on
from schedule_app.services.audit import record
from schedule_app.services.filling import (
    Filling,
    filling_of,
    narrowed,
    problem_hash,
    problem_of,
    problem_text,
    what_changed,
    with_answers_of,
)
from schedule_app.services.proposals import Proposal, put_in_place

#: More plans than this nobody compares.
MOST_PROPOSALS: Final = 6
#: A run whose process has not been heard of for so long is lost.
SILENCE_SECONDS: Final = 30

LOST: Final = "The search was ended from outside. Nothing was changed."

_HOLD_SCHEDULE = text("SELECT id FROM schedules WHERE id = :schedule_id FOR SHARE")

_COUNT_PROPOSALS = text("SELECT count(*) FROM solve_runs WHERE schedule_id = :schedule_id AND status = 'proposed'")

_START = text("""
    INSERT INTO solve_runs (site_id, schedule_id, requested_by_id, request, problem, problem_hash)
    VALUES (:site_id, :schedule_id, :actor_id, CAST(:request AS jsonb), CAST(:problem AS jsonb), :problem_hash)
    RETURNING id
""")

_CLAIM = text("""
    UPDATE solve_runs SET status = 'running', started_at = now(), heard_at = now()
    WHERE id = (SELECT id FROM solve_runs WHERE status = 'queued' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, problem::text, request ->> 'keeping' = 'repair' AS is_repair
""")

_BETTER = text("""
    UPDATE solve_runs
    SET heard_at = now(), plan = CAST(:plan AS jsonb), result = CAST(:result AS jsonb),
        progress = progress || CAST(:point AS jsonb)
    WHERE id = :run_id AND status = 'running'
    RETURNING stop_asked_at IS NOT NULL AS is_to_stop
""")

_HEARD = text("""
    UPDATE solve_runs SET heard_at = now() WHERE id = :run_id AND status = 'running'
    RETURNING stop_asked_at IS NOT NULL AS is_to_stop
""")

_END = text("""
    UPDATE solve_runs
    SET status = CASE WHEN plan IS NULL THEN 'failed' ELSE 'proposed' END, message = :message, ended_at = now()
    WHERE id = :run_id AND status = 'running'
""")

# Schedules before runs, as everywhere.
_HOLD_ITS_SCHEDULE = text("""
    SELECT id FROM schedules WHERE id = (SELECT schedule_id FROM solve_runs WHERE id = :run_id) FOR KEY SHARE
""")

# As old as the search they come from, so that they stand beside its own plan, after it.
_OTHERS = text("""
    INSERT INTO solve_runs (created_at, site_id, schedule_id, requested_by_id, request, problem, problem_hash, progress,
                            status, plan, result, started_at, ended_at)
    SELECT runs.created_at, runs.site_id, runs.schedule_id, runs.requested_by_id, runs.request, runs.problem,
           runs.problem_hash, runs.progress, 'proposed', way.plan, way.result, runs.started_at, now()
    FROM solve_runs AS runs, jsonb_to_recordset(CAST(:ways AS jsonb)) AS way (place int, plan jsonb, result jsonb)
    WHERE runs.id = :run_id AND runs.status = 'running'
    ORDER BY way.place
    FOR UPDATE OF runs
    RETURNING id
""")

_REASONS = text("""
    UPDATE solve_runs SET reasons = CAST(:reasons AS jsonb)
    WHERE id = :run_id AND status = 'proposed' AND plan = CAST(:plan AS jsonb)
""")

_LOSE = text("""
    UPDATE solve_runs
    SET status = CASE WHEN plan IS NULL THEN 'failed' ELSE 'proposed' END, message = :message, ended_at = now()
    WHERE status = 'running' AND heard_at < now() - make_interval(secs => :silence)
""")

_READ = text("SELECT site_id, schedule_id, request, problem, plan FROM solve_runs WHERE id = :run_id")

_HOLD = text("""
    SELECT id, site_id, schedule_id, status, request, problem_hash FROM solve_runs WHERE id = :run_id FOR UPDATE
""")

_STOP = text("""
    UPDATE solve_runs
    SET stop_asked_at = COALESCE(stop_asked_at, now()),
        status = CASE WHEN status = 'queued' THEN 'discarded' ELSE status END,
        ended_at = CASE WHEN status = 'queued' THEN now() ELSE ended_at END
    WHERE id = :run_id
""")

_CLOSE = text("UPDATE solve_runs SET status = :status, ended_at = COALESCE(ended_at, now()) WHERE id = :run_id")

# One of several proposals is kept; the others were for a week that is no more.
_CLOSE_OTHERS = text("""
    UPDATE solve_runs SET status = 'discarded', ended_at = COALESCE(ended_at, now())
    WHERE schedule_id = :schedule_id AND id <> :run_id AND status = 'proposed'
""")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run to be worked on, and its problem as the optimiser reads it."""

    run_id: int
    problem: str
    is_repair: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a proposal changed."""

    given: int
    taken: int


@retrying
async def start_run(actor: Actor, schedule_id: int, filling: Filling) -> int:
    """Ask for a draft to be filled; a process of its own searches, and nothing changes before the plan is kept.

    Raises:
        NotFound: No such schedule, or of another site.
        NotAllowed: The actor may not assign in what is asked for.
        IllegalTransition: The week is not a draft.
        InvalidInput: There is nothing to fill, or what is asked for makes no sense.
        Conflict: A search is under way already, there are too many proposals, or shifts asked for are gone.
    """
    require(actor, Permission.ASSIGN)
    filling.check()
    async with unit_of_work() as session:
        planning = await read_planning(session, schedule_id)
        require_on(actor, Permission.VIEW_DRAFT, planning.site_id)
        filling = narrowed(planning, filling)
        _require_editable(actor, planning, filling.department_id)
        # What is as it is at the site anyway is none of the scenario's.
        usual = weights_of(planning.weights)
        filling = replace(filling, weights={k: v for k, v in filling.weights.items() if v != usual[k]})
        problem = problem_of(planning, filling)
        if not problem.demands:
            raise InvalidInput("There are no shifts to fill here. Make some first.")
        if not problem.people:
            raise InvalidInput("Nobody works at this site yet.")
        if (await session.execute(_COUNT_PROPOSALS, {"schedule_id": schedule_id})).scalar_one() >= MOST_PROPOSALS:
            words = f"There are {MOST_PROPOSALS} proposals for this week already. Keep one, or discard some first."
            raise Conflict(words)
        stored, hashed = await asyncio.to_thread(lambda: (problem_text(problem), problem_hash(problem)))
        values = {
            "site_id": planning.site_id,
            "schedule_id": schedule_id,
            "actor_id": actor.employee_id,
            "request": json.dumps(filling.as_request()),
            "problem": stored,
            "problem_hash": hashed,
        }
        return (await session.execute(_START, values)).scalar_one()


async def claim_run() -> Claimed | None:
    """Take the oldest run that nobody works on; None when there is none. Each is given out once."""
    async with unit_of_work() as session:
        row = (await session.execute(_CLAIM)).one_or_none()
    return Claimed(row.id, row.problem, row.is_repair) if row else None


async def note_better(run_id: int, solution: Solution, places: int) -> bool:
    """Keep a better plan of a run.

    Args:
        run_id: The run.
        solution: The plan.
        places: How many places there are to fill.

    Returns:
        Whether to end: somebody asked for it, or the run is over for another reason.
    """
    result = _result(solution, places)
    point = [[result["seconds"], solution.score, solution.bound, places - result["missing"]]]
    values = {
        "run_id": run_id,
        "plan": json.dumps(_plan(solution)),
        "result": json.dumps(result),
        "point": json.dumps(point),
    }
    return await _told_to_stop(_BETTER, values)


async def note_alive(run_id: int) -> bool:
    """Say that a run is still worked on; returns as `note_better`."""
    return await _told_to_stop(_HEARD, {"run_id": run_id})


async def _told_to_stop(statement: Any, values: Mapping[str, Any]) -> bool:  # noqa: ANN401 (a statement)
    async with unit_of_work() as session:
        row = (await session.execute(statement, values)).one_or_none()
    return row is None or row.is_to_stop


async def end_run(
    run_id: int, message: str | None = None, *, others: Sequence[Solution] = (), places: int = 0
) -> list[int]:
    """End a run: with a proposal where it has a plan, else failed.

    Args:
        run_id: The run.
        message: What went wrong, if anything.
        others: Further plans it found; each becomes a proposal of its own.
        places: How many places there are to fill.

    Returns:
        The numbers of the further proposals; none when the run was over already.
    """
    ways = [{"place": place, "plan": _plan(each), "result": _result(each, places)} for place, each in enumerate(others)]
    async with unit_of_work() as session:
        ids: list[int] = []
        if ways:
            await session.execute(_HOLD_ITS_SCHEDULE, {"run_id": run_id})
            ids = list((await session.scalars(_OTHERS, {"run_id": run_id, "ways": json.dumps(ways)})).all())
        await session.execute(_END, {"run_id": run_id, "message": message})
    return ids


async def note_reasons(run_id: int, solution: Solution, reasons: Reasons) -> None:
    """Keep the account of a plan with its run, as long as that proposes this plan."""
    stored = await asyncio.to_thread(codec.dumps, reasons)
    async with unit_of_work() as session:
        values = {"run_id": run_id, "plan": json.dumps(_plan(solution)), "reasons": stored}
        await session.execute(_REASONS, values)


def _plan(solution: Solution) -> list[list[int]]:
    return [[each.shift_id, each.employee_id] for each in solution.given]


def _result(solution: Solution, places: int) -> dict[str, Any]:
    return {
        "score": solution.score,
        "bound": solution.bound,
        "by_rule": solution.by_rule,
        "places": places,
        "missing": sum(each.people for each in solution.missing),
        "status": solution.status,
        "seconds": round(solution.seconds, 2),
    }


async def end_lost_runs() -> None:
    """End the runs whose process has not been heard of for too long; what they had found can still be kept."""
    async with unit_of_work() as session:
        await session.execute(_LOSE, {"message": LOST, "silence": SILENCE_SECONDS})


async def stop_run(actor: Actor, run_id: int) -> None:
    """Ask a run to end with the best it has; one that has not begun is discarded.

    Raises:
        NotFound: No such run, or of another site.
        NotAllowed: The actor may not assign there.
    """
    require(actor, Permission.ASSIGN)
    async with unit_of_work() as session:
        run = await _held(session, actor, run_id)
        if run.status in (SolveRunStatus.QUEUED, SolveRunStatus.RUNNING):
            await session.execute(_STOP, {"run_id": run_id})


async def discard_run(actor: Actor, run_id: int) -> None:
    """Throw a run away, under way or not; the schedule stays as it is.

    Raises:
        NotFound: No such run, or of another site.
        NotAllowed: The actor may not assign there.
        IllegalTransition: It was kept or discarded already.
    """
    require(actor, Permission.ASSIGN)
    async with unit_of_work() as session:
        run = await _held(session, actor, run_id)
        check_step(SolveRunStatus(run.status), SolveRunStatus.DISCARDED)
        await session.execute(_CLOSE, {"run_id": run_id, "status": SolveRunStatus.DISCARDED.value})


@retrying
async def keep_run(actor: Actor, run_id: int) -> Kept:
    """Put a proposal in place, in one step that can be undone.

    Raises:
        NotFound: No such run, or of another site.
        NotAllowed: The actor may not assign in what was asked for.
        IllegalTransition: The run is not over, or was kept or discarded; or the week is no draft any more.
        Conflict: What the plan depends on has changed since the search began; says what.
    """
    require(actor, Permission.ASSIGN)
    async with unit_of_work() as session:
        async with before_writing(session):
            # People before schedules before runs, as everywhere.
            asked = (await session.execute(_READ, {"run_id": run_id})).one_or_none()
            if asked is None:
                raise NotFound
            require_on(actor, Permission.ASSIGN, asked.site_id, asked.request.get("department_id"))
            problem = await asyncio.to_thread(lambda: codec.loads(Problem, json.dumps(asked.problem)))
            plan = [(shift_id, employee_id) for shift_id, employee_id in asked.plan or ()]
            people = {employee_id for _, employee_id in plan} | {each.employee_id for each in problem.standing}
            await session.execute(LOCK_EMPLOYEES, {"ids": sorted(people)})
            await session.execute(_HOLD_SCHEDULE, {"schedule_id": asked.schedule_id})
            run = await _held(session, actor, run_id)
            check_step(SolveRunStatus(run.status), SolveRunStatus.KEPT)
            planning = await read_planning(session, run.schedule_id)
            _require_editable(actor, planning, run.request.get("department_id"))
            await _require_unchanged(run, problem, planning, plan)
        proposal = Proposal(planning, problem, plan, run_id)
        given, taken = await put_in_place(session, actor, proposal)
        await session.execute(_CLOSE, {"run_id": run_id, "status": SolveRunStatus.KEPT.value})
        await session.execute(_CLOSE_OTHERS, {"run_id": run_id, "schedule_id": run.schedule_id})
        after = {"run_id": run_id, "given": given, "taken": taken}
        await record(session, actor, "fill", "schedule", run.schedule_id, site_id=run.site_id, after=after)
    return Kept(given, taken)


async def _require_unchanged(
    run: Row[Any], problem: Problem, planning: Planning, plan: Sequence[tuple[int, int]]
) -> None:
    now = with_answers_of(problem_of(planning, filling_of(run.request, problem)), problem, plan)
    hashed = await asyncio.to_thread(problem_hash, now)
    # A proposal may be older than the form in which problems are hashed.
    if hashed == run.problem_hash or hashed == await asyncio.to_thread(problem_hash, problem):
        return
    words = what_changed(problem, now)
    changed = f" ({', '.join(words)})" if words else ""
    raise Conflict(f"The week has changed since the search began{changed}. Search again to plan what is there now.")


def _require_editable(actor: Actor, planning: Planning, department_id: int | None) -> None:
    require_on(actor, Permission.ASSIGN, planning.site_id, department_id)
    require_draft(ScheduleStatus(planning.status))


async def _held(session: AsyncSession, actor: Actor, run_id: int) -> Row[Any]:
    run = (await session.execute(_HOLD, {"run_id": run_id})).one_or_none()
    if run is None:
        raise NotFound
    require_on(actor, Permission.ASSIGN, run.site_id, run.request.get("department_id"))
    return run
