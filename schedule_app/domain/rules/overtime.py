"""Weekly hours stay below the point where overtime begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import (
    FORBID_EXTRA,
    found,
    same_week,
    total_minutes,
)
from schedule_app.domain.rules.limit import MINUTES_PER_WEEK, Kind, check_limits, limit
from schedule_app.domain.time import day_label, minutes_label
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class OvertimeLimits:
    """Where overtime begins.

    Attributes:
        weekly_minutes: Minutes of work in one week of the site that are not overtime yet.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    weekly_minutes: int = limit(
        Kind.MINUTES,
        "Overtime begins after",
        "hours a week",
        hint="Counted in the site's week.",
        low=1,
        high=MINUTES_PER_WEEK,
    )

    def __post_init__(self) -> None:
        check_limits(self)


def describe(limits: OvertimeLimits) -> str:
    """Say what the rule means."""
    return f"Nobody works overtime, which begins after {minutes_label(limits.weekly_minutes)} in a week."


def judge(
    rule: RuleFacts[OvertimeLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find overtime in the site's week the candidate starts in; a shift counts in the week of its start date."""
    minutes = total_minutes(same_week(worked, candidate))
    overtime = minutes - rule.limits.weekly_minutes
    if overtime <= 0:
        return []
    message = (
        f"{employee.name} would work {minutes_label(minutes)} in the week of {day_label(candidate.week_start)}, "
        f"{minutes_label(overtime)} of it overtime; overtime begins after {minutes_label(rule.limits.weekly_minutes)}."
    )
    return [found(rule, employee, candidate, message)]
