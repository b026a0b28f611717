"""Why a shift is somebody's, told to themselves."""

from dataclasses import replace

import pytest

from schedule_app.domain.facts import Preference, Qualification
from schedule_app.domain.rules.availability import AvailabilityLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.why_me import why_me
from tests.unit.domain.domain_builders import CLOSED, day, employee, open_at, rule, shift, slot

SHIFT = shift(day(2), "07:00-15:00", requires=("First aid", "Forklift"))


def test_it_says_how_it_came_about_what_fits_and_where_it_leaves_one():
    bob = employee(
        qualifications=(Qualification("First aid", None), Qualification("Forklift", None)),
        availability={2: open_at(slot("06:00-16:00", Preference.PREFERRED))},
        contracted_minutes=40 * 60,
    )
    worked = [shift(day(1), "12:00-20:00", id=2), shift(day(3), "14:00-22:00", id=3)]

    assert why_me("auto", [], bob, worked, SHIFT) == [
        "The optimiser chose you for it, and your managers kept its plan.",
        "It needs First aid and Forklift, and you have that.",
        "It is at a time you like to work.",
        "With it you work 24 h that week, of 40 h agreed.",
        "You rest 11 h before it and 23 h after it.",
    ]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("manual", "Your managers planned you for it."),
        ("claim", "You took this open shift yourself."),
        ("swap", "You took it over from a colleague."),
    ],
)
def test_every_way_to_come_by_a_shift_has_its_words(source: str, words: str):
    assert why_me(source, [], employee(), [], replace(SHIFT, required_qualifications=()))[0] == words


def test_what_does_not_fit_is_not_said_to_fit():
    bob = employee(availability={2: CLOSED}, qualifications=(Qualification("First aid", None),))
    rules = [
        rule("availability", AvailabilityLimits(), strict=False),
        rule("rest_period", RestPeriodLimits(min_minutes=11 * 60), strict=False),
    ]

    told = why_me("manual", rules, bob, [shift(day(1), "15:00-23:00", id=2)], SHIFT)

    assert not any("time you" in each or "you have that" in each for each in told)
    against = [each for each in told if each.startswith("Against it: ")]
    assert len(against) == 3
    assert told[-3:] == against
    assert any("not available" in each for each in against)


def test_a_disliked_time_is_admitted():
    bob = employee(availability={2: open_at(slot("00:00-00:00"), slot("07:00-09:00", Preference.DISLIKED))})
    told = why_me("manual", [], bob, [], replace(SHIFT, required_qualifications=()))
    assert "It is at a time you would rather not work; that was known." in told
