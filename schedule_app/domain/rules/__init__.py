"""The work rules: one module per rule type, each with its limits, how it is judged and how it is said.

`judge` looks at a shift about to be given to somebody. `judge_week` looks at a week as a whole: at what is lacking, at
who works with whom, at how evenly work is spread. What can only be told of a week refuses no single shift, because the
shifts that would put it right are yet to be given.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts, WeekFacts
from schedule_app.domain.rules import (
    availability,
    consecutive_days,
    cost,
    coverage,
    fairness,
    overtime,
    preference,
    qualification,
    rest_period,
    restriction,
    workload,
)
from schedule_app.domain.violation import Violation

Judge: TypeAlias = Callable[[RuleFacts[Any], EmployeeFacts, Sequence[ShiftFacts], ShiftFacts], list[Violation]]
WeekJudge: TypeAlias = Callable[[RuleFacts[Any], WeekFacts], list[Violation]]

LIMITS: dict[str, type] = {
    "availability": availability.AvailabilityLimits,
    "workload": workload.WorkloadLimits,
    "qualification": qualification.QualificationLimits,
    "preference": preference.PreferenceLimits,
    "restriction": restriction.RestrictionLimits,
    "overtime": overtime.OvertimeLimits,
    "consecutive_days": consecutive_days.ConsecutiveDaysLimits,
    "rest_period": rest_period.RestPeriodLimits,
    "fairness": fairness.FairnessLimits,
    "coverage": coverage.CoverageLimits,
    "cost": cost.CostLimits,
}

RULE_TYPES: tuple[str, ...] = tuple(LIMITS)

#: What is judged when a shift is given to somebody.
RULES: dict[str, Judge] = {
    "availability": availability.judge,
    "workload": workload.judge,
    "qualification": qualification.judge,
    "preference": preference.judge,
    "restriction": restriction.judge,
    "overtime": overtime.judge,
    "consecutive_days": consecutive_days.judge,
    "rest_period": rest_period.judge,
}

#: What is judged of a week as a whole.
WEEK_RULES: dict[str, WeekJudge] = {
    "workload": workload.judge_week,
    "qualification": qualification.judge_week,
    "preference": preference.judge_week,
    "restriction": restriction.judge_week,
    "consecutive_days": consecutive_days.judge_week,
    "fairness": fairness.judge_week,
    "coverage": coverage.judge_week,
    "cost": cost.judge_week,
}

# Wishes are weighed, whatever the rule says.
ONLY_WARN: frozenset[str] = frozenset({"preference"})

_DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "availability": availability.describe,
    "workload": workload.describe,
    "qualification": qualification.describe,
    "preference": preference.describe,
    "overtime": overtime.describe,
    "consecutive_days": consecutive_days.describe,
    "rest_period": rest_period.describe,
    "fairness": fairness.describe,
    "coverage": coverage.describe,
    "cost": cost.describe,
}


def describe(rule_type: str, limits: object, names: Mapping[int, str] | None = None) -> str:
    """Say what limits mean, in one sentence or some.

    Args:
        rule_type: Whose limits they are.
        limits: The limits.
        names: What the people are called whom they name.
    """
    if isinstance(limits, restriction.RestrictionLimits):
        return restriction.describe(limits, names)
    return _DESCRIPTIONS[rule_type](limits)


def looks_at_shifts(limits: object) -> bool:
    """Tell whether any of a rule is judged when a single shift is given; otherwise it is told of weeks alone."""
    return getattr(limits, "looks_at_shifts", True)


def is_for_one(limits: object) -> bool:
    """Tell whether a rule can be for one person alone; what is told of shifts or of all people cannot."""
    if isinstance(limits, qualification.QualificationLimits):
        return limits.min_people is None
    return not isinstance(limits, fairness.FairnessLimits | coverage.CoverageLimits | cost.CostLimits)


def weeks_back(limits: object) -> int:
    """How many weeks before the one judged a rule looks at, beyond the three that are always known."""
    return limits.weeks - 1 if isinstance(limits, fairness.FairnessLimits) else 0
