"""Nobody works too many days in a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found
from schedule_app.domain.rules.limit import Kind, check_limits, limit
from schedule_app.domain.time import day_label
from schedule_app.domain.violation import Violation

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ConsecutiveDaysLimits:
    """How many days in a row.

    Attributes:
        max_days: At most this many, 14 at the very most: the shifts looked at reach no further to either side.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    max_days: int = limit(Kind.COUNT, "Days in a row", "days", hint="The most that somebody works.", low=1, high=14)

    def __post_init__(self) -> None:
        check_limits(self)


def describe(limits: ConsecutiveDaysLimits) -> str:
    """Say what the rule means."""
    days = "day" if limits.max_days == 1 else "days"
    return f"Nobody works more than {limits.max_days} {days} in a row."


def judge(
    rule: RuleFacts[ConsecutiveDaysLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find a run of days with work that is too long with the candidate in it, across the week's edges too.

    A day counts when a shift starts on it; the morning a night shift ends on does not.
    """
    days = {shift.local_date for shift in worked}
    first = last = candidate.local_date
    while first - _DAY in days:
        first -= _DAY
    while last + _DAY in days:
        last += _DAY
    run = (last - first).days + 1
    if run <= rule.limits.max_days:
        return []
    message = (
        f"{employee.name} would work {run} days in a row, from {day_label(first)} to {day_label(last)}; "
        f"at most {rule.limits.max_days} are allowed."
    )
    return [found(rule, employee, candidate, message)]
