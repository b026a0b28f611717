"""What stands in a plan against the rules: every shift somebody has, judged as if it were given to them now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schedule_app.domain.check import check_assignment
from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class Holding:
    """A shift that somebody has."""

    assignment_id: int
    employee_id: int
    shift: ShiftFacts


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """One version of a week.

    Attributes:
        holdings: Who has which shift in it.
        worked: By employee what they work in it and around it, from 14 days before the week to 14 days after.
    """

    week_start: date
    holdings: Sequence[Holding]
    worked: Mapping[int, Sequence[ShiftFacts]]


@dataclass(frozen=True, slots=True)
class Breach:
    """A shift that somebody has and that a rule would not allow."""

    week_start: date
    holding: Holding
    violation: Violation


@dataclass(frozen=True, slots=True)
class Finding:
    """Breaches which one sentence says all of, as the six shifts of a week that has too many hours.

    Attributes:
        breaches: In the order of their shifts.
    """

    employee_id: int
    message: str
    breaches: tuple[Breach, ...]

    @property
    def first(self) -> Breach:
        """The one that begins first."""
        return self.breaches[0]


def judge_weeks(
    rules: Sequence[RuleFacts[Any]], people: Mapping[int, EmployeeFacts], weeks: Iterable[PlannedWeek]
) -> list[Breach]:
    """Judge what is planned; takes about 0.1 ms for each shift and rule.

    Args:
        rules: Those that hold; the checks which need no rule are made too.
        people: By id; shifts of anybody else are passed over.
        weeks: What is planned.
    """
    return [
        Breach(week.week_start, holding, violation)
        for week in weeks
        for holding in week.holdings
        if holding.employee_id in people
        for violation in check_assignment(
            rules, people[holding.employee_id], week.worked.get(holding.employee_id, ()), holding.shift
        )
    ]


def judge_rule(rule: RuleFacts[Any], people: Mapping[int, EmployeeFacts], weeks: Iterable[PlannedWeek]) -> list[Breach]:
    """Judge what is planned by one rule alone."""
    return [each for each in judge_weeks([rule], people, weeks) if each.violation.rule_id == rule.id]


def findings(breaches: Iterable[Breach]) -> list[Finding]:
    """Put breaches together that one sentence says all of; by the time of their first shift."""
    together: dict[tuple[int | None, str, int, str], list[Breach]] = {}
    for each in sorted(breaches, key=lambda each: (each.holding.shift.span.starts_at, each.holding.assignment_id)):
        found = each.violation
        together.setdefault((found.rule_id, found.rule_type, found.employee_id, found.message), []).append(each)
    return [Finding(key[2], key[3], tuple(same)) for key, same in together.items()]
