"""There is enough rest between two shifts, and in each week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found
from schedule_app.domain.rules.limit import MINUTES_PER_WEEK, BadLimit, Kind, check_limits, limit
from schedule_app.domain.time import day_label, minutes_label, resolve_wall
from schedule_app.domain.violation import Violation

_WEEK = timedelta(weeks=1)
_MINUTE = timedelta(minutes=1)
# A week with a clock change has an hour less.
_MOST_OF_WEEK = MINUTES_PER_WEEK - 24 * 60


@dataclass(frozen=True, slots=True)
class RestPeriodLimits:
    """How much rest.

    Attributes:
        min_minutes: True minutes between the end of one shift and the start of the next; 0 lets shifts touch.
        weekly_minutes: True minutes in a row without work, wholly within each week of the site.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    min_minutes: int | None = limit(
        Kind.MINUTES,
        "Rest between two shifts",
        "hours",
        hint="The least; 0 lets one shift begin when another ends.",
        high=MINUTES_PER_WEEK,
        default=None,
    )
    weekly_minutes: int | None = limit(
        Kind.MINUTES,
        "Rest in a row in each week",
        "hours",
        hint="Within the site's week. Empty: any.",
        low=1,
        high=_MOST_OF_WEEK,
        default=None,
    )

    def __post_init__(self) -> None:
        check_limits(self)
        if self.min_minutes is None and self.weekly_minutes is None:
            raise BadLimit({"min_minutes": "Please fill this in, or the rest of a week."})


def describe(limits: RestPeriodLimits) -> str:
    """Say what the rule means."""
    sentences = []
    if limits.min_minutes:
        sentences.append(f"Between two shifts everybody has at least {minutes_label(limits.min_minutes)} of rest.")
    elif limits.min_minutes is not None:
        sentences.append("A shift may begin when another ends.")
    if limits.weekly_minutes is not None:
        sentences.append(f"Everybody has at least {minutes_label(limits.weekly_minutes)} of rest in a row each week.")
    return " ".join(sentences)


def judge(
    rule: RuleFacts[RestPeriodLimits], employee: EmployeeFacts, worked: Sequence[ShiftFacts], candidate: ShiftFacts
) -> list[Violation]:
    """Find too short a rest before or after the candidate, at most one of each, and in its week.

    Rest is true elapsed time, so a clock change between two shifts counts. Overlapping shifts are left to the overlap
    check.
    """
    limits = rule.limits
    messages: list[str] = []
    if limits.min_minutes is not None:
        before = [shift for shift in worked if shift.span.ends_at <= candidate.span.starts_at]
        after = [shift for shift in worked if shift.span.starts_at >= candidate.span.ends_at]
        for side, shifts in (("before", before), ("after", after)):
            rest = min((shift.span.gap_minutes(candidate.span) for shift in shifts), default=None)
            if rest is not None and rest < limits.min_minutes:
                messages.append(
                    f"{employee.name} would have {minutes_label(rest)} of rest {side} this shift; "
                    f"at least {minutes_label(limits.min_minutes)} are required."
                )
    if limits.weekly_minutes is not None:
        rest = _longest_rest([*worked, candidate], candidate.week_start, candidate.zone)
        if rest < limits.weekly_minutes:
            messages.append(
                f"{employee.name} would have at most {minutes_label(rest)} of rest in a row in the week of "
                f"{day_label(candidate.week_start)}; at least {minutes_label(limits.weekly_minutes)} are required."
            )
    return [found(rule, employee, candidate, message) for message in messages]


def _longest_rest(shifts: Sequence[ShiftFacts], week_start: date, zone: str) -> int:
    """True minutes of the longest time without work within a week."""
    free_from, until = _midnight(week_start, zone), _midnight(week_start + _WEEK, zone)
    longest = timedelta()
    for shift in sorted(shifts, key=lambda each: each.span.starts_at):
        longest = max(longest, min(shift.span.starts_at, until) - free_from)
        free_from = max(free_from, shift.span.ends_at)
    return max(longest, until - free_from) // _MINUTE


def _midnight(day: date, zone: str) -> datetime:
    return resolve_wall(day, time.min, zone).at
