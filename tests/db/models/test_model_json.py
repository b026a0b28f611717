"""What the JSON columns may hold."""

from typing import Any

import pytest
from pydantic import ValidationError

from schedule_app.domain.rules import LIMITS, RULE_TYPES
from schedule_app.models.employee import (
    availability_json,
    parse_availability,
    parse_qualifications,
    qualifications_json,
)
from schedule_app.models.rule import limits_json, parse_limits

QUALIFICATIONS = [{"name": "first aid", "expires_on": "2027-01-31"}, {"name": "forklift", "expires_on": None}]
AVAILABILITY = {
    "monday": {
        "available": True,
        "time_slots": [{"start": "22:00:00", "end": "06:00:00", "preference": "preferred"}],
    },
    "sunday": {"available": False, "time_slots": []},
}


def test_json_survives_reading_and_writing():
    assert qualifications_json(parse_qualifications(QUALIFICATIONS)) == QUALIFICATIONS
    assert availability_json(parse_availability(AVAILABILITY)) == AVAILABILITY


@pytest.mark.parametrize(
    "value",
    [
        {},
        [{"name": ""}],
        [{"name": "   "}],
        [{"name": "x" * 101}],
        [{"expires_on": "2027-01-31"}],
        [{"name": "first aid", "expires_on": "soon"}],
        [{"name": "first aid", "level": 3}],
        [{"name": str(number)} for number in range(101)],
    ],
)
def test_wrong_qualifications_are_refused(value: Any):
    with pytest.raises(ValidationError):
        parse_qualifications(value)


@pytest.mark.parametrize(
    "value",
    [
        [],
        {"funday": {"available": True}},
        {"monday": {}},
        {"monday": {"available": True, "mood": "good"}},
        {"monday": {"available": True, "time_slots": [{"start": "09:00"}]}},
        {"monday": {"available": True, "time_slots": [{"start": "25:00", "end": "26:00"}]}},
        {"monday": {"available": True, "time_slots": [{"start": "09:00", "end": "17:00", "preference": "adored"}]}},
        {"monday": {"available": True, "time_slots": [{"start": "09:00", "end": "17:00"}] * 25}},
    ],
)
def test_wrong_availability_is_refused(value: Any):
    with pytest.raises(ValidationError):
        parse_availability(value)


def test_limits_survive_reading_and_writing():
    limits = parse_limits("rest_period", {"min_minutes": 660})

    assert isinstance(limits, LIMITS["rest_period"])
    assert limits_json("rest_period", limits) == {"min_minutes": 660}


@pytest.mark.parametrize(
    "constraints", [{}, {"min_minutes": -1}, {"min_minutes": "soon"}, {"min_minutes": 660, "max_minutes": 1}, None, []]
)
def test_wrong_limits_are_refused(constraints: Any):
    with pytest.raises(ValidationError):
        parse_limits("rest_period", constraints)


@pytest.mark.parametrize("rule_type", RULE_TYPES)
def test_unknown_limit_is_refused_for_every_rule_type(rule_type: str):
    with pytest.raises(ValidationError, match="colour"):
        parse_limits(rule_type, {"colour": "red"})


def test_unknown_rule_type_is_refused():
    with pytest.raises(KeyError):
        parse_limits("whim", {})
