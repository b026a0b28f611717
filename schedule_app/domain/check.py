"""May this employee have this shift: every rule that applies, and the checks that need no rule."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

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
    others = [shift for shift in worked if shift.id != candidate.id]
    violations = _built_in(employee, others, candidate)
    applying = [rule for rule in rules if applies(rule, employee, candidate.local_date)]
    for rule in sorted(applying, key=lambda each: (-each.priority, each.id)):
        violations += RULES[rule.rule_type](rule, employee, others, candidate)
    return tuple(violations)


def blocking(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Those that refuse the assignment."""
    return tuple(each for each in violations if each.severity == "block")


def warnings(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Those that may be overridden with a reason."""
    return tuple(each for each in violations if each.severity == "warn")


def _built_in(employee: EmployeeFacts, others: Sequence[ShiftFacts], candidate: ShiftFacts) -> list[Violation]:
    def refused(rule_type: str, message: str) -> Violation:
        return Violation(rule_type, None, "block", message, employee.id, candidate.id)

    violations: list[Violation] = []
    if not employee.is_active:
        violations.append(refused("inactive", f"{employee.name} is not active and cannot be given shifts."))
    violations += [
        refused("qualification", sentence)
        for sentence in lacking(employee, candidate.required_qualifications, candidate)
    ]
    for shift in others:
        if shift.span.overlaps(candidate.span):
            times = f"{day_label(shift.local_date)}, {span_label(shift.span, shift.zone)}"
            violations.append(
                refused("overlap", f"{employee.name} already works on {times}, which overlaps this shift.")
            )
    return violations
