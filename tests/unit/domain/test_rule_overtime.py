import pytest

from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.rules.overtime import OvertimeLimits, judge
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift, shifts

FORTY_HOURS = OvertimeLimits(weekly_minutes=2400)


def messages(worked: list[ShiftFacts], candidate: ShiftFacts, limits: OvertimeLimits = FORTY_HOURS) -> list[str]:
    return [violation.message for violation in judge(rule("overtime", limits), employee(), worked, candidate)]


def test_week_up_to_the_threshold_is_fine():
    assert messages(shifts(*map(day, range(4))), shift(day(4))) == []


def test_first_minute_over_the_threshold_is_overtime():
    assert messages(shifts(*map(day, range(4))), shift(day(4), "07:00-15:01")) == [
        "Bob Worker would work 40 h 1 min in the week of Mon 8 Jun 2026, 1 min of it overtime; "
        "overtime begins after 40 h."
    ]


def test_overtime_is_found_for_a_candidate_early_in_the_week_too():
    assert len(messages(shifts(*map(day, range(2, 7))), shift(MONDAY))) == 1


def test_weeks_around_it_do_not_count():
    assert messages(shifts(*map(day, range(-7, 0)), *map(day, range(7, 14))), shift(day(3))) == []


def test_week_is_the_site_s_week():
    worked = shifts(*map(day, range(-1, 4)))

    assert messages(worked, shift(day(4))) == []
    assert len(messages(worked, shift(day(4), week_starts_on=6))) == 1


def test_shift_over_utc_midnight_counts_on_its_local_date():
    worked = shifts(*map(day, range(4)), times="00:30-08:30", zone="Asia/Kolkata")
    sunday_before = shifts(day(-1), times="00:30-08:30", zone="Asia/Kolkata")

    assert messages([*sunday_before, *worked], shift(day(4), zone="Asia/Kolkata")) == []


def test_clock_change_night_counts_its_true_hours():
    autumn = day(138)

    assert messages([], shift(autumn, "22:00-06:00"), OvertimeLimits(weekly_minutes=539)) == [
        "Bob Worker would work 9 h in the week of Mon 19 Oct 2026, 1 min of it overtime; "
        "overtime begins after 8 h 59 min."
    ]
    assert messages([], shift(autumn, "22:00-06:00"), OvertimeLimits(weekly_minutes=540)) == []


@pytest.mark.parametrize(("strict", "severity"), [(True, "block"), (False, "warn")])
def test_severity_follows_the_rule(strict: bool, severity: str):
    broken = rule("overtime", OvertimeLimits(weekly_minutes=60), strict=strict)

    assert [violation.severity for violation in judge(broken, employee(), [], shift())] == [severity]
