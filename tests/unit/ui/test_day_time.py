"""Where shifts stand in the day's timeline: the page's own arithmetic, run as a browser runs it."""

import json
import shutil
import subprocess
import sysconfig
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schedule_app.domain.day_clock import DayClock, day_clock

SOURCE = Path(__file__).parents[3] / "assets" / "board" / "day_time.jsx"
BERLIN = "Europe/Berlin"
PLAIN, SHORT, LONG = (day_clock(day, BERLIN) for day in (date(2026, 6, 3), date(2026, 3, 29), date(2026, 10, 25)))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Calls a function of the module's with arguments, and gives what it gives."""
    module = shutil.copy(SOURCE, tmp_path_factory.mktemp("page") / "day_time.mjs")
    node = Path(sysconfig.get_path("scripts")) / "node"

    def call(name: str, *arguments: object, show: str = "result") -> Any:
        script = (
            f"import * as day from {json.dumps(Path(module).as_uri())};"
            f"const given = {json.dumps(arguments)}; const result = day.{name}(...given);"
            f"console.log(JSON.stringify({show}))"
        )
        done = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return call


def test_the_clock_of_a_day_is_told_in_minutes_that_pass():
    assert (PLAIN["minutes"], PLAIN["turn_by"]) == (1440, 0)
    assert (SHORT["minutes"], SHORT["turn_at"], SHORT["turn_by"]) == (23 * 60, 120, 60)
    assert (LONG["minutes"], LONG["turn_at"], LONG["turn_by"]) == (25 * 60, 180, -60)
    assert day_clock(date(2026, 6, 4), BERLIN)["starts"] - PLAIN["starts"] == 1440


def test_a_day_without_a_midnight_begins_with_what_the_clock_shows_then():
    beirut = day_clock(date(2026, 3, 29), "Asia/Beirut")
    assert (beirut["minutes"], beirut["turn_at"], beirut["turn_by"]) == (23 * 60, 0, 60)


def test_hours_are_marked_as_the_clock_shows_them(run: Any):
    def shown(clock: DayClock) -> list[int]:
        return [mark["wall"] // 60 for mark in run("hourMarks", clock)]

    assert shown(PLAIN) == list(range(24))
    assert shown(SHORT) == [0, 1, *range(3, 24)]
    assert shown(LONG) == [0, 1, 2, *range(2, 24)]


def test_an_hour_may_be_there_never_or_twice(run: Any):
    assert run("spansOfHour", PLAIN, 7) == [{"from": 420, "to": 480}]
    assert run("spansOfHour", SHORT, 2) == []
    assert run("spansOfHour", SHORT, 7) == [{"from": 360, "to": 420}]
    assert run("spansOfHour", LONG, 2) == [{"from": 120, "to": 180}, {"from": 180, "to": 240}]


def test_a_night_runs_out_at_the_right_and_comes_in_from_the_left(run: Any):
    night = {"at": 22 * 60, "minutes": 8 * 60}
    assert run("within", night, PLAIN) == {"from": 1320, "to": 1440, "isIn": False, "isOut": True}
    assert run("within", night, PLAIN, 1440) == {"from": 0, "to": 360, "isIn": True, "isOut": False}


def test_a_shift_that_ends_at_midnight_stays_in_its_day(run: Any):
    late = {"at": 16 * 60, "minutes": 8 * 60}
    assert run("within", late, PLAIN)["isOut"] is False
    assert run("within", late, PLAIN, 1440) is None


def test_a_night_before_a_short_day_takes_an_hour_less_of_the_clock(run: Any):
    night = {"at": 22 * 60, "minutes": 7 * 60}
    came_in = run("within", night, SHORT, 1440)
    assert came_in == {"from": 0, "to": 300, "isIn": True, "isOut": False}
    assert run("wallAt", SHORT, came_in["to"]) == 6 * 60


def test_what_overlaps_stands_in_lanes_and_what_touches_does_not_overlap(run: Any):
    spans = [{"from": 480, "to": 720}, {"from": 0, "to": 480}, {"from": 470, "to": 500}]
    lanes = run("inLanes", spans, show="[result, given[0].map((span) => span.lane)]")
    assert lanes == [2, [0, 0, 1]]
    assert run("inLanes", []) == 1


def test_coverage_is_told_by_quarters_and_by_the_worst_moment_of_each(run: Any):
    spans = [
        {"from": 0, "to": 60, "needed": 2, "staffed": 1},
        {"from": 60, "to": 67, "needed": 1, "staffed": 0},
        {"from": 75, "to": 1440, "needed": 1, "staffed": 3},
    ]
    found = [(each["from"], each["to"], each["net"], each["needed"]) for each in run("coverageOf", spans, 1440)]
    assert found == [(0, 60, -1, 2), (60, 75, -1, 1), (75, 1440, 2, 1)]


def test_coverage_of_a_long_day_reaches_its_end(run: Any):
    spans = [{"from": 0, "to": 1500, "needed": 1, "staffed": 1}]
    assert run("coverageOf", spans, 1500) == [{"from": 0, "to": 1500, "needed": 1, "staffed": 1, "net": 0}]
