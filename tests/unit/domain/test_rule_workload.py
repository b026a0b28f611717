from datetime import timedelta

import pytest

from schedule_app.domain.facts import EmployeeFacts, ShiftFacts
from schedule_app.domain.rules.workload import WorkloadLimits, judge
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift, shifts


def messages(
    limits: WorkloadLimits, worked: list[ShiftFacts], candidate: ShiftFacts, who: EmployeeFacts | None = None
) -> list[str]:
    return [violation.message for violation in judge(rule("workload", limits), who or employee(), worked, candidate)]


def test_day_limit_counts_all_shifts_starting_that_date():
    limits = WorkloadLimits(max_minutes_per_day=600)
    morning = shift(MONDAY, "06:00-10:00", id=2)

    assert messages(limits, [morning], shift(MONDAY, "12:00-18:00")) == []
    assert messages(limits, [morning], shift(MONDAY, "12:00-18:01")) == [
        "Bob Worker would work 10 h 1 min on Mon 8 Jun 2026; at most 10 h a day are allowed."
    ]


def test_night_shift_counts_on_the_date_it_starts():
    limits = WorkloadLimits(max_minutes_per_day=600)
    night = shift(MONDAY, "22:00-06:00", id=2)

    assert messages(limits, [night], shift(day(1), "14:00-22:00")) == []
    assert len(messages(limits, [night], shift(MONDAY, "06:00-14:00"))) == 1


def test_day_limit_counts_true_hours_on_a_clock_change_night():
    limits = WorkloadLimits(max_minutes_per_day=480)
    autumn = day(138)

    assert autumn.isoformat() == "2026-10-24"
    assert messages(limits, [], shift(autumn, "22:00-06:00")) == [
        "Bob Worker would work 9 h on Sat 24 Oct 2026; at most 8 h a day are allowed."
    ]
    assert messages(WorkloadLimits(max_minutes_per_day=420), [], shift(day(-72), "22:00-06:00")) == []


def test_week_limit_counts_minutes_of_the_whole_week():
    limits = WorkloadLimits(max_minutes_per_week=2400)
    worked = shifts(day(0), day(1), day(2), day(6))

    assert messages(limits, worked, shift(day(4))) == []
    assert messages(limits, worked, shift(day(4), "07:00-15:30")) == [
        "Bob Worker would work 40 h 30 min in the week of Mon 8 Jun 2026; at most 40 h a week are allowed."
    ]


def test_week_limit_leaves_other_weeks_out():
    limits = WorkloadLimits(max_minutes_per_week=960)

    assert messages(limits, shifts(day(-1), day(7), day(-8), day(14)), shift(day(6))) == []


def test_week_is_the_site_s_week():
    limits = WorkloadLimits(max_minutes_per_week=480)
    sunday_before = shifts(day(-1))

    assert messages(limits, sunday_before, shift(MONDAY)) == []
    assert messages(limits, sunday_before, shift(MONDAY, week_starts_on=6)) == [
        "Bob Worker would work 16 h in the week of Sun 7 Jun 2026; at most 8 h a week are allowed."
    ]


def test_sunday_night_counts_in_the_week_it_starts_in():
    limits = WorkloadLimits(max_minutes_per_week=480)
    sunday_night = shift(day(-1), "22:00-06:00", id=2)

    assert messages(limits, [sunday_night], shift(MONDAY, "16:00-00:00")) == []


def test_date_is_local_and_not_utc():
    limits = WorkloadLimits(max_minutes_per_week=480)
    monday_early = shift(MONDAY, "00:30-08:30", id=2, zone="Asia/Kolkata")

    assert monday_early.span.starts_at.date() == MONDAY - timedelta(days=1)
    assert messages(limits, [monday_early], shift(day(-1), zone="Asia/Kolkata")) == []
    assert len(messages(limits, [monday_early], shift(day(6), zone="Asia/Kolkata"))) == 1


def test_number_of_shifts_in_a_week_is_limited():
    limits = WorkloadLimits(max_shifts_per_week=2)

    assert messages(limits, shifts(day(0)), shift(day(4))) == []
    assert messages(limits, shifts(day(0), day(2)), shift(day(4))) == [
        "Bob Worker would work 3 shifts in the week of Mon 8 Jun 2026; at most 2 a week are allowed."
    ]


def test_employee_s_own_maximum_holds_beside_the_rule():
    part_time = employee(max_minutes=600)

    assert messages(WorkloadLimits(), [], shift(times="07:00-17:00"), part_time) == []
    assert messages(WorkloadLimits(), shifts(day(1)), shift(), part_time) == [
        "Bob Worker would work 16 h in the week of Mon 8 Jun 2026; their own maximum is 10 h a week."
    ]


def test_nothing_is_limited_by_an_empty_rule():
    assert messages(WorkloadLimits(), shifts(*map(day, range(6))), shift(day(6))) == []


def test_every_broken_limit_is_told():
    limits = WorkloadLimits(max_minutes_per_day=60, max_minutes_per_week=60, max_shifts_per_week=1)

    assert len(messages(limits, shifts(day(1)), shift(), employee(max_minutes=60))) == 4


@pytest.mark.parametrize(("strict", "severity"), [(True, "block"), (False, "warn")])
def test_severity_follows_the_rule(strict: bool, severity: str):
    broken = rule("workload", WorkloadLimits(max_minutes_per_day=60), strict=strict)

    assert [violation.severity for violation in judge(broken, employee(), [], shift())] == [severity]
