"""A week costs no more than it should."""

from dataclasses import dataclass
from typing import ClassVar

from schedule_app.domain.cost import cost_cents
from schedule_app.domain.facts import RuleFacts, WeekFacts
from schedule_app.domain.rules.common import FORBID_EXTRA, found_in_week, shifts_of
from schedule_app.domain.rules.limit import Kind, check_limits, limit
from schedule_app.domain.time import day_label
from schedule_app.domain.violation import Violation


@dataclass(frozen=True, slots=True)
class CostLimits:
    """What a week may cost. Without a limit it is to cost as little as can be, which is never broken.

    Attributes:
        max_per_week: In the site's currency, of all shifts of a week; people without an hourly rate cost nothing.
    """

    __pydantic_config__: ClassVar = FORBID_EXTRA

    max_per_week: int | None = limit(
        Kind.COUNT,
        "Most that a week costs",
        "in the site's currency",
        hint="Of everybody with an hourly rate. Empty: as little as can be.",
        low=1,
        high=100_000_000,
        of_week=True,
        default=None,
    )

    def __post_init__(self) -> None:
        check_limits(self)

    @property
    def looks_at_shifts(self) -> bool:
        """Cost is of a week as a whole."""
        return False


def describe(limits: CostLimits) -> str:
    """Say what the rule means."""
    if limits.max_per_week is None:
        return "A week costs as little as can be."
    return f"A week costs at most {limits.max_per_week}."


def judge_week(rule: RuleFacts[CostLimits], week: WeekFacts) -> list[Violation]:
    """Find a week, or the shifts of a department in it, that cost too much."""
    most = rule.limits.max_per_week
    if most is None:
        return []
    cents = sum(
        cost_cents(shift.span.minutes, week.rates[each])
        for shift in shifts_of(rule, week)
        for each in week.staff.get(shift.id, ())
        if each in week.rates
    )
    if cents <= 100 * most:
        return []
    message = f"The week of {day_label(week.week_start)} costs {cents / 100:,.2f}; at most {most:,} are allowed."
    return [found_in_week(rule, message)]
