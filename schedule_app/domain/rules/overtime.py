"""Hours stay below the point where overtime begins, and what overtime costs beyond it."""

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
class OvertimeLimits:
    """Where overtime begins.

    Attributes:
        weekly_minutes: Minutes of work in one week of the site that are not overtime yet.
        daily_minutes: Minutes of the shifts starting on one local date that are not overtime yet.
        premium_percent: How much more a minute of overtime costs.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    weekly_minutes: int | None = limit(
        Kind.MINUTES,
        "Overtime begins after",
        "hours a week",
        hint="Counted in the site's week.",
        low=1,
        high=MINUTES_PER_WEEK,
        default=None,
    )
    daily_minutes: int | None = limit(
        Kind.MINUTES,
        "Overtime begins after",
        "hours a day",
        hint="A shift counts on the day it starts.",
        low=1,
        high=MINUTES_PER_DAY,
        default=None,
    )
    premium_percent: int | None = limit(
        Kind.COUNT, "Overtime costs more by", "%", hint="Beside the hourly rate.", high=300, default=None
    )

    def __post_init__(self) -> None:
        check_limits(self)
        day, week = self.daily_minutes, self.weekly_minutes
        if day is None and week is None:
            raise BadLimit({"weekly_minutes": "After how many hours does overtime begin?"})
        if day is not None and week is not None and day > week:
            raise BadLimit({"daily_minutes": "A day cannot have more than its week."})


def describe(limits: OvertimeLimits) -> str:
    """Say what the rule means."""
    after = [
        f"{minutes_label(limits.daily_minutes)} in a day" if limits.daily_minutes else "",
        f"{minutes_label(limits.weekly_minutes)} in a week" if limits.weekly_minutes else "",
    ]
    cost = f" Overtime costs {limits.premium_percent} % more." if limits.premium_percent is not None else ""
    return f"Nobody works overtime, which begins after {listed(filter(None, after), 'or')}.{cost}"


def judge(
    rule: RuleFacts[OvertimeLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find overtime on the candidate's day and in its week; a shift counts on, and in the week of, its start date."""
    today = [*(shift for shift in worked if shift.local_date == candidate.local_date), candidate]
    sums = [
        (rule.limits.daily_minutes, today, f"on {day_label(candidate.local_date)}"),
        (rule.limits.weekly_minutes, same_week(worked, candidate), f"in the week of {day_label(candidate.week_start)}"),
    ]
    messages: list[str] = []
    for allowed, shifts, when in sums:
        minutes = total_minutes(shifts)
        if allowed is not None and minutes > allowed:
            messages.append(
                f"{employee.name} would work {minutes_label(minutes)} {when}, "
                f"{minutes_label(minutes - allowed)} of it overtime; overtime begins after {minutes_label(allowed)}."
            )
    return [found(rule, employee, candidate, message) for message in messages]
