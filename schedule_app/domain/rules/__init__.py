"""The work rules: one module per rule type, each with its limits and two pure functions, `judge` and `describe`."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from schedule_app.domain.facts import EmployeeFacts, RuleFacts, ShiftFacts
from schedule_app.domain.rules import (
    availability,
    consecutive_days,
    overtime,
    preference,
    qualification,
    rest_period,
    restriction,
    workload,
)
from schedule_app.domain.violation import Violation

Judge: TypeAlias = Callable[[RuleFacts[Any], EmployeeFacts, Sequence[ShiftFacts], ShiftFacts], list[Violation]]

LIMITS: dict[str, type] = {
    "availability": availability.AvailabilityLimits,
    "workload": workload.WorkloadLimits,
    "qualification": qualification.QualificationLimits,
    "preference": preference.PreferenceLimits,
    "restriction": restriction.RestrictionLimits,
    "overtime": overtime.OvertimeLimits,
    "consecutive_days": consecutive_days.ConsecutiveDaysLimits,
    "rest_period": rest_period.RestPeriodLimits,
}

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

DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "availability": availability.describe,
    "workload": workload.describe,
    "qualification": qualification.describe,
    "preference": preference.describe,
    "restriction": restriction.describe,
    "overtime": overtime.describe,
    "consecutive_days": consecutive_days.describe,
    "rest_period": rest_period.describe,
}

RULE_TYPES: tuple[str, ...] = tuple(RULES)

# Wishes are weighed, whatever the rule says.
ONLY_WARN: frozenset[str] = frozenset({"preference"})
