"""How long a question stays open, in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schedule_app.queries.me import MyShift
from schedule_app.ui.me.time_left import time_left

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHIFT = MyShift(
    id=1,
    version=1,
    day_label="Monday 30 November",
    label="07:00–15:00",
    begins="07:00",
    starts_at=(NOW + timedelta(days=7)).isoformat(),
    title="Early",
    place="Lindenhof",
    department="",
    status="pending",
    confirm_by="",
    deadline_text="",
    can_confirm=True,
    can_decline=True,
    note="",
    colleagues=[],
)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=2, hours=3, minutes=59), "2 days 3 h"),
        (timedelta(days=1, hours=3), "1 day 3 h"),
        (timedelta(days=1, minutes=59), "1 day"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 h 59 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(seconds=59), "under a minute"),
        (timedelta(0), "under a minute"),
        (timedelta(hours=-1), "under a minute"),
    ],
)
def test_time_left_names_the_two_largest_units(left: timedelta, words: str) -> None:
    assert time_left(replace(SHIFT, confirm_by=(NOW + left).isoformat()), NOW) == words


def test_time_left_ends_when_the_shift_begins_even_if_the_deadline_is_later() -> None:
    late = replace(SHIFT, confirm_by=(NOW + timedelta(days=9)).isoformat())
    assert time_left(late, NOW) == "7 days"


def test_time_left_without_a_deadline_counts_to_the_start() -> None:
    assert time_left(SHIFT, NOW) == "7 days"
