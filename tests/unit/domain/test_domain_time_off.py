"""What time off can be asked for, how long it is, and what becomes of a request."""

from datetime import date, time, timedelta
from itertools import product

import pytest

from schedule_app.domain.check import check_assignment
from schedule_app.domain.errors import IllegalTransition, InvalidInput
from schedule_app.domain.time_off import (
    TRANSITIONS,
    TimeOffStatus,
    check_reach,
    check_transition,
    days_off,
    minutes_off,
    time_off_label,
    time_off_span,
)
from tests.cases.case import AUTUMN, SPRING
from tests.cases.time_off import KATHMANDU, TIME_OFF, OffCase
from tests.unit.domain.domain_builders import BERLIN, MONDAY, day

SUNDAY_OF_SPRING, SUNDAY_OF_AUTUMN = SPRING + timedelta(days=6), AUTUMN + timedelta(days=6)


@pytest.mark.parametrize("case", TIME_OFF, ids=lambda case: case.name)
def test_nobody_is_given_a_shift_that_touches_their_time_off(case: OffCase):
    found = check_assignment([], case.person, [], case.shift)

    assert [(each.rule_type, each.severity, each.rule_id) for each in found] == (
        [("time_off", "block", None)] if case.is_refused else []
    )


def test_the_words_tell_when_and_never_why():
    [case] = [each for each in TIME_OFF if each.name == "a night that reaches into the day"]
    [found] = check_assignment([], case.person, [], case.shift)

    assert found.message == "Bob Worker has time off: Tue 9 Jun 2026."


@pytest.mark.parametrize(("now", "new"), list(product(TimeOffStatus, repeat=2)))
def test_a_request_takes_the_steps_of_the_table_and_no_others(now: TimeOffStatus, new: TimeOffStatus):
    if (now, new) in TRANSITIONS:
        check_transition(now, new)
    else:
        with pytest.raises(IllegalTransition, match="This request"):
            check_transition(now, new)


def test_what_is_over_stays_so():
    assert {now for now, _ in TRANSITIONS} == {TimeOffStatus.WAITING, TimeOffStatus.APPROVED}


@pytest.mark.parametrize(
    ("first_on", "last_on", "zone", "hours"),
    [
        (MONDAY, MONDAY, BERLIN, 24),
        (MONDAY, day(6), BERLIN, 7 * 24),
        (SUNDAY_OF_SPRING, SUNDAY_OF_SPRING, BERLIN, 23),
        (SUNDAY_OF_AUTUMN, SUNDAY_OF_AUTUMN, BERLIN, 25),
        (SPRING, SUNDAY_OF_SPRING, BERLIN, 7 * 24 - 1),
        (MONDAY, MONDAY, KATHMANDU, 24),
        # The clock goes from 23:59:59 to 01:00: the day begins an hour late.
        (date(2024, 4, 26), date(2024, 4, 26), "Africa/Cairo", 23),
    ],
)
def test_whole_days_are_as_long_as_the_clock_makes_them(first_on: date, last_on: date, zone: str, hours: int):
    span = time_off_span(first_on, last_on, None, None, zone)

    assert span.minutes == hours * 60
    assert days_off([span], zone, first_on.year) == (last_on - first_on).days + 1


def test_hours_are_those_that_pass():
    night = time_off_span(
        SUNDAY_OF_SPRING - timedelta(days=1), SUNDAY_OF_SPRING - timedelta(days=1), time(22), time(6), BERLIN
    )
    assert night.minutes == 7 * 60
    assert minutes_off([night], BERLIN, 2026) == 7 * 60


def test_a_year_counts_what_falls_in_it():
    turn = time_off_span(date(2026, 12, 30), date(2027, 1, 2), None, None, KATHMANDU)
    assert [days_off([turn], KATHMANDU, year) for year in (2025, 2026, 2027)] == [0, 2, 2]
    night = time_off_span(date(2026, 12, 31), date(2026, 12, 31), time(22), time(6), KATHMANDU)
    assert [minutes_off([night], KATHMANDU, year) for year in (2026, 2027)] == [120, 360]


@pytest.mark.parametrize(
    ("last_on", "start", "end", "field"),
    [
        (day(-1), None, None, "last_on"),
        (MONDAY + timedelta(days=366), None, None, "last_on"),
        (MONDAY, time(9), None, "end"),
        (MONDAY, None, time(9), "start"),
        (MONDAY, time(9), time(9), "end"),
        (day(1), time(9), time(12), "last_on"),
    ],
)
def test_what_does_not_fit_together_is_refused_at_its_field(
    last_on: date, start: time | None, end: time | None, field: str
):
    with pytest.raises(InvalidInput) as refused:
        time_off_span(MONDAY, last_on, start, end, BERLIN)
    assert refused.value.field == field


def test_a_year_can_be_asked_for_at_once():
    assert time_off_span(MONDAY, MONDAY + timedelta(days=365), None, None, BERLIN).minutes == 366 * 24 * 60


@pytest.mark.parametrize(("days", "is_within"), [(-32, False), (-31, True), (730, True), (731, False)])
def test_how_far_one_can_reach(days: int, is_within: bool):
    if is_within:
        check_reach(day(days), MONDAY)
    else:
        with pytest.raises(InvalidInput, match="Time off can be asked for at most"):
            check_reach(day(days), MONDAY)


@pytest.mark.parametrize(
    ("last_on", "hours", "zone", "words"),
    [
        (0, None, BERLIN, "Mon 8 Jun 2026"),
        (4, None, KATHMANDU, "Mon 8 Jun 2026 to Fri 12 Jun 2026"),
        (0, (time(14), time(18)), KATHMANDU, "Mon 8 Jun 2026, 14:00–18:00"),
        (0, (time(22), time(6)), BERLIN, "Mon 8 Jun 2026, 22:00–06:00 +1"),
    ],
)
def test_time_off_in_words(last_on: int, hours: tuple[time, time] | None, zone: str, words: str):
    span = time_off_span(MONDAY, day(last_on), *(hours or (None, None)), zone)
    assert time_off_label(span, zone, clock_24h=True) == words


def test_a_day_that_begins_late_is_still_a_day():
    span = time_off_span(date(2024, 4, 26), date(2024, 4, 26), None, None, "Africa/Cairo")
    assert time_off_label(span, "Africa/Cairo", clock_24h=True) == "Fri 26 Apr 2024"
