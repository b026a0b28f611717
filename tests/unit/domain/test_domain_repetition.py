from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.repetition import MOST_WEEKS, Repetition, days_of
from schedule_app.domain.time import local, resolve_span, resolve_wall, week_start_of

MONDAY = date(2026, 11, 23)
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
# Half a year from here meets a change of the clock, whichever it is.
FIRST = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(FIRST, WEEKDAYS, st.integers(1, 4), st.integers(1, 12), st.integers(0, 6))
def test_so_many_times_is_so_many_days_each_on_a_weekday_of_a_week_that_counts(
    first: date, weekdays: frozenset[int], every: int, times: int, week_starts_on: int
):
    try:
        days = days_of(Repetition(weekdays, every, times=times), first, week_starts_on)
    except InvalidInput:
        # Only where there are too few within the bound.
        assert (MOST_WEEKS // every + 1) * len(weekdays) <= times + 2 * len(weekdays)
        return
    own = week_start_of(first, week_starts_on)

    assert len(days) == times
    assert days == sorted(set(days))
    assert first < days[0]
    assert days[-1] <= first + timedelta(weeks=MOST_WEEKS)
    assert {day.weekday() for day in days} <= weekdays
    assert all((week_start_of(day, week_starts_on) - own).days % (7 * every) == 0 for day in days)


@given(FIRST, WEEKDAYS, st.integers(0, 7 * MOST_WEEKS))
def test_until_a_day_is_every_such_day_until_then(first: date, weekdays: frozenset[int], length: int):
    after = [first + timedelta(days=offset) for offset in range(1, length + 1)]
    expected = [day for day in after if day.weekday() in weekdays]
    rule = Repetition(weekdays, until=first + timedelta(days=length))

    if expected:
        assert days_of(rule, first, 0) == expected
    else:
        with pytest.raises(InvalidInput, match="no such day"):
            days_of(rule, first, 0)


@given(ZONES, FIRST, WEEKDAYS, st.times().map(lambda at: at.replace(second=0, microsecond=0)), st.booleans())
def test_wall_times_are_kept_over_the_changes_of_the_clock(
    zone: str, first: date, weekdays: frozenset[int], start: time, is_night: bool
):
    end = time(6) if is_night else start
    for day in days_of(Repetition(weekdays, until=first + timedelta(weeks=MOST_WEEKS)), first, 0):
        span = resolve_span(day, start, end, zone)
        found, moved = local(span.starts_at, zone), resolve_wall(day, start, zone).moved_minutes

        assert (found.date(), found.time()) == (day, start) or moved
        if not moved and not resolve_wall(local(span.ends_at, zone).date(), end, zone).moved_minutes:
            assert local(span.ends_at, zone).time() == end


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"weekdays": frozenset[int](), "times": 1}, "weekdays"),
        ({"weekdays": frozenset({7}), "times": 1}, "weekdays"),
        ({"every": 0, "times": 1}, "every"),
        ({"every": 27, "times": 1}, "every"),
        ({}, "until"),
        ({"until": MONDAY, "times": 1}, "until"),
        ({"times": 0}, "times"),
        ({"times": 3650}, "times"),
        ({"times": 27}, "times"),
        ({"every": 26, "times": 2}, "times"),
        ({"until": date(2036, 11, 23)}, "until"),
        ({"until": MONDAY}, "until"),
    ],
)
def test_rules_that_make_no_sense_are_refused_by_field(rule: dict[str, object], field: str):
    with pytest.raises(InvalidInput) as refused:
        days_of(Repetition(**{"weekdays": frozenset({0}), **rule}), MONDAY, 0)  # type: ignore[arg-type]
    assert refused.value.field == field
