from datetime import date

import pytest

from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.rules.restriction import RestrictionLimits, Succession, judge
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift

NIGHT_THEN_DAY = RestrictionLimits(forbidden_successions=(Succession("night", "day", within_minutes=720),))


def messages(limits: RestrictionLimits, worked: list[ShiftFacts], candidate: ShiftFacts) -> list[str]:
    return [violation.message for violation in judge(rule("restriction", limits), employee(), worked, candidate)]


def night(on: date = MONDAY, *, id: int = 2) -> ShiftFacts:
    return shift(on, "22:00-06:00", id=id, shift_type="night")


def by_day(on: date, times: str, *, id: int = 1) -> ShiftFacts:
    return shift(on, times, id=id, shift_type="day")


def test_forbidden_type_is_found_and_others_are_fine():
    limits = RestrictionLimits(forbidden_shift_types=("emergency", "night"))

    assert messages(limits, [], night()) == ["Bob Worker may not work night shifts."]
    assert messages(limits, [night()], by_day(day(2), "07:00-15:00")) == []


def test_forbidden_succession_is_found_when_the_candidate_comes_last():
    assert messages(NIGHT_THEN_DAY, [night()], by_day(day(1), "14:00-22:00")) == [
        "Bob Worker would start a day shift 8 h after a night shift; at least 12 h must lie between."
    ]


def test_forbidden_succession_is_found_when_the_candidate_comes_first():
    assert messages(NIGHT_THEN_DAY, [by_day(day(1), "17:59-20:00", id=3)], night()) == [
        "Bob Worker would start a day shift 11 h 59 min after a night shift; at least 12 h must lie between."
    ]


def test_shifts_that_touch_are_a_succession():
    assert len(messages(NIGHT_THEN_DAY, [night()], by_day(day(1), "06:00-14:00"))) == 1


@pytest.mark.parametrize(
    ("worked", "candidate"),
    [
        pytest.param([night()], by_day(day(1), "18:00-22:00"), id="exactly far enough apart"),
        pytest.param([by_day(MONDAY, "12:00-20:00", id=3)], night(id=1), id="the other way round"),
        pytest.param([night()], shift(day(1), "14:00-22:00"), id="later type not named"),
        pytest.param([shift(MONDAY, "17:00-01:00", id=2)], by_day(day(1), "09:00-17:00"), id="earlier type not named"),
        pytest.param([night()], by_day(day(1), "05:00-13:00"), id="overlap is left to the overlap check"),
        pytest.param([], by_day(MONDAY, "07:00-15:00"), id="nothing else worked"),
    ],
)
def test_other_successions_are_fine(worked: list[ShiftFacts], candidate: ShiftFacts):
    assert messages(NIGHT_THEN_DAY, worked, candidate) == []


def test_time_between_is_true_time_on_a_clock_change_night():
    limits = RestrictionLimits(forbidden_successions=(Succession("day", "day", within_minutes=600),))
    evening, morning = by_day(date(2026, 3, 28), "12:00-20:00", id=3), by_day(date(2026, 3, 29), "06:00-14:00")

    assert messages(limits, [evening], morning) == [
        "Bob Worker would start a day shift 9 h after a day shift; at least 10 h must lie between."
    ]


@pytest.mark.parametrize(("strict", "severity"), [(True, "block"), (False, "warn")])
def test_severity_follows_the_rule(strict: bool, severity: str):
    limits = RestrictionLimits(
        forbidden_shift_types=("day",), forbidden_successions=NIGHT_THEN_DAY.forbidden_successions
    )
    broken = rule("restriction", limits, strict=strict)

    found = judge(broken, employee(), [night()], by_day(day(1), "14:00-22:00"))

    assert [violation.severity for violation in found] == [severity, severity]
