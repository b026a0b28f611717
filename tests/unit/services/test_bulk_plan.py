"""Wall times carried to other days: they stay what they were, and the hours are true."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schedule_app.domain.time import local
from schedule_app.services.bulk_plan import span_of
from schedule_app.services.shift_details import ShiftDetails

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca")
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
times = st.times(max_value=time(23, 45)).map(
    lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
)


def _naive(day: date, at: time) -> datetime:
    return datetime.combine(day, at)


@given(days, times, times, st.sampled_from(ZONES), st.integers(-62, 62))
def test_a_shift_moved_by_days_shows_the_same_times(day: date, start: time, end: time, zone: str, later: int) -> None:
    moved = day + timedelta(days=later)
    span = span_of(ShiftDetails(moved, start, end), zone)
    shown = local(span.starts_at, zone).replace(tzinfo=None), local(span.ends_at, zone).replace(tzinfo=None)
    wanted = _naive(moved, start), _naive(moved + timedelta(days=int(end <= start)), end)

    # A time that the clock skips on that day is the one thing that cannot be shown as it was.
    for is_, asked in zip(shown, wanted, strict=True):
        if is_ != asked:
            assert timedelta() < is_ - asked <= timedelta(hours=1)


@given(days, times, times, st.sampled_from(ZONES), st.integers(-62, 62))
def test_the_length_differs_by_the_change_of_the_clock_and_nothing_else(
    day: date, start: time, end: time, zone: str, later: int
) -> None:
    moved = day + timedelta(days=later)
    span = span_of(ShiftDetails(moved, start, end), zone)
    begins, ends = local(span.starts_at, zone), local(span.ends_at, zone)
    by_the_clock = ends.replace(tzinfo=None) - begins.replace(tzinfo=None)
    offsets = begins.utcoffset(), ends.utcoffset()
    assert offsets[0] is not None
    assert offsets[1] is not None

    assert span.ends_at - span.starts_at == by_the_clock - (offsets[1] - offsets[0])


@given(days, times, times, st.sampled_from(ZONES), st.integers(-62, 62))
def test_copying_there_and_back_is_the_shift_itself(day: date, start: time, end: time, zone: str, later: int) -> None:
    there = ShiftDetails(day + timedelta(days=later), start, end)
    back = ShiftDetails(there.local_date - timedelta(days=later), there.local_start, there.local_end)

    assert span_of(back, zone) == span_of(ShiftDetails(day, start, end), zone)
