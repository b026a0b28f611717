from datetime import date

import pytest

from schedule_app.domain.facts import Qualification, ShiftFacts
from schedule_app.domain.rules.qualification import QualificationLimits, judge
from tests.unit.domain.domain_builders import MONDAY, NEVER_EXPIRES, day, employee, rule, shift


def messages(limits: QualificationLimits, held: list[Qualification], candidate: ShiftFacts | None = None) -> list[str]:
    who = employee(qualifications=tuple(held))
    return [violation.message for violation in judge(rule("qualification", limits), who, [], candidate or shift())]


def first_aid(expires_on: date | None = NEVER_EXPIRES) -> Qualification:
    return Qualification("first aid", expires_on)


FIRST_AID = QualificationLimits(all_of=("first aid",))


def test_held_qualification_is_fine():
    assert messages(FIRST_AID, [first_aid()]) == []


def test_missing_qualification_is_found():
    assert messages(FIRST_AID, [Qualification("forklift", NEVER_EXPIRES)]) == [
        "Bob Worker does not hold the qualification first aid."
    ]


def test_all_of_them_are_needed_and_each_missing_one_is_told():
    limits = QualificationLimits(all_of=("first aid", "forklift", "crane"))

    assert messages(limits, [Qualification("forklift", NEVER_EXPIRES)]) == [
        "Bob Worker does not hold the qualification first aid.",
        "Bob Worker does not hold the qualification crane.",
    ]


def test_case_and_outer_blanks_make_no_difference():
    assert messages(QualificationLimits(all_of=("First Aid ",)), [first_aid()]) == []


def test_qualification_is_good_on_the_date_it_expires_and_not_after():
    assert messages(FIRST_AID, [first_aid(MONDAY)]) == []
    assert messages(FIRST_AID, [first_aid(day(-1))]) == [
        "Bob Worker's qualification first aid expired on Sun 7 Jun 2026; this shift needs it on Mon 8 Jun 2026."
    ]


def test_overnight_shift_needs_it_on_the_date_it_ends_too():
    overnight = shift(times="22:00-06:00")

    assert messages(FIRST_AID, [first_aid(day(1))], overnight) == []
    assert messages(FIRST_AID, [first_aid(MONDAY)], overnight) == [
        "Bob Worker's qualification first aid expires on Mon 8 Jun 2026; this shift needs it on Tue 9 Jun 2026."
    ]


def test_shift_ending_at_midnight_does_not_need_it_the_next_day():
    assert messages(FIRST_AID, [first_aid(MONDAY)], shift(times="16:00-00:00")) == []


def test_dates_are_local():
    early = shift(day(1), "00:30-04:00", zone="Asia/Kolkata")
    late = shift(MONDAY, "20:00-23:00", zone="America/New_York")

    assert len(messages(FIRST_AID, [first_aid(MONDAY)], early)) == 1
    assert messages(FIRST_AID, [first_aid(MONDAY)], late) == []


def test_the_latest_of_several_expiries_counts():
    assert messages(FIRST_AID, [first_aid(day(-30)), first_aid(day(30))]) == []
    assert messages(FIRST_AID, [first_aid(day(-30)), first_aid()]) == []
    assert messages(FIRST_AID, [first_aid(day(-30)), first_aid(day(0)), first_aid(day(-20))], shift(day(1))) == [
        "Bob Worker's qualification first aid expired on Mon 8 Jun 2026; this shift needs it on Tue 9 Jun 2026."
    ]
    assert messages(FIRST_AID, [first_aid(day(-30)), first_aid(MONDAY)], shift(times="22:00-06:00")) == [
        "Bob Worker's qualification first aid expires on Mon 8 Jun 2026; this shift needs it on Tue 9 Jun 2026."
    ]


def test_rule_for_certain_shift_types_leaves_others_alone():
    limits = QualificationLimits(all_of=("crane",), shift_types=("specialized", "emergency"))

    assert messages(limits, [], shift(shift_type="general")) == []
    assert len(messages(limits, [], shift(shift_type="emergency"))) == 1


@pytest.mark.parametrize(("strict", "severity"), [(True, "block"), (False, "warn")])
def test_severity_follows_the_rule(strict: bool, severity: str):
    [violation] = judge(rule("qualification", FIRST_AID, strict=strict), employee(), [], shift())

    assert violation.severity == severity
