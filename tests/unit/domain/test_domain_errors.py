import pytest

from schedule_app.domain import errors
from schedule_app.domain.errors import (
    InvalidInput,
    NeedsOverride,
    NotFound,
    RuleBroken,
    ScheduleError,
    Throttled,
)
from schedule_app.domain.violation import Violation

VIOLATIONS = (
    Violation("rest_period", 3, "block", "Bob would have 6 h of rest.", 7, 1),
    Violation("overtime", 4, "warn", "Bob would work 42 h.", 7, 1),
)
CODES = {
    "NotFound": "not_found",
    "NotAllowed": "not_allowed",
    "NotSignedIn": "not_signed_in",
    "InvalidInput": "invalid_input",
    "RuleBroken": "rule_broken",
    "NeedsOverride": "needs_override",
    "DoubleBooking": "double_booking",
    "StaleVersion": "stale_version",
    "IllegalTransition": "illegal_transition",
    "DeadlinePassed": "deadline_passed",
    "AlreadyAssigned": "already_assigned",
    "Throttled": "throttled",
    "Conflict": "conflict",
    "Unavailable": "unavailable",
}


def raised(name: str) -> ScheduleError:
    kind = getattr(errors, name)
    arguments = {"RuleBroken": [VIOLATIONS], "NeedsOverride": [VIOLATIONS], "Throttled": [30]}.get(name, [])
    return kind(*arguments)


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_every_error_has_its_code_and_a_sentence(name: str, code: str):
    error = raised(name)

    assert isinstance(error, ScheduleError)
    assert error.code == code
    assert error.message == str(error)
    assert error.message[0].isupper()
    assert error.message.endswith(".")


@pytest.mark.parametrize("name", sorted(CODES.keys() - {"RuleBroken", "NeedsOverride", "Throttled"}))
def test_own_words_replace_the_usual_ones(name: str):
    assert getattr(errors, name)("The week is over.").message == "The week is over."


def test_missing_and_foreign_objects_look_the_same():
    assert (NotFound().code, NotFound().message) == ("not_found", "This does not exist, or you may not see it.")


def test_invalid_input_names_the_field():
    assert InvalidInput("Too long.", "note").field == "note"
    assert InvalidInput("Too long.").field is None


@pytest.mark.parametrize("kind", [RuleBroken, NeedsOverride])
def test_rule_errors_carry_the_violations_and_say_them_all(kind: type[RuleBroken | NeedsOverride]):
    error = kind(iter(VIOLATIONS))

    assert error.violations == VIOLATIONS
    assert error.message == "Bob would have 6 h of rest. Bob would work 42 h."


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 second."), (30, "30 seconds.")])
def test_throttled_says_how_long_to_wait(seconds: int, words: str):
    error = Throttled(seconds)

    assert error.retry_after_seconds == seconds
    assert error.message == f"Too many attempts. Please try again in {words}"
