import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time import (
    Interval,
    clock_label,
    day_label,
    is_known_zone,
    local,
    local_date,
    minutes_by_local_day,
    minutes_label,
    moment_label,
    resolve_span,
    resolve_wall,
    shift_label,
    span_label,
    subtract,
    wall_pieces,
    week_days,
    week_start_of,
)
from tests.cases.nights import NIGHTS
from tests.unit.domain.domain_builders import clock

MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span_of(zone: str, on: str, start: str, end: str) -> Interval:
    return resolve_span(date.fromisoformat(on), clock(start), clock(end), zone)


@pytest.mark.parametrize(("zone", "on", "start", "end", "minutes", "label"), NIGHTS)
def test_vector_has_its_true_duration_and_label(zone: str, on: str, start: str, end: str, minutes: int, label: str):
    span = span_of(zone, on, start, end)

    assert span.minutes == minutes
    assert span_label(span, zone, clock_24h=True) == label
    assert sum(minutes_by_local_day(span, zone).values()) == minutes


@pytest.mark.parametrize(("zone", "on", "start", "end", "minutes", "label"), NIGHTS)
def test_vector_is_the_true_rest_between_the_shifts_around_it(
    zone: str, on: str, start: str, end: str, minutes: int, label: str
):
    span = span_of(zone, on, start, end)
    before = Interval(span.starts_at - timedelta(hours=8), span.starts_at)
    after = Interval(span.ends_at, span.ends_at + timedelta(hours=8))

    assert before.gap_minutes(after) == after.gap_minutes(before) == minutes


@pytest.mark.parametrize(("zone", "on", "start", "end", "minutes", "label"), NIGHTS)
def test_vector_overlaps_a_neighbour_only_when_they_share_a_moment(
    zone: str, on: str, start: str, end: str, minutes: int, label: str
):
    span = span_of(zone, on, start, end)
    touching_before = Interval(span.starts_at - timedelta(hours=1), span.starts_at)
    touching_after = Interval(span.ends_at, span.ends_at + timedelta(hours=1))
    one_minute_in = Interval(span.ends_at - MINUTE, span.ends_at + timedelta(hours=1))

    for neighbour in (touching_before, touching_after):
        assert not span.overlaps(neighbour)
        assert not neighbour.overlaps(span)
        assert span.gap_minutes(neighbour) == 0
    assert span.overlaps(one_minute_in)
    assert one_minute_in.overlaps(span)
    assert span.gap_minutes(one_minute_in) == 0


@pytest.mark.parametrize(
    ("zone", "on", "at", "instant"),
    [
        ("Asia/Kathmandu", "2026-06-08", "22:00", "2026-06-08T16:15"),
        ("Asia/Kolkata", "2026-06-08", "22:00", "2026-06-08T16:30"),
        ("UTC", "2026-06-08", "22:00", "2026-06-08T22:00"),
        ("Europe/Berlin", "2026-01-08", "22:00", "2026-01-08T21:00"),
        ("Europe/Berlin", "2026-06-08", "22:00", "2026-06-08T20:00"),
    ],
)
def test_ordinary_wall_time_has_one_instant(zone: str, on: str, at: str, instant: str):
    wall = resolve_wall(date.fromisoformat(on), clock(at), zone)

    assert (wall.at, wall.moved_minutes, wall.is_repeated) == (utc(instant), 0, False)
    assert resolve_wall(date.fromisoformat(on), clock(at), zone, second=True) == wall


@pytest.mark.parametrize(
    ("zone", "on", "at", "moved_minutes", "lands_at"),
    [
        ("Europe/Berlin", "2026-03-29", "02:30", 60, "2026-03-29 03:30"),
        ("Australia/Lord_Howe", "2024-10-06", "02:10", 30, "2024-10-06 02:40"),
        ("America/Santiago", "2024-09-08", "00:00", 60, "2024-09-08 01:00"),
        ("Africa/Cairo", "2024-04-26", "00:45", 60, "2024-04-26 01:45"),
        ("Pacific/Apia", "2011-12-30", "12:00", 1440, "2011-12-31 12:00"),
    ],
)
def test_skipped_wall_time_moves_forward_by_the_gap_and_says_so(
    zone: str, on: str, at: str, moved_minutes: int, lands_at: str
):
    wall = resolve_wall(date.fromisoformat(on), clock(at), zone)

    assert wall.moved_minutes == moved_minutes
    assert not wall.is_repeated
    assert f"{local(wall.at, zone):%Y-%m-%d %H:%M}" == lands_at


@pytest.mark.parametrize(
    ("zone", "on", "at", "first", "second"),
    [
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30", "2026-10-25T01:30"),
        ("America/New_York", "2026-11-01", "01:00", "2026-11-01T05:00", "2026-11-01T06:00"),
        ("Australia/Lord_Howe", "2024-04-07", "01:45", "2024-04-06T14:45", "2024-04-06T15:15"),
    ],
)
def test_repeated_wall_time_means_the_first_unless_the_second_is_asked_for(
    zone: str, on: str, at: str, first: str, second: str
):
    day, wall = date.fromisoformat(on), clock(at)

    assert resolve_wall(day, wall, zone).at == utc(first)
    assert resolve_wall(day, wall.replace(fold=1), zone).at == utc(first)
    assert resolve_wall(day, wall, zone, second=True).at == utc(second)
    assert resolve_wall(day, wall, zone).is_repeated
    assert resolve_wall(day, wall, zone, second=True).is_repeated


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [("02:00", "03:00", "03:00–04:00"), ("02:30", "02:45", "03:30–03:45"), ("02:30", "03:30", "03:30–04:30")],
)
def test_span_that_would_end_before_its_moved_start_moves_as_a_whole(start: str, end: str, label: str):
    span = span_of("Europe/Berlin", "2026-03-29", start, end)

    assert span_label(span, "Europe/Berlin", clock_24h=True) == label


def test_span_ending_after_a_gap_keeps_its_wall_end():
    span = span_of("Europe/Berlin", "2026-03-29", "02:30", "10:00")

    assert span_label(span, "Europe/Berlin", clock_24h=True) == "03:30–10:00"


def test_span_with_equal_start_and_end_lasts_a_whole_day():
    span = span_of("Europe/Berlin", "2026-06-08", "07:00", "07:00")

    assert span.minutes == 24 * 60
    assert span_label(span, "Europe/Berlin", clock_24h=True) == "07:00–07:00 +1"


def test_span_label_tells_two_passes_of_a_repeated_hour_apart():
    first = resolve_wall(date(2026, 10, 25), time(2, 30), "Europe/Berlin").at
    second = resolve_wall(date(2026, 10, 25), time(2, 30), "Europe/Berlin", second=True).at
    end = resolve_wall(date(2026, 10, 25), time(6), "Europe/Berlin").at

    assert span_label(Interval(first, end), "Europe/Berlin", clock_24h=True) == "02:30–06:00, 4 h 30 min"
    assert span_label(Interval(second, end), "Europe/Berlin", clock_24h=True) == "02:30–06:00"


def unbroken(label: str) -> str:
    """The label with the spaces within its times as they are, which no line ends at."""
    return re.sub(r" (?=[AP]M\b)", "\u00a0", label)


@pytest.mark.parametrize(
    ("at", "label"),
    [
        ("00:00", "12:00 AM"),
        ("00:15", "12:15 AM"),
        ("01:05", "1:05 AM"),
        ("11:59", "11:59 AM"),
        ("12:00", "12:00 PM"),
        ("12:30", "12:30 PM"),
        ("13:00", "1:00 PM"),
        ("23:59", "11:59 PM"),
    ],
)
def test_clock_of_twelve_hours(at: str, label: str):
    assert clock_label(clock(at), clock_24h=False) == unbroken(label)
    assert clock_label(clock(at), clock_24h=True) == at


@pytest.mark.parametrize(
    ("on", "start", "end", "label"),
    [
        ("2026-06-08", "09:00", "17:30", "9:00 AM–5:30 PM"),
        ("2026-06-08", "00:15", "12:30", "12:15 AM–12:30 PM"),
        ("2026-06-08", "16:00", "00:00", "4:00 PM–12:00 AM +1"),
        ("2026-06-08", "22:00", "06:00", "10:00 PM–6:00 AM +1"),
        ("2026-03-28", "22:00", "06:00", "10:00 PM–6:00 AM +1, 7 h"),
        ("2026-10-24", "22:00", "06:00", "10:00 PM–6:00 AM +1, 9 h"),
    ],
)
def test_span_label_by_a_clock_of_twelve_hours(on: str, start: str, end: str, label: str):
    assert span_label(span_of("Europe/Berlin", on, start, end), "Europe/Berlin", clock_24h=False) == unbroken(label)


def test_moments_and_shifts_are_told_in_the_time_of_their_zone():
    night = Interval(utc("2027-03-27T21:00"), utc("2027-03-28T04:00"))

    assert moment_label(night.starts_at, "Asia/Kathmandu", clock_24h=True) == "Sun 28 Mar, 02:45"
    assert moment_label(night.starts_at, "Asia/Kathmandu", clock_24h=False) == unbroken("Sun 28 Mar, 2:45 AM")
    assert shift_label(night, "Europe/Berlin", clock_24h=True) == "Sat 27 Mar, 22:00–06:00 +1, 7 h"
    assert shift_label(night, "Europe/Berlin", "Night", clock_24h=False) == unbroken(
        "Sat 27 Mar, 10:00 PM–6:00 AM +1, 7 h (Night)"
    )


def test_interval_is_kept_in_utc_whatever_zone_it_comes_in():
    berlin = ZoneInfo("Europe/Berlin")
    span = Interval(datetime(2026, 3, 28, 22, tzinfo=berlin), datetime(2026, 3, 29, 6, tzinfo=berlin))

    assert span == Interval(utc("2026-03-28T21:00"), utc("2026-03-29T04:00"))
    assert span.starts_at.tzinfo is UTC
    assert span.minutes == 420
    fixed = timezone(timedelta(hours=1))
    assert Interval(span.starts_at.astimezone(fixed), span.ends_at.astimezone(fixed)) == span


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "sentence"),
    [
        (datetime(2026, 6, 8, 7), utc("2026-06-08T08:00"), "starts_at needs a time zone."),  # noqa: DTZ001
        (utc("2026-06-08T07:00"), datetime(2026, 6, 8, 8), "ends_at needs a time zone."),  # noqa: DTZ001
        (utc("2026-06-08T07:00"), utc("2026-06-08T07:00"), "An interval ends after it starts."),
        (utc("2026-06-08T07:00"), utc("2026-06-08T06:59"), "An interval ends after it starts."),
    ],
)
def test_interval_refuses_what_is_not_a_span_of_time(starts_at: datetime, ends_at: datetime, sentence: str):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        Interval(starts_at, ends_at)


def test_interval_minutes_are_rounded_down():
    assert Interval(utc("2026-06-08T07:00:30"), utc("2026-06-08T08:00")).minutes == 59


def test_gap_is_counted_from_either_side():
    early = Interval(utc("2026-06-08T06:00"), utc("2026-06-08T14:00"))
    late = Interval(utc("2026-06-08T20:30"), utc("2026-06-09T04:00"))

    assert early.gap_minutes(late) == late.gap_minutes(early) == 390


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "europe/berlin", "../../etc/passwd", "Europe", "Europe/Berlin\x00", "+02:00"]
)
def test_unknown_zone_is_refused_by_name(name: str):
    assert not is_known_zone(name)
    with pytest.raises(InvalidInput) as refused:
        resolve_wall(date(2026, 6, 8), time(7), name)
    assert refused.value.field == "time_zone"
    assert repr(name) in refused.value.message


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Asia/Kathmandu"])
def test_known_zone_is_known(name: str):
    assert is_known_zone(name)


@pytest.mark.parametrize("day", [date.min, date(1969, 12, 31), date(2200, 1, 1), date.max])
def test_date_out_of_range_is_refused(day: date):
    for use in (
        lambda: resolve_wall(day, time(7), "UTC"),
        lambda: resolve_span(day, time(22), time(6), "UTC"),
        lambda: week_start_of(day),
        lambda: week_days(day),
    ):
        with pytest.raises(InvalidInput) as refused:
            use()
        assert refused.value.message == "Dates must lie between 1970 and 2199."


@pytest.mark.parametrize("day", [date(1970, 1, 1), date(2199, 12, 31)])
def test_outermost_dates_are_accepted(day: date):
    assert resolve_wall(day, time(7), "UTC").at == datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


def test_time_of_day_with_a_zone_of_its_own_is_refused():
    zoned = time(7, tzinfo=UTC)
    for use in (
        lambda: resolve_wall(date(2026, 6, 8), zoned, "UTC"),
        lambda: resolve_span(date(2026, 6, 8), zoned, time(8), "UTC"),
        lambda: resolve_span(date(2026, 6, 8), time(6), zoned, "UTC"),
    ):
        with pytest.raises(InvalidInput, match="without a time zone"):
            use()


def test_local_date_follows_the_zone_and_not_utc():
    assert local_date(utc("2026-06-08T18:30"), "Asia/Kolkata") == date(2026, 6, 9)
    assert local_date(utc("2026-06-08T18:29"), "Asia/Kolkata") == date(2026, 6, 8)
    assert local_date(utc("2026-06-09T02:00"), "America/New_York") == date(2026, 6, 8)


@pytest.mark.parametrize(
    ("zone", "on", "start", "end", "expected"),
    [
        ("Europe/Berlin", "2026-06-08", "07:00", "15:00", {"2026-06-08": 480}),
        ("Europe/Berlin", "2026-06-08", "22:00", "06:00", {"2026-06-08": 120, "2026-06-09": 360}),
        ("Europe/Berlin", "2026-06-08", "16:00", "00:00", {"2026-06-08": 480}),
        ("Europe/Berlin", "2026-03-28", "22:00", "06:00", {"2026-03-28": 120, "2026-03-29": 300}),
        ("Europe/Berlin", "2026-10-24", "22:00", "06:00", {"2026-10-24": 120, "2026-10-25": 420}),
        ("Asia/Kolkata", "2026-06-08", "22:00", "06:00", {"2026-06-08": 120, "2026-06-09": 360}),
        ("Asia/Kathmandu", "2026-06-08", "04:00", "12:00", {"2026-06-08": 480}),
        ("Pacific/Apia", "2011-12-29", "22:00", "06:00", {"2011-12-29": 120, "2011-12-31": 360}),
        ("America/Santiago", "2024-04-06", "22:00", "06:00", {"2024-04-06": 180, "2024-04-07": 360}),
    ],
)
def test_minutes_by_local_day(zone: str, on: str, start: str, end: str, expected: dict[str, int]):
    counted = minutes_by_local_day(span_of(zone, on, start, end), zone)

    assert {day.isoformat(): minutes for day, minutes in counted.items()} == expected


def test_wall_pieces_find_the_second_of_a_change_within_the_span():
    span = Interval(utc("2026-03-29T00:00:00.5"), utc("2026-03-29T01:00:00.25"))

    pieces = list(wall_pieces(span, "Europe/Berlin"))

    assert [piece.offset for piece in pieces] == [timedelta(hours=1), timedelta(hours=2)]
    assert [piece.instants(piece.starts_at, piece.ends_at) for piece in pieces] == [
        Interval(span.starts_at, utc("2026-03-29T01:00")),
        Interval(utc("2026-03-29T01:00"), span.ends_at),
    ]


def test_wall_pieces_of_a_year_are_cut_at_every_change():
    year = Interval(utc("2026-01-01T00:00"), utc("2027-01-01T00:00"))

    pieces = list(wall_pieces(year, "Europe/Berlin"))

    assert [f"{piece.starts_at:%m-%d %H:%M}" for piece in pieces] == ["01-01 01:00", "03-29 03:00", "10-25 02:00"]


def test_change_exactly_at_either_end_cuts_nothing():
    change = utc("2026-03-29T01:00")

    assert len(list(wall_pieces(Interval(change - timedelta(hours=8), change), "Europe/Berlin"))) == 1
    assert len(list(wall_pieces(Interval(change, change + timedelta(hours=8)), "Europe/Berlin"))) == 1


@pytest.mark.parametrize(
    ("holes", "left"),
    [
        ([], [(0, 10)]),
        ([(2, 4)], [(0, 2), (4, 10)]),
        ([(6, 8), (2, 4)], [(0, 2), (4, 6), (8, 10)]),
        ([(2, 6), (3, 4), (5, 7)], [(0, 2), (7, 10)]),
        ([(-5, 3)], [(3, 10)]),
        ([(7, 15)], [(0, 7)]),
        ([(-5, 0), (10, 15)], [(0, 10)]),
        ([(0, 10)], []),
        ([(-1, 5), (5, 11)], []),
    ],
)
def test_subtract_leaves_what_no_hole_covers(holes: list[tuple[int, int]], left: list[tuple[int, int]]):
    def interval(start: int, end: int) -> Interval:
        noon = utc("2026-06-08T12:00")
        return Interval(noon + timedelta(hours=start), noon + timedelta(hours=end))

    assert subtract(interval(0, 10), [interval(*hole) for hole in holes]) == [interval(*part) for part in left]


@pytest.mark.parametrize(
    ("day", "week_starts_on", "week_start"),
    [
        ("2026-06-08", 0, "2026-06-08"),
        ("2026-06-14", 0, "2026-06-08"),
        ("2026-06-14", 6, "2026-06-14"),
        ("2026-06-13", 6, "2026-06-07"),
        ("2026-06-08", 6, "2026-06-07"),
        ("2026-06-08", 5, "2026-06-06"),
        ("2027-01-01", 0, "2026-12-28"),
    ],
)
def test_week_start_of(day: str, week_starts_on: int, week_start: str):
    assert week_start_of(date.fromisoformat(day), week_starts_on) == date.fromisoformat(week_start)


def test_week_starts_on_monday_unless_told_otherwise():
    assert week_start_of(date(2026, 6, 14)) == date(2026, 6, 8)


def test_week_days_are_seven_in_a_row():
    days = week_days(date(2026, 12, 28))

    assert [day.isoformat()[5:] for day in days] == ["12-28", "12-29", "12-30", "12-31", "01-01", "01-02", "01-03"]


@pytest.mark.parametrize(
    ("minutes", "label"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (390, "6 h 30 min"), (2400, "40 h"), (1441, "24 h 1 min")],
)
def test_minutes_label(minutes: int, label: str):
    assert minutes_label(minutes) == label


def test_day_label_names_weekday_and_month():
    assert day_label(date(2026, 6, 8)) == "Mon 8 Jun 2026"
    assert day_label(date(2027, 12, 26)) == "Sun 26 Dec 2027"
