"""Limits as they come from a rule's JSON: good ones are read, bad ones refused with a sentence."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schedule_app.domain.rules import LIMITS, RULE_TYPES, RULES, WEEK_RULES
from schedule_app.domain.rules.restriction import RestrictionLimits, Succession

TYPES = (
    "availability",
    "workload",
    "qualification",
    "preference",
    "restriction",
    "overtime",
    "consecutive_days",
    "rest_period",
    "fairness",
    "coverage",
    "cost",
)
SUCCESSION = {"before": "night", "after": "day", "within_minutes": 720}
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("availability", {}),
    ("availability", {"warn_disliked": False}),
    ("workload", {}),
    ("workload", {"max_minutes_per_day": 1, "max_minutes_per_week": 10080, "max_shifts_per_week": 50}),
    ("workload", {"max_minutes_per_day": 1440, "max_minutes_per_week": 1440, "max_shifts_per_week": 1}),
    ("qualification", {"all_of": ["first aid"]}),
    ("qualification", {"all_of": ["first aid", "x" * 100], "shift_types": ["emergency"]}),
    ("preference", {}),
    ("preference", {"wanted_shift_types": ["general"], "unwanted_weekdays": [0, 6]}),
    ("restriction", {"forbidden_shift_types": ["emergency"]}),
    ("restriction", {"forbidden_successions": [SUCCESSION]}),
    ("overtime", {"weekly_minutes": 1}),
    ("overtime", {"weekly_minutes": 10080}),
    ("consecutive_days", {"max_days": 1}),
    ("consecutive_days", {"max_days": 14}),
    ("rest_period", {"min_minutes": 0}),
    ("rest_period", {"min_minutes": 10080}),
    ("availability", {"weekly_times": False, "closed_weekdays": [0, 6]}),
    ("workload", {"period_weeks": 4, "max_minutes_per_period": 9600, "min_shifts_per_period": 1}),
    ("qualification", {"any_of": ["first aid"], "min_people": 2}),
    ("restriction", {"apart": [{"first": 1, "second": 2}], "together": [{"first": 1, "second": 3}]}),
    ("overtime", {"daily_minutes": 480, "premium_percent": 0}),
    ("consecutive_days", {"whole_weekends": True}),
    ("consecutive_days", {"max_weekends": 0}),
    ("rest_period", {"weekly_minutes": 2100}),
    ("fairness", {"max_nights_apart": 0, "weeks": 13}),
    ("fairness", {"max_unpopular_apart": 1, "unpopular_shift_types": ["night"]}),
    ("coverage", {"max_short": 0, "from_hour": 22, "until_hour": 2}),
    ("cost", {}),
]
DAY = "Please enter a length from 1 min to 24 h."
WEEK = "Please enter a length from 1 min to 168 h."
NAMES = "Each needs 1 to 100 characters."
WEEKDAY = "A weekday is a whole number from 0 for Monday to 6 for Sunday."
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("workload", {"max_minutes_per_day": 0}, DAY),
    ("workload", {"max_minutes_per_day": 1441}, DAY),
    ("workload", {"max_minutes_per_week": 0}, WEEK),
    ("workload", {"max_minutes_per_week": 10081}, WEEK),
    ("workload", {"max_minutes_per_day": 61, "max_minutes_per_week": 60}, "A day cannot have more than its week."),
    ("workload", {"max_shifts_per_week": 0}, "Please enter a whole number from 1 to 50."),
    ("workload", {"max_shifts_per_week": 51}, "Please enter a whole number from 1 to 50."),
    ("qualification", {"all_of": []}, "Please choose at least one."),
    ("qualification", {"any_of": [], "min_people": 1}, "Please choose at least one."),
    ("availability", {"weekly_times": False}, "Please choose a day, or the times of the week above."),
    ("workload", {"period_weeks": 2}, "Please enter what holds in a period."),
    ("workload", {"max_shifts_per_period": 2}, "How many weeks are the period?"),
    ("workload", {"min_shifts_per_week": 3, "max_shifts_per_week": 2}, "The least cannot be more than the most."),
    ("restriction", {"apart": [{"first": 1, "second": 1}]}, "Please choose two people."),
    ("restriction", {"apart": [{"first": 0, "second": 1}]}, "Please choose from the list."),
    (
        "restriction",
        {"apart": [{"first": 1, "second": 2}], "together": [{"first": 2, "second": 1}]},
        "Two people are either together or apart, not both.",
    ),
    ("overtime", {}, "After how many hours does overtime begin?"),
    ("overtime", {"premium_percent": 50}, "After how many hours does overtime begin?"),
    ("overtime", {"daily_minutes": 61, "weekly_minutes": 60}, "A day cannot have more than its week."),
    ("consecutive_days", {}, "Please fill in one of these."),
    ("consecutive_days", {"min_days": 3, "max_days": 2}, "The least cannot be more than the most."),
    ("rest_period", {}, "Please fill this in, or the rest of a week."),
    ("fairness", {}, "Please fill in one of these."),
    ("fairness", {"max_unpopular_apart": 1}, "Unpopular shifts need both: how many, and which kinds."),
    (
        "fairness",
        {"max_nights_apart": 1, "unpopular_shift_types": ["night"]},
        "Unpopular shifts need both: how many, and which kinds.",
    ),
    ("coverage", {}, "Please fill in one of these."),
    ("coverage", {"min_people": 3, "max_people": 2}, "The least cannot be more than the most."),
    ("coverage", {"min_people": 1, "from_hour": 3}, "Please give both hours."),
    ("coverage", {"min_people": 1, "from_hour": 3, "until_hour": 3}, "There is no time between the two."),
    ("cost", {"max_per_week": 0}, "Please enter a whole number from 1 to 100000000."),
    ("qualification", {"all_of": ["first aid", " "]}, NAMES),
    ("qualification", {"all_of": ["x" * 101]}, NAMES),
    ("qualification", {"all_of": ["x"] * 51}, "There can be at most 50 of these."),
    ("qualification", {"all_of": ["a"], "shift_types": [""]}, NAMES),
    ("preference", {"wanted_weekdays": [7]}, WEEKDAY),
    ("preference", {"unwanted_weekdays": [-1]}, WEEKDAY),
    ("preference", {"wanted_weekdays": [1] * 8}, "There can be at most 7 of these."),
    ("preference", {"wanted_shift_types": [""]}, NAMES),
    ("preference", {"unwanted_shift_types": [""]}, NAMES),
    (
        "preference",
        {"wanted_shift_types": ["a"], "unwanted_shift_types": ["a", "b"]},
        "A kind of shift is either liked or not, not both.",
    ),
    (
        "preference",
        {"wanted_weekdays": [1, 2], "unwanted_weekdays": [2]},
        "A day is either liked or not, not both.",
    ),
    ("restriction", {}, "Please choose at least one kind of shift, or a line below."),
    ("restriction", {"forbidden_shift_types": [""]}, NAMES),
    ("restriction", {"forbidden_successions": [SUCCESSION] * 11}, "There can be at most 10 of these."),
    ("restriction", {"forbidden_successions": [SUCCESSION | {"before": ""}]}, "Please choose from the list."),
    ("restriction", {"forbidden_successions": [SUCCESSION | {"within_minutes": 0}]}, WEEK),
    ("overtime", {"weekly_minutes": 0}, WEEK),
    ("consecutive_days", {"max_days": 0}, "Please enter a whole number from 1 to 14."),
    ("consecutive_days", {"max_days": 15}, "Please enter a whole number from 1 to 14."),
    ("rest_period", {"min_minutes": -1}, "Please enter a length from 0 min to 168 h."),
    ("rest_period", {"min_minutes": 10081}, "Please enter a length from 0 min to 168 h."),
]


def read(rule_type: str, constraints: dict[str, Any]) -> Any:
    return TypeAdapter(LIMITS[rule_type]).validate_python(constraints)


def test_every_rule_type_has_its_limits_and_its_judge():
    assert RULE_TYPES == TYPES
    assert tuple(LIMITS) == TYPES
    assert {*RULES, *WEEK_RULES} == {*TYPES}


@pytest.mark.parametrize(("rule_type", "constraints"), GOOD)
def test_good_limits_are_read_from_objects_and_from_text(rule_type: str, constraints: dict[str, Any]):
    limits = read(rule_type, constraints)

    assert type(limits) is LIMITS[rule_type]
    assert TypeAdapter(LIMITS[rule_type]).validate_json(json.dumps(constraints)) == limits
    written = TypeAdapter(LIMITS[rule_type]).dump_python(limits, mode="json")
    assert written.items() >= constraints.items()
    assert read(rule_type, written) == limits


def test_lists_become_tuples_and_successions_their_own_type():
    assert read("restriction", {"forbidden_successions": [SUCCESSION]}) == RestrictionLimits(
        forbidden_successions=(Succession("night", "day", 720),)
    )


@pytest.mark.parametrize(("rule_type", "constraints", "sentence"), BAD)
def test_bad_limits_are_refused_with_a_sentence(rule_type: str, constraints: dict[str, Any], sentence: str):
    with pytest.raises(ValidationError) as refused:
        read(rule_type, constraints)

    assert [error["msg"] for error in refused.value.errors()] == [f"Value error, {sentence}"]


@pytest.mark.parametrize(
    ("rule_type", "constraints"),
    [
        *((rule_type, {**good, "surprise": 1}) for rule_type, good in GOOD),
        ("restriction", {"forbidden_successions": [SUCCESSION | {"surprise": 1}]}),
        ("qualification", {}),
        ("overtime", {}),
        ("overtime", {"weekly_minutes": None}),
        ("restriction", {"apart": [{"first": 1}]}),
        ("overtime", {"weekly_minutes": "many"}),
        ("overtime", {"weekly_minutes": 10**30}),
        ("consecutive_days", {}),
        ("rest_period", {}),
        ("rest_period", {"min_minutes": 1.5}),
        ("preference", {"wanted_weekdays": ["monday"]}),
        ("preference", {"wanted_shift_types": "general"}),
        ("availability", {"warn_disliked": "perhaps"}),
    ],
)
def test_unknown_missing_and_mistyped_limits_are_refused(rule_type: str, constraints: dict[str, Any]):
    with pytest.raises(ValidationError):
        read(rule_type, constraints)


@pytest.mark.parametrize("value", [True, 60.0, "60"])
def test_limits_made_in_code_take_whole_numbers_only(value: Any):
    with pytest.raises(ValueError, match="Please enter a length"):
        LIMITS["rest_period"](min_minutes=value)
