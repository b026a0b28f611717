"""Limits as they come from a rule's JSON: good ones are read, bad ones refused with a sentence."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schedule_app.domain.rules import LIMITS, RULE_TYPES, RULES
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
)
SUCCESSION = {"before": "night", "after": "day", "within_minutes": 720}
GOOD: list[tuple[str, dict[str, Any]]] = [
    ("availability", {}),
    ("availability", {"warn_disliked": False}),
    ("workload", {}),
    ("workload", {"max_minutes_per_day": 1, "max_minutes_per_week": 10080, "max_shifts_per_week": 50}),
    ("workload", {"max_minutes_per_day": 1440, "max_minutes_per_week": 1, "max_shifts_per_week": 1}),
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
]
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("workload", {"max_minutes_per_day": 0}, "The daily maximum of minutes must be a whole number from 1 to 1440."),
    ("workload", {"max_minutes_per_day": 1441}, "The daily maximum of minutes must be a whole number from 1 to 1440."),
    ("workload", {"max_minutes_per_week": 0}, "The weekly maximum of minutes must be a whole number from 1 to 10080."),
    (
        "workload",
        {"max_minutes_per_week": 10081},
        "The weekly maximum of minutes must be a whole number from 1 to 10080.",
    ),
    ("workload", {"max_shifts_per_week": 0}, "The weekly maximum of shifts must be a whole number from 1 to 50."),
    ("workload", {"max_shifts_per_week": 51}, "The weekly maximum of shifts must be a whole number from 1 to 50."),
    ("qualification", {"all_of": []}, "A qualification rule names at least one qualification."),
    ("qualification", {"all_of": ["first aid", " "]}, "Qualifications must be names of 1 to 100 characters."),
    ("qualification", {"all_of": ["x" * 101]}, "Qualifications must be names of 1 to 100 characters."),
    ("qualification", {"all_of": ["a"], "shift_types": [""]}, "Shift types must be names of 1 to 100 characters."),
    ("preference", {"wanted_weekdays": [7]}, "A weekday must be a whole number from 0 to 6."),
    ("preference", {"unwanted_weekdays": [-1]}, "A weekday must be a whole number from 0 to 6."),
    ("preference", {"wanted_shift_types": [""]}, "Shift types must be names of 1 to 100 characters."),
    ("preference", {"unwanted_shift_types": [""]}, "Shift types must be names of 1 to 100 characters."),
    (
        "preference",
        {"wanted_shift_types": ["a"], "unwanted_shift_types": ["a", "b"]},
        "A shift type is either wanted or unwanted, not both.",
    ),
    (
        "preference",
        {"wanted_weekdays": [1, 2], "unwanted_weekdays": [2]},
        "A weekday is either wanted or unwanted, not both.",
    ),
    ("restriction", {}, "A restriction names at least one shift type or one succession."),
    ("restriction", {"forbidden_shift_types": [""]}, "Shift types must be names of 1 to 100 characters."),
    (
        "restriction",
        {"forbidden_successions": [SUCCESSION | {"before": ""}]},
        "Shift types must be names of 1 to 100 characters.",
    ),
    (
        "restriction",
        {"forbidden_successions": [SUCCESSION | {"within_minutes": 0}]},
        "The minutes between two shifts must be a whole number from 1 to 10080.",
    ),
    ("overtime", {"weekly_minutes": 0}, "The weekly minutes before overtime must be a whole number from 1 to 10080."),
    ("consecutive_days", {"max_days": 0}, "The days worked in a row must be a whole number from 1 to 14."),
    ("consecutive_days", {"max_days": 15}, "The days worked in a row must be a whole number from 1 to 14."),
    ("rest_period", {"min_minutes": -1}, "The minutes of rest must be a whole number from 0 to 10080."),
    ("rest_period", {"min_minutes": 10081}, "The minutes of rest must be a whole number from 0 to 10080."),
]


def read(rule_type: str, constraints: dict[str, Any]) -> Any:
    return TypeAdapter(LIMITS[rule_type]).validate_python(constraints)


def test_every_rule_type_has_its_limits_and_its_judge():
    assert RULE_TYPES == TYPES
    assert tuple(LIMITS) == tuple(RULES) == TYPES


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
    with pytest.raises(ValueError, match="must be a whole number"):
        LIMITS["rest_period"](min_minutes=value)
