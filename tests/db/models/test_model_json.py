"""What the JSON columns may hold, and the facts made of whole rows."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from pydantic import ValidationError

from schedule_app.domain.facts import DayAvailability, Preference, Qualification, TimeSlot
from schedule_app.domain.rules import LIMITS, RULE_TYPES
from schedule_app.models import Employee, Rule, Shift
from schedule_app.models.employee import (
    availability_json,
    parse_availability,
    parse_qualifications,
    qualifications_json,
)
from schedule_app.models.facts import employee_facts, rule_facts, shift_facts
from schedule_app.models.rule import limits_json, parse_limits
from schedule_app.models.shift import parse_requirements

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


@pytest.mark.parametrize("value", [[], {"qualifications": [""]}, {"qualifications": "first aid"}, {"colour": "red"}])
def test_wrong_requirements_are_refused(value: Any):
    with pytest.raises(ValidationError):
        parse_requirements(value)


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


def test_employee_row_becomes_facts():
    facts = employee_facts(
        Employee(
            id=5,
            site_id=1,
            department_id=2,
            email="bob@example.com",
            name="Bob",
            qualifications=QUALIFICATIONS,
            availability=AVAILABILITY,
            contracted_minutes=2400,
            max_minutes=2880,
        )
    )

    assert (facts.id, facts.site_id, facts.department_id, facts.name, facts.role) == (5, 1, 2, "Bob", "employee")
    assert facts.qualifications == (Qualification("first aid", date(2027, 1, 31)), Qualification("forklift", None))
    assert facts.availability == {
        0: DayAvailability(True, (TimeSlot(time(22), time(6), Preference.PREFERRED),)),
        6: DayAvailability(False, ()),
    }
    assert (facts.contracted_minutes, facts.max_minutes, facts.is_active) == (2400, 2880, True)


@pytest.mark.parametrize(
    "columns", [{"is_active": False}, {"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}], ids=["inactive", "deleted"]
)
def test_inactive_and_deleted_people_are_not_active(columns: dict[str, Any]):
    row = Employee(**{"id": 5, "site_id": 1, "email": "bob@example.com", "name": "Bob", **columns})

    assert employee_facts(row).is_active is False


def test_shift_row_becomes_facts():
    row = Shift(
        id=9,
        schedule_id=3,
        site_id=1,
        local_date=date(2026, 11, 23),
        local_start=time(22),
        local_end=time(6),
        time_zone="Europe/Berlin",
        starts_at=datetime(2026, 11, 23, 21, tzinfo=UTC),
        ends_at=datetime(2026, 11, 24, 5, tzinfo=UTC),
        shift_type="emergency",
        required_staff=2,
        requirements={"qualifications": ["first aid"]},
    )
    facts = shift_facts(row, week_starts_on=6)

    assert (facts.id, facts.site_id, facts.department_id, facts.zone) == (9, 1, None, "Europe/Berlin")
    assert (facts.local_date, facts.span.minutes, facts.week_start) == (row.local_date, 480, date(2026, 11, 22))
    assert (facts.shift_type, facts.required_qualifications, facts.required_staff) == ("emergency", ("first aid",), 2)


def test_rule_row_becomes_facts():
    row = Rule(
        id=4,
        site_id=1,
        employee_id=5,
        rule_type="rest_period",
        name="Rest",
        constraints={"min_minutes": 660},
        priority=8,
        strict=False,
        effective_from=date(2026, 1, 1),
    )
    facts = rule_facts(row)

    assert (facts.id, facts.rule_type, facts.limits.min_minutes) == (4, "rest_period", 660)
    assert (facts.strict, facts.priority, facts.site_id) == (False, 8, 1)
    assert (facts.department_id, facts.employee_id) == (None, 5)
    assert (facts.effective_from, facts.effective_until) == (date(2026, 1, 1), None)
