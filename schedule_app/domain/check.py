"""May this employee have this shift, and is this week right: every rule that applies, and the checks that need none."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.rules import RULES, WEEK_RULES, looks_at_shifts
from schedule_app.domain.rules.common import applies
from schedule_app.domain.rules.qualification import lacking
from schedule_app.domain.rules.restriction import pairs_apart
from schedule_app.domain.time import day_label, span_label
from schedule_app.domain.time_off import time_off_label
from schedule_app.domain.violation import Violation


class Check(NamedTuple):
    """One thing that was looked at when a shift was to be given; without violations it is met.

    Attributes:
        rule_type: The rule's type, or that of a check that needs no rule.
        rule: None for a check that needs none.
    """

    rule_type: str
    rule: RuleFacts[Any] | None
    violations: tuple[Violation, ...]


def check_assignment(
    rules: Iterable[RuleFacts[Any]], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> tuple[Violation, ...]:
    """Judge giving a shift to an employee.

    Args:
        rules: The active rules of the site; those that do not apply are passed over.
        employee: Who would work.
        worked: The employee's other active shifts, from 21 days before the candidate's week to 21 days after it. The
            candidate itself may be among them and is left out, so that a moved shift can be judged against the rest.
        candidate: The shift to be given.

    Returns:
        The built-in checks first (active, qualified for the shift, free at the time, not off then), then the rules,
        highest priority first.
    """
    return tuple(each for check in checks(rules, employee, worked, candidate) for each in check.violations)


def checks(
    rules: Iterable[RuleFacts[Any]], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Check]:
    """As `check_assignment`, with everything that was looked at, broken or met."""
    others = [shift for shift in worked if shift.id != candidate.id]
    applying = [
        rule for rule in rules if looks_at_shifts(rule.limits) and applies(rule, employee, candidate.local_date)
    ]
    return [
        *_built_in(employee, others, candidate),
        *(
            Check(rule.rule_type, rule, tuple(RULES[rule.rule_type](rule, employee, others, candidate)))
            for rule in sorted(applying, key=lambda each: (-each.priority, each.id))
        ),
    ]


def check_week(rules: Iterable[RuleFacts[Any]], week: WeekFacts) -> list[Violation]:
    """Judge a week as a whole: what is lacking in it, and how its work is spread. Highest priority first."""
    return [
        violation
        for rule in sorted(rules, key=lambda each: (-each.priority, each.id))
        if rule.rule_type in WEEK_RULES
        for violation in WEEK_RULES[rule.rule_type](rule, week)
    ]


def check_plan(rules: Collection[RuleFacts[Any]], weeks: Iterable[WeekFacts]) -> list[Violation]:
    """Judge a whole plan, of one week or of several: every shift somebody has, and every week as a whole.

    Args:
        rules: The active rules of the site.
        weeks: The weeks; what is worked in one of them counts in the others when it is among their `worked`.
    """
    violations: list[Violation] = []
    for week in weeks:
        meeting = together(rules, ((shift, week.staff.get(shift.id, ())) for shift in week.shifts))
        for shift in week.shifts:
            for employee_id in week.staff.get(shift.id, ()):
                worked = week.worked.get(employee_id, ())
                violations += check_assignment(rules, week.people[employee_id], worked, meeting.get(shift.id, shift))
        violations += check_week(rules, week)
    return violations


def together(
    rules: Iterable[RuleFacts[Any]], shifts: Iterable[tuple[ShiftFacts, Collection[int]]]
) -> Mapping[int, ShiftFacts]:
    """The shifts, by id, during which somebody works whom a rule keeps away from somebody else; with who that is.

    Args:
        rules: The active rules of the site.
        shifts: Shifts, each with who has it.
    """
    kept_away = pairs_apart(rules)
    if not kept_away:
        return {}
    known = list(shifts)
    theirs: defaultdict[int, list[ShiftFacts]] = defaultdict(list)
    for shift, staff in known:
        for employee_id in kept_away.intersection(staff):
            theirs[employee_id].append(shift)
    return {
        shift.id: replace(shift, beside=beside)
        for shift, _ in known
        if (beside := tuple(sorted(each for each in theirs if _any_overlaps(theirs[each], shift))))
    }


def _any_overlaps(shifts: Iterable[ShiftFacts], shift: ShiftFacts) -> bool:
    return any(each.span.overlaps(shift.span) for each in shifts)


def blocking(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Those that refuse the assignment."""
    return tuple(each for each in violations if each.severity == "block")


def warnings(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Those that may be overridden with a reason."""
    return tuple(each for each in violations if each.severity == "warn")


def _built_in(employee: EmployeeFacts, others: Sequence[ShiftFacts], candidate: ShiftFacts) -> list[Check]:
    def check(rule_type: str, sentences: Iterable[str]) -> Check:
        refused = (Violation(rule_type, None, "block", words, employee.id, candidate.id) for words in sentences)
        return Check(rule_type, None, tuple(refused))

    inactive = [] if employee.is_active else [f"{employee.name} is not active and cannot be given shifts."]
    overlaps = [
        f"{employee.name} already works on {day_label(shift.local_date)}, "
        f"{span_label(shift.span, shift.zone, clock_24h=candidate.clock_24h)}, which overlaps this shift."
        for shift in others
        if shift.span.overlaps(candidate.span)
    ]
    away = [
        f"{employee.name} has time off: {time_off_label(span, candidate.zone, clock_24h=candidate.clock_24h)}."
        for span in employee.time_off
        if span.overlaps(candidate.span)
    ]
    return [
        check("inactive", inactive),
        check("qualification", lacking(employee, candidate.required_qualifications, candidate)),
        check("overlap", overlaps),
        check("time_off", away),
    ]
