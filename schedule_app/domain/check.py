"""May this employee have this shift: every rule that applies, and the checks that need no rule."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules import RULES
from schedule_app.domain.rules.qualification import lacking
from schedule_app.domain.time import day_label, span_label
from schedule_app.domain.violation import Violation


def applies(rule: RuleFacts[Any], employee: EmployeeFacts, day: date) -> bool:
    """Tell whether a rule holds for an employee on a local date; both ends of its effective period belong to it."""
    return (
        rule.site_id == employee.site_id
        and rule.department_id in (None, employee.department_id)
        and rule.employee_id in (None, employee.id)
        and (rule.effective_from is None or rule.effective_from <= day)
        and (rule.effective_until is None or day <= rule.effective_until)
    )


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
        worked: The employee's other active shifts, from 14 days before the candidate's week to 14 days after it. The
            candidate itself may be among them and is left out, so that a moved shift can be judged against the rest.
        candidate: The shift to be given.

    Returns:
        The built-in checks first (active, qualified for the shift, free at the time), then the rules, highest priority
        first.
    """
    return tuple(each for check in checks(rules, employee, worked, candidate) for each in check.violations)


def checks(
    rules: Iterable[RuleFacts[Any]], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Check]:
    """As `check_assignment`, with everything that was looked at, broken or met."""
    others = [shift for shift in worked if shift.id != candidate.id]
    applying = [rule for rule in rules if applies(rule, employee, candidate.local_date)]
    return [
        *_built_in(employee, others, candidate),
        *(
            Check(rule.rule_type, rule, tuple(RULES[rule.rule_type](rule, employee, others, candidate)))
            for rule in sorted(applying, key=lambda each: (-each.priority, each.id))
        ),
    ]


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
    return [
        check("inactive", inactive),
        check("qualification", lacking(employee, candidate.required_qualifications, candidate)),
        check("overlap", overlaps),
    ]
