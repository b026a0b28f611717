"""Weekly hours stay below the point where overtime begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import (
    FORBID_EXTRA,
    MINUTES_PER_WEEK,
    found,
    require_between,
    same_week,
    total_minutes,
)
from schedule_app.domain.time import day_label, minutes_label
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class OvertimeLimits:
    """Where overtime begins.

    Attributes:
        weekly_minutes: Minutes of work in one week of the site that are not overtime yet.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    weekly_minutes: int

    def __post_init__(self) -> None:
        require_between("The weekly minutes before overtime", self.weekly_minutes, 1, MINUTES_PER_WEEK)


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
