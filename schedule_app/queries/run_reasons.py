"""Why a search's plan is as it is, in words: what it costs, what stays empty, what clashes, and who was chosen."""

import asyncio
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping
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
from schedule_app.optimizer.explain import Explanation, Reason
from schedule_app.optimizer.problem import Problem
from schedule_app.optimizer.reasons import Against, Empty, Reasons, against
from schedule_app.optimizer.solution import Given

#: What stands against one person, where that is more to the point than what the rule says of everybody.
_OF_A_PERSON: Final[Mapping[str, str]] = {
    "inactive": "Not active here",
    "availability": "Not available then",
    "absence": "Has said no, or is away",
    "overlap": "Has another shift then",
    "qualification": "Lacks a qualification the shift needs",
}

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
    """A shift with places that nobody fills, and what stands against each person."""

    title: str
    missing: str
    summary: str
    people: list[PersonLine]


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
    asked = await asyncio.to_thread(_ask, run.id, words.problem, run.plan, shift_id, chosen)
    return [
        *(words.chosen(reason) for reason in asked.chosen),
        *(words.against(each) for each in asked.others),
    ]


async def _run(session: AsyncSession, actor: Actor, run_id: int) -> Row[Any]:
    run = (await session.execute(_RUN, {"run_id": run_id})).one_or_none()
    if run is None or not can(actor, Permission.VIEW_DRAFT, site_id=run.site_id):
        raise NotFound
    return run


@dataclass(frozen=True, slots=True)
class _Asked:
    chosen: list[Reason]
    others: list[Against]


class _Explanations:
    """The last few runs asked about. An explanation changes its plan while it answers, so one asks at a time."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[list[list[int]], Explanation]] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, run_id: int, problem: Problem, plan: list[list[int]], shift_id: int, chosen: list[int]) -> _Asked:
        with self._lock:
            kept = self._kept.pop(run_id, None)
            if kept is None or kept[0] != plan:
                kept = (plan, Explanation(problem, [Given(employee_id, shift) for shift, employee_id in plan]))
            self._kept[run_id] = kept
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            explanation = kept[1]
            reasons = [explanation.why(employee_id, shift_id) for employee_id in chosen]
            return _Asked(reasons, [against(each) for each in explanation.why_nobody(shift_id)])


_ask = _Explanations().ask


@dataclass(frozen=True, slots=True)
class _Words:
    """Names of what the account speaks of."""

    problem: Problem
    people: Mapping[int, str]
    shifts: Mapping[int, str]
    rules: Mapping[int, str]

    def empty(self, each: Empty) -> EmptyShift:
        people = [self.against(one) for one in each.against]
        counted = Counter(self.stands(one) for one in each.against if one.name)
        dear = sum(1 for one in each.against if not one.name and one.cost > 0)
        able = sum(1 for one in each.against if not one.name and one.cost <= 0)
        parts = [f"{count} {'person' if count == 1 else 'people'}: {words}" for words, count in counted.most_common(3)]
        if dear:
            parts.insert(0, f"{dear} could, at a price higher than the place is worth")
        if able:
            parts.insert(0, f"{able} could: a longer search may fill it")
        missing = f"{each.people} {'person' if each.people == 1 else 'people'} missing"
        return EmptyShift(self.shifts[each.shift_id], missing, " ".join(_sentence(part) for part in parts), people)

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

    def chosen(self, reason: Reason) -> PersonLine:
        own = {name: cost for name, cost in reason.own.by_rule.items() if name != "missing"}
        points = ", ".join(f"{name_of(name)} {cost:+,}" for name, cost in sorted(own.items()) if cost)
        costs = f"In points: {points.replace('-', '−')}." if points else "Breaks nothing."
        if reason.next_best is None:
            rest = "Nobody else is allowed."
        else:
            other = self.people.get(reason.next_best.employee_id, "somebody else")
            saved = reason.saved or 0
            rest = f"Next best: {other}, {saved:,} dearer." if saved > 0 else f"{other} would do as well."
        return PersonLine(self.people.get(reason.own.employee_id, "Somebody"), "chosen", f"{costs} {rest}")

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


def _sentence(words: str) -> str:
    return words if words.endswith((".", "…")) else f"{words}."
