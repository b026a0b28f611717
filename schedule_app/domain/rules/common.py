"""What the rules share: checking limits, and putting a finding into a violation."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.violation import Severity, Violation

# Read by pydantic when a limits dataclass is made from JSON: a misspelt limit is refused instead of ignored.
FORBID_EXTRA: Final = {"extra": "forbid"}

MINUTES_PER_DAY: Final = 24 * 60
MINUTES_PER_WEEK: Final = 7 * MINUTES_PER_DAY


def require_between(what: str, value: int, low: int, high: int) -> None:
    """Check one whole number.

    Raises:
        ValueError: It is not a whole number from low to high.
    """
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{what} must be a whole number from {low} to {high}.")


def require_names(what: str, names: Iterable[str]) -> None:
    """Check a list of names.

    Raises:
        ValueError: One of them is empty or longer than 100 characters.
    """
    if any(not name.strip() or len(name) > 100 for name in names):
        raise ValueError(f"{what} must be names of 1 to 100 characters.")


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
