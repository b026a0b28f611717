"""Which hours of a heatmap are worth a row."""

from dataclasses import replace

import pytest

from schedule_app.queries.coverage import CoverageCellView, CoverageRow
from schedule_app.ui.heat import busy_hours

EMPTY = CoverageCellView(net=0, needed=0, staffed=0, level=0, sign="", exists=True, text="")


def rows(busy: dict[int, CoverageCellView]) -> list[CoverageRow]:
    return [CoverageRow(hour, f"{hour:02}:00", [EMPTY, busy.get(hour, EMPTY)]) for hour in range(24)]


@pytest.mark.parametrize(("needed", "staffed"), [(1, 0), (0, 1), (1, 1)])
def test_busy_hours_has_one_to_either_side(needed: int, staffed: int) -> None:
    busy = replace(EMPTY, needed=needed, staffed=staffed)
    assert busy_hours(rows({9: busy, 10: busy})) == {8, 9, 10, 11}


def test_busy_hours_goes_around_midnight() -> None:
    night = replace(EMPTY, needed=1)
    assert busy_hours(rows({23: night})) == {22, 23, 0}


def test_busy_hours_of_an_empty_week_are_none() -> None:
    assert busy_hours(rows({})) == set()
