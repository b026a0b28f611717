"""What stands in a plan against the rules: every shift somebody has, judged as if given now, and weeks as a whole."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from schedule_app.domain.check import check_assignment, check_week, together
from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
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
        worked: By employee what they work in it and around it, from 21 days before the week, or as far back as the
            rules look, to 21 days after.
        shifts: All its shifts, those that nobody has included; empty where nothing is to be told of it as a whole.
        rates: By employee what an hour costs, in cents.
    """

    week_start: date
    holdings: Sequence[Holding]
    worked: Mapping[int, Sequence[ShiftFacts]]
    shifts: Sequence[ShiftFacts] = ()
    rates: Mapping[int, int] = field(default_factory=dict)

    @property
    def staff(self) -> Mapping[int, Collection[int]]:
        """By shift, who has it."""
        staff: defaultdict[int, list[int]] = defaultdict(list)
        for each in self.holdings:
            staff[each.shift.id].append(each.employee_id)
        return staff


@dataclass(frozen=True, slots=True)
class Breach:
    """Something a rule would not allow.

    Attributes:
        holding: The shift somebody has, where it is about one.
        shift: The shift it is about; None where it is about the week as a whole.
    """

    week_start: date
    holding: Holding | None
    violation: Violation
    shift: ShiftFacts | None

    @property
    def order(self) -> tuple[date, bool, datetime | date, int]:
        """By week, and in it by time; what is of the week as a whole comes first."""
        if self.shift is None:
            return self.week_start, False, self.week_start, 0
        return self.week_start, True, self.shift.span.starts_at, self.holding.assignment_id if self.holding else 0


@dataclass(frozen=True, slots=True)
class Finding:
    """Breaches which one sentence says all of, as the six shifts of a week that has too many hours.

    Attributes:
        breaches: In the order of their shifts.
    """

    employee_id: int | None
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
    breaches: list[Breach] = []
    for week in weeks:
        shifts = {each.shift.id: each.shift for each in week.holdings}
        staff = week.staff
        meeting = together(rules, ((shift, staff[shift_id]) for shift_id, shift in shifts.items()))
        for holding in week.holdings:
            if holding.employee_id in people:
                shift = meeting.get(holding.shift.id, holding.shift)
                worked = week.worked.get(holding.employee_id, ())
                breaches += [
                    Breach(week.week_start, holding, violation, holding.shift)
                    for violation in check_assignment(rules, people[holding.employee_id], worked, shift)
                ]
    return breaches


def judge_as_wholes(
    rules: Sequence[RuleFacts[Any]], people: Mapping[int, EmployeeFacts], weeks: Iterable[PlannedWeek]
) -> list[Breach]:
    """Judge what can only be told of a week as a whole; arguments as `judge_weeks`."""
    breaches: list[Breach] = []
    for week in weeks:
        shifts = {shift.id: shift for shift in week.shifts}
        facts = WeekFacts(week.week_start, people, week.shifts, week.staff, week.worked, week.rates)
        breaches += [
            Breach(week.week_start, None, violation, None if violation.shift_id is None else shifts[violation.shift_id])
            for violation in check_week(rules, facts)
        ]
    return breaches


def judge_rule(rule: RuleFacts[Any], people: Mapping[int, EmployeeFacts], weeks: Iterable[PlannedWeek]) -> list[Breach]:
    """Judge what is planned by one rule alone."""
    weeks = list(weeks)
    found = [each for each in judge_weeks([rule], people, weeks) if each.violation.rule_id == rule.id]
    return [*found, *judge_as_wholes([rule], people, weeks)]


def findings(breaches: Iterable[Breach]) -> list[Finding]:
    """Put breaches together that one sentence says all of; by week and the time of their first shift."""
    same_words: dict[tuple[int | None, str, int | None, str], list[Breach]] = {}
    for each in sorted(breaches, key=lambda each: each.order):
        found = each.violation
        same_words.setdefault((found.rule_id, found.rule_type, found.employee_id, found.message), []).append(each)
    return [Finding(key[2], key[3], tuple(same)) for key, same in same_words.items()]
