from datetime import date, timedelta
from typing import Any

import pytest

from schedule_app.domain.check import applies, blocking, check_assignment, checks, warnings
from schedule_app.domain.facts import EmployeeFacts, Qualification, RuleFacts
from schedule_app.domain.rules.availability import AvailabilityLimits
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.rules.preference import PreferenceLimits
from schedule_app.domain.rules.qualification import QualificationLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.restriction import RestrictionLimits
from schedule_app.domain.rules.workload import WorkloadLimits
from tests.unit.domain.domain_builders import CLOSED, MONDAY, NEVER_EXPIRES, day, employee, rule, shift, shifts

LIMITS = OvertimeLimits(weekly_minutes=60)


@pytest.mark.parametrize(
    ("scope", "who", "expected"),
    [
        ({}, employee(), True),
        ({}, employee(department_id=10), True),
        ({"site_id": 2}, employee(), False),
        ({"department_id": 10}, employee(department_id=10), True),
        ({"department_id": 10}, employee(department_id=11), False),
        ({"department_id": 10}, employee(), False),
        ({"employee_id": 7}, employee(), True),
        ({"employee_id": 8}, employee(), False),
        ({"department_id": 10, "employee_id": 7}, employee(department_id=11), False),
        ({"effective_from": MONDAY}, employee(), True),
        ({"effective_from": day(1)}, employee(), False),
        ({"effective_until": MONDAY}, employee(), True),
        ({"effective_until": day(-1)}, employee(), False),
        ({"effective_from": day(-1), "effective_until": day(1)}, employee(), True),
    ],
)
def test_rule_applies_in_its_scope_and_period(scope: dict[str, Any], who: EmployeeFacts, expected: bool):
    scoped = rule("overtime", LIMITS, **scope)

    assert applies(scoped, who, MONDAY) is expected
    assert (check_assignment([scoped], who, [], shift()) != ()) is expected


def test_period_is_judged_on_the_local_date_of_the_shift():
    from_tuesday = rule("overtime", LIMITS, effective_from=day(1))

    assert check_assignment([from_tuesday], employee(), [], shift(MONDAY, "22:00-06:00")) == ()
    early = shift(day(1), "01:00-05:00", zone="Asia/Kolkata")
    assert early.span.starts_at.date() == MONDAY
    assert len(check_assignment([from_tuesday], employee(), [], early)) == 1


def test_good_assignment_finds_nothing():
    assert check_assignment([], employee(), shifts(day(1), day(2)), shift()) == ()


def test_inactive_employee_is_refused_without_any_rule():
    [violation] = check_assignment([], employee(is_active=False), [], shift())

    assert (violation.rule_type, violation.rule_id, violation.severity) == ("inactive", None, "block")
    assert violation.message == "Bob Worker is not active and cannot be given shifts."


def test_shift_s_own_qualifications_are_needed_without_any_rule():
    holder = employee(qualifications=(Qualification("first aid", NEVER_EXPIRES),))

    [violation] = check_assignment([], holder, [], shift(requires=("first aid", "forklift")))

    assert (violation.rule_type, violation.rule_id, violation.severity) == ("qualification", None, "block")
    assert violation.message == "Bob Worker does not hold the qualification forklift."
    assert (violation.employee_id, violation.shift_id) == (7, 1)


def test_overlap_is_refused_without_any_rule():
    other = shift(day(-1), "22:00-06:00", id=2)

    [violation] = check_assignment([], employee(), [other, shift(day(1), id=3)], shift(MONDAY, "05:59-12:00"))

    assert (violation.rule_type, violation.rule_id, violation.severity) == ("overlap", None, "block")
    assert violation.message == (
        "Bob Worker already works on Sun 7 Jun 2026, 22:00–06:00 +1, which overlaps this shift."
    )


def test_shifts_that_touch_do_not_overlap():
    worked = [shift(MONDAY, "00:00-07:00", id=2), shift(MONDAY, "15:00-22:00", id=3)]

    assert check_assignment([], employee(), worked, shift(MONDAY, "07:00-15:00")) == ()


@pytest.mark.parametrize("on", [date(2026, 3, 28), date(2026, 10, 24)])
def test_clock_change_night_overlaps_the_next_morning_only_by_wall_time(on: date):
    night = shift(on, "22:00-06:00", id=2)
    next_day = on + timedelta(days=1)

    assert check_assignment([], employee(), [night], shift(next_day, "06:00-14:00")) == ()
    assert len(check_assignment([], employee(), [night], shift(next_day, "05:59-14:00"))) == 1


def test_moved_shift_is_not_held_against_itself():
    old_place = shift(MONDAY, "07:00-15:00", id=1)
    one_day = rule("consecutive_days", ConsecutiveDaysLimits(max_days=1))
    new_place = shift(day(1), "07:00-15:00", id=1)

    assert check_assignment([one_day], employee(), [old_place], shift(MONDAY, "08:00-16:00", id=1)) == ()
    assert check_assignment([one_day], employee(), [old_place], new_place) == ()


def test_built_in_checks_come_first_and_then_rules_by_priority_and_id():
    rules = [
        rule("overtime", LIMITS, id=9, priority=3),
        rule("overtime", LIMITS, id=4, priority=8),
        rule("overtime", LIMITS, id=2, priority=8),
        rule("overtime", LIMITS, id=1, priority=1),
    ]
    who = employee(is_active=False)

    found = check_assignment(rules, who, [shift(id=2)], shift(requires=("crane",)))

    assert [violation.rule_id for violation in found] == [None, None, None, 2, 4, 9, 1]
    assert [violation.rule_type for violation in found[:3]] == ["inactive", "qualification", "overlap"]


BROKEN: list[RuleFacts[Any]] = [
    rule("availability", AvailabilityLimits(), id=1),
    rule("workload", WorkloadLimits(max_minutes_per_day=60), id=2),
    rule("qualification", QualificationLimits(all_of=("crane",)), id=3),
    rule("preference", PreferenceLimits(unwanted_weekdays=(0,)), id=4),
    rule("restriction", RestrictionLimits(forbidden_shift_types=("general",)), id=5),
    rule("overtime", OvertimeLimits(weekly_minutes=60), id=6),
    rule("consecutive_days", ConsecutiveDaysLimits(max_days=1), id=7),
    rule("rest_period", RestPeriodLimits(min_minutes=10080), id=8),
]


def test_every_rule_type_is_judged():
    found = check_assignment(BROKEN, employee(availability={0: CLOSED}), shifts(day(1)), shift())

    assert [(violation.rule_id, violation.rule_type) for violation in found] == [
        (broken.id, broken.rule_type) for broken in BROKEN
    ]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.rule_type)
def test_each_rule_type_is_judged_alone(broken: RuleFacts[Any]):
    [violation] = check_assignment([broken], employee(availability={0: CLOSED}), shifts(day(1)), shift())

    assert violation.rule_type == broken.rule_type
    assert violation.message.startswith("Bob Worker")
    assert violation.message.endswith(".")


def test_blocking_and_warnings_part_the_violations():
    rules = [
        rule("overtime", LIMITS, id=1, strict=False),
        rule("overtime", LIMITS, id=2, strict=True),
        rule("overtime", LIMITS, id=3, strict=False),
    ]
    found = check_assignment(rules, employee(), [], shift())

    assert [violation.rule_id for violation in blocking(found)] == [2]
    assert [violation.rule_id for violation in warnings(found)] == [1, 3]
    assert blocking(()) == warnings(()) == ()


def test_what_is_met_is_told_as_well_as_what_is_broken():
    rest = rule("rest_period", RestPeriodLimits(min_minutes=660), id=1, priority=9)
    long = rule("rest_period", RestPeriodLimits(min_minutes=1800), id=2)
    of_others = rule("rest_period", RestPeriodLimits(min_minutes=60), id=3, department_id=99)
    worked, candidate = [shift(day(0), id=2)], shift(day(1))
    asked = checks([long, rest, of_others], employee(), worked, candidate)

    assert [(each.rule_type, each.rule and each.rule.id, bool(each.violations)) for each in asked] == [
        ("inactive", None, False),
        ("qualification", None, False),
        ("overlap", None, False),
        ("time_off", None, False),
        ("rest_period", 1, False),
        ("rest_period", 2, True),
    ]
    found = check_assignment([long, rest, of_others], employee(), worked, candidate)
    assert [violation for each in asked for violation in each.violations] == list(found)
