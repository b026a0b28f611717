import json

import pytest
from typer.testing import CliRunner

from schedule_app.benchmarks.week import made_up
from schedule_app.cli import commands


def test_made_up_week_is_the_same_every_time():
    assert made_up(30, 2, 5) == made_up(30, 2, 5)
    assert made_up(30, 2, 5) != made_up(30, 2, 6)


def test_command_prints_a_line_for_each_size():
    ended = CliRunner().invoke(commands, ["bench", "week", "--only", "6x2,8x1", "--seconds", "5", "--workers", "1"])
    results = [json.loads(line) for line in ended.stdout.splitlines()]

    assert ended.exit_code == 0
    assert [result["size"] for result in results] == ["6x2", "8x1"]
    assert all(result["first_seconds"] is not None and result["megabytes"] > 0 for result in results)


@pytest.mark.parametrize("size", ["100", "0x7", "100x0", "x", "-1x7"])
def test_size_that_is_none_is_refused(size: str):
    ended = CliRunner().invoke(commands, ["bench", "week", f"--only={size}"])

    assert "is no size such as 100x7" in str(ended.exception)
