"""What the rules share: putting a finding into a violation, sums over a week, and lists in words."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.violation import Severity, Violation

# Read by pydantic when a limits dataclass is made from JSON: a misspelt limit is refused instead of ignored.
FORBID_EXTRA: Final = {"extra": "forbid"}


def found(
    rule: RuleFacts[Any],
    employee: EmployeeFacts,
    candidate: ShiftFacts,
    message: str,
    severity: Severity | None = None,
) -> Violation:
    """Make the violation; without a severity of its own it blocks when the rule is strict and warns otherwise."""
    severity = severity or ("block" if rule.strict else "warn")
    return Violation(rule.rule_type, rule.id, severity, message, employee.id, candidate.id)


def same_week(worked: Sequence[ShiftFacts], candidate: ShiftFacts) -> list[ShiftFacts]:
    """The shifts which, going by their start dates, fall in the candidate's week, the candidate included."""
    week_start = candidate.week_start
    return [*(shift for shift in worked if 0 <= (shift.local_date - week_start).days < 7), candidate]


def total_minutes(shifts: Iterable[ShiftFacts]) -> int:
    """True minutes of the shifts together."""
    return sum(shift.span.minutes for shift in shifts)


def listed(words: Iterable[str], joined_by: Literal["and", "or"]) -> str:
    """Several words as a sentence has them: "Mondays, Tuesdays and Sundays"."""
    *most, last = words
    return f"{', '.join(most)} {joined_by} {last}" if most else last
