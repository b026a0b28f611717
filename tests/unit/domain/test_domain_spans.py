"""Several weeks looked at together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule_app.domain.spans import SpanKind, month_of, span_beside, span_weeks
from schedule_app.domain.time import week_start_of

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
WEEKDAYS = st.integers(0, 6)


@pytest.mark.parametrize(
    ("week_start", "first", "weeks"),
    [
        (date(2026, 11, 23), date(2026, 10, 26), 6),
        (date(2026, 11, 30), date(2026, 11, 30), 5),
        (date(2027, 2, 8), date(2027, 2, 1), 4),
        (date(2026, 8, 31), date(2026, 8, 31), 5),
    ],
)
def test_the_weeks_that_touch_a_month(week_start: date, first: date, weeks: int):
    assert span_weeks("month", week_start, 0) == [first + timedelta(weeks=each) for each in range(weeks)]


@given(DAYS, WEEKDAYS)
def test_a_month_s_weeks_touch_it_and_hold_the_week_asked_for(day: date, starts_on: int):
    week = week_start_of(day, starts_on)
    weeks = span_weeks("month", week, starts_on)
    month = month_of(week)

    assert 4 <= len(weeks) <= 6
    assert week in weeks
    assert weeks[0] <= month < weeks[1]
    assert all(start.weekday() == starts_on for start in weeks)
    assert (weeks[-1] + timedelta(days=7)).replace(day=1) > month >= weeks[-1].replace(day=1)


@given(DAYS, WEEKDAYS, st.sampled_from(["two-weeks", "month"]))
def test_going_on_and_back_leads_to_the_same_span(day: date, starts_on: int, kind: SpanKind):
    week = week_start_of(day, starts_on)
    after = span_beside(kind, week, starts_on, 1)
    back = span_beside(kind, after, starts_on, -1)

    assert span_weeks(kind, back, starts_on) == span_weeks(kind, week, starts_on)
    if kind == "month":
        assert month_of(after) == (month_of(week) + timedelta(days=31)).replace(day=1)
    else:
        assert after == span_weeks(kind, week, starts_on)[-1] + timedelta(days=7)
