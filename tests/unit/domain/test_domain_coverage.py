import time as stopwatch
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schedule_app.domain.coverage import CoverageCell, CoverageGrid, ShiftLoad, coverage_grid, hours_of, level
from schedule_app.domain.errors import InvalidInput
from schedule_app.domain.time import Interval, local, resolve_span, week_days
from tests.unit.domain.domain_builders import BERLIN, MONDAY, clock, day

MINUTE = timedelta(minutes=1)
MISSING = CoverageCell(0, 0, 0, exists=False, repeated=False)


def load(on: date, times: str, required: int, staffed: int, zone: str = BERLIN) -> ShiftLoad:
    start, end = map(clock, times.split("-"))
    return ShiftLoad(resolve_span(on, start, end, zone), required, staffed)


def nets(grid: CoverageGrid, column: int = 0) -> dict[int, int]:
    """Hour to net of one day, without the hours in which nothing is needed and nobody is there."""
    cells = {hour: row[column] for hour, row in enumerate(grid.cells)}
    return {hour: cell.net for hour, cell in cells.items() if cell.needed or cell.staffed}


def test_empty_week_has_24_rows_of_seven_met_cells():
    grid = coverage_grid([], week_days(MONDAY), BERLIN)

    assert grid.days == week_days(MONDAY)
    assert [len(row) for row in grid.cells] == [7] * 24
    assert {cell for row in grid.cells for cell in row} == {CoverageCell(0, 0, 0, exists=True, repeated=False)}


def test_shift_fills_its_hours_and_no_others():
    grid = coverage_grid([load(day(1), "07:00-15:00", 3, 1)], week_days(MONDAY), BERLIN)

    assert nets(grid, 1) == dict.fromkeys(range(7, 15), -2)
    assert all(nets(grid, column) == {} for column in (0, 2, 3, 4, 5, 6))
    assert grid.cells[7][1] == CoverageCell(needed=3, staffed=1, net=-2, exists=True, repeated=False)


def test_overnight_shift_fills_both_days():
    grid = coverage_grid([load(MONDAY, "22:00-06:00", 1, 2)], week_days(MONDAY), BERLIN)

    assert nets(grid, 0) == {22: 1, 23: 1}
    assert nets(grid, 1) == dict.fromkeys(range(6), 1)


def test_shift_from_the_day_before_the_grid_reaches_in():
    grid = coverage_grid([load(day(-1), "22:00-06:00", 1, 0)], week_days(MONDAY), BERLIN)

    assert nets(grid) == dict.fromkeys(range(6), -1)


def test_shifts_add_up():
    loads = [load(MONDAY, "07:00-15:00", 2, 2), load(MONDAY, "12:00-20:00", 2, 1), load(MONDAY, "14:00-16:00", 1, 3)]
    grid = coverage_grid(loads, [MONDAY], BERLIN)

    assert grid.cells[12][0] == CoverageCell(4, 3, -1, exists=True, repeated=False)
    assert nets(grid) == dict.fromkeys(range(7, 12), 0) | {12: -1, 13: -1, 14: 1, 15: 1, 16: -1, 17: -1, 18: -1, 19: -1}


def test_worst_moment_of_the_hour_is_told():
    short = coverage_grid([load(MONDAY, "07:30-09:30", 2, 0)], [MONDAY], BERLIN)
    many = coverage_grid([load(MONDAY, "07:30-09:30", 0, 2)], [MONDAY], BERLIN)

    assert nets(short) == {7: -2, 8: -2, 9: -2}
    assert nets(many) == {8: 2}


def test_people_of_a_later_half_hour_do_not_help_the_earlier_one():
    loads = [load(MONDAY, "08:00-08:30", 1, 0), load(MONDAY, "08:30-09:00", 0, 1)]

    assert nets(coverage_grid(loads, [MONDAY], BERLIN)) == {8: -1}


def test_handover_within_the_hour_leaves_no_hole():
    loads = [load(MONDAY, "07:00-08:30", 1, 1), load(MONDAY, "08:30-10:00", 1, 1)]

    assert nets(coverage_grid(loads, [MONDAY], BERLIN)) == {7: 0, 8: 0, 9: 0}


def test_one_minute_without_anybody_is_seen():
    loads = [
        load(MONDAY, "08:00-10:00", 1, 0),
        load(MONDAY, "08:00-09:29", 0, 1),
        load(MONDAY, "09:30-10:00", 0, 1),
    ]

    assert nets(coverage_grid(loads, [MONDAY], BERLIN)) == {8: 0, 9: -1}


def test_of_two_moments_with_equal_net_the_busier_one_is_told():
    grid = coverage_grid([load(MONDAY, "08:30-09:30", 4, 4)], [MONDAY], BERLIN)

    assert grid.cells[8][0] == grid.cells[9][0] == CoverageCell(4, 4, 0, exists=True, repeated=False)


def test_days_may_be_any_and_in_any_order():
    loads = [load(MONDAY, "07:00-08:00", 1, 0), load(day(3), "09:00-10:00", 1, 0)]
    grid = coverage_grid(loads, [day(3), MONDAY], BERLIN)

    assert (nets(grid, 0), nets(grid, 1)) == ({9: -1}, {7: -1})
    assert coverage_grid(loads, [], BERLIN).cells == ((),) * 24


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "Australia/Eucla"])
def test_half_and_quarter_hour_zones_have_their_own_hours(zone: str):
    grid = coverage_grid([load(MONDAY, "07:00-15:00", 1, 0, zone)], [day(-1), MONDAY, day(1)], zone)

    assert nets(grid, 1) == dict.fromkeys(range(7, 15), -1)
    assert nets(grid, 0) == nets(grid, 2) == {}


@pytest.mark.parametrize(
    ("zone", "on", "skipped", "repeated"),
    [
        ("Europe/Berlin", "2026-03-29", {2}, set()),
        ("Europe/Berlin", "2026-10-25", set(), {2}),
        ("America/New_York", "2026-03-08", {2}, set()),
        ("America/New_York", "2026-11-01", set(), {1}),
        ("Australia/Lord_Howe", "2024-10-06", set(), set()),
        ("Australia/Lord_Howe", "2024-04-07", set(), {1}),
        ("America/Santiago", "2024-09-08", {0}, set()),
        ("America/Santiago", "2024-04-06", set(), {23}),
        ("Africa/Cairo", "2024-04-26", {0}, set()),
        ("Africa/Cairo", "2024-10-31", set(), {23}),
        ("America/Havana", "2024-11-03", set(), {0}),
        ("Africa/Casablanca", "2024-03-10", set(), {2}),
        ("Africa/Casablanca", "2024-04-14", {2}, set()),
        ("Pacific/Apia", "2011-12-30", set(range(24)), set()),
        ("Pacific/Apia", "2011-12-29", set(), set()),
        ("Pacific/Apia", "2011-12-31", set(), set()),
        ("America/St_Johns", "2010-11-06", set(), {23}),
        ("UTC", "2026-03-29", set(), set()),
    ],
)
def test_clock_change_day_shows_skipped_and_repeated_hours(zone: str, on: str, skipped: set[int], repeated: set[int]):
    grid = coverage_grid([], [date.fromisoformat(on)], zone)

    assert {hour for hour in range(24) if not grid.cells[hour][0].exists} == skipped
    assert {hour for hour in range(24) if grid.cells[hour][0].repeated} == repeated


def test_skipped_hour_has_no_numbers_and_the_rest_of_the_night_has():
    spring = date(2026, 3, 28)
    grid = coverage_grid([load(spring, "22:00-06:00", 2, 1)], [spring, date(2026, 3, 29)], BERLIN)

    assert grid.cells[2][1] == MISSING
    assert nets(grid, 1) == dict.fromkeys((0, 1, 3, 4, 5), -1)


@pytest.mark.parametrize(
    ("on", "minutes_of_hour_two", "minutes_in_all"),
    [("2026-06-08", [60], 1440), ("2026-03-29", [], 1380), ("2026-10-25", [60, 60], 1500)],
)
def test_hours_of_a_day_are_one_interval_or_none_or_two(on: str, minutes_of_hour_two: list[int], minutes_in_all: int):
    hours = hours_of(date.fromisoformat(on), BERLIN)

    assert [span.minutes for span in hours[2]] == minutes_of_hour_two
    assert sum(span.minutes for spans in hours for span in spans) == minutes_in_all


@pytest.mark.parametrize("short_pass", [0, 1])
def test_repeated_hour_looks_at_both_passes(short_pass: int):
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)
    starts_at = first + short_pass * timedelta(hours=1)
    grid = coverage_grid(
        [ShiftLoad(Interval(starts_at, starts_at + timedelta(hours=1)), 1, 0)], [date(2026, 10, 25)], BERLIN
    )

    assert grid.cells[2][0] == CoverageCell(1, 0, -1, exists=True, repeated=True)
    assert nets(grid) == {2: -1}


@pytest.mark.parametrize(("net", "step"), [(-9, -3), (-3, -3), (-2, -2), (0, 0), (1, 1), (3, 3), (4, 3)])
def test_level_is_clipped_to_three_either_way(net: int, step: int):
    assert level(net) == step


def test_unknown_zone_is_refused():
    with pytest.raises(InvalidInput):
        coverage_grid([], [MONDAY], "Mars/Olympus")


def minute_by_minute(loads: list[ShiftLoad], days: list[date], zone: str) -> list[list[CoverageCell]]:
    """The grid counted the slow way: every minute there is, put into its local hour."""
    noon = datetime.combine(days[0], time(12), UTC)
    moments: dict[tuple[date, int], list[tuple[int, int]]] = defaultdict(list)
    for number in range(-36 * 60, (len(days) + 1) * 24 * 60 + 12 * 60):
        at = noon + number * MINUTE
        running = [each for each in loads if each.span.starts_at <= at < each.span.ends_at]
        seen = local(at, zone)
        moments[seen.date(), seen.hour].append(
            (sum(each.required for each in running), sum(each.staffed for each in running))
        )

    def cell(hour: int, on: date) -> CoverageCell:
        there = moments[on, hour]
        if not there:
            return MISSING
        net = min(staffed - needed for needed, staffed in there)
        needed = max(needed for needed, staffed in there if staffed - needed == net)
        return CoverageCell(needed, needed + net, net, exists=True, repeated=len(there) > 60)

    return [[cell(hour, on) for on in days] for hour in range(24)]


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[ShiftLoad], list[date], str]:
    zone, change = draw(
        st.sampled_from(
            [
                (BERLIN, date(2026, 3, 29)),
                (BERLIN, date(2026, 10, 25)),
                ("Australia/Lord_Howe", date(2024, 10, 6)),
                ("Australia/Lord_Howe", date(2024, 4, 7)),
                ("America/Santiago", date(2024, 9, 8)),
                ("Africa/Cairo", date(2024, 10, 31)),
                ("Pacific/Apia", date(2011, 12, 30)),
                ("America/St_Johns", date(2010, 11, 7)),
                ("Asia/Kathmandu", date(2026, 6, 8)),
            ]
        )
    )
    days = [change - timedelta(days=1), change]
    walls = st.sampled_from([0, 15, 30, 45, 59]).flatmap(
        lambda minute: st.integers(0, 23).map(lambda h: time(h, minute))
    )
    people = st.integers(0, 3)
    shift_loads = st.builds(
        lambda on, start, end, required, staffed: ShiftLoad(resolve_span(on, start, end, zone), required, staffed),
        st.sampled_from([days[0] - timedelta(days=1), *days]),
        walls,
        walls,
        people,
        people,
    )
    return draw(st.lists(shift_loads, max_size=5)), days, zone


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_grid_equals_counting_every_minute(situation: tuple[list[ShiftLoad], list[date], str]):
    loads, days, zone = situation

    grid = coverage_grid(loads, days, zone)

    assert [list(row) for row in grid.cells] == minute_by_minute(loads, days, zone)


def test_a_week_of_a_thousand_shifts_a_day_is_quick():
    days = week_days(MONDAY)
    loads = [
        ShiftLoad(resolve_span(on, time(number % 24, number % 4 * 15), time((number + 8) % 24), BERLIN), 2, 1)
        for on in days
        for number in range(1000)
    ]

    def seconds() -> float:
        started = stopwatch.perf_counter()
        coverage_grid(loads, days, BERLIN)
        return stopwatch.perf_counter() - started

    assert min(seconds() for _ in range(5)) < 0.25
