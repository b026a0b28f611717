from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields

import pytest

from schedule_app.domain.facts import DayAvailability, Qualification, ShiftFacts
from schedule_app.domain.rules import LIMITS
from schedule_app.domain.rules.overtime import OvertimeLimits
from schedule_app.domain.time import resolve_wall
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift, slot


@pytest.mark.parametrize(
    "make",
    [
        shift,
        employee,
        lambda: rule("overtime", OvertimeLimits(weekly_minutes=60)),
        lambda: slot("07:00-15:00"),
        lambda: DayAvailability(available=True, slots=()),
        lambda: Qualification("first aid", None),
        lambda: shift().span,
        lambda: resolve_wall(MONDAY, slot("07:00-15:00").start, "UTC"),
        LIMITS["workload"],
    ],
)
def test_facts_cannot_be_changed_and_take_no_further_fields(make: Callable[[], object]):
    fact = make()

    assert fact == make()
    assert not hasattr(fact, "__dict__")
    with pytest.raises(FrozenInstanceError):
        setattr(fact, fields(fact)[0].name, None)  # pyright: ignore[reportArgumentType]


def test_shift_counts_in_the_site_s_week_of_its_local_date():
    assert shift(day(6)).week_start == MONDAY
    assert shift(day(6), week_starts_on=6).week_start == day(6)
    assert shift(day(5), week_starts_on=6).week_start == day(-1)


def test_week_of_a_shift_starts_on_monday_unless_told_otherwise():
    sunday = shift(day(6))

    assert ShiftFacts(1, 1, None, sunday.zone, day(6), sunday.span, "general", (), 1).week_start == MONDAY


@pytest.mark.parametrize(("shift_type", "words"), [("general", "a general shift"), ("emergency", "an emergency shift")])
def test_a_shift_is_named_with_the_right_article(shift_type: str, words: str):
    assert shift(shift_type=shift_type).named == words
