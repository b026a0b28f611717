"""Why a shift is somebody's, told to themselves."""

from dataclasses import replace
from datetime import date

import pytest

from schedule_app.domain.facts import DayAvailability, LaterAvailability, Preference, Qualification
from schedule_app.domain.rules.availability import AvailabilityLimits
from schedule_app.domain.rules.rest_period import RestPeriodLimits
from schedule_app.domain.rules.restriction import Pair, RestrictionLimits
from schedule_app.domain.why_me import why_me
from tests.unit.domain.domain_builders import CLOSED, day, employee, open_at, rule, shift, slot

SHIFT = shift(day(2), "07:00-15:00", requires=("First aid", "Forklift"))
PLAIN = replace(SHIFT, required_qualifications=())


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
    assert why_me(source, [], employee(), [], PLAIN)[0] == words


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
    assert any("You are not available" in each for each in against)


def test_a_disliked_time_is_admitted():
    bob = employee(availability={2: open_at(slot("00:00-00:00"), slot("07:00-09:00", Preference.DISLIKED))})
    told = why_me("manual", [], bob, [], PLAIN)
    assert "It is at a time you would rather not work; that was known." in told


LIKED, UNLOVED = (open_at(slot("06:00-16:00", each)) for each in (Preference.PREFERRED, Preference.DISLIKED))


@pytest.mark.parametrize(
    ("starts_on", "words"),
    [
        (day(0), "It is at a time you would rather not work; that was known."),
        (day(3), "It is at a time you like to work."),
    ],
)
def test_a_time_is_told_by_the_week_that_holds_by_then(starts_on: date, words: str):
    later = (LaterAvailability(starts_on, {2: UNLOVED}),)
    told = why_me("manual", [], employee(availability={2: LIKED}, later_availability=later), [], PLAIN)
    assert told[1] == words


@pytest.mark.parametrize(
    ("exception", "words"),
    [
        (UNLOVED, "It is at a time you would rather not work; that was known."),
        (CLOSED, "It is at a time you said you cannot work."),
    ],
)
def test_a_date_with_times_of_its_own_goes_before_the_week(exception: DayAvailability, words: str):
    bob = employee(availability={2: LIKED}, exceptions={PLAIN.local_date: exception})
    assert why_me("manual", [], bob, [], PLAIN)[1] == words


def test_whom_somebody_is_kept_apart_from_is_not_told_to_them():
    limits = RestrictionLimits(apart=(Pair(7, 8),))
    rules = [replace(rule("restriction", limits, strict=False), names={7: "Bob Worker", 8: "Carol Specialist"})]

    told = why_me("manual", rules, employee(), [], replace(PLAIN, beside=(8,)))

    assert told[-1] == "Against it: A work rule of your site speaks against this shift."
    assert not any("Carol" in each for each in told)
