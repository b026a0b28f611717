"""An employee does not work more than is allowed in a day or a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import (
    FORBID_EXTRA,
    MINUTES_PER_DAY,
    MINUTES_PER_WEEK,
    found,
    require_between,
    same_week,
    total_minutes,
)
from schedule_app.domain.time import day_label, minutes_label
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class WorkloadLimits:
    """The most an employee may work; a limit left out does not hold.

    The employee's own weekly maximum holds beside these, also when all of them are left out.

    Attributes:
        max_minutes_per_day: Minutes of the shifts starting on one local date.
        max_minutes_per_week: Minutes of the shifts starting in one week of the site.
        max_shifts_per_week: Number of those shifts.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    max_minutes_per_day: int | None = None
    max_minutes_per_week: int | None = None
    max_shifts_per_week: int | None = None

    def __post_init__(self) -> None:
        if self.max_minutes_per_day is not None:
            require_between("The daily maximum of minutes", self.max_minutes_per_day, 1, MINUTES_PER_DAY)
        if self.max_minutes_per_week is not None:
            require_between("The weekly maximum of minutes", self.max_minutes_per_week, 1, MINUTES_PER_WEEK)
        if self.max_shifts_per_week is not None:
            require_between("The weekly maximum of shifts", self.max_shifts_per_week, 1, 50)


def judge(
    rule: RuleFacts[WorkloadLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find the daily and weekly limits the candidate would exceed.

    A shift counts wholly on the local date it starts on, and in the site's week of that date.
    """
    limits = rule.limits
    messages: list[str] = []

    today = [*(shift for shift in worked if shift.local_date == candidate.local_date), candidate]
    minutes = total_minutes(today)
    if limits.max_minutes_per_day is not None and minutes > limits.max_minutes_per_day:
        messages.append(
            f"{employee.name} would work {minutes_label(minutes)} on {day_label(candidate.local_date)}; "
            f"at most {minutes_label(limits.max_minutes_per_day)} a day are allowed."
        )

    week = same_week(worked, candidate)
    minutes = total_minutes(week)
    in_week = f"in the week of {day_label(candidate.week_start)}"
    if limits.max_minutes_per_week is not None and minutes > limits.max_minutes_per_week:
        messages.append(
            f"{employee.name} would work {minutes_label(minutes)} {in_week}; "
            f"at most {minutes_label(limits.max_minutes_per_week)} a week are allowed."
        )
    if employee.max_minutes is not None and minutes > employee.max_minutes:
        messages.append(
            f"{employee.name} would work {minutes_label(minutes)} {in_week}; "
            f"their own maximum is {minutes_label(employee.max_minutes)} a week."
        )
    if limits.max_shifts_per_week is not None and len(week) > limits.max_shifts_per_week:
        messages.append(
            f"{employee.name} would work {len(week)} shifts {in_week}; "
            f"at most {limits.max_shifts_per_week} a week are allowed."
        )
    return [found(rule, employee, candidate, message) for message in messages]
