"""A rule in plain words: what it asks for, of whom, since when, and what happens when it is broken."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from schedule_app.domain.facts import RuleFacts
from schedule_app.domain.rules import ONLY_WARN, describe, looks_at_shifts
from schedule_app.domain.time import day_label

#: What each type is called, in the order in which lists have them.
TITLES: Final[Mapping[str, str]] = {
    "rest_period": "Rest between shifts",
    "workload": "Hours and shifts",
    "overtime": "Overtime",
    "consecutive_days": "Days in a row",
    "availability": "Availability",
    "qualification": "Qualifications",
    "restriction": "Kinds of shift",
    "preference": "Wishes",
    "coverage": "Enough people",
    "fairness": "Fairness",
    "cost": "Cost",
}

#: The checks that hold without a rule, by the type of their violations.
BUILT_IN: Final[Mapping[str, str]] = {
    "inactive": "Not active",
    "overlap": "Double booking",
    "time_off": "Time off",
    "qualification": "Qualifications of the shift",
}

#: What a search weighs or keeps besides, by the name it has there.
_BESIDES: Final[Mapping[str, str]] = {
    "absence": "Away",
    "max_shifts_by_type": "Kinds of shift in the contract",
    "missing": "People missing",
    "surplus": "People too many",
    "demand": "People needed",
    "stability": "Plans changed",
    "wish": "Wishes",
}


def name_of(name: str) -> str:
    """What a type of rule, or a check without one, is called in a list of reasons."""
    return TITLES.get(name) or BUILT_IN.get(name) or _BESIDES.get(name) or name.replace("_", " ").capitalize()


def blocks(rule_type: str, strict: bool) -> bool:
    """Tell whether a rule has to be kept, or only warns."""
    return strict and rule_type not in ONLY_WARN


def sentence(rule: RuleFacts[Any], who: str = "") -> str:
    """Say what a rule means.

    Args:
        rule: The rule.
        who: The name of its department or person, when it is for one alone.

    Returns:
        As "Nobody works more than 6 days in a row. Applies to everyone in Kitchen, from Mon 1 Jun 2026. Blocks."
    """
    scope = "everyone"
    if rule.employee_id is not None:
        scope = f"{who} alone"
    elif rule.department_id is not None:
        scope = f"everyone in {who}"
    period = _period(rule.effective_from, rule.effective_until)
    end = f"Warns, with weight {rule.priority} of 10."
    if blocks(rule.rule_type, rule.strict):
        end = "Blocks." if looks_at_shifts(rule.limits) else "Must hold for each week."
    return f"{describe(rule.rule_type, rule.limits, rule.names)} Applies to {scope}{period}. {end}"


def _period(first: date | None, last: date | None) -> str:
    since = f", from {day_label(first)}" if first else ""
    until = f"{'' if first else ','} until {day_label(last)}" if last else ""
    return since + until
