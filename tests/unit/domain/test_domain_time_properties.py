"""What holds for any zone, any date from 2020 to 2035 and any wall times."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from schedule_app.domain.time import (
    Interval,
    local,
    minutes_by_local_day,
    resolve_span,
    resolve_wall,
    subtract,
    wall_pieces,
)

thorough = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ZONES = sorted(available_timezones())
DAY = timedelta(days=1)
zones = st.sampled_from(ZONES)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
walls = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(minutes // 60, minutes % 60))
instants = st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def changes_of(zone: str, year: int) -> list[date]:
    """The dates of a year on which the zone's offset differs from the day before."""
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + number * DAY for number in range(366)]
    offsets = [local(noon, zone).utcoffset() for noon in noons]
    return [noon.date() for noon, now, before in zip(noons[1:], offsets[1:], offsets, strict=False) if now != before]


@st.composite
def places_and_dates(draw: st.DrawFn) -> tuple[str, date]:
    """A zone and a date, half of them close to a clock change, where the mistakes are."""
    zone, day = draw(zones), draw(days)
    changes = changes_of(zone, day.year) if draw(st.booleans()) else []
    if changes:
        day = draw(st.sampled_from(changes)) + draw(st.integers(-1, 1)) * DAY
    return zone, day


@thorough
@given(places_and_dates(), walls, walls)
def test_span_always_lasts_and_its_length_is_wall_length_less_the_clock_change(
    place: tuple[str, date], start: time, end: time
):
    zone, day = place
    span = resolve_span(day, start, end, zone)

    first, last = local(span.starts_at, zone), local(span.ends_at, zone)
    wall_length = last.replace(tzinfo=None) - first.replace(tzinfo=None)
    clock_change = (last.utcoffset() or timedelta()) - (first.utcoffset() or timedelta())
    assert span.minutes > 0
    assert timedelta(minutes=span.minutes) == wall_length - clock_change
    assert span.minutes <= 26 * 60


@thorough
@given(places_and_dates(), walls, st.booleans())
def test_wall_time_survives_the_round_trip(place: tuple[str, date], at: time, second: bool):
    zone, day = place
    wall = resolve_wall(day, at, zone, second=second)
    back = local(wall.at, zone)

    assert back.replace(tzinfo=None, fold=0) == datetime.combine(day, at) + timedelta(minutes=wall.moved_minutes)
    again = resolve_wall(back.date(), back.time(), zone, second=back.fold == 1)
    assert again.at == wall.at
    assert again.moved_minutes == 0
    assert wall.is_repeated == (wall.at != resolve_wall(day, at, zone, second=not second).at)


@thorough
@given(zones, instants)
def test_instant_survives_the_round_trip(zone: str, instant: datetime):
    seen = local(instant, zone)

    assert resolve_wall(seen.date(), seen.time(), zone, second=seen.fold == 1).at == instant


@thorough
@given(places_and_dates(), walls, walls, walls)
def test_neighbours_in_wall_time_never_overlap(place: tuple[str, date], start: time, middle: time, end: time):
    zone, day = place
    handover = day + DAY if middle <= start else day
    # A first shift wholly within a skipped hour is moved behind it and may meet the next one there.
    assume(resolve_wall(day, start, zone).at < resolve_wall(handover, middle, zone).at)

    first, second = resolve_span(day, start, middle, zone), resolve_span(handover, middle, end, zone)

    assert first.ends_at == second.starts_at
    assert not first.overlaps(second)
    assert not second.overlaps(first)


@thorough
@given(places_and_dates(), walls, walls)
def test_pieces_and_local_days_add_up_to_the_span(place: tuple[str, date], start: time, end: time):
    zone, day = place
    span = resolve_span(day, start, end, zone)

    pieces = list(wall_pieces(span, zone))
    by_instant = [piece.instants(piece.starts_at, piece.ends_at) for piece in pieces]
    assert subtract(span, by_instant) == []
    assert (by_instant[0].starts_at, by_instant[-1].ends_at) == (span.starts_at, span.ends_at)
    assert all(one.ends_at == next_one.starts_at for one, next_one in pairwise(by_instant))
    for piece, interval in zip(pieces, by_instant, strict=True):
        last_moment = interval.ends_at - timedelta.resolution
        assert local(interval.starts_at, zone).utcoffset() == local(last_moment, zone).utcoffset() == piece.offset

    by_day = minutes_by_local_day(span, zone)
    assert sum(by_day.values()) == span.minutes
    assert list(by_day) == sorted(by_day)


@thorough
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=6))
def test_subtract_agrees_with_counting_minutes(holes: list[tuple[int, int]]):
    noon = datetime(2026, 6, 8, 12, tzinfo=UTC)

    def interval(start: int, end: int) -> Interval:
        return Interval(noon + timedelta(minutes=start), noon + timedelta(minutes=end))

    left = subtract(interval(10, 30), [interval(start, start + length) for start, length in holes])

    covered = {minute for start, length in holes for minute in range(start, start + length)}
    expected = {minute for minute in range(10, 30) if minute not in covered}
    kept = [(part.starts_at - noon) // timedelta(minutes=1) for part in left]
    counted = {start + offset for start, part in zip(kept, left, strict=True) for offset in range(part.minutes)}
    assert counted == expected
    assert all(one.ends_at < next_one.starts_at for one, next_one in pairwise(left))
