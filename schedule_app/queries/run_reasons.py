"""Why a search's plan is as it is, in words: what it costs, what stays empty, what clashes, and who was chosen."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from schedule_app.domain.errors import NotFound
from schedule_app.domain.permissions import Actor, Permission, can
from schedule_app.domain.rules import describe
from schedule_app.domain.rules.wording import name_of
from schedule_app.domain.time import Interval, shift_label
from schedule_app.optimizer import codec
from schedule_app.optimizer.clash import Cause
from schedule_app.optimizer.explain import Explanation, Reason, Verdict
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.reasons import Against, Empty, Reasons, against
from schedule_app.optimizer.solution import Given

#: What stands against one person, where that is more to the point than what the rule says of everybody.
_OF_A_PERSON: Final[Mapping[str, str]] = {
    "inactive": "Not active here",
    "availability": "Not available then",
    "absence": "Has said no, or is away",
    "overlap": "Has another shift then",
    "time_off": "Has time off then",
    "qualification": "Lacks a qualification the shift needs",
}

#: People told of for each empty shift, the nearest to taking it first; a large site has thousands of such pairs.
_TOLD: Final = 10

#: Runs whose limits are kept in memory, ready to be asked about.
_KEPT: Final = 2

_RUN = text("""
    SELECT runs.id, runs.schedule_id, runs.site_id, runs.plan, runs.reasons::text AS reasons, sites.clock_24h
    FROM solve_runs AS runs
    JOIN sites ON sites.id = runs.site_id
    WHERE runs.id = :run_id AND runs.status = 'proposed'
""")

_PROBLEM = text("SELECT problem::text FROM solve_runs WHERE id = :run_id")

_NAMES = text("SELECT id, name FROM employees WHERE site_id = :site_id")

_SHIFTS = text("""
    SELECT shifts.id, shifts.starts_at, shifts.ends_at, shifts.time_zone,
           COALESCE(shifts.title, initcap(shifts.shift_type)) AS title, COALESCE(departments.name, '') AS department
    FROM shifts
    LEFT JOIN departments ON departments.id = shifts.department_id
    WHERE shifts.schedule_id = :schedule_id
    ORDER BY shifts.starts_at, shifts.id
""")


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A part of the score, before the search and with its plan."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on a shift, or not; `kind` is "chosen", "could" or "blocked"."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class EmptyShift:
    """A shift with places that nobody fills, and what stands against people; `more` says of how many it is not told."""

    title: str
    missing: str
    summary: str
    people: list[PersonLine]
    more: str


@dataclass(frozen=True, slots=True)
class ReasonsView:
    """A plan's account.

    Attributes:
        clash: What cannot all hold, so that places stay empty.
        relaxations: What giving way would buy, the best first.
        shifts: Those that can be asked about, as (id, label).
        note: What is missing of the account, and why.
    """

    score: list[ScoreLine] = field(default_factory=list)
    empty: list[EmptyShift] = field(default_factory=list)
    clash: list[str] = field(default_factory=list)
    relaxations: list[str] = field(default_factory=list)
    shifts: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


async def run_reasons(session: AsyncSession, actor: Actor, run_id: int) -> ReasonsView:
    """Read the account of a proposal.

    Raises:
        NotFound: No such proposal, one without an account yet, or one the actor does not plan.
    """
    run = await _run(session, actor, run_id)
    if run.reasons is None:
        raise NotFound
    told, words = await asyncio.to_thread(codec.loads, Reasons, run.reasons), await _words(session, run)
    note = "" if told.is_whole else "The week is too large, or the time was too short, to account for everything."
    clash, planned = told.clash, {each.shift.id for each in words.problem.demands}
    return ReasonsView(
        score=_score(told),
        empty=[words.empty(each) for each in told.empty if each.shift_id in words.shifts],
        clash=[words.cause(each) for each in clash.causes] if clash else [],
        relaxations=[
            f"{words.cause(each.cause)} Without it {each.people} more {'place' if each.people == 1 else 'places'}."
            for each in (clash.relaxations if clash else ())
        ],
        shifts=[(str(number), label) for number, label in words.shifts.items() if number in planned],
        note=note,
    )


async def shift_reasons(session: AsyncSession, actor: Actor, run_id: int, shift_id: int) -> list[PersonLine]:
    """Everybody on a shift of a proposal and why they, then everybody else and why not they.

    Raises:
        NotFound: No such proposal or shift, or one the actor does not plan.
    """
    run = await _run(session, actor, run_id)
    words = await _words(session, run)
    if shift_id not in words.shifts or all(each.shift.id != shift_id for each in words.problem.demands):
        raise NotFound
    chosen = [employee_id for shift, employee_id in run.plan if shift == shift_id]
    about, in_thread = (run.id, words.problem, run.plan, shift_id), asyncio.get_running_loop().run_in_executor
    asked = await in_thread(_thread, _explanations.why, *about)
    fixed = {each.employee_id for each in words.problem.standing if each.shift_id == shift_id and each.is_fixed}
    on_it = [words.chosen(each, is_fixed=each.own.employee_id in fixed) for each in asked]
    required = next(each.shift.required_staff for each in words.problem.demands if each.shift.id == shift_id)
    if len(chosen) < required:
        others = await in_thread(_thread, _explanations.nobody, *about)
        return [*on_it, *(words.against(each) for each in others)]
    # All places are taken, so what is asked is whether somebody else should have one of them instead.
    reason = next((each for each in asked if each.own.employee_id not in fixed), None)
    return [*on_it, *(words.instead(reason, each) for each in reason.others)] if reason else on_it


async def _run(session: AsyncSession, actor: Actor, run_id: int) -> Row[Any]:
    run = (await session.execute(_RUN, {"run_id": run_id})).one_or_none()
    if run is None or not can(actor, Permission.VIEW_DRAFT, site_id=run.site_id):
        raise NotFound
    return run


class _Explanations:
    """The last few runs asked about; used by `_thread` alone, as an explanation changes its plan while it answers."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[list[list[int]], Explanation]] = OrderedDict()

    def why(self, run_id: int, problem: Problem, plan: list[list[int]], shift_id: int) -> list[Reason]:
        """Why each person on a shift has it."""
        explanation = self._of(run_id, problem, plan)
        return [explanation.why(employee_id, shift_id) for shift, employee_id in plan if shift == shift_id]

    def nobody(self, run_id: int, problem: Problem, plan: list[list[int]], shift_id: int) -> list[Against]:
        """What stands against everybody else having an empty place of a shift."""
        return [against(each) for each in self._of(run_id, problem, plan).why_nobody(shift_id)]

    def _of(self, run_id: int, problem: Problem, plan: list[list[int]]) -> Explanation:
        kept = self._kept.pop(run_id, None)
        if kept is None or kept[0] != plan:
            kept = (plan, Explanation(problem, [Given(employee_id, shift) for shift, employee_id in plan]))
        self._kept[run_id] = kept
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return kept[1]


_explanations = _Explanations()
_thread = ThreadPoolExecutor(1, "explanations")


@dataclass(frozen=True, slots=True)
class _Words:
    """Names of what the account speaks of."""

    problem: Problem
    people: Mapping[int, str]
    shifts: Mapping[int, str]
    rules: Mapping[int, str]

    def empty(self, each: Empty) -> EmptyShift:
        people = [self.against(one) for one in each.against[:_TOLD]]
        rest = len(each.against) - len(people)
        more = f"{rest} more; choose the shift above to see everybody." if rest > 0 else ""
        counted = Counter(self.stands(one) for one in each.against if one.name)
        dear = sum(1 for one in each.against if not one.name and one.cost > 0)
        able = sum(1 for one in each.against if not one.name and one.cost <= 0)
        parts = [f"{count} {'person' if count == 1 else 'people'}: {words}" for words, count in counted.most_common(3)]
        if dear:
            parts.insert(0, f"{dear} could, at a price higher than the place is worth")
        if able:
            parts.insert(0, f"{able} could: a longer search may fill it")
        missing = f"{each.people} {'person' if each.people == 1 else 'people'} missing"
        return EmptyShift(
            self.shifts[each.shift_id], missing, " ".join(_sentence(part) for part in parts), people, more
        )

    def stands(self, each: Against) -> str:
        """What stands against somebody."""
        return _OF_A_PERSON.get(each.name) or self.rules.get(each.rule_id or 0) or name_of(each.name)

    def against(self, each: Against) -> PersonLine:
        name = self.people.get(each.employee_id, "Somebody")
        if each.name:
            return PersonLine(name, "blocked", _sentence(self.stands(each)))
        if each.cost > 0:
            return PersonLine(name, "could", f"Allowed; the score would rise by {each.cost:,}.")
        return PersonLine(name, "could", "Allowed; the plan would be no worse.")

    def instead(self, reason: Reason, other: Verdict) -> PersonLine:
        """What somebody else in the place of who was chosen would do."""
        if not other.is_allowed:
            return self.against(against(other))
        name, chosen = (self.people.get(each.employee_id, "somebody") for each in (other, reason.own))
        return PersonLine(name, "could", f"Instead of {chosen}: {_compared(other.cost - reason.own.cost)}.")

    def chosen(self, reason: Reason, *, is_fixed: bool) -> PersonLine:
        """Why somebody is on a shift."""
        name = self.people.get(reason.own.employee_id, "Somebody")
        if is_fixed:
            return PersonLine(name, "chosen", "Had it before the search, which was to leave it with them.")
        own = {name: cost for name, cost in reason.own.by_rule.items() if name != "missing"}
        points = ", ".join(f"{name_of(name)} {cost:+,}" for name, cost in sorted(own.items()) if cost)
        costs = f"In points: {points.replace('-', '−')}." if points else "Breaks nothing."
        best = reason.next_best
        rest = "Nobody else could, with the rest of the plan as it is."
        if best is not None:
            other = self.people.get(best.employee_id, "somebody else")
            rest = f"Next best: {other}, {_compared(best.cost - reason.own.cost)}."
        return PersonLine(name, "chosen", f"{costs} {rest}")

    def cause(self, cause: Cause) -> str:
        if cause.shift_id is not None:
            return f"{self.shifts.get(cause.shift_id, 'A shift')} has all its people."
        if cause.rule_id is not None:
            return _sentence((self.rules.get(cause.rule_id) or name_of(cause.name)).partition(". ")[0])
        who = self.people.get(cause.employee_id or 0)
        return _sentence(f"{name_of(cause.name)}: {who}" if who else name_of(cause.name))


async def _words(session: AsyncSession, run: Row[Any]) -> _Words:
    stored = (await session.execute(_PROBLEM, {"run_id": run.id})).scalar_one()
    problem = await asyncio.to_thread(codec.loads, Problem, stored)
    people = {row.id: row.name for row in await session.execute(_NAMES, {"site_id": run.site_id})}
    shifts = {
        row.id: _label(row, clock_24h=run.clock_24h)
        for row in await session.execute(_SHIFTS, {"schedule_id": run.schedule_id})
    }
    rules = {each.id: describe(each.rule_type, each.limits, each.names) for each in problem.rules}
    return _Words(problem, people, shifts, rules)


def _label(shift: Row[Any], *, clock_24h: bool) -> str:
    span = Interval(shift.starts_at, shift.ends_at)
    label = shift_label(span, shift.time_zone, shift.title, clock_24h=clock_24h)
    return f"{label}, {shift.department}" if shift.department else label


def _score(told: Reasons) -> list[ScoreLine]:
    names = sorted(told.before.keys() | told.after.keys(), key=lambda name: -max(_both(told, name)))
    lines = [(name_of(name), *_both(told, name)) for name in names]
    total = ("Altogether", sum(told.before.values()), sum(told.after.values()))
    return [ScoreLine(name, f"{before:,}", f"{after:,}") for name, before, after in (*lines, total)]


def _both(told: Reasons, name: str) -> tuple[int, int]:
    return told.before.get(name, 0), told.after.get(name, 0)


def _compared(dearer: int) -> str:
    if not dearer:
        return "no dearer"
    return f"{dearer:,} dearer" if dearer > 0 else f"{-dearer:,} cheaper"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "…")) else f"{words}."
