"""The runs over a schedule: how far they are, and what the plan of one would change on the board."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.assignment import ACTIVE
from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.rules.wording import TITLES
from schedule_app.domain.solve_run import UNDER_WAY, SolveRunStatus
from schedule_app.domain.time import Interval, span_label
from schedule_app.queries.board_changes import BoardChanges, ChipMark, Ghost, ghost_of

#: The curve's picture is this wide and high; the browser scales it.
WIDTH: Final = 120
HEIGHT: Final = 24

# One that failed is told of until there is a newer one. A plan is for a draft; a search that goes on is told of anyway.
_RUNS = text("""
    SELECT schedules.site_id, schedules.week_start, sites.clock_24h, runs.id, runs.created_at, runs.status,
           runs.request, runs.progress, runs.plan, runs.result, COALESCE(runs.message, '') AS message,
           CASE WHEN runs.status = 'running' THEN CAST(runs.problem ->> 'seconds' AS float) END AS seconds,
           runs.stop_asked_at IS NOT NULL AS is_stopping, runs.reasons IS NOT NULL AS has_reasons,
           COALESCE(extract(epoch FROM COALESCE(runs.ended_at, now()) - runs.started_at), 0) AS elapsed,
           COALESCE(departments.name, '') AS department
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    LEFT JOIN solve_runs AS runs ON runs.schedule_id = schedules.id AND (
        runs.status IN ('queued', 'running')
        OR schedules.status = 'draft' AND runs.status = 'proposed'
        OR schedules.status = 'draft' AND runs.status = 'failed' AND NOT EXISTS (
            SELECT FROM solve_runs AS newer WHERE newer.schedule_id = schedules.id AND newer.id > runs.id))
    LEFT JOIN departments ON departments.id = CAST(runs.request ->> 'department_id' AS bigint)
    WHERE schedules.id = :schedule_id
    ORDER BY runs.created_at, runs.id
""")

_SHIFTS = text("""
    SELECT id, local_date, starts_at, ends_at, time_zone, COALESCE(title, initcap(shift_type)) AS title, department_id
    FROM shifts WHERE schedule_id = :schedule_id
""")

_HELD = text("""
    SELECT id, shift_id, employee_id FROM schedule_assignments
    WHERE schedule_id = :schedule_id AND status = ANY(:active)
""")


# Of the version in force, by the shifts of this one; a shift that is gone, or at other times, is none.
_TOLD = text("""
    SELECT told.employee_id, same.id AS shift_id
    FROM schedules
    JOIN schedules AS published ON published.site_id = schedules.site_id
        AND published.week_start = schedules.week_start AND published.status = 'published'
    JOIN schedule_assignments AS told ON told.schedule_id = published.id AND told.status = ANY(:active)
    JOIN shifts ON shifts.id = told.shift_id
    LEFT JOIN shifts AS same ON same.schedule_id = schedules.id AND same.lineage_id = shifts.lineage_id
        AND (same.starts_at, same.ends_at) = (shifts.starts_at, shifts.ends_at)
    WHERE schedules.id = :schedule_id
""")


@dataclass(frozen=True, slots=True)
class RunTab:
    """One of several runs to be looked at; `asked` is what it was asked for, in words."""

    id: int
    name: str
    asked: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the board shows it; `id` is 0 when there is none to be seen.

    Attributes:
        title: What is going on or was found, in words.
        message: What went wrong.
        covered: Places filled by the best plan so far, as "34 of 40"; empty without a plan, and so are the next three.
        score: What that plan costs.
        gap: How far it can be from the best at most, as "at most 2.5 %"; empty while that is not known.
        curve: The score over time, as the path of a drawing.
        has_reasons: Whether its account is there, see `run_reasons`.
        asked: What else than the usual was asked for, in words.
        disturbed: How many people the plan gives another week than they were told; empty where nobody was told.
    """

    id: int = 0
    status: str = ""
    is_stopping: bool = False
    title: str = ""
    message: str = ""
    covered: str = ""
    score: str = ""
    gap: str = ""
    curve: str = ""
    has_reasons: bool = False
    asked: str = ""
    disturbed: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a plan changes; `disturbed` is None where nobody was told of the week."""

    given: int
    taken: int
    disturbed: int | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A run, its plan as ghosts and marks on the board, and all runs there are beside it."""

    run: RunView = RunView()
    changes: BoardChanges = field(default_factory=BoardChanges)
    runs: list[RunTab] = field(default_factory=list)


async def shown_run(session: AsyncSession, actor: Actor, schedule_id: int, run_id: int = 0) -> Proposed:
    """Read the runs over a schedule that are neither kept nor discarded, and one of them closely.

    Args:
        session: A session.
        actor: Who looks.
        schedule_id: The schedule.
        run_id: Which run to show; the one asked for last where there is no such run.

    Raises:
        NotFound: No such schedule, or one the actor does not plan.
    """
    runs = (await session.execute(_RUNS, {"schedule_id": schedule_id})).all()
    if not runs or not can(actor, Permission.VIEW_DRAFT, site_id=runs[0].site_id):
        raise NotFound
    if runs[0].id is None:
        return Proposed()
    run = next((each for each in runs if each.id == run_id), None) or _newest(runs)
    shifts = {row.id: row for row in await session.execute(_SHIFTS, {"schedule_id": schedule_id})}
    held = (await session.execute(_HELD, {"schedule_id": schedule_id, "active": sorted(ACTIVE)})).all()
    department_id = run.request.get("department_id")
    standing = {
        (row.shift_id, row.employee_id): row.id
        for row in held
        if department_id in (None, shifts[row.shift_id].department_id)
    }
    wanted = {(shift_id, employee_id) for shift_id, employee_id in run.plan or () if shift_id in shifts}
    # A plan may have nobody on it, and then takes everybody off.
    has_plan = run.plan is not None
    given, taken = sorted(wanted - standing.keys()), sorted(standing.keys() - wanted) if has_plan else []
    ghosts: defaultdict[str, list[Ghost]] = defaultdict(list)
    for shift_id, employee_id in given:
        ghosts[str(employee_id)].append(_ghost(run, shifts[shift_id]))
    marks: dict[str, ChipMark] = {
        str(standing[each]): {"kind": "taken", "text": "the proposal takes them off"} for each in taken
    }
    beside = {(row.shift_id, row.employee_id) for row in held} - standing.keys()
    told = (await session.execute(_TOLD, {"schedule_id": schedule_id, "active": sorted(ACTIVE)})).all()
    found = _Found(len(given), len(taken), _disturbed(told, wanted | beside) if told and has_plan else None)
    return Proposed(_view(run, found), BoardChanges(marks, dict(ghosts)), _tabs(runs))


def _disturbed(told: Iterable[Row[Any]], planned: Iterable[tuple[int, int]]) -> int:
    before: defaultdict[int, set[int | None]] = defaultdict(set)
    after: defaultdict[int, set[int | None]] = defaultdict(set)
    for row in told:
        before[row.employee_id].add(row.shift_id)
    for shift_id, employee_id in planned:
        after[employee_id].add(shift_id)
    return sum(1 for employee_id, shifts in before.items() if shifts != after[employee_id])


def _newest(runs: Sequence[Row[Any]]) -> Row[Any]:
    """Of the plans one search found, the first is the one to begin with."""
    return next(each for each in runs if each.created_at == runs[-1].created_at)


def _tabs(runs: Sequence[Row[Any]]) -> list[RunTab]:
    proposed = [run.id for run in runs if run.status == SolveRunStatus.PROPOSED]
    return [
        RunTab(run.id, f"Proposal {proposed.index(run.id) + 1}" if run.id in proposed else "Search", asked(run.request))
        for run in runs
    ]


def asked(request: Mapping[str, Any]) -> str:
    """What else than the usual was asked of a run, in words; "" for nothing."""
    demand = request.get("demand", 100)
    weights = request.get("weights", {})
    shifts = len(request.get("shift_ids", ()))
    parts = [
        f"{shifts} selected {'shift' if shifts == 1 else 'shifts'}" if shifts else "",
        "repair" if request.get("keeping") == "repair" else "",
        "planned anew" if request.get("keeping") == "told" else "",
        f"{demand} % of the people needed" if demand != 100 else "",
        *(f"{TITLES[name].lower()} weighs {weights[name]}" for name in TITLES if name in weights),
    ]
    return ", ".join(part for part in parts if part)


def _ghost(run: Row[Any], shift: Row[Any]) -> Ghost:
    span, day = Interval(shift.starts_at, shift.ends_at), (shift.local_date - run.week_start).days
    label = span_label(span, shift.time_zone, clock_24h=run.clock_24h)
    return {**ghost_of(span, day, label, shift.title, "proposed"), "kind": "proposed"}


def _view(run: Row[Any], found: _Found) -> RunView:
    result = run.result
    view = RunView(
        id=run.id,
        status=run.status,
        is_stopping=run.is_stopping and run.status in UNDER_WAY,
        title=_title(run, found),
        message=run.message,
        asked=asked(run.request),
    )
    if run.plan is None:
        return view
    return replace(
        view,
        covered=f"{result['places'] - result['missing']} of {result['places']}",
        score=f"{result['score']:,}",
        gap=_gap(result["score"], result["bound"], result["status"]),
        curve=_curve(run.progress, run.elapsed),
        has_reasons=run.has_reasons and run.status == SolveRunStatus.PROPOSED,
        disturbed="" if found.disturbed is None else str(found.disturbed),
    )


def _title(run: Row[Any], found: _Found) -> str:
    where = f" in {run.department}" if run.department else ""
    match run.status:
        case SolveRunStatus.QUEUED:
            return "Waiting to search …"
        case SolveRunStatus.RUNNING if run.is_stopping:
            return "Ending the search …"
        case SolveRunStatus.RUNNING:
            return f"Searching{where} … {int(run.elapsed)} of {int(run.seconds)} s"
        case SolveRunStatus.PROPOSED:
            name = "Repair" if run.request.get("keeping") == "repair" else "Proposal"
            return f"{name}{where}: {_changes(found)}"
    return "The search ended without a plan"


def _changes(found: _Found) -> str:
    if not found.given and not found.taken:
        return "nothing to change"
    filled = f"{found.given} {'place' if found.given == 1 else 'places'} filled"
    return f"{filled}, {found.taken} taken off" if found.taken else filled


def _gap(score: int, bound: int, status: str) -> str:
    if status == "optimal":
        return "none"
    return f"at most {(score - bound) / score:.1%}".replace("%", " %") if bound > 0 else ""


def _curve(progress: Sequence[Sequence[float]], elapsed: float) -> str:
    """The score over time as a stair from the first plan on, from left to right; what is dearer is higher."""
    if not progress:
        return ""
    # The plan that disturbs fewest may come later and be dearer.
    scores = [score for _, score, *_ in progress]
    top = max(scores)
    width, height = max(float(elapsed), 1.0), max(top - min(scores), 1)
    levels = [f"{1 + (top - score) / height * (HEIGHT - 2):.1f}" for score in scores]
    path = [f"M {min(progress[0][0] / width, 1) * WIDTH:.1f} {levels[0]}"]
    for (seconds, *_), level in zip(progress[1:], levels[1:], strict=True):
        path.append(f"H {min(seconds / width, 1) * WIDTH:.1f} V {level}")
    return " ".join([*path, f"H {WIDTH}"])
