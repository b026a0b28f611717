"""There is enough rest between two shifts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found
from schedule_app.domain.rules.limit import MINUTES_PER_WEEK, Kind, check_limits, limit
from schedule_app.domain.time import minutes_label
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class RestPeriodLimits:
    """How much rest.

    Attributes:
        min_minutes: True minutes between the end of one shift and the start of the next; 0 lets shifts touch.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    min_minutes: int = limit(
        Kind.MINUTES,
        "Rest between two shifts",
        "hours",
        hint="The least; 0 lets one shift begin when another ends.",
        high=MINUTES_PER_WEEK,
    )

    def __post_init__(self) -> None:
        check_limits(self)


def describe(limits: RestPeriodLimits) -> str:
    """Say what the rule means."""
    if not limits.min_minutes:
        return "A shift may begin when another ends."
    return f"Between two shifts everybody has at least {minutes_label(limits.min_minutes)} of rest."


def judge(
    rule: RuleFacts[RestPeriodLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find too short a rest before or after the candidate, at most one of each.

    Rest is true elapsed time, so a clock change between two shifts counts. Overlapping shifts are left to the overlap
    check.
    """
    before = [shift for shift in worked if shift.span.ends_at <= candidate.span.starts_at]
    after = [shift for shift in worked if shift.span.starts_at >= candidate.span.ends_at]
    violations: list[Violation] = []
    for side, shifts in (("before", before), ("after", after)):
        rest = min((shift.span.gap_minutes(candidate.span) for shift in shifts), default=None)
        if rest is not None and rest < rule.limits.min_minutes:
            message = (
                f"{employee.name} would have {minutes_label(rest)} of rest {side} this shift; "
                f"at least {minutes_label(rule.limits.min_minutes)} are required."
            )
            violations.append(found(rule, employee, candidate, message))
    return violations
