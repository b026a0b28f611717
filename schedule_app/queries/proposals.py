"""The proposals for a week side by side, and beside what stands now."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.comparison import Figures, Held, WeekVersion, figures
from schedule_app.domain.errors import NotFound
from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.standing import Holding, PlannedWeek, findings, judge_as_wholes, judge_weeks
from schedule_app.queries.comparisons import find_terms, find_versions
from schedule_app.queries.labels import hours_label, money_label
from schedule_app.queries.planning import Planning, read_planning
from schedule_app.queries.solve_runs import asked

_SCHEDULE = text("""
    SELECT schedules.site_id, sites.currency,
           (SELECT published.id FROM schedules AS published
            WHERE published.site_id = schedules.site_id AND published.week_start = schedules.week_start
              AND published.status = 'published') AS published_id
    FROM schedules
    JOIN sites ON sites.id = schedules.site_id
    WHERE schedules.id = :schedule_id
""")

_PROPOSALS = text("""
    SELECT runs.id, runs.request, runs.plan
    FROM solve_runs AS runs
    JOIN schedules ON schedules.id = runs.schedule_id AND schedules.status = 'draft'
    WHERE runs.schedule_id = :schedule_id AND runs.status = 'proposed'
    ORDER BY runs.created_at, runs.id
""")

_PROPOSED = text("""
    SELECT schedules.site_id, ARRAY(
        SELECT runs.id FROM solve_runs AS runs
        WHERE runs.schedule_id = schedules.id AND runs.status = 'proposed' ORDER BY runs.id) AS ids
    FROM schedules
    WHERE schedules.id = :schedule_id
""")

_SHIFTS = text("SELECT id, lineage_id::text AS lineage_id, department_id FROM shifts WHERE schedule_id = :schedule_id")

#: Of (what it is called, as it is shown, as it is weighed: less is better) one for each plan.
_Line: TypeAlias = tuple[str, Callable[["_Plan"], str], Callable[["_Plan"], float]]


@dataclass(frozen=True, slots=True)
class Column:
    """A plan; `id` is its run's, or 0 for what stands now. `asked` is what was asked for besides the usual."""

    id: int
    name: str
    asked: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of one plan; `is_best` where it is better than another's and none is better."""

    text: str
    is_best: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of every plan."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class ProposalsView:
    """Plans side by side, what stands now first."""

    columns: list[Column] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plan in figures.

    Attributes:
        needed: Places there are.
        filled: Those that somebody has.
        broken: Sentences about rules that are broken.
        disturbed: People who were told something that is no longer so, or who get more than they were told.
    """

    figures: Figures
    needed: int
    filled: int
    broken: int
    disturbed: int


async def proposed_runs(session: AsyncSession, actor: Actor, schedule_id: int) -> tuple[int, ...]:
    """The proposals there are, without a look at them.

    Raises:
        NotFound: No such schedule, or one the actor does not plan.
    """
    row = (await session.execute(_PROPOSED, {"schedule_id": schedule_id})).one_or_none()
    if row is None or not can(actor, Permission.VIEW_DRAFT, site_id=row.site_id):
        raise NotFound
    return tuple(row.ids)


async def compare_proposals(session: AsyncSession, actor: Actor, schedule_id: int) -> ProposalsView:
    """Reckon every proposal for a schedule as if it were kept now, by the same measure, whatever each was asked for.

    Raises:
        NotFound: No such schedule, or one the actor does not plan.
    """
    schedule = (await session.execute(_SCHEDULE, {"schedule_id": schedule_id})).one_or_none()
    if schedule is None or not can(actor, Permission.VIEW_DRAFT, site_id=schedule.site_id):
        raise NotFound
    with_cost = can(actor, Permission.VIEW_COST, site_id=schedule.site_id)
    runs = (await session.execute(_PROPOSALS, {"schedule_id": schedule_id})).all()
    shifts = (await session.execute(_SHIFTS, {"schedule_id": schedule_id})).all()
    planning = await read_planning(session, schedule_id)
    both = {schedule_id, *([schedule.published_id] if schedule.published_id else [])}
    versions = await find_versions(session, both)
    draft = _with_answers(versions[schedule_id], planning, shifts)
    published = versions.get(schedule.published_id, WeekVersion())
    plans = [draft, *(_planned(draft, run, shifts) for run in runs)]
    people = {held.employee_id for plan in plans for held in plan.held}
    terms = await find_terms(session, people, with_cost=with_cost)
    lineages = {row.lineage_id: row.id for row in shifts}

    def reckon() -> list[_Plan]:
        return [
            _Plan(
                figures=figures(plan, terms, with_cost=with_cost),
                needed=sum(shift.required_staff for shift in plan.shifts.values()),
                filled=_filled(plan),
                broken=_broken(planning, lineages, plan, {k: t.hourly_rate_cents for k, t in terms.items()}),
                disturbed=_disturbed(published, plan),
            )
            for plan in plans
        ]

    # Thousands of shifts are judged for each plan.
    reckoned = await asyncio.to_thread(reckon)
    is_priced = not any(plan.figures.unpriced for plan in reckoned)
    cost = _cost_lines(schedule.currency, is_priced=is_priced) if with_cost else []
    lines = _lines(cost, was_told=bool(published.held))
    return ProposalsView(
        columns=[
            Column(0, "Now", ""),
            *(Column(run.id, f"Proposal {place}", asked(run.request)) for place, run in enumerate(runs, 1)),
        ],
        lines=[Line(name, _cells(reckoned, words, measure)) for name, words, measure in lines],
    )


def _with_answers(draft: WeekVersion, planning: Planning, shifts: Iterable[Row[Any]]) -> WeekVersion:
    """The draft as it would come into force: who has said no to the published shift since is not on it any more."""
    lineages = {row.id: row.lineage_id for row in shifts}
    no = {Held(lineages[held.shift_id], held.employee_id) for held in planning.held if held.has_declined}
    return replace(draft, declined=draft.declined | (draft.held & no))


def _planned(draft: WeekVersion, run: Row[Any], shifts: Iterable[Row[Any]]) -> WeekVersion:
    """The draft with the run's plan kept: what it was not asked to plan stays as it is."""
    department_id = run.request.get("department_id")
    inside = {row.id: row.lineage_id for row in shifts if department_id in (None, row.department_id)}
    asked_for = set(inside.values())
    stays = {held for held in draft.held - draft.declined if held.lineage_id not in asked_for}
    given = {Held(inside[shift_id], employee_id) for shift_id, employee_id in run.plan if shift_id in inside}
    return WeekVersion(draft.shifts, frozenset(stays | given))


def _filled(plan: WeekVersion) -> int:
    staffed: defaultdict[str, int] = defaultdict(int)
    for held in plan.held - plan.declined:
        staffed[held.lineage_id] += 1
    return sum(min(staffed[key], shift.required_staff) for key, shift in plan.shifts.items())


def _broken(planning: Planning, lineages: dict[str, int], plan: WeekVersion, rates: dict[int, int | None]) -> int:
    facts = {shift.facts.id: shift.facts for shift in planning.shifts}
    people = {person.id: person for person in planning.people}
    holdings: list[Holding] = []
    worked: dict[int, list[ShiftFacts]] = {person_id: [*planning.elsewhere[person_id]] for person_id in people}
    for held in sorted(plan.held - plan.declined):
        if held.employee_id in people:
            shift = facts[lineages[held.lineage_id]]
            holdings.append(Holding(0, held.employee_id, shift))
            worked[held.employee_id].append(shift)
    week = PlannedWeek(
        planning.week_start,
        holdings,
        worked,
        list(facts.values()),
        {person_id: rate for person_id, rate in rates.items() if rate is not None},
    )
    judged = [judge(planning.rules, people, [week]) for judge in (judge_weeks, judge_as_wholes)]
    return len(findings(breach for breaches in judged for breach in breaches))


def _disturbed(published: WeekVersion, plan: WeekVersion) -> int:
    told, planned = _by_person(published), _by_person(plan)
    return sum(1 for employee_id, shifts in told.items() if shifts != planned.get(employee_id))


def _by_person(version: WeekVersion) -> dict[int, set[tuple[str, object]]]:
    theirs: defaultdict[int, set[tuple[str, object]]] = defaultdict(set)
    for held in version.held - version.declined:
        theirs[held.employee_id].add((held.lineage_id, version.shifts[held.lineage_id].span))
    return dict(theirs)


def _cost_lines(currency: str, *, is_priced: bool) -> list[_Line]:
    lines: list[_Line] = [
        (
            "Cost",
            lambda plan: money_label(plan.figures.cost_cents or 0, currency),
            # What part of the people cost says little of which plan is the cheapest.
            lambda plan: (plan.figures.cost_cents or 0) if is_priced else 0,
        )
    ]
    return lines if is_priced else [*lines, _number("People without a rate, not in the cost", _unpriced)]


def _unpriced(plan: _Plan) -> int:
    return plan.figures.unpriced


def _lines(cost: Iterable[_Line], *, was_told: bool) -> list[_Line]:
    disturbed: list[_Line] = [
        ("People disturbed", lambda plan: str(plan.disturbed), lambda plan: plan.disturbed),
    ]
    return [
        ("Places filled", lambda plan: f"{plan.filled} of {plan.needed}", lambda plan: -plan.filled),
        _minutes("Hours beyond need", lambda plan: plan.figures.over_minutes),
        ("Rules broken", lambda plan: str(plan.broken), lambda plan: plan.broken),
        *(disturbed if was_told else []),
        # More work is not better or worse as such.
        ("Hours of work", lambda plan: hours_label(plan.figures.minutes), lambda _: 0),
        *cost,
        _minutes("Hours against contract, spread", lambda plan: round(plan.figures.hours_deviation)),
        _number("Night shifts, most less fewest", lambda plan: plan.figures.nights_gap),
        _number("Weekend shifts, most less fewest", lambda plan: plan.figures.weekends_gap),
    ]


def _minutes(name: str, measure: Callable[[_Plan], int]) -> _Line:
    return name, lambda plan: hours_label(measure(plan)), measure


def _number(name: str, measure: Callable[[_Plan], int]) -> _Line:
    return name, lambda plan: str(measure(plan)), measure


def _cells(plans: Sequence[_Plan], words: Callable[[_Plan], str], measure: Callable[[_Plan], float]) -> list[Cell]:
    measures = [measure(plan) for plan in plans]
    best, worst = min(measures), max(measures)
    return [Cell(words(plan), best == each < worst) for plan, each in zip(plans, measures, strict=True)]
