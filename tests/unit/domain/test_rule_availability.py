from datetime import UTC, date

import pytest

from schedule_app.domain.facts import DayAvailability, LaterAvailability, Preference, TimeSlot
from schedule_app.domain.rules.availability import AvailabilityLimits, judge
from schedule_app.domain.violation import Violation
from tests.unit.domain.domain_builders import CLOSED, MONDAY, day, employee, open_at, rule, shift, slot

MON, TUE, SUN = 0, 1, 6

DISLIKED, PREFERRED, UNAVAILABLE = Preference.DISLIKED, Preference.PREFERRED, Preference.UNAVAILABLE


def found(
    availability: dict[int, DayAvailability],
    times: str,
    on: date = MONDAY,
    *,
    zone: str = "Europe/Berlin",
    limits: AvailabilityLimits | None = None,
) -> list[Violation]:
    candidate = shift(on, times, zone=zone)
    return judge(
        rule("availability", limits or AvailabilityLimits()), employee(availability=availability), [], candidate
    )


@pytest.mark.parametrize(
    ("availability", "times"),
    [
        pytest.param({}, "22:00-06:00", id="nothing said is always available"),
        pytest.param({MON: open_at()}, "07:00-15:00", id="available without slots is the whole day"),
        pytest.param({MON: open_at()}, "00:00-00:00", id="the whole day is all 24 hours"),
        pytest.param({MON: open_at(slot("07:00-15:00"))}, "07:00-15:00", id="exactly the slot"),
        pytest.param(
            {MON: open_at(slot("07:00-07:00")), TUE: CLOSED}, "07:00-07:00", id="equal ends are a slot of 24 hours"
        ),
        pytest.param({MON: open_at(slot("07:00-11:00"), slot("11:00-15:00"))}, "07:00-15:00", id="slots that touch"),
        pytest.param({MON: open_at(slot("07:00-15:00", PREFERRED))}, "08:00-12:00", id="preferred is available"),
        pytest.param(
            {MON: open_at(slot("22:00-06:00")), TUE: CLOSED}, "22:00-06:00", id="slot wraps into a closed day"
        ),
        pytest.param({SUN: open_at(slot("22:00-06:00")), MON: CLOSED}, "00:00-06:00", id="slot of the day before"),
        pytest.param(
            {MON: open_at(slot("22:00-00:00")), TUE: open_at(slot("00:00-06:00"))},
            "22:00-06:00",
            id="two slots meeting at midnight",
        ),
        pytest.param(
            {MON: open_at(slot("22:00-04:00"))}, "22:00-06:00", id="wrapped slot, then a day nothing is said of"
        ),
        pytest.param({TUE: CLOSED, SUN: CLOSED}, "00:00-00:00", id="closed on the days around it"),
        pytest.param({MON: open_at(slot("18:00-20:00", UNAVAILABLE))}, "07:00-18:00", id="only the evening is closed"),
    ],
)
def test_shift_within_available_times_is_fine(availability: dict[int, DayAvailability], times: str):
    assert found(availability, times) == []


@pytest.mark.parametrize(
    ("availability", "times", "outside"),
    [
        pytest.param({MON: CLOSED}, "07:00-15:00", "Mon 8 Jun 2026, 07:00–15:00", id="closed day"),
        pytest.param(
            {MON: DayAvailability(available=False, slots=(slot("07:00-15:00"),))},
            "07:00-15:00",
            "Mon 8 Jun 2026, 07:00–15:00",
            id="slots of a closed day count for nothing",
        ),
        pytest.param(
            {MON: open_at(slot("08:00-14:00"))},
            "07:00-15:00",
            "Mon 8 Jun 2026, 07:00–08:00 and Mon 8 Jun 2026, 14:00–15:00",
            id="both ends outside",
        ),
        pytest.param(
            {MON: open_at(slot("07:00-14:59"))}, "07:00-15:00", "Mon 8 Jun 2026, 14:59–15:00", id="one minute outside"
        ),
        pytest.param({TUE: CLOSED}, "22:00-06:00", "Tue 9 Jun 2026, 00:00–06:00", id="closed on the second date"),
        pytest.param({MON: CLOSED}, "22:00-06:00", "Mon 8 Jun 2026, 22:00–00:00 +1", id="closed on the first date"),
        pytest.param(
            {MON: CLOSED, TUE: CLOSED}, "22:00-06:00", "Mon 8 Jun 2026, 22:00–06:00 +1", id="closed on both is one span"
        ),
        pytest.param(
            {MON: open_at(slot("20:00-04:00")), TUE: open_at(slot("14:00-22:00"))},
            "22:00-06:00",
            "Tue 9 Jun 2026, 04:00–06:00",
            id="wrapped slot ends early",
        ),
        pytest.param(
            {MON: open_at(slot("10:00-12:00", UNAVAILABLE))},
            "07:00-15:00",
            "Mon 8 Jun 2026, 10:00–12:00",
            id="unavailable slot on an otherwise open day",
        ),
        pytest.param(
            {MON: open_at(slot("07:00-15:00"), slot("10:00-12:00", UNAVAILABLE))},
            "07:00-15:00",
            "Mon 8 Jun 2026, 10:00–12:00",
            id="unavailable slot within an open one",
        ),
        pytest.param(
            {SUN: open_at(slot("22:00-08:00", UNAVAILABLE))},
            "07:00-15:00",
            "Mon 8 Jun 2026, 07:00–08:00",
            id="unavailable slot of the day before",
        ),
        pytest.param(
            {MON: open_at(slot("07:00-15:00"), slot("15:00-18:00", DISLIKED))},
            "07:00-19:00",
            "Mon 8 Jun 2026, 15:00–19:00",
            id="disliked slot opens nothing",
        ),
    ],
)
def test_shift_outside_available_times_is_found(availability: dict[int, DayAvailability], times: str, outside: str):
    [violation] = found(availability, times)

    assert violation.message == f"Bob Worker is not available on {outside}."
    assert violation.severity == "block"
    assert (violation.rule_type, violation.rule_id, violation.employee_id, violation.shift_id) == (
        "availability",
        50,
        7,
        1,
    )


def test_unavailable_only_warns_when_the_rule_is_not_strict():
    lenient = rule("availability", AvailabilityLimits(), strict=False)

    [violation] = judge(lenient, employee(availability={MON: CLOSED}), [], shift())

    assert violation.severity == "warn"


def test_disliked_times_warn_even_when_the_rule_is_strict():
    [violation] = found({MON: open_at(slot("06:00-08:00", DISLIKED))}, "07:00-15:00")

    assert violation.message == "Bob Worker would rather not work on Mon 8 Jun 2026, 07:00–08:00."
    assert violation.severity == "warn"


def test_disliked_night_is_named_as_one_span():
    [violation] = found({MON: open_at(slot("20:00-08:00", DISLIKED))}, "22:00-06:00")

    assert violation.message.endswith("Mon 8 Jun 2026, 22:00–06:00 +1.")


def test_disliked_times_touching_the_shift_say_nothing():
    assert found({MON: open_at(slot("05:00-07:00", DISLIKED), slot("15:00-16:00", DISLIKED))}, "07:00-15:00") == []


def test_disliked_times_can_be_left_alone():
    limits = AvailabilityLimits(warn_disliked=False)

    assert found({MON: open_at(slot("06:00-08:00", DISLIKED))}, "07:00-15:00", limits=limits) == []


def test_unavailable_is_told_before_disliked():
    availability = {MON: open_at(slot("07:00-09:00", DISLIKED), slot("14:00-16:00", UNAVAILABLE))}

    assert [violation.severity for violation in found(availability, "07:00-15:00")] == ["block"]


@pytest.mark.parametrize(
    ("on", "outside"),
    [
        pytest.param(date(2026, 3, 28), "Sun 29 Mar 2026, 05:00–06:00", id="spring"),
        pytest.param(date(2026, 10, 24), "Sun 25 Oct 2026, 05:00–06:00", id="autumn"),
    ],
)
def test_clock_change_neither_adds_nor_hides_time(on: date, outside: str):
    night = {day: open_at(slot("22:00-05:00"), slot("12:00-13:00")) for day in range(7)}

    assert found(night, "22:00-05:00", on) == []
    [violation] = found(night, "22:00-06:00", on)
    assert violation.message == f"Bob Worker is not available on {outside}."


def test_slot_in_a_skipped_hour_opens_nothing_after_it():
    only_the_skipped_hour = {SUN: open_at(slot("02:00-03:00"))}

    [violation] = found(only_the_skipped_hour, "03:00-04:00", date(2026, 3, 29))

    assert violation.message.endswith("Sun 29 Mar 2026, 03:00–04:00.")


def test_slot_covers_both_passes_of_a_repeated_hour():
    availability = {SUN: open_at(slot("02:00-03:00", UNAVAILABLE))}

    [violation] = found(availability, "00:00-08:00", date(2026, 10, 25))

    assert violation.message.endswith("Sun 25 Oct 2026, 02:00–03:00, 2 h.")


def test_dates_are_those_of_the_shift_s_zone():
    monday_evening = found({TUE: CLOSED}, "20:00-23:00", zone="America/New_York")
    tuesday_morning = found({MON: CLOSED}, "00:30-05:00", day(1), zone="Asia/Kathmandu")

    assert monday_evening == tuesday_morning == []
    assert len(found({MON: CLOSED}, "20:00-23:00", zone="America/New_York")) == 1
    assert len(found({TUE: CLOSED}, "00:30-05:00", day(1), zone="Asia/Kathmandu")) == 1


def test_slot_with_a_time_zone_of_its_own_is_refused():
    night = slot("22:00-06:00")
    for start, end in ((night.start.replace(tzinfo=UTC), night.end), (night.start, night.end.replace(tzinfo=UTC))):
        with pytest.raises(ValueError, match="without a time zone"):
            TimeSlot(start, end, PREFERRED)


def test_a_date_is_as_its_exception_says_or_the_newest_week_that_has_begun():
    who = employee(
        availability={MON: open_at(slot("07:00-15:00"))},
        later_availability=(LaterAvailability(day(7), {MON: CLOSED}), LaterAvailability(day(14), {TUE: CLOSED})),
        exceptions={day(7): open_at(), day(15): open_at(slot("08:00-09:00"))},
    )

    assert [who.availability_on(day(offset)) for offset in (0, 7, 14, 15, 21, 22)] == [
        open_at(slot("07:00-15:00")),
        open_at(),
        open_at(),
        open_at(slot("08:00-09:00")),
        open_at(),
        CLOSED,
    ]
    assert who.availability_on(day(-7)) == open_at(slot("07:00-15:00"))
    assert who.week_around(day(15))[TUE] == open_at(slot("08:00-09:00"))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu"])
def test_an_exception_is_a_day_of_the_place(zone: str):
    who = employee(exceptions={day(1): CLOSED})
    open_always = rule("availability", AvailabilityLimits())

    for on, times, is_refused in (
        (day(0), "16:00-00:00", False),
        (day(1), "00:00-01:00", True),
        (day(1), "23:00-00:00", True),
        (day(2), "00:00-05:45", False),
    ):
        assert bool(judge(open_always, who, [], shift(on, times, zone=zone))) == is_refused, (on, times)
