import pytest

from schedule_app.domain.facts import ShiftFacts
from schedule_app.domain.rules.preference import PreferenceLimits, judge
from tests.unit.domain.domain_builders import MONDAY, day, employee, rule, shift


def messages(limits: PreferenceLimits, candidate: ShiftFacts | None = None) -> list[str]:
    return [violation.message for violation in judge(rule("preference", limits), employee(), [], candidate or shift())]


@pytest.mark.parametrize(
    "limits",
    [
        PreferenceLimits(),
        PreferenceLimits(wanted_shift_types=("general", "training")),
        PreferenceLimits(unwanted_shift_types=("emergency",)),
        PreferenceLimits(wanted_weekdays=(0, 1)),
        PreferenceLimits(unwanted_weekdays=(5, 6)),
    ],
)
def test_shift_that_meets_the_wishes_is_fine(limits: PreferenceLimits):
    assert messages(limits) == []


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (PreferenceLimits(unwanted_shift_types=("general",)), "Bob Worker would rather not work general shifts."),
        (
            PreferenceLimits(wanted_shift_types=("training",)),
            "Bob Worker prefers training shifts; this is a general shift.",
        ),
        (
            PreferenceLimits(wanted_shift_types=("training", "emergency", "management")),
            "Bob Worker prefers training, emergency or management shifts; this is a general shift.",
        ),
        (PreferenceLimits(unwanted_weekdays=(0,)), "Bob Worker would rather not work on Mondays."),
        (
            PreferenceLimits(wanted_weekdays=(6, 5)),
            "Bob Worker prefers to work on Saturdays or Sundays, not on Mondays.",
        ),
    ],
)
def test_wish_gone_against_is_told(limits: PreferenceLimits, message: str):
    assert messages(limits) == [message]


def test_type_and_weekday_are_separate_wishes():
    limits = PreferenceLimits(wanted_shift_types=("training",), unwanted_weekdays=(0,))

    assert len(messages(limits)) == 2


def test_unwanted_is_told_once_even_when_others_are_wanted():
    limits = PreferenceLimits(
        wanted_shift_types=("training",),
        unwanted_shift_types=("general",),
        wanted_weekdays=(1,),
        unwanted_weekdays=(0,),
    )

    assert messages(limits) == [
        "Bob Worker would rather not work general shifts.",
        "Bob Worker would rather not work on Mondays.",
    ]


def test_weekday_is_the_date_a_night_shift_starts_on():
    limits = PreferenceLimits(unwanted_weekdays=(1,))

    assert messages(limits, shift(MONDAY, "22:00-06:00")) == []
    assert len(messages(limits, shift(day(1), "22:00-06:00"))) == 1


def test_preferences_only_ever_warn():
    strict = rule(
        "preference", PreferenceLimits(unwanted_shift_types=("general",), unwanted_weekdays=(0,)), strict=True
    )

    assert [violation.severity for violation in judge(strict, employee(), [], shift())] == ["warn", "warn"]
