import pytest

from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.rules.consecutive_days import ConsecutiveDaysLimits, judge
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift, shifts


def messages(max_days: int, worked: list[ShiftFacts], candidate: ShiftFacts) -> list[str]:
    limits = ConsecutiveDaysLimits(max_days=max_days)
    return [violation.message for violation in judge(rule("consecutive_days", limits), employee(), worked, candidate)]


def test_run_up_to_the_limit_is_fine_and_one_more_is_found():
    worked = shifts(*map(day, range(4)))

    assert messages(5, worked, shift(day(4))) == []
    assert messages(4, worked, shift(day(4))) == [
        "Bob Worker would work 5 days in a row, from Mon 8 Jun 2026 to Fri 12 Jun 2026; at most 4 are allowed."
    ]


@pytest.mark.parametrize(
    ("worked", "candidate"),
    [
        pytest.param(range(-3, 0), 0, id="from the week before"),
        pytest.param(range(7, 10), 6, id="into the week after"),
        pytest.param((-2, -1, 1), 0, id="both sides"),
        pytest.param((5, 6, 8), 7, id="joined by the candidate"),
    ],
)
def test_run_across_the_week_s_edge_counts(worked: range, candidate: int):
    assert len(messages(3, shifts(*map(day, worked)), shift(day(candidate)))) == 1
    assert messages(4, shifts(*map(day, worked)), shift(day(candidate))) == []


def test_day_off_ends_the_run():
    assert messages(3, shifts(day(-3), day(-2), day(1), day(2)), shift(day(0))) == []


def test_several_shifts_on_one_date_are_one_day():
    worked = [*shifts(day(0), day(1)), shift(day(1), "18:00-20:00", id=5)]

    assert messages(2, worked, shift(day(0), "18:00-20:00")) == []


def test_morning_a_night_shift_ends_on_is_no_day_of_work():
    worked = shifts(day(0), day(1), times="22:00-06:00")

    assert messages(2, worked, shift(day(3))) == []


def test_longest_limit_is_still_judged_over_its_whole_window():
    assert len(messages(14, shifts(*map(day, range(-14, 0))), shift(MONDAY))) == 1


@pytest.mark.parametrize(("strict", "severity"), [(True, "block"), (False, "warn")])
def test_severity_follows_the_rule(strict: bool, severity: str):
    broken = rule("consecutive_days", ConsecutiveDaysLimits(max_days=1), strict=strict)

    assert [violation.severity for violation in judge(broken, employee(), shifts(day(1)), shift())] == [severity]
