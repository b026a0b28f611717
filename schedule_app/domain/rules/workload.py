"""An employee does not work more than is allowed in a day or a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import (
    FORBID_EXTRA,
    found,
    listed,
    same_week,
    total_minutes,
)
from schedule_app.domain.rules.limit import MINUTES_PER_DAY, MINUTES_PER_WEEK, BadLimit, Kind, check_limits, limit
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

    max_minutes_per_day: int | None = limit(
        Kind.MINUTES,
        "Most work in a day",
        "hours",
        hint="A shift counts on the day it starts. Empty: any.",
        low=1,
        high=MINUTES_PER_DAY,
        default=None,
    )
    max_minutes_per_week: int | None = limit(
        Kind.MINUTES,
        "Most work in a week",
        "hours",
        hint="Empty: any.",
        low=1,
        high=MINUTES_PER_WEEK,
        default=None,
    )
    max_shifts_per_week: int | None = limit(
        Kind.COUNT, "Most shifts in a week", "shifts", hint="Empty: any.", low=1, high=50, default=None
    )

    def __post_init__(self) -> None:
        check_limits(self)
        day, week = self.max_minutes_per_day, self.max_minutes_per_week
        if day is not None and week is not None and day > week:
            raise BadLimit({"max_minutes_per_day": "A day cannot have more than its week."})


def describe(limits: WorkloadLimits) -> str:
    """Say what the rule means."""
    shifts = "shift" if limits.max_shifts_per_week == 1 else "shifts"
    given = [
        f"{minutes_label(limits.max_minutes_per_day)} a day" if limits.max_minutes_per_day else "",
        f"{minutes_label(limits.max_minutes_per_week)} a week" if limits.max_minutes_per_week else "",
        f"{limits.max_shifts_per_week} {shifts} a week" if limits.max_shifts_per_week else "",
    ]
    most = [*filter(None, given), "their own weekly maximum"]
    return f"Nobody works more than {listed(most, 'or')}."


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
